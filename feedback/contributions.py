"""What the forum and the stories add to the pages that all apps share."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coe_portal.contributions import (
    Contribution,
    Document,
    Documents,
    HomeCard,
    HomeItem,
    Measurement,
    NavItem,
    NotificationKind,
    content_language,
)
from coe_portal.core.text import plain
from coe_portal.people.models import User
from feedback.models import Post, Story, Topic
from feedback.personal import personal
from feedback.queries import lists, threads, work
from feedback.queries.rooms import rooms_of
from feedback.queries.told import still_seen
from feedback.queries.uses import audience_uses

AT_ONCE = 2_000
LONGEST_BODY = 20_000
STATE_TONES = {
    Story.State.PUBLISHED: "good",
    Story.State.SCHEDULED: "good",
    Story.State.AUTHORISATION: "warn",
}


def documents_of(kind: str) -> Documents:
    def documents(object_ids: Collection[int] | None) -> Iterable[Document]:
        topics = Topic.objects.published().filter(kind=kind).select_related("category").order_by("pk")
        chosen = topics if object_ids is None else topics.filter(pk__in=object_ids)
        found = list(chosen.iterator(AT_ONCE))
        texts = threads.texts_of(found)
        return [_document(topic, texts[topic.pk]) for topic in found]

    return documents


def _document(topic: Topic, posts: list[Post]) -> Document:
    """The accepted answer leads: it is what somebody who searches wants to read."""
    answer = next((post for post in posts if post.pk == topic.accepted_id), None)
    others = [post for post in posts if post is not answer]
    ordered = [answer, *others] if answer else others
    return Document(
        kind="question" if topic.is_question else "topic",
        object_id=topic.pk,
        title=topic.title,
        lead=_plain(ordered[:1])[:300],
        body=_plain(ordered)[:LONGEST_BODY],
        url=topic.get_absolute_url(),
        audience_id=topic.category.audience_id,
        changed_at=topic.active_at,
        weight=1.2 if answer else 0.7,
    )


def _plain(posts: Iterable[Post]) -> str:
    return "\n".join(plain(post.html) for post in posts)


def home_cards(person: User, on: date) -> Iterable[HomeCard]:
    cards = [_talked_about(person, on), _duties(person, on), _my_stories(person)]
    return [card for card in cards if card]


def _talked_about(person: User, on: date) -> HomeCard:
    topics = lists.talked_about(rooms_of(person), lists.start_of(on))
    return HomeCard(
        key="feedback.talked_about",
        title=_("What is talked about"),
        order=40,
        items=[_topic_item(topic) for topic in topics],
        more_url=reverse("feedback:index"),
        more_label=_("All categories"),
        empty=_("Nobody has written anything in the last two weeks. Start a discussion."),
    )


def _topic_item(topic: Topic) -> HomeItem:
    replies = ngettext("%(count)d reply", "%(count)d replies", topic.reply_count) % {"count": topic.reply_count}
    answered = topic.accepted_id is not None
    return HomeItem(
        title=topic.title,
        language=content_language(),
        url=topic.get_absolute_url(),
        note=f"{topic.category.name} · {replies}",
        at=topic.active_at,
        badge=_("Answered") if answered else "",
        tone="good" if answered else "neutral",
    )


def _duties(person: User, on: date) -> HomeCard | None:
    duties = work.duties_of(person, on)
    if not duties:
        return None
    return HomeCard(
        key="feedback.duties",
        title=_("People wait for you"),
        order=15,
        items=list(_duty_items(duties)),
        more_url=reverse("feedback:waiting" if person.is_strategist else "feedback:review"),
        more_label=_("Open the list"),
    )


def _duty_items(duties: work.Duties) -> Iterator[HomeItem]:
    waiting, review = reverse("feedback:waiting"), reverse("feedback:review")
    if n := duties.questions:
        said = ngettext("%(count)d question without a reply", "%(count)d questions without a reply", n)
        yield _duty(said, n, waiting)
    if n := duties.held:
        yield _duty(ngettext("%(count)d held text to review", "%(count)d held texts to review", n), n, review)
    if n := duties.flagged:
        yield _duty(ngettext("%(count)d flagged post", "%(count)d flagged posts", n), n, review)
    if n := duties.stale:
        said = ngettext("%(count)d answer to check again", "%(count)d answers to check again", n)
        yield _duty(said, n, f"{waiting}?show=stale")


def _duty(said: str, count: int, url: str) -> HomeItem:
    return HomeItem(title=said % {"count": count}, url=url, tone="accent")


def _my_stories(person: User) -> HomeCard | None:
    stories = list(Story.objects.filter(submitter=person).order_by("-moved_at", "-pk")[:3])
    if not stories:
        return None
    return HomeCard(
        key="feedback.my_stories",
        title=_("My stories"),
        order=50,
        items=[_story_item(story) for story in stories],
        more_url=reverse("feedback:stories"),
        more_label=_("All my stories"),
    )


def _story_item(story: Story) -> HomeItem:
    return HomeItem(
        title=story.title,
        language=content_language(),
        url=story.get_absolute_url(),
        at=story.moved_at,
        badge=_("Held for review") if story.is_held else Story.State(story.state).label,
        tone="warn" if story.is_held else STATE_TONES.get(Story.State(story.state), "neutral"),
    )


def measurements(start: date, end: date) -> Iterable[Measurement]:
    questions: Any = work.questions_between(start, end)
    url = reverse("feedback:topics") + "?kind=question"
    return [
        Measurement("feedback.questions", _("Questions asked"), Decimal(questions.count()), str(_("questions")), url),
        Measurement(
            "feedback.first_response",
            _("Median time to the first reply"),
            work.hours_to_first_reply(questions),
            str(_("hours")),
            reverse("feedback:waiting"),
        ),
    ]


contribution = Contribution(
    app="feedback",
    personal=personal,
    nav=[NavItem(_("Feedback"), "feedback:index", "feedback", 40)],
    home_cards=home_cards,
    home_versions=["feedback", "feedback.categories", "feedback.review", "feedback.stories"],
    documents={"question": documents_of(Topic.Kind.QUESTION), "topic": documents_of(Topic.Kind.DISCUSSION)},
    document_labels={"question": _("Question"), "topic": _("Discussion")},
    notification_kinds=[
        NotificationKind("feedback.reply", _("A reply in a topic that you follow"), still_seen=still_seen),
        NotificationKind("feedback.accepted", _("A reply was accepted as the answer"), still_seen=still_seen),
        NotificationKind("feedback.duplicate", _("Your question was asked before"), still_seen=still_seen),
        NotificationKind("feedback.removed", _("Your post was removed"), still_seen=still_seen),
        NotificationKind("feedback.released", _("Your text was released"), still_seen=still_seen),
        NotificationKind("feedback.refused", _("Your text was not released"), still_seen=still_seen),
        NotificationKind("feedback.story_moved", _("Your story moved")),
    ],
    measurements=measurements,
    audience_uses=audience_uses,
)

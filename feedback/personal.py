"""What the forum and the stories keep of a person, and how a text leaves for good."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from coe_portal.core.versions import bump
from coe_portal.people.models import User
from coe_portal.personal import (
    CHOSEN,
    COMPUTED,
    Columns,
    Personal,
    PersonalRecords,
    Purgeable,
    Retention,
    Rows,
    Text,
    work_of,
)
from feedback.actions import common
from feedback.models import Draft, Flag, Hold, Post, Story, StoryMove, Topic


def of_topics_seen(field: str) -> Callable[[Rows, User], Rows]:
    """Only of topics that the person may still read: a room they left does not tell them its titles."""

    def seen(rows: Rows, person: User) -> Rows:
        return rows.filter(**{f"{field}__in": Topic.objects.filter(category__audience__in=person.access.audience_ids)})

    return seen


def forget(person: User, pseudonym: str) -> int:
    """What is kept of pages that show the name: the name itself leaves with the sweep."""
    written = Topic.objects.filter(posts__author=person)
    _changed(written)
    bump("feedback.stories", "feedback.review")
    return written.count()


def _changed(topics: QuerySet[Topic]) -> None:
    """A new version of everything that is kept of these topics and their posts."""
    ids = list(topics.order_by().values_list("pk", flat=True).distinct())
    Post.objects.filter(topic__in=ids).update(version=F("version") + 1)
    for topic in Topic.objects.filter(pk__in=ids):
        common.changed(topic)


def post_texts(post_id: int) -> Sequence[tuple[Text, str]] | None:
    post = Post.objects.select_related("topic").filter(pk=post_id).first()
    if post is None:
        return None
    title = [(_("Title"), post.topic.title)] if post.is_first else []
    earlier = [(_("Earlier text"), each.source) for each in post.edits.all()]
    reasons = [(_("Why it was removed"), post.removal_reason)] if post.removal_reason else []
    flags = [(_("Note of a flag"), each.note) for each in post.flags.all() if each.note]
    holds = [(_("Why it was not released"), each.reason) for each in post.holds.all() if each.reason]
    return [*title, (_("Text"), post.source), *earlier, *reasons, *flags, *holds]


def redact_post(post_id: int, words: str) -> None:
    """The text, its earlier versions, the title it began with, notes of those who flagged it, drafts of its edits."""
    post = Post.objects.select_related("topic").get(pk=post_id)
    Post.objects.filter(pk=post_id).update(source=words, html=format_html("<p>{}</p>", words), version=F("version") + 1)
    Post.objects.filter(pk=post_id).exclude(removal_reason="").update(removal_reason=words)
    Hold.objects.filter(post=post_id).exclude(reason="").update(reason=words)
    post.edits.all().delete()
    Flag.objects.filter(post=post).update(note="")
    places = [f"edit:{post_id}"]
    if post.is_first:
        Topic.objects.filter(pk=post.topic_id).update(title=words)
        Topic.objects.filter(about_url=post.topic.get_absolute_url()).update(about_title="")
    Draft.objects.filter(place__in=places).delete()
    common.changed(post.topic)
    bump("feedback.review", "feedback.categories")


def post_people(post_id: int) -> Iterable[int]:
    return Post.objects.filter(pk=post_id).values_list("author_id", flat=True)


def post_url(post_id: int) -> str:
    return Post.objects.get(pk=post_id).get_absolute_url()


def story_texts(story_id: int) -> Sequence[tuple[Text, str]] | None:
    story = Story.objects.filter(pk=story_id).first()
    if story is None:
        return None
    notes = [(_("Note for the submitter"), each.note) for each in story.moves.all() if each.note]
    reasons = [(_("Why it was declined"), story.declined_reason)] if story.declined_reason else []
    holds = [(_("Why it was not released"), each.reason) for each in story.holds.all() if each.reason]
    told = [(_("Title"), story.title), (_("What happened"), story.source), (_("Whom to talk to"), story.contact)]
    return [*told, *notes, *reasons, *holds]


def redact_story(story_id: int, words: str) -> None:
    Story.objects.filter(pk=story_id).update(title=words, source=words, html=format_html("<p>{}</p>", words))
    Story.objects.filter(pk=story_id).exclude(declined_reason="").update(declined_reason=words)
    Hold.objects.filter(story=story_id).exclude(reason="").update(reason=words)
    StoryMove.objects.filter(story=story_id).update(note="")
    Draft.objects.filter(place__in=["story", f"story:{story_id}"], person__in=story_people(story_id)).delete()
    bump("feedback.stories", "feedback.review")


def story_people(story_id: int) -> QuerySet[Story, int]:
    return Story.objects.filter(pk=story_id).values_list("submitter_id", flat=True)


personal = Personal(
    records=[
        PersonalRecords(
            "feedback.topic",
            "author",
            _("Topics"),
            ["title", "kind", "category__name", "created_at", "removed_at"],
            titles=["category__name"],
            seen=of_topics_seen("pk"),
        ),
        PersonalRecords(
            "feedback.post",
            "author",
            _("Posts, removed ones too"),
            ["topic__title", "number", "created_at", "edited_at", "source", "is_held", "removed_at", "removal_reason"],
            titles=["topic__title"],
            seen=of_topics_seen("topic"),
        ),
        PersonalRecords(
            "feedback.postedit",
            "edited_by",
            _("Earlier texts of posts"),
            ["post__topic__title", "post__number", "edited_at", "source"],
            titles=["post__topic__title"],
            seen=of_topics_seen("post__topic"),
        ),
        PersonalRecords(
            "feedback.reaction",
            "person",
            _("Posts found helpful"),
            ["post__topic__title", "post__number", "created_at"],
            titles=["post__topic__title"],
            seen=of_topics_seen("post__topic"),
        ),
        PersonalRecords(
            "feedback.flag",
            "person",
            _("Posts flagged"),
            ["post__topic__title", "post__number", "reason", "note", "created_at"],
            titles=["post__topic__title"],
            seen=of_topics_seen("post__topic"),
        ),
        PersonalRecords(
            "feedback.follow",
            "person",
            _("Topics followed"),
            ["topic__title"],
            erased=True,
            titles=["topic__title"],
            seen=of_topics_seen("topic"),
        ),
        PersonalRecords(
            "feedback.readmark",
            "person",
            _("Reading marks"),
            ["topic__title", "number", "read_at"],
            erased=True,
            titles=["topic__title"],
            seen=of_topics_seen("topic"),
        ),
        PersonalRecords("feedback.draft", "person", _("Drafts"), ["place", "fields", "updated_at"], erased=True),
        PersonalRecords("feedback.questionstart", "person", _("Questions begun"), ["started_at", "outcome"]),
        PersonalRecords(
            "feedback.story",
            "submitter",
            _("Stories handed in"),
            ["title", "source", "contact", "created_at", "state", "published_url", "declined_reason"],
        ),
        *work_of("feedback.topic", "accepted_by", "verified_by", "claimed_by"),
        PersonalRecords(
            "feedback.topic", "last_author", _("Topics with my reply"), why=_("The posts themselves are listed.")
        ),
        *work_of("feedback.post", "removed_by"),
        *work_of("feedback.flag", "decided_by"),
        *work_of("feedback.hold", "decided_by"),
        *work_of("feedback.storymove", "by"),
        *work_of("feedback.authorisation", "recorded_by"),
    ],
    forget=forget,
    retentions=[
        Retention(
            key="feedback.drafts",
            label=_("Drafts"),
            what=_("What was typed and never sent"),
            days=180,
            basis=_("Needed only until the text is sent"),
            model="feedback.draft",
            moment="updated_at",
            person="person",
        ),
    ],
    purgeables={
        "post": Purgeable(_("Post"), post_texts, redact_post, post_people, post_url),
        "story": Purgeable(
            _("Story"),
            story_texts,
            redact_story,
            story_people,
            lambda story_id: reverse("feedback:story", args=[story_id]),
        ),
    },
    texts={
        "feedback.category": Columns("name slug description"),
        "feedback.topic": Columns("title about_url about_title"),
        "feedback.post": Columns("source html removal_reason"),
        "feedback.postedit": Columns("source"),
        "feedback.opened": Columns("title url", never={CHOSEN: "kind"}),
        "feedback.story": Columns("title source html contact published_url declined_reason"),
        "feedback.storymove": Columns("note", never={COMPUTED: "before"}),
        "feedback.authorisation": Columns("reference scope"),
        "feedback.hold": Columns("reason", never={CHOSEN: "found"}),
        "feedback.flag": Columns("note"),
        "feedback.draft": Columns("fields", never={CHOSEN: "place"}),
    },
)

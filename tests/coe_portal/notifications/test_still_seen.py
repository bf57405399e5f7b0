"""Between telling and mailing, and for as long as the list goes back, what was told of may have become none of one's
business: then neither the mail nor the list names it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from coe_portal.announcements.models import Announcement, State
from coe_portal.notifications import composing
from coe_portal.notifications.models import Notification, OutgoingMail
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, RoleGrant, User
from feedback.actions import moderation
from feedback.models import Hold, Post, Topic
from metrics.executive.models import Ask
from policies.actions.publishing import retire
from policies.models import Policy, Version
from tests.factories.announcements import AnnouncementFactory
from tests.factories.feedback import CategoryFactory, PostFactory, QuestionFactory, StoryFactory, TopicFactory
from tests.factories.notifications import NotificationFactory, OutgoingMailFactory
from tests.factories.people import AudienceFactory, DepartmentFactory, person_with
from tests.factories.policies import published
from tests.factories.training import course_with
from training.models import Course

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
TITLE = "Layoffs at Riverbend"
Told = tuple[str, str]


@pytest.fixture
def reader() -> User:
    return person_with(name="Ruth Abara")


@pytest.fixture
def others() -> Audience:
    return AudienceFactory(name="Crisis team")


def topic_of(reader: User, **fields: Any) -> Topic:
    category = CategoryFactory(audience=reader.audiences.get())
    return TopicFactory(category=category, title=TITLE, author=reader, **fields)


def reply(reader: User) -> Told:
    return "feedback.reply", f"feedback.reply:{PostFactory(topic=topic_of(reader), number=2).pk}"


def accepted(reader: User) -> Told:
    return "feedback.accepted", f"feedback.accepted:{PostFactory(topic=topic_of(reader), number=2).pk}"


def duplicate(reader: User) -> Told:
    mine = topic_of(reader)
    original = QuestionFactory(category=mine.category)
    return "feedback.duplicate", f"feedback.duplicate:{mine.pk}:{original.pk}"


def removed(reader: User) -> Told:
    post = topic_of(reader).posts.get()
    return "feedback.removed", f"feedback.removed:{post.pk}:2026-03-02T09:00:00+00:00"


def released(reader: User) -> Told:
    hold = Hold.objects.create(post=topic_of(reader).posts.get(), created_at=NOON)
    return "feedback.released", f"feedback.released:{hold.pk}"


def policy(reader: User) -> Told:
    version = published(
        writer=person_with(Role.STRATEGIST), approver=person_with(Role.STRATEGIST), title=TITLE,
        audience=reader.audiences.get(),
    )  # fmt: skip
    Notification.objects.all().delete()  # those of the real thing
    return "policy-published", f"policies.published:{version.pk}"


def review(reader: User) -> Told:
    RoleGrant.objects.create(person=reader, role=Role.STRATEGIST, starts=datetime(2020, 1, 1, tzinfo=UTC).date())
    policy(reader)
    return "policy-review", f"policies.review:{Version.objects.get().pk}:1"


def reminder(reader: User) -> Told:
    course = course_with(audience=reader.audiences.get())
    return "training.reminder", f"training.reminder:{course.pk}:2026-03-02"


def ask(reader: User) -> Told:
    branch = DepartmentFactory()
    RoleGrant.objects.create(
        person=reader, role=Role.EXECUTIVE, branch=branch, starts=datetime(2020, 1, 1, tzinfo=UTC).date()
    )
    made = Ask.objects.create(
        title=TITLE, reason="x", department=DepartmentFactory(parent=branch), asked_on=NOON.date(), asked_by=reader
    )
    return "metrics.ask", f"metrics.ask:{made.pk}"


def announcement(reader: User) -> Told:
    made = AnnouncementFactory(audience=reader.audiences.get(), title=TITLE, state=State.PUBLISHED, published_at=NOON)
    return "announcement.comment", f"announcement.comments:{made.pk}:7"


def room_of_others(others: Audience) -> None:
    for topic in Topic.objects.all():
        topic.category.audience = others
        topic.category.save()


def moved(others: Audience) -> None:
    moderation.move(by=mover(others), topic=Topic.objects.get(title=TITLE), category=CategoryFactory(audience=others))


def mover(others: Audience) -> User:
    by = person_with(Role.STRATEGIST)
    others.people.add(by, through_defaults={"joined_on": NOON.date()})
    return by


def topic_removed(others: Audience) -> None:
    Topic.objects.update(removed_at=NOON)


def post_removed(others: Audience) -> None:
    Post.objects.update(removed_at=NOON, removed_by=person_with(), removal_reason="x")


def left_the_audience(others: Audience) -> None:
    User.objects.get(name="Ruth Abara").audiences.clear()


def lost_the_role(others: Audience) -> None:
    RoleGrant.objects.filter(person__name="Ruth Abara").delete()


def retired(others: Audience) -> None:
    retire(by=person_with(Role.STRATEGIST), version=Version.objects.get(), at=NOON)


CASES = [
    (reply, room_of_others), (reply, moved), (reply, topic_removed), (reply, post_removed), (reply, left_the_audience),
    (accepted, room_of_others), (accepted, topic_removed),
    (duplicate, room_of_others), (duplicate, moved), (duplicate, left_the_audience),
    (removed, room_of_others), (released, moved), (released, topic_removed),
    (policy, lambda others: Policy.objects.update(audience=others)), (policy, left_the_audience), (policy, retired),
    (review, lost_the_role),
    (reminder, lambda others: Course.objects.update(audience=others)), (reminder, left_the_audience),
    (reminder, lambda others: Course.objects.update(current=None)),
    (ask, lost_the_role), (ask, lambda others: Ask.objects.update(department=None)),
    (announcement, lambda others: Announcement.objects.update(audience=others)),
    (announcement, lambda others: Announcement.objects.update(state=State.WITHDRAWN)),
    (announcement, left_the_audience),
]  # fmt: skip


def tell(reader: User, told: Told) -> OutgoingMail:
    kind, key = told
    NotificationFactory(person=reader, kind=kind, key=key, subject=TITLE, lead="And why", url="/layoffs/")
    return OutgoingMailFactory(person=reader)


def written(mail: OutgoingMail) -> EmailMessage | None:
    ready = composing.compose(mail, composing.gather([mail], NOON), NOON)
    return ready.message if isinstance(ready, composing.Ready) else None


@pytest.mark.parametrize(("told", "change"), CASES)
def test_what_is_not_theirs_any_more_is_named_nowhere(
    told: Callable[[User], Told], change: Callable[[Audience], None], reader: User, others: Audience, sign_in: SignIn
):
    mail = tell(reader, told(reader))
    message = written(mail)
    assert message is not None
    assert TITLE in message.subject
    assert TITLE in sign_in(reader).get("/notifications/").content.decode()

    change(others)

    assert written(mail) is None
    reader = User.objects.get(pk=reader.pk)
    client = sign_in(reader)
    page = client.get("/notifications/").content.decode()
    assert [words for words in (TITLE, "And why", "/layoffs/") if words in page] == []
    assert "Something that is no longer there for you" in page
    opened = client.post("/notifications/read/", {"notification": Notification.objects.get().pk})
    assert opened.headers["Location"] == "/notifications/"


def test_that_ones_own_text_was_removed_is_said(reader: User):
    mail = tell(reader, removed(reader))

    topic_removed(AudienceFactory())

    assert written(mail) is not None


def test_of_a_held_story_its_author_hears(reader: User):
    hold = Hold.objects.create(story=StoryFactory(submitter=reader), created_at=NOON)

    assert written(tell(reader, ("feedback.released", f"feedback.released:{hold.pk}"))) is not None


def test_a_thousand_are_as_many_queries_as_one(django_assert_max_num_queries: Any):
    def ask_all(number: int) -> list[OutgoingMail]:
        Notification.objects.all().delete()
        Topic.objects.update(title="Before")
        people = [person_with() for _each in range(number)]
        return [tell(each, reply(each)) for each in people]

    counts = []
    for number in (1, 1, 3):
        mails = ask_all(number)
        with django_assert_max_num_queries(12) as found:
            composing.gather(mails, NOON)
        counts.append(len(found))

    assert counts[1] == counts[2]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_however_long(
    number: int, reader: User, sign_in: SignIn, django_assert_num_queries: Any
):
    for _each in range(number):
        tell(reader, reply(reader))
    client = sign_in(reader)
    client.get("/notifications/")

    with django_assert_num_queries(4):
        client.get("/notifications/")

"""Comments, and every door to them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.announcements import actions
from coe_portal.announcements.models import Announcement, Comment, Flag, State
from coe_portal.notifications.models import Notification
from coe_portal.people.models import Audience, RoleGrant, User
from coe_portal.search.queries import find
from tests.factories.announcements import AnnouncementFactory, CommentFactory
from tests.factories.people import AudienceFactory, person_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PATIENT = "Our patient John Miller, MRN 00482913, went home today."


@pytest.fixture
def open_one(strategist: User, everyone: Audience) -> Announcement:
    return AnnouncementFactory(author=strategist, audience=everyone, comments_on=True)


def url(announcement: Announcement, path: str = "") -> str:
    return f"/announcements/{announcement.pk}/{path}"


def test_a_reader_comments_and_others_read_it(open_one: Announcement, employee: User, sign_in: SignIn):
    sign_in(employee).post(url(open_one, "comments/"), {"text": "**Good** to know"})

    page = sign_in(person_with()).get(url(open_one)).content.decode()
    assert "<strong>Good</strong> to know" in page
    assert employee.name in page


@pytest.mark.parametrize(
    "fields",
    [
        {"comments_on": False},
        {"expires_at": timezone.now() - timedelta(hours=1)},
        {"state": State.WITHDRAWN},
        {"state": State.DRAFT, "published_at": None},
    ],
)
def test_where_comments_are_closed_nobody_comments(fields, open_one: Announcement, employee: User, sign_in: SignIn):
    Announcement.objects.filter(pk=open_one.pk).update(**fields)

    assert sign_in(employee).post(url(open_one, "comments/"), {"text": "Too late"}).status_code == 404
    assert not Comment.objects.exists()


def test_every_door_is_closed_to_who_does_not_see_the_announcement(employee: User, sign_in: SignIn):
    hidden = AnnouncementFactory(comments_on=True, audience=AudienceFactory())
    comment = CommentFactory(announcement=hidden, author=employee, created_at=timezone.now(), text="A zebra")
    client = sign_in(employee)

    assert client.get(url(hidden, "comments/")).status_code == 404
    assert client.post(url(hidden, "comments/"), {"text": "x"}).status_code == 404
    for verb in ("edit", "remove", "flag"):
        for method in (client.get, client.post):
            assert method(f"/announcements/comments/{comment.pk}/{verb}/", {"text": "x"}).status_code == 404
    assert client.post(f"/announcements/comments/{comment.pk}/release/").status_code == 403
    assert find(employee, "zebra").total == 0
    comment.refresh_from_db()
    assert comment.text == "A zebra"


def test_own_words_can_be_changed_for_half_an_hour(open_one: Announcement, employee: User, sign_in: SignIn):
    fresh = CommentFactory(announcement=open_one, author=employee, created_at=timezone.now())
    old = CommentFactory(announcement=open_one, author=employee, created_at=timezone.now() - timedelta(minutes=31))
    others = CommentFactory(announcement=open_one, created_at=timezone.now())
    client = sign_in(employee)

    client.post(f"/announcements/comments/{fresh.pk}/edit/", {"text": "Better"})

    fresh.refresh_from_db()
    assert (fresh.text, fresh.html) == ("Better", "<p>Better</p>\n")
    for comment in (old, others):
        assert client.post(f"/announcements/comments/{comment.pk}/edit/", {"text": "x"}).status_code == 404


def test_removed_by_a_strategist_with_a_reason_that_its_author_is_told(
    open_one: Announcement, employee: User, approver: User, sign_in: SignIn
):
    comment = CommentFactory(announcement=open_one, author=employee, text="Rude words")
    client = sign_in(approver)
    assert client.post(f"/announcements/comments/{comment.pk}/remove/", {"reason": ""}).context["form"].errors

    client.post(f"/announcements/comments/{comment.pk}/remove/", {"reason": "Not kind"})

    seen_by_others = sign_in(person_with()).get(url(open_one)).content.decode()
    assert "A comment was removed." in seen_by_others
    assert "Rude words" not in seen_by_others
    assert "Not kind" not in seen_by_others
    assert "Not kind" in sign_in(employee).get(url(open_one)).content.decode()
    assert Notification.objects.get().lead == "Not kind"


def test_a_reader_removes_nothing(open_one: Announcement, employee: User, sign_in: SignIn):
    comment = CommentFactory(announcement=open_one)

    response = sign_in(employee).post(f"/announcements/comments/{comment.pk}/remove/", {"reason": "x"})

    assert response.status_code == 404
    comment.refresh_from_db()
    assert not comment.is_removed


def test_what_may_identify_a_patient_is_refused_or_held(
    open_one: Announcement, employee: User, approver: User, sign_in: SignIn
):
    client = sign_in(employee)
    refused = client.post(url(open_one, "comments/"), {"text": PATIENT})
    assert "This may identify a patient" in refused.content.decode()
    assert not Comment.objects.exists()

    digest = refused.context["comment_form"].suspicion.digest
    client.post(url(open_one, "comments/"), {"text": PATIENT, "confirmed": digest})

    comment = Comment.objects.get()
    assert comment.is_held
    assert not Notification.objects.exists()
    assert "Miller" in client.get(url(open_one)).content.decode()
    assert "Miller" not in sign_in(person_with()).get(url(open_one)).content.decode()
    assert "Miller" in sign_in(approver).get("/announcements/comments/").content.decode()

    sign_in(approver).post(f"/announcements/comments/{comment.pk}/release/")
    assert "Miller" in sign_in(person_with()).get(url(open_one)).content.decode()


def test_nobody_releases_their_own(open_one: Announcement, strategist: User, sign_in: SignIn):
    comment = CommentFactory(announcement=open_one, author=strategist, is_held=True)

    sign_in(strategist).post(f"/announcements/comments/{comment.pk}/release/")

    comment.refresh_from_db()
    assert comment.is_held


def test_held_words_change_nothing_for_others(open_one: Announcement, employee: User, sign_in: SignIn):
    CommentFactory(announcement=open_one)
    client = sign_in(employee)
    before = [each.comment.pk for each in client.get(url(open_one)).context["said"]]

    CommentFactory(announcement=open_one, is_held=True)

    assert [each.comment.pk for each in client.get(url(open_one)).context["said"]] == before
    assert [each.comment.pk for each in client.get(url(open_one, "comments/")).context["said"]] == before


def test_a_flag_brings_it_before_the_strategists(
    open_one: Announcement, employee: User, strategist: User, sign_in: SignIn
):
    comment = CommentFactory(announcement=open_one, text="Something odd")
    client = sign_in(employee)

    client.post(f"/announcements/comments/{comment.pk}/flag/", {"reason": "Names a colleague"})

    assert client.get(f"/announcements/comments/{comment.pk}/flag/").status_code == 404
    assert client.get("/announcements/comments/").status_code == 403
    assert "Names a colleague" in sign_in(strategist).get("/announcements/comments/").content.decode()
    sign_in(strategist).post(f"/announcements/comments/{comment.pk}/release/")
    assert Flag.objects.get().decided_by == strategist
    assert "Something odd" not in sign_in(strategist).get("/announcements/comments/").content.decode()


def test_the_author_is_told_once_until_they_look(open_one: Announcement, employee: User, strategist: User):
    now = timezone.now()
    for text in ("One", "Two"):
        actions.add_comment(by=employee, announcement=open_one, text=text, at=now)
    assert list(Notification.objects.values_list("person", flat=True)) == [strategist.pk]

    Notification.objects.update(read_at=now)
    actions.add_comment(by=employee, announcement=open_one, text="Three", at=now)
    assert Notification.objects.count() == 2


def test_an_author_who_sees_it_no_more_is_not_told(employee: User, strategist: User):
    hidden = AnnouncementFactory(author=strategist, audience=AudienceFactory(), comments_on=True)
    RoleGrant.objects.all().delete()
    hidden.author = User.objects.get(pk=strategist.pk)

    actions.add_comment(by=employee, announcement=hidden, text="One", at=timezone.now())

    assert not Notification.objects.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_comments_take_a_constant_number_of_queries(
    number: int, open_one: Announcement, employee: User, sign_in: SignIn, django_assert_num_queries
):
    CommentFactory.create_batch(number, announcement=open_one)
    client = sign_in(employee)
    client.get(url(open_one, "comments/"))

    with django_assert_num_queries(3):
        client.get(url(open_one, "comments/"))

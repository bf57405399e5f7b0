from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.announcements import actions
from coe_portal.announcements.models import Announcement, Receipt, State
from coe_portal.people.models import Audience, User
from tests.factories.announcements import AnnouncementFactory
from tests.factories.people import AudienceFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]

FORM = {"title": "A", "text": "B", "language": "en", "mail": "digest"}


def hidden_from_readers() -> list[Announcement]:
    return [
        AnnouncementFactory(audience=AudienceFactory()),
        AnnouncementFactory(draft=True),
        AnnouncementFactory(state=State.WITHDRAWN),
        AnnouncementFactory(expires_at=timezone.now() - timedelta(hours=1), audience=AudienceFactory()),
    ]


def test_readers_see_what_is_published_for_them(employee: User, sign_in: SignIn):
    shown = AnnouncementFactory()
    hidden_from_readers()

    response = sign_in(employee).get("/announcements/")

    assert [row.announcement for row in response.context["rows"]] == [shown]


def test_the_pinned_ones_come_first(employee: User, sign_in: SignIn):
    newer = AnnouncementFactory()
    older = AnnouncementFactory(is_pinned=True, published_at=newer.published_at - timedelta(days=30))

    response = sign_in(employee).get("/announcements/")

    assert [row.announcement for row in response.context["rows"]] == [older, newer]


def test_what_is_over_is_in_the_archive_of_its_readers_alone(employee: User, sign_in: SignIn):
    over = timezone.now() - timedelta(hours=1)
    past = AnnouncementFactory(expires_at=over)
    AnnouncementFactory(expires_at=over, audience=AudienceFactory())
    AnnouncementFactory(expires_at=over, state=State.WITHDRAWN)
    AnnouncementFactory()
    client = sign_in(employee)

    assert [row.announcement for row in client.get("/announcements/archive/").context["rows"]] == [past]
    assert "Past" in client.get(f"/announcements/{past.pk}/").content.decode()
    assert client.post(f"/announcements/{past.pk}/read/").status_code == 404


def test_what_is_hidden_is_as_if_it_never_was(employee: User, sign_in: SignIn):
    client = sign_in(employee)
    never = client.get("/announcements/999999/")

    for announcement in hidden_from_readers():
        for path in ["", "comments/", "receipts/", "receipts/csv/", "receipts/xlsx/"]:
            assert client.get(f"/announcements/{announcement.pk}/{path}").status_code == 404
        for path in ["edit/", "history/", "sending/"]:
            assert client.get(f"/announcements/{announcement.pk}/{path}").status_code == 403
        for verb in ["read", "acknowledge"]:
            assert client.post(f"/announcements/{announcement.pk}/{verb}/").status_code == 404
    assert never.status_code == 404
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("verb", ["publish", "unschedule", "withdraw"])
def test_readers_change_nothing(verb: str, employee: User, sign_in: SignIn):
    announcement = AnnouncementFactory()

    assert sign_in(employee).post(f"/announcements/{announcement.pk}/{verb}/").status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_constant_number_of_queries(
    number: int, employee: User, sign_in: SignIn, django_assert_num_queries
):
    AnnouncementFactory.create_batch(number)
    client = sign_in(employee)
    client.get("/announcements/")

    with django_assert_num_queries(3):
        client.get("/announcements/")


def test_a_warm_page_asks_the_database_nothing(employee: User, sign_in: SignIn, django_assert_num_queries):
    announcement = AnnouncementFactory(must_read=True)
    client = sign_in(employee)
    client.get(f"/announcements/{announcement.pk}/")

    with django_assert_num_queries(0):
        page = client.get(f"/announcements/{announcement.pk}/")

    assert page.context["is_to_acknowledge"]


def test_a_warm_page_shows_at_once_what_has_changed(
    employee: User, strategist: User, everyone: Audience, sign_in: SignIn, django_capture_on_commit_callbacks
):
    announcement = AnnouncementFactory(must_read=True, audience=everyone, author=strategist)
    client = sign_in(employee)
    url = f"/announcements/{announcement.pk}/"
    assert client.get(url).context["is_to_acknowledge"]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}acknowledge/")
    assert not client.get(url).context["is_to_acknowledge"]

    with django_capture_on_commit_callbacks(execute=True):
        actions.save(by=strategist, announcement=announcement, fields={"title": "Anew"}, at=timezone.now())
    assert client.get(url).context["text"].title == "Anew"

    with django_capture_on_commit_callbacks(execute=True):
        actions.save(
            by=strategist, announcement=announcement, fields={"audience": AudienceFactory()}, at=timezone.now()
        )
    assert client.get(url).status_code == 404


def test_a_withdrawn_one_is_gone_from_a_warm_page(
    employee: User, strategist: User, sign_in: SignIn, django_capture_on_commit_callbacks
):
    announcement = AnnouncementFactory()
    client = sign_in(employee)
    assert client.get(f"/announcements/{announcement.pk}/").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(by=strategist, announcement=announcement)

    assert client.get(f"/announcements/{announcement.pk}/").status_code == 404


def test_opening_a_page_writes_nothing(employee: User, sign_in: SignIn):
    announcement = AnnouncementFactory()

    sign_in(employee).get(f"/announcements/{announcement.pk}/")

    assert not Receipt.objects.exists()


def test_reading_is_marked_by_a_post(employee: User, sign_in: SignIn):
    announcement = AnnouncementFactory()

    plain = sign_in(employee).post(f"/announcements/{announcement.pk}/read/")
    by_htmx = sign_in(employee).post(f"/announcements/{announcement.pk}/read/", headers={"HX-Request": "true"})

    assert (plain.status_code, by_htmx.status_code) == (302, 204)
    assert Receipt.objects.get().person == employee


def test_all_are_marked_at_once(employee: User, sign_in: SignIn):
    AnnouncementFactory.create_batch(2)
    AnnouncementFactory(audience=AudienceFactory())

    sign_in(employee).post("/announcements/read/")

    assert Receipt.objects.count() == 2


def test_a_reader_confirms_and_is_thanked(employee: User, sign_in: SignIn, django_capture_on_commit_callbacks):
    announcement = AnnouncementFactory(must_read=True)
    client = sign_in(employee)
    assert "I have read this" in client.get(f"/announcements/{announcement.pk}/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/announcements/{announcement.pk}/acknowledge/")
    response = client.get(answer.url)

    assert Receipt.objects.get().acknowledged_at is not None
    assert "You have confirmed that you have read this." in response.content.decode()


def test_what_need_not_be_confirmed_cannot_be(employee: User, sign_in: SignIn):
    announcement = AnnouncementFactory()

    assert sign_in(employee).post(f"/announcements/{announcement.pk}/acknowledge/").status_code == 404


def test_a_strategist_writes_previews_and_publishes(
    strategist: User, employee: User, everyone: Audience, sign_in: SignIn
):
    client = sign_in(strategist)
    written = {**FORM, "title": "Ask first", "text": "Ask the **charge nurse**.", "audience": everyone.pk}

    preview = client.post("/announcements/new/", written, follow=True)
    announcement = Announcement.objects.get()
    assert announcement.state == State.DRAFT
    assert "Publish now to 2 people" in preview.content.decode()
    assert "<strong>charge nurse</strong>" in preview.content.decode()

    client.post(f"/announcements/{announcement.pk}/publish/")
    announcement.refresh_from_db()
    assert announcement.state == State.PUBLISHED


def test_with_a_time_it_is_scheduled_and_can_be_published_at_once(
    strategist: User, everyone: Audience, sign_in: SignIn
):
    client = sign_in(strategist)
    tomorrow = timezone.localtime() + timedelta(days=1)
    written = {**FORM, "audience": everyone.pk, "publish_at": tomorrow.strftime("%Y-%m-%dT%H:%M")}
    client.post("/announcements/new/", written)
    announcement = Announcement.objects.get()

    client.post(f"/announcements/{announcement.pk}/publish/")
    announcement.refresh_from_db()
    assert announcement.state == State.SCHEDULED

    client.post(f"/announcements/{announcement.pk}/publish/", {"now": "1"})
    announcement.refresh_from_db()
    assert announcement.state == State.PUBLISHED


def test_the_form_says_what_does_not_fit(strategist: User, everyone: Audience, sign_in: SignIn):
    written = {
        **FORM, "audience": everyone.pk, "due_on": "2026-03-09",
        "publish_at": "2020-01-01T10:00", "expires_at": "2019-01-01T10:00",
    }  # fmt: skip

    response = sign_in(strategist).post("/announcements/new/", written)

    assert set(response.context["form"].errors) == {"due_on", "publish_at", "expires_at"}
    assert not Announcement.objects.exists()


def test_the_audience_is_offered_with_its_size(strategist: User, everyone: Audience, sign_in: SignIn):
    assert "Everyone (1 person)" in sign_in(strategist).get("/announcements/new/").content.decode()


def test_a_second_press_of_the_button_is_told_what_happened(strategist: User, sign_in: SignIn):
    announcement = AnnouncementFactory(draft=True)
    client = sign_in(strategist)
    client.post(f"/announcements/{announcement.pk}/publish/")

    response = client.post(f"/announcements/{announcement.pk}/publish/", follow=True)

    assert "Somebody else has changed this announcement" in response.content.decode()


def test_a_strategist_withdraws(strategist: User, sign_in: SignIn):
    announcement = AnnouncementFactory()

    sign_in(strategist).post(f"/announcements/{announcement.pk}/withdraw/")

    announcement.refresh_from_db()
    assert announcement.state == State.WITHDRAWN
    assert sign_in(strategist).get(f"/announcements/{announcement.pk}/edit/").status_code == 404


def test_drafts_are_listed_for_strategists(strategist: User, sign_in: SignIn):
    draft = AnnouncementFactory(draft=True)

    response = sign_in(strategist).get("/announcements/unpublished/")

    assert list(response.context["announcements"]) == [draft]

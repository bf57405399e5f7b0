from datetime import UTC, datetime, timedelta

import pytest

from coe_portal.announcements import actions
from coe_portal.announcements.models import Announcement, Receipt, State
from coe_portal.audit.models import AuditEntry
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Audience, RoleGrant, User
from coe_portal.search.models import SearchDocument
from tests.factories.announcements import AnnouncementFactory
from tests.factories.people import AudienceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def drafted(by: User, audience: Audience, **fields: object) -> Announcement:
    written = {"title": "Ask first", "text": "Ask the **charge nurse**.\n\nThen post.", "audience": audience, **fields}
    return actions.save(by=by, announcement=Announcement(), fields=written, at=NOW)


def test_save_renders_the_text_once(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone)

    assert announcement.html == "<p>Ask the <strong>charge nurse</strong>.</p>\n<p>Then post.</p>\n"
    assert announcement.lead == "Ask the charge nurse."
    assert (announcement.state, announcement.author) == (State.DRAFT, strategist)
    assert verbs() == ["announcement.drafted"]


def test_publish_is_found_told_and_noted(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone)

    actions.publish(by=strategist, announcement=announcement, at=NOW)

    announcement.refresh_from_db()
    assert (announcement.state, announcement.published_at) == (State.PUBLISHED, NOW)
    assert SearchDocument.objects.get().title == "Ask first"
    assert list(QueuedJob.objects.values_list("name", flat=True)) == ["announcements.send_part"]
    assert verbs() == ["announcement.drafted", "announcement.published"]


def test_publish_refuses_what_is_published(strategist: User):
    announcement = AnnouncementFactory()

    with pytest.raises(actions.WrongState):
        actions.publish(by=strategist, announcement=announcement, at=NOW)


def test_schedule_queues_a_job_for_that_time(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone, publish_at=TOMORROW)

    actions.schedule(by=strategist, announcement=announcement)

    job = QueuedJob.objects.get()
    assert (job.name, job.due_at, job.arguments) == (
        "announcements.publish", TOMORROW, {"announcement_id": announcement.pk},
    )  # fmt: skip


def test_schedule_needs_a_time(strategist: User, everyone: Audience):
    with pytest.raises(actions.WrongState):
        actions.schedule(by=strategist, announcement=drafted(strategist, everyone))


def test_the_job_publishes_when_the_time_has_come(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone, publish_at=TOMORROW)
    actions.schedule(by=strategist, announcement=announcement)

    actions.publish_scheduled(announcement_id=announcement.pk, at=NOW)
    announcement.refresh_from_db()
    assert announcement.state == State.SCHEDULED

    actions.publish_scheduled(announcement_id=announcement.pk, at=TOMORROW)
    actions.publish_scheduled(announcement_id=announcement.pk, at=TOMORROW)
    announcement.refresh_from_db()
    assert announcement.state == State.PUBLISHED
    assert verbs().count("announcement.published") == 1


def test_the_job_publishes_nothing_for_somebody_who_is_no_strategist_any_more(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone, publish_at=TOMORROW)
    actions.schedule(by=strategist, announcement=announcement)
    RoleGrant.objects.all().delete()

    actions.publish_scheduled(announcement_id=announcement.pk, at=TOMORROW)

    announcement.refresh_from_db()
    assert announcement.state == State.DRAFT
    assert verbs()[-1] == "announcement.schedule_refused"


def test_moved_to_another_time_the_first_job_does_nothing(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone, publish_at=TOMORROW)
    actions.schedule(by=strategist, announcement=announcement)
    later = TOMORROW + timedelta(days=1)

    actions.save(by=strategist, announcement=Announcement.objects.get(), fields={"publish_at": later}, at=NOW)
    actions.publish_scheduled(announcement_id=announcement.pk, at=TOMORROW)

    announcement.refresh_from_db()
    assert announcement.state == State.SCHEDULED
    assert list(QueuedJob.objects.order_by("due_at").values_list("due_at", flat=True)) == [TOMORROW, later]


def test_unschedule_makes_it_a_draft_again(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone, publish_at=TOMORROW)
    actions.schedule(by=strategist, announcement=announcement)

    actions.unschedule(by=strategist, announcement=announcement)
    actions.publish_scheduled(announcement_id=announcement.pk, at=TOMORROW)

    announcement.refresh_from_db()
    assert announcement.state == State.DRAFT


def test_withdraw_takes_it_from_readers_and_from_the_search(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone)
    actions.publish(by=strategist, announcement=announcement, at=NOW)

    actions.withdraw(by=strategist, announcement=announcement)

    assert not Announcement.objects.published().exists()
    assert not SearchDocument.objects.exists()


def test_a_withdrawn_announcement_is_not_changed(strategist: User):
    with pytest.raises(actions.WrongState):
        actions.save(
            by=strategist, announcement=AnnouncementFactory(state=State.WITHDRAWN), fields={"title": "New"}, at=NOW
        )


def test_a_changed_audience_changes_who_finds_it(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone)
    actions.publish(by=strategist, announcement=announcement, at=NOW)
    narrower = AudienceFactory()

    actions.save(by=strategist, announcement=Announcement.objects.get(), fields={"audience": narrower}, at=NOW)

    assert SearchDocument.objects.get().audience == narrower


def test_note_expiry_takes_it_out_of_the_search(strategist: User, everyone: Audience):
    announcement = drafted(strategist, everyone)
    actions.publish(by=strategist, announcement=announcement, at=NOW)
    Announcement.objects.update(expires_at=NOW)

    actions.note_expiry(announcement_id=announcement.pk)

    assert not SearchDocument.objects.exists()


def test_acknowledge_keeps_the_first_moment(employee: User):
    announcement = AnnouncementFactory(must_read=True)

    actions.acknowledge(by=employee, announcement=announcement, at=NOW)
    actions.acknowledge(by=employee, announcement=announcement, at=TOMORROW)

    receipt = Receipt.objects.get()
    assert (receipt.person, receipt.read_at, receipt.acknowledged_at) == (employee, NOW, NOW)
    assert verbs() == ["announcement.acknowledged"]


def test_mark_read_twice_keeps_the_first_moment(employee: User):
    announcement = AnnouncementFactory()

    actions.mark_read(by=employee, announcement_ids=[announcement.pk], at=NOW)
    actions.mark_read(by=employee, announcement_ids=[announcement.pk], at=TOMORROW)

    assert Receipt.objects.get().read_at == NOW

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.channels import actions
from coe_portal.channels.models import Channel, ChannelRequest, Network, Publisher
from coe_portal.notifications.models import Notification
from coe_portal.people.actions import deactivate
from coe_portal.search.models import SearchDocument
from tests.factories.channels import ChannelFactory, ChannelRequestFactory, PublisherFactory
from tests.factories.people import DepartmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


def test_leavers_publish_with_nothing_any_more(administrator) -> None:
    leaver, stays = PersonFactory(), PersonFactory()
    theirs = [PublisherFactory(person=leaver), PublisherFactory(person=leaver)]
    kept = PublisherFactory(person=stays)
    over = PublisherFactory(person=leaver, ends=date(2025, 1, 1))

    deactivate(by=administrator, person=leaver)

    today = timezone.localdate()
    assert set(Publisher.objects.filter(pk__in=[row.pk for row in theirs]).values_list("ends", flat=True)) == {today}
    assert set(Publisher.objects.current()) == {kept}
    assert Publisher.objects.get(pk=over.pk).ends == date(2025, 1, 1)
    entries = AuditEntry.objects.filter(kind="channels.channel", verb="remove publisher from", actor=administrator)
    assert {entry.object_id for entry in entries} == {row.channel_id for row in theirs}


def test_every_state_has_its_next_ones() -> None:
    states = {str(state) for state in Channel.State}

    assert {str(state) for state in Channel.NEXT} == states
    assert {str(state) for following in Channel.NEXT.values() for state in following} <= states


def test_a_request_reaches_the_strategists_and_is_not_found_by_others(employee, strategist, approver) -> None:
    fields = {"name": "Sleep Lab", "handle": "sleeplab", "network": Network.X, "department": DepartmentFactory()}

    channel = actions.request_channel(by=employee, fields=fields, why_not_existing="Nights.", on=TODAY)

    assert channel.state == Channel.State.REQUESTED
    assert channel.request.why_not_existing == "Nights."
    told = Notification.objects.filter(kind="channel_request").values_list("person_id", flat=True)
    assert set(told) == {strategist.pk, approver.pk}
    assert SearchDocument.objects.filter(kind="channel").count() == 0
    assert AuditEntry.objects.get(object_id=channel.pk).verb == "request"


def test_an_approved_account_is_in_use_validated_and_found(strategist) -> None:
    asked = ChannelRequestFactory()

    actions.decide(by=strategist, channel=asked.channel, approve=True, reason="Good plan.", at=NOW)

    asked.refresh_from_db()
    asked.channel.refresh_from_db()
    assert (asked.decision, asked.decided_by, asked.decision_reason) == ("approved", strategist, "Good plan.")
    assert (asked.channel.state, asked.channel.validated_on) == (Channel.State.ACTIVE, TODAY)
    assert SearchDocument.objects.get(kind="channel").object_id == asked.channel_id
    assert Notification.objects.get(person=asked.requested_by).kind == "channel_decision"


def test_a_decision_is_made_once(strategist) -> None:
    asked = ChannelRequestFactory()
    actions.decide(by=strategist, channel=asked.channel, approve=False, reason="No.", at=NOW)

    with pytest.raises(actions.WrongState):
        actions.decide(by=strategist, channel=asked.channel, approve=True, reason="Yes.", at=NOW)

    assert ChannelRequest.objects.get().decision == "declined"


def test_a_declined_account_cannot_be_brought_back(strategist) -> None:
    asked = ChannelRequestFactory()
    actions.decide(by=strategist, channel=asked.channel, approve=False, reason="No.", at=NOW)

    with pytest.raises(actions.WrongState):
        actions.move_channel(by=strategist, channel=asked.channel, to=Channel.State.ACTIVE)


def test_a_request_is_not_moved_past_its_decision(strategist) -> None:
    asked = ChannelRequestFactory()

    with pytest.raises(actions.WrongState):
        actions.move_channel(by=strategist, channel=asked.channel, to=Channel.State.ACTIVE)


@pytest.mark.parametrize("to", ["dormant", "archived"])
def test_an_account_in_use_can_rest_or_be_archived(strategist, to: str) -> None:
    channel = ChannelFactory()

    actions.move_channel(by=strategist, channel=channel, to=to)

    assert Channel.objects.get().state == to


def test_validation_is_for_accounts_in_use(strategist) -> None:
    archived = ChannelFactory(state=Channel.State.ARCHIVED)

    with pytest.raises(actions.WrongState):
        actions.validate_channel(by=strategist, channel=archived, on=TODAY)


def test_an_edit_that_changes_nothing_leaves_no_trace(strategist) -> None:
    channel = ChannelFactory(name="Heart")

    actions.edit_channel(by=strategist, channel=channel, fields={"name": "Heart"})
    actions.edit_channel(by=strategist, channel=channel, fields={"name": "Heart", "purpose": "New"})

    assert [entry.details for entry in AuditEntry.objects.all()] == [{"fields": ["purpose"]}]


def test_a_publisher_is_added_once_and_history_is_kept(strategist) -> None:
    channel, person = ChannelFactory(), PersonFactory()
    for _ in range(2):
        actions.add_publisher(by=strategist, channel=channel, person=person, starts=date(2026, 1, 1))
    row = Publisher.objects.get()

    actions.end_publisher(by=strategist, publisher=row, ends=TODAY)
    actions.add_publisher(by=strategist, channel=channel, person=person, starts=TODAY)

    assert list(Publisher.objects.order_by("starts").values_list("starts", "ends")) == [
        (date(2026, 1, 1), TODAY),
        (TODAY, None),
    ]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"department": None}, "channel_ours_has_a_department"),
        ({"relation": "peer"}, "channel_ours_has_a_department"),
        ({"state": "lost"}, "channel_state_known"),
    ],
)
def test_the_database_refuses(fields: dict, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ChannelFactory(**fields)


def test_one_handle_is_in_the_register_once_a_network() -> None:
    ChannelFactory(handle="@Riverbend")

    with pytest.raises(IntegrityError, match="channel_handle_once"), transaction.atomic():
        ChannelFactory(handle="riverbend")


def test_the_two_contacts_are_two_people() -> None:
    person = PersonFactory()

    with pytest.raises(IntegrityError, match="channel_two_different_contacts"), transaction.atomic():
        ChannelFactory(first_contact=person, second_contact=person)

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from coe_portal.channels.models import Channel, ChannelRequest, Network
from coe_portal.channels.permissions import can_see_figures
from coe_portal.channels.queries import contacts_of_stale, filtered, parse_account, verify
from coe_portal.people.access import Role
from tests.factories.channels import ChannelFactory, ChannelRequestFactory, PeerFactory, PublisherFactory
from tests.factories.people import DepartmentFactory, PersonFactory, person_with

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("typed", "network", "handle"),
    [
        ("@RiverbendHealth", None, "riverbendhealth"),
        ("https://www.facebook.com/RiverbendHealth/", Network.FACEBOOK, "riverbendhealth"),
        ("facebook.com/RiverbendHealth/posts/12", Network.FACEBOOK, "riverbendhealth"),
        ("https://bsky.app/profile/riverbend.example", Network.BLUESKY, "riverbend.example"),
        ("https://www.linkedin.com/company/riverbend/about", Network.LINKEDIN, "riverbend"),
        ("https://www.tiktok.com/@riverbend?lang=en", Network.TIKTOK, "riverbend"),
        ("https://social.example/@riverbend", None, "riverbend@social.example"),
        ("https://[broken", None, ""),
    ],
)
def test_an_account_is_recognised_as_people_write_it(typed: str, network: str | None, handle: str) -> None:
    name = parse_account(typed)

    assert (name.network, name.handle) == (network, handle)


def test_verify_knows_our_accounts_by_handle_and_address() -> None:
    channel = ChannelFactory(network=Network.X, handle="@RiverbendHealth", url="https://x.com/RiverbendHealth")

    assert verify("riverbendhealth").ours == [channel]
    assert verify("https://twitter.com/riverbendhealth").ours == [channel]


def test_verify_is_not_fooled_by_our_name_on_another_site() -> None:
    ChannelFactory(network=Network.X, handle="@RiverbendHealth")

    assert verify("https://evil.example/riverbendhealth").ours == []
    assert verify("https://facebook.com/riverbendhealth").ours == []


def test_verify_names_the_account_that_a_stranger_resembles() -> None:
    channel = ChannelFactory(network=Network.X, handle="@RiverbendHealth")

    verdict = verify("@riverbend_heaIth")

    assert (verdict.ours, verdict.similar) == ([], [channel])


def test_verify_never_vouches_for_peers_or_for_what_was_only_asked_for() -> None:
    PeerFactory(handle="cedarvalley")
    ChannelFactory(handle="sleeplab", state=Channel.State.REQUESTED)

    assert verify("cedarvalley").ours == verify("sleeplab").ours == []


def test_verify_still_knows_an_archived_account() -> None:
    channel = ChannelFactory(handle="oldname", state=Channel.State.ARCHIVED)

    assert verify("oldname").ours == [channel]


def test_everybody_sees_the_register_and_only_the_concerned_see_requests() -> None:
    branch = DepartmentFactory()
    listed = ChannelFactory()
    asked = ChannelRequestFactory(channel__department=branch)
    seen = {
        "employee": person_with(),
        "asker": asked.requested_by,
        "coordinator": person_with(Role.COORDINATOR, branch=branch),
        "other coordinator": person_with(Role.COORDINATOR, branch=DepartmentFactory()),
        "strategist": person_with(Role.STRATEGIST),
    }

    found = {who: set(Channel.objects.visible_to(person)) for who, person in seen.items()}

    assert found == {
        "employee": {listed},
        "asker": {listed, asked.channel},
        "coordinator": {listed, asked.channel},
        "other coordinator": {listed},
        "strategist": {listed, asked.channel},
    }


def test_a_declined_request_stays_out_of_the_register(strategist, employee) -> None:
    asked = ChannelRequestFactory(
        channel__state=Channel.State.ARCHIVED,
        decision=ChannelRequest.Decision.DECLINED,
        decided_by=strategist,
        decided_at="2026-01-01T00:00Z",
    )

    assert list(Channel.objects.visible_to(employee)) == []
    assert list(Channel.objects.visible_to(asked.requested_by)) == [asked.channel]


def test_figures_are_for_strategists_executives_the_branch_and_publishers(employee, strategist, executive) -> None:
    branch = DepartmentFactory()
    channel, other = ChannelFactory(department=branch), ChannelFactory()
    peer = PeerFactory()
    publisher = PublisherFactory(channel=other).person
    coordinator = person_with(Role.COORDINATOR, branch=branch)
    everything = {channel, other, peer}

    found = [
        set(Channel.objects.with_figures_for(each))
        for each in (employee, strategist, executive, coordinator, publisher)
    ]

    assert found == [set(), everything, everything, {channel}, {other}]
    assert can_see_figures(coordinator, channel) is True
    assert can_see_figures(coordinator, other) is False


def test_somebody_who_stopped_publishing_no_longer_sees_figures() -> None:
    row = PublisherFactory(ends=date(2026, 1, 1))

    assert can_see_figures(row.person, row.channel) is False


def test_an_account_is_stale_half_a_year_after_it_was_validated() -> None:
    never = ChannelFactory()
    old = ChannelFactory(validated_on=TODAY - timedelta(days=183))
    fresh = ChannelFactory(validated_on=TODAY - timedelta(days=182))
    PeerFactory()
    ChannelFactory(state=Channel.State.ARCHIVED)

    assert set(Channel.objects.stale(TODAY)) == {never, old}
    assert (old.is_stale(TODAY), fresh.is_stale(TODAY)) == (True, False)


def test_an_account_whose_contact_has_left_is_listed() -> None:
    gone, here = PersonFactory(is_active=False), PersonFactory()
    first, second = ChannelFactory(first_contact=gone), ChannelFactory(first_contact=here, second_contact=gone)
    ChannelFactory(first_contact=here)
    ChannelFactory(first_contact=gone, state=Channel.State.ARCHIVED)

    found = filtered(Channel.objects.all(), QueryDict("left=1"), TODAY)

    assert set(found) == {first, second}


def test_the_first_contact_of_a_stale_account_is_the_one_to_confirm_it() -> None:
    first, second = PersonFactory(), PersonFactory()
    channel = ChannelFactory(first_contact=first, second_contact=second)
    alone = ChannelFactory(second_contact=second)

    found = set(contacts_of_stale([first.pk, second.pk], TODAY))

    assert found == {(first.pk, channel), (second.pk, alone)}


def test_filters_come_from_the_address() -> None:
    parent = DepartmentFactory()
    child = DepartmentFactory(parent=parent)
    wanted = ChannelFactory(name="Heart", department=child, network=Network.X, validated_on=TODAY)
    ChannelFactory(name="Other")

    def names(query: str) -> list[Channel]:
        return list(filtered(Channel.objects.all(), QueryDict(query), TODAY))

    assert names(f"department={parent.pk}") == [wanted]
    assert names("network=x") == [wanted]
    assert names("q=heart") == [wanted]
    assert wanted not in names("stale=1")
    assert len(names("department=nonsense")) == 2

from datetime import date

import pytest
from django.utils.translation import override

from coe_portal.channels.contributions import documents, home_cards, obligations
from coe_portal.channels.models import Channel
from tests.factories.channels import ChannelFactory, ChannelRequestFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 1)


def test_a_contact_owes_a_confirmation_after_half_a_year() -> None:
    contact = PersonFactory()
    channel = ChannelFactory(first_contact=contact, validated_on=date(2025, 3, 1))

    found = [(each.person_id, each.title, each.due) for each in obligations([contact.pk], TODAY)]

    assert found == [(contact.pk, str(channel), date(2025, 8, 30))]


def test_strategists_see_what_waits_in_the_register(strategist, employee) -> None:
    ChannelRequestFactory()
    ChannelFactory(validated_on=TODAY)
    ChannelFactory()

    [card] = home_cards(strategist, TODAY)

    assert [item.title for item in card.items] == ["1 request for a channel to decide", "1 channel to validate"]
    assert list(home_cards(employee, TODAY)) == []


def test_a_channel_is_found_as_an_account_in_the_language_of_the_organisation() -> None:
    ChannelFactory(department=None, relation=Channel.Relation.PEER)

    with override("es"):
        [found] = documents(None)

    assert "Social media account" in found.body
    assert found.lead.endswith("Peer")


def test_only_listed_channels_are_found() -> None:
    channel = ChannelFactory()
    ChannelRequestFactory()

    assert [each.object_id for each in documents(None)] == [channel.pk]

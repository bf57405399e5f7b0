from datetime import date

import factory
from factory.django import DjangoModelFactory

from coe_portal.channels.models import Channel, ChannelRequest, Network, Publisher
from tests.factories.people import DepartmentFactory, PersonFactory


class ChannelFactory(DjangoModelFactory):
    """One of our own channels in use."""

    class Meta:
        model = Channel

    network = Network.BLUESKY
    handle = factory.Sequence(lambda n: f"unit{n}.riverbend.example")
    name = factory.Sequence(lambda n: f"Unit {n}")
    url = factory.LazyAttribute(lambda each: f"https://social.riverbend.example/{each.network}/{each.handle}")
    department = factory.SubFactory(DepartmentFactory)
    state = Channel.State.ACTIVE


class PeerFactory(ChannelFactory):
    relation = Channel.Relation.PEER
    department = None
    handle = factory.Sequence(lambda n: f"peer{n}.example")


class PublisherFactory(DjangoModelFactory):
    class Meta:
        model = Publisher

    channel = factory.SubFactory(ChannelFactory)
    person = factory.SubFactory(PersonFactory)
    starts = date(2024, 1, 1)


class ChannelRequestFactory(DjangoModelFactory):
    class Meta:
        model = ChannelRequest

    channel = factory.SubFactory(ChannelFactory, state=Channel.State.REQUESTED)
    requested_by = factory.SubFactory(PersonFactory)
    why_not_existing = "Our families do not read the hospital's own account."

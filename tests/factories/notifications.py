"""What people are told, and mails that wait."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from coe_portal.notifications.models import Notification, OutgoingMail
from tests.factories.people import PersonFactory

LONG_AGO = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    person = factory.SubFactory(PersonFactory)
    kind = "plain"
    subject = factory.Sequence(lambda n: f"News {n}")
    url = "/my/"
    key = factory.Sequence(lambda n: f"key:{n}")


class OutgoingMailFactory(DjangoModelFactory):
    """A digest that is due."""

    class Meta:
        model = OutgoingMail

    person = factory.SubFactory(PersonFactory)
    address = factory.SelfAttribute("person.email")
    purpose = OutgoingMail.Purpose.DIGEST
    due_at = LONG_AGO
    key = factory.Sequence(lambda n: f"digest:{n}")


def waiting_digest(**fields: object) -> OutgoingMail:
    """A mail and something new to write into it."""
    mail = OutgoingMailFactory(**fields)
    NotificationFactory(person=mail.person)
    return mail

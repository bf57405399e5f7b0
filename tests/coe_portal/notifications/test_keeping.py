from datetime import timedelta

import pytest
import time_machine

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.actions import give_up, send_again
from coe_portal.notifications.models import OutgoingMail
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from tests.coe_portal.notifications.mail_server import NOW
from tests.factories.notifications import OutgoingMailFactory

pytestmark = pytest.mark.django_db

State = OutgoingMail.State


def made(days_ago: int, state: str) -> OutgoingMail:
    with time_machine.travel(NOW - timedelta(days=days_ago), tick=False):
        return OutgoingMailFactory(state=state, accepted_at=NOW if state == State.ACCEPTED else None)


def test_a_parked_mail_is_sent_again(administrator: User):
    mail = OutgoingMailFactory(state=State.PARKED, attempts=8, ambiguous=True)

    send_again(by=administrator, mail=mail, at=NOW)

    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.ambiguous, mail.due_at) == (State.WAITING, 0, False, NOW)
    assert QueuedJob.objects.get().name == "notifications.send_mail"
    assert AuditEntry.objects.get().verb == "mail.sent_again"


def test_a_parked_mail_is_given_up(administrator: User):
    mail = OutgoingMailFactory(state=State.PARKED)

    give_up(by=administrator, mail=mail)

    mail.refresh_from_db()
    assert mail.state == State.DROPPED
    assert AuditEntry.objects.get().verb == "mail.given_up"


def test_one_that_is_not_parked_is_left_alone(administrator: User):
    mail = OutgoingMailFactory(state=State.SENDING)

    give_up(by=administrator, mail=mail)
    send_again(by=administrator, mail=mail, at=NOW)

    mail.refresh_from_db()
    assert mail.state == State.SENDING

"""Mails that could not be sent."""

from datetime import datetime

from django.db import transaction

from coe_portal.notifications.actions.queueing import SEND
from coe_portal.notifications.models import OutgoingMail
from coe_portal.outbox.actions import enqueue
from coe_portal.people.facts import tell
from coe_portal.people.models import User


@transaction.atomic
def send_again(*, by: User, mail: OutgoingMail, at: datetime) -> None:
    """One that was parked: as if it had never been tried, and this time knowingly a second time if it was ambiguous."""
    OutgoingMail.objects.parked().filter(pk=mail.pk).update(
        state=OutgoingMail.State.WAITING, attempts=0, ambiguous=False, due_at=at
    )
    tell(by=by, verb="mail.sent_again", on=mail)
    enqueue(SEND)


@transaction.atomic
def send_all_again(*, by: User, at: datetime) -> int:
    """After a mail server that refused everything; returns how many. What may have arrived is left to a person."""
    again = OutgoingMail.objects.parked().filter(ambiguous=False)
    number = again.update(state=OutgoingMail.State.WAITING, attempts=0, due_at=at)
    tell(by=by, verb="mail.all_sent_again", on=by, details={"mails": number})
    enqueue(SEND)
    return number


@transaction.atomic
def give_up(*, by: User, mail: OutgoingMail) -> None:
    """The address is wrong or the mail no longer matters. From now on the address is written to again."""
    OutgoingMail.objects.parked().filter(pk=mail.pk).update(state=OutgoingMail.State.DROPPED, content="")
    tell(by=by, verb="mail.given_up", on=mail)

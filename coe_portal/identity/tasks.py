from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.identity.actions import invitations, passwords, watching


@job(invitations.SEND)
def send_invitation(invitation_id: int) -> None:
    invitations.send(invitation_id=invitation_id, at=timezone.now())


@job(passwords.SEND_LINK)
def send_password_link(address: str) -> None:
    passwords.send_link(address=address)


@job("identity.watch_providers", atomic=False)
def watch_providers() -> None:
    watching.watch(at=timezone.now())

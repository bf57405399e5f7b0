"""People are invited, asked again, and come in once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.identity.models import INVITATION_LASTS, Invitation
from coe_portal.identity.tokens import digest_of, new_token
from coe_portal.outbox.actions import enqueue
from coe_portal.people.actions import add_person, grant_role
from coe_portal.people.models import Department, User

SEND = "identity.send_invitation"


class NotUsable(Exception):
    """The link was used, withdrawn, is too old, or never was one: nobody is told which."""


@transaction.atomic
def invite(
    *,
    by: User,
    email: str,
    name: str,
    department: Department,
    job_title: str = "",
    kind: str = User.Kind.OFFICE,
    roles: Sequence[str] = (),
    branch: Department | None = None,
) -> Invitation:
    invitation: Invitation = Invitation.objects.create(
        email=email.lower(), name=name, department=department, job_title=job_title, kind=kind,
        roles=sorted(roles), branch=branch if roles else None, invited_by=by,
    )  # fmt: skip
    details = {"department": department.pk, "roles": invitation.roles, "branch": invitation.branch_id}
    audit.record(by=by, verb="invitation.made", on=invitation, details=details)
    enqueue(SEND, {"invitation_id": invitation.pk})
    return invitation


@transaction.atomic
def send_again(*, by: User, invitation: Invitation) -> None:
    """A new link for another three days; the old one is void when the new one leaves."""
    audit.record(by=by, verb="invitation.sent_again", on=invitation)
    enqueue(SEND, {"invitation_id": invitation.pk})


@transaction.atomic
def revoke(*, by: User | None, invitations: Collection[Invitation]) -> None:
    ids = [invitation.pk for invitation in invitations]
    for invitation in Invitation.objects.open().filter(pk__in=ids).select_for_update():
        invitation.revoked_at = timezone.now()
        # Withdrawn before it was sent: it counts from now until it is forgotten.
        invitation.expires_at = invitation.expires_at or invitation.revoked_at
        invitation.save(update_fields=["revoked_at", "expires_at"])
        audit.record(by=by, verb="invitation.withdrawn", on=invitation)


@transaction.atomic
def send(*, invitation_id: int, at: datetime) -> None:
    """The link is made here and leaves with the mail; the row keeps its digest. A second run makes another link."""
    invitation = Invitation.objects.open().filter(pk=invitation_id).select_for_update().first()
    if invitation is None or not invitation.invited_by.is_active:
        return
    token = new_token()
    invitation.digest, invitation.sent_at, invitation.expires_at = digest_of(token), at, at + INVITATION_LASTS
    invitation.save(update_fields=["digest", "sent_at", "expires_at"])
    # Nobody knows yet which language they read.
    with translation.override(settings.LANGUAGE_CODE):
        _mail(invitation, settings.PUBLIC_URL + reverse("identity:invitation", args=[token]))


def _mail(invitation: Invitation, url: str) -> None:
    context = {"invitation": invitation, "url": url, "organisation_name": settings.ORGANISATION_NAME}
    mail = EmailMultiAlternatives(
        subject=_("Your invitation to the Social Media Center of Excellence"),
        body=render_to_string("identity/mail/invitation.txt", context),
        to=[invitation.email],
    )
    mail.attach_alternative(render_to_string("identity/mail/invitation.html", context), "text/html")
    mail.send()


@transaction.atomic
def accept(*, token: str, password: str, at: datetime) -> User:
    """One person, with exactly what the invitation says. Of many at once one comes in; the others raise NotUsable."""
    found = Invitation.objects.usable(at).filter(digest=digest_of(token)).select_for_update(of=("self",))
    invitation: Invitation | None = found.select_related("department", "branch", "invited_by").first()
    if invitation is None or User.objects.filter(email=invitation.email).exists():
        raise NotUsable
    today = timezone.localdate(at)
    inviter = invitation.invited_by
    person = add_person(
        by=inviter, email=invitation.email, name=invitation.name, on=today, job_title=invitation.job_title,
        kind=invitation.kind, department=invitation.department,
    )  # fmt: skip
    person.set_password(password)
    person.save(update_fields=["password"])
    for role in invitation.roles:
        grant_role(by=inviter, person=person, role=role, branch=invitation.branch, starts=today)
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(by=person, verb="invitation.accepted", on=invitation)
    return person

"""Invitations as lists and pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from coe_portal.identity.models import Invitation
from coe_portal.identity.tokens import digest_of
from coe_portal.people.models import User


@dataclass(frozen=True)
class InvitationRow:
    invitation: Invitation
    label: str | Promise
    tone: str


def rows(invitations: Iterable[Invitation], at: datetime) -> list[InvitationRow]:
    return [InvitationRow(each, *state_of(each, at)) for each in invitations]


def state_of(invitation: Invitation, at: datetime) -> tuple[str | Promise, str]:
    """In words, with the tone of its badge."""
    if invitation.accepted_at:
        return _("Accepted"), "good"
    if invitation.revoked_at:
        return pgettext("invitation", "Withdrawn"), "neutral"
    if invitation.sent_at is None:
        return _("Being sent"), "info"
    if invitation.expires_at and invitation.expires_at <= at:
        return _("Expired"), "warn"
    return _("Waiting for an answer"), "info"


def usable_invitation(token: str, at: datetime) -> Invitation | None:
    found: Invitation | None = (
        Invitation.objects.usable(at).filter(digest=digest_of(token)).select_related("department", "branch").first()
    )
    return found


def open_invitations_around(people: Iterable[User]) -> list[Invitation]:
    """Those that these people sent or were sent."""
    about = list(people)
    mine = Q(invited_by__in=about) | Q(email__in=[person.email for person in about])
    return list(Invitation.objects.open().filter(mine))

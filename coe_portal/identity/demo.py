"""Invitations of Riverbend Health: open, overdue and taken back. No mail has left for them; no provider is made up."""

from datetime import timedelta
from secrets import token_hex

from django.utils import timezone

from coe_portal.identity.models import INVITATION_LASTS, Invitation
from coe_portal.people.access import Role
from coe_portal.people.demo import DOMAIN, DemoOrganisation
from coe_portal.people.models import Department, User

# Who, address, department, roles, days since it was sent, taken back.
INVITED: tuple[tuple[str, str, str, list[str], int, bool], ...] = (
    ("Marisol Quintero", "marisol.quintero@lightbox-studio.example", "Brand and Design", [], 1, False),
    ("Thomas Eriksen", "thomas.eriksen@riverbend-alumni.example", "Nursing Education", [], 2, False),
    ("Keisha Barnes", "keisha.barnes@northfield-friends.example", "Northfield Volunteers", [], 9, False),
    ("Leo Fujita", "leo.fujita@agency.example", "Social Media", [Role.STRATEGIST.value], 12, True),
)


def build(organisation: DemoOrganisation) -> None:
    now = timezone.now()
    departments = {each.name: each for each in Department.objects.all()}
    sender = User.objects.get(email=f"admin@{DOMAIN}")
    made = []
    for name, email, department, roles, days, withdrawn in INVITED:
        sent = now - timedelta(days=days)
        made.append(
            Invitation(
                name=name,
                email=email,
                department=departments[department],
                roles=roles,
                invited_by=sender,
                kind=User.Kind.CONTRACTOR,
                digest=token_hex(32),
                sent_at=sent,
                expires_at=sent + INVITATION_LASTS,
                revoked_at=sent + timedelta(hours=5) if withdrawn else None,
            )
        )
    Invitation.objects.bulk_create(made)
    for each in made:
        each.invited_at = each.sent_at or now
    Invitation.objects.bulk_update(made, ["invited_at"])

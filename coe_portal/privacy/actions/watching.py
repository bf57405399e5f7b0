"""Verify the audit trail, and tell those who must know when it is broken."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.audit.actions.verifying import note_verification
from coe_portal.audit.models import Verification
from coe_portal.notifications.actions import notify
from coe_portal.people.access import Role
from coe_portal.people.models import User


@transaction.atomic
def verify(*, person_id: int | None = None) -> Verification:
    """`person_id` is whoever asked for it; None at night."""
    found = note_verification(by=User.objects.filter(pk=person_id).first() if person_id else None)
    if not found.is_whole:
        today = timezone.localdate()
        watchers = User.objects.active().with_role(Role.PRIVACY_OFFICER, Role.ADMINISTRATOR, on=today)
        notify(
            person_ids=list(watchers.values_list("pk", flat=True)),
            kind="privacy_trail",
            subject=_("The audit trail is broken: an entry was changed, added or removed"),
            url=reverse("audit:verification"),
            key=f"privacy_trail:{found.problem}:{found.broken_entry}:{today}",
        )
    return found

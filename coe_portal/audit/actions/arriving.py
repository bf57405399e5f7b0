"""Who came in, or tried to. Never what was typed: people put passwords into the wrong field."""

from datetime import datetime

from coe_portal.audit.models import Access
from coe_portal.people.models import User


def note_access(*, event: str, person_id: int | None, address: str, path: str, at: datetime) -> None:
    Access.objects.create(event=event, person_id=person_id, address=address or None, path=path[:300], at=at)


def person_of(email: str) -> int | None:
    found: int | None = User.objects.filter(email=email.strip().lower()[:254]).values_list("pk", flat=True).first()
    return found

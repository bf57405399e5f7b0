from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from coe_portal.audit.models import AuditEntry


def entries(chosen: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """The trail, narrowed by kind, by who did it and by days in the reader's zone, both included."""
    found = AuditEntry.objects.select_related("actor")
    if chosen.get("kind"):
        found = found.filter(kind=chosen["kind"])
    if chosen.get("person"):
        found = found.filter(Q(actor__name__icontains=chosen["person"]) | Q(actor__email__icontains=chosen["person"]))
    if chosen.get("since"):
        found = found.filter(at__gte=_midnight(chosen["since"]))
    if chosen.get("until"):
        found = found.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
    return found


def known_kinds() -> list[tuple[str, str]]:
    """What can be in the trail, with its word; from the code, since the trail is long."""
    own = (model for model in apps.get_models() if not model.__module__.startswith(("django", "allauth")))
    return sorted(
        ((each._meta.label_lower, str(each._meta.verbose_name).capitalize()) for each in own), key=lambda kind: kind[1]
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

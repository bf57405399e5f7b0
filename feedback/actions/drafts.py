"""Keep what somebody types until it is sent."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from coe_portal.core.versions import bump
from coe_portal.people.models import User
from feedback.models import Draft
from feedback.queries.threads import reader_version

LONGEST = 20_000


@transaction.atomic
def keep(*, by: User, place: str, fields: Mapping[str, str], at: datetime) -> None:
    """A form that was emptied has no draft. NUL bytes, which the database refuses, are left out."""
    typed = {name: value.replace("\x00", "")[:LONGEST] for name, value in fields.items() if value.strip()}
    if typed:
        Draft.objects.update_or_create(person=by, place=place, defaults={"fields": typed, "updated_at": at})
        _changed(by, place)
    else:
        drop(by=by, place=place)


def drop(*, by: User, place: str) -> None:
    Draft.objects.filter(person=by, place=place).delete()
    _changed(by, place)


def _changed(by: User, place: str) -> None:
    form, _, about = place.partition(":")
    if form == "reply":
        bump(reader_version(by.pk, int(about)))

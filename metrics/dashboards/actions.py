from django.db import transaction

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from metrics.dashboards.models import EventNote

VERSION = "metrics.events"


@transaction.atomic
def write_note(*, by: User, note: EventNote) -> EventNote:
    note.written_by = by
    note.save()
    record(by=by, verb="write event note", on=note)
    bump(VERSION)
    return note

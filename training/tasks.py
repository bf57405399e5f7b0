from datetime import date, datetime

from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.people.models import User
from training.actions import enrol, remind
from training.models import Assignment
from training.permissions import may_oversee
from training.queries.team import Filters


@job("training.carry_out")
def carry_out(assignment_id: int) -> None:
    enrol.carry_out(assignment=Assignment.objects.get(pk=assignment_id), at=timezone.now())


@job("training.tell_enrolled")
def tell_enrolled(assignment_id: int, since: str = "") -> None:
    moment = datetime.fromisoformat(since) if since else None
    enrol.tell_enrolled(assignment=Assignment.objects.get(pk=assignment_id), since=moment)


@job("training.enrol_joiners")
def enrol_joiners(audience_id: int) -> None:
    enrol.enrol_joiners(audience_id=audience_id, at=timezone.now())


@job("training.send_reminders")
def send_reminders(person_id: int, filters: dict[str, str | int], on: str) -> None:
    by = User.objects.active().filter(pk=person_id).first()
    if by is not None and may_oversee(by):
        remind.send_reminders(by=by, filters=Filters.from_query(filters), on=date.fromisoformat(on))

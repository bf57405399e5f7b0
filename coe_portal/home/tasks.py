from datetime import date

from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.home import reminding
from coe_portal.people.models import Department, User


@job("home.remind_branch", atomic=False)
def remind_branch(person_id: int, department_id: int, filters: str, on: str) -> None:
    reminding.remind_branch(
        by=User.objects.get(pk=person_id),
        department=Department.objects.get(pk=department_id),
        filters=filters,
        on=date.fromisoformat(on),
        at=timezone.now(),
    )

from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.reminders import actions


@job("reminders.remind", atomic=False)
def remind() -> None:
    now = timezone.now()
    actions.remind_everybody(on=timezone.localdate(now), at=now)

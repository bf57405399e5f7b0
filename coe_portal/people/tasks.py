from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.people import actions


@job("people.refresh_audiences")
def refresh_audiences() -> None:
    actions.refresh_audiences(on=timezone.localdate())

from django.utils import timezone

from coe_portal.audit.actions import sealing
from coe_portal.core.jobs import job


@job("audit.seal", atomic=False)
def seal() -> None:
    sealing.seal_all(at=timezone.now())

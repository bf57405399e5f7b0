from dataclasses import dataclass
from datetime import date

from coe_portal.audit.models import Verification
from coe_portal.privacy.models import Erasure, LegalHold, Purge, RetentionRun


@dataclass(frozen=True)
class Overview:
    """What the privacy officer looks at first."""

    erasures: int
    holds: int
    purges_under_way: int
    purges: list[Purge]
    last_run: RetentionRun | None
    verification: Verification | None


def overview(on: date) -> Overview:
    return Overview(
        erasures=Erasure.objects.filter(state=Erasure.State.PROPOSED).count(),
        holds=LegalHold.objects.in_force(on).count(),
        purges_under_way=Purge.objects.filter(state=Purge.State.WAITING).count(),
        purges=list(Purge.objects.select_related("asked_by").order_by("-asked_at")[:5]),
        last_run=RetentionRun.objects.order_by("-at").first(),
        verification=Verification.objects.order_by("-at").first(),
    )

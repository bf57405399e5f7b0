"""What the demo's strategists asked for, what was decided and why, and the month that was sealed first."""

from datetime import datetime, time

from django.utils import timezone

from coe_portal.people.demo import DemoOrganisation
from metrics.executive.actions import fingerprint
from metrics.executive.models import Ask, Snapshot
from metrics.executive.queries import figures_to_seal
from metrics.periods import add_months

ASKS = (
    (
        "A second person for answering, half a position", 34, 31_000, None, "", "",
        "Questions wait longest between five and nine in the evening; a third of them until the next morning.",
    ),
    (
        "Two hours a month for every licensed publisher", 20, None, 30, "", "",
        "Spokes can only carry the new accounts if their managers give them the time. It costs no money.",
    ),
    (
        "A phone with a good camera for each of six divisions", 400, 4_800, None, Ask.Decision.GRANTED,
        "Cheap, and the stories from the units were the best of last year.",
        "Units film themselves, but on private phones, which our policy forbids.",
    ),
    (
        "A video studio in the education building", 310, 60_000, None, Ask.Decision.REFUSED,
        "The room is needed for simulation training; rent a studio for the four days a year.",
        "A fixed place to film would save setting up.",
    ),
)  # fmt: skip


def build(organisation: DemoOrganisation) -> None:
    strategist, executive = organisation.sign_ins["strategist"], organisation.sign_ins["executive"]
    Ask.objects.bulk_create(
        Ask(
            title=title,
            reason=reason,
            amount=amount,
            asked_on=organisation.days_ago(ago),
            needed_by=organisation.days_ago(-due) if due else None,
            asked_by=strategist,
            decision=decision,
            decision_reason=why,
            decided_by=executive if decision else None,
            decided_at=_morning(organisation, ago - 16) if decision else None,
            is_demo=True,
        )
        for title, ago, amount, due, decision, why, reason in ASKS
    )
    _seal(organisation)


def _seal(organisation: DemoOrganisation) -> None:
    """The first whole month, as it was then: a few followers fewer than the networks say today."""
    month = add_months(organisation.today, -23)
    figures = figures_to_seal(month)
    if figures.get("followers"):
        figures["followers"] = str(int(float(figures["followers"] or 0)) - 37)
    Snapshot.objects.create(
        month=month,
        figures=figures,
        sha256=fingerprint(month, figures),
        sealed_by=organisation.sign_ins["approver"],
        sealed_at=_morning(organisation, 670),
        is_demo=True,
    )


def _morning(organisation: DemoOrganisation, ago: int) -> datetime:
    return timezone.make_aware(datetime.combine(organisation.days_ago(ago), time(9, 30)))

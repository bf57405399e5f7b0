"""What waits for a strategist."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch

from coe_portal.people.models import User
from policies.models import Policy, Review, State, Version

REVIEW_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Workspace:
    mine: list[Version]
    awaiting: list[Version]
    others: list[Version]
    approved: list[Version]
    due: list[Policy]


def workspace_of(person: User, on: date) -> Workspace:
    """My drafts, what waits for my decision, what others have open, what can be published, reviews due soon."""
    versions = Version.objects.select_related("policy").defer("text", "intro_html")
    versions = versions.prefetch_related(Prefetch("reviews", Review.objects.select_related("reviewer"))).order_by(
        "-changed_at"
    )
    mine = list(versions.filter(state__in=[State.DRAFT, State.IN_REVIEW]).written_by(person))
    awaiting = list(versions.awaiting(person))
    shown = {each.pk for each in (*mine, *awaiting)}
    return Workspace(
        mine=mine,
        awaiting=awaiting,
        others=list(versions.filter(state__in=[State.DRAFT, State.IN_REVIEW]).exclude(pk__in=shown)),
        approved=list(versions.filter(state=State.APPROVED)),
        due=list(Policy.objects.review_due(on + REVIEW_SOON).select_related("owner").order_by("review_due")),
    )


@dataclass(frozen=True)
class Cost:
    """What a change asks of the organisation before it is published."""

    people: int
    minutes: int

    @property
    def hours(self) -> int:
        return round(self.people * self.minutes / 60)

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from metrics.returns.models import (
    Activity,
    Assumption,
    AttributionRule,
    Campaign,
    Goal,
    GoalTarget,
    OutcomeCount,
    OutcomeKind,
    OutcomeValue,
)


class CampaignFactory(DjangoModelFactory):
    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"Campaign {n}")
    slug = factory.Sequence(lambda n: f"campaign-{n}")
    starts = date(2026, 1, 1)


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    name = "Film the vaccination clinic"
    day = date(2026, 3, 10)
    hours = Decimal(10)
    rate = Decimal(50)
    media = Decimal(0)
    tools = Decimal(0)


class OutcomeValueFactory(DjangoModelFactory):
    class Meta:
        model = OutcomeValue

    kind = OutcomeKind.APPOINTMENT
    low = Decimal(40)
    likely = Decimal(60)
    high = Decimal(90)
    starts = date(2026, 1, 1)
    agreed_on = date(2025, 12, 15)
    agreed_by = "Dana Ortiz, controller"
    basis = "Mean contribution of a first visit."


class OutcomeCountFactory(DjangoModelFactory):
    class Meta:
        model = OutcomeCount

    kind = OutcomeKind.APPOINTMENT
    rule = AttributionRule.LAST_TOUCH
    month = date(2026, 3, 1)
    count = Decimal(20)
    source_note = "Appointment system"


class AssumptionFactory(DjangoModelFactory):
    class Meta:
        model = Assumption

    key = Assumption.Key.ATTRIBUTION
    value = AttributionRule.LAST_TOUCH
    statement = "The last contact before the request gets the credit."
    reason = "The appointment system knows no other."
    starts = date(2026, 1, 1)


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    title = "Reach more people"
    metric = "views"
    baseline = Decimal(1000)
    baseline_month = date(2025, 12, 1)


class GoalTargetFactory(DjangoModelFactory):
    class Meta:
        model = GoalTarget

    goal = factory.SubFactory(GoalFactory)
    value = Decimal(2000)
    due = date(2026, 12, 31)
    set_on = date(2026, 1, 1)

"""What metrics adds to the pages that all apps share."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import Contribution, HomeCard, HomeItem, Measurement, NavItem, NotificationKind
from coe_portal.people.access import Role
from coe_portal.people.models import User
from metrics.collection.dictionary import NUMBERS
from metrics.collection.models import MonthlyRollup
from metrics.dashboards.permissions import can_see_figures
from metrics.executive.models import Ask
from metrics.executive.permissions import can_ask, can_see_executive
from metrics.executive.told import still_seen
from metrics.personal import personal
from metrics.standing.queries import open_round_for


def home_cards(person: User, on: date) -> Iterable[HomeCard]:
    """What waits for a decision or an answer, and the way to the figures."""
    if not can_see_figures(person):
        return []
    items = [*_asks(person), *_questionnaire(person, on)]
    if can_see_executive(person):
        items.append(HomeItem(gettext("What social media brings, and what it costs"), reverse("metrics:executive")))
    return [
        HomeCard(
            key="metrics",
            title=_("Metrics"),
            order=5 if person.is_executive else 60,
            items=items,
            more_url=reverse("metrics:index"),
            more_label=_("All figures"),
            empty=_("Nothing waits for you here."),
        )
    ]


def _asks(person: User) -> list[HomeItem]:
    if not person.is_executive:
        return []
    number = Ask.objects.open().of(person.access.reach(Role.EXECUTIVE)).exclude(asked_by=person).count()
    if not number:
        return []
    title = ngettext("%(count)d ask waits for your decision", "%(count)d asks wait for your decision", number)
    return [
        HomeItem(title % {"count": number}, reverse("metrics:executive") + "#asks", badge=_("decide"), tone="accent")
    ]


def _questionnaire(person: User, on: date) -> list[HomeItem]:
    waiting = open_round_for(person, on)
    if waiting is None:
        return []
    note = gettext("Thirteen statements, about five minutes")
    url = reverse("metrics:standing_answer", args=[waiting.pk])
    return [
        HomeItem(gettext("How are we organised? Tell us what you see"), url, note, badge=_("answer"), tone="accent")
    ]


def measurements(start: date, end: date) -> Iterable[Measurement]:
    """Engagements of all our accounts in whole months; None where no month has a figure."""
    rows = MonthlyRollup.objects.filter(
        scope=MonthlyRollup.Scope.ORGANISATION, metric=NUMBERS["engagements"], month__range=(start.replace(day=1), end)
    )
    total: Decimal | None = rows.aggregate(total=Sum("value"))["total"]
    return [Measurement("metrics.engagements", _("Engagements"), total, str(_("actions")), reverse("metrics:index"))]


contribution = Contribution(
    app="metrics",
    personal=personal,
    nav=[NavItem(_("Metrics"), "metrics:index", "metrics", 60, can_see_figures)],
    home_cards=home_cards,
    home_versions=["metrics.executive", "metrics.standing"],
    measurements=measurements,
    notification_kinds=[
        NotificationKind(
            "metrics.ask", _("Executives are asked to decide"), visible=can_see_executive, still_seen=still_seen
        ),
        NotificationKind("metrics.ask_decided", _("An executive decided what you asked"), visible=can_ask),
    ],
)

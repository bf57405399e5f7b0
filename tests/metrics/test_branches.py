"""An executive or strategist for a branch: its figures and returns alone, by every door, said on the page."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe_portal.notifications.models import Notification
from coe_portal.people.access import Role
from coe_portal.people.models import Department, User
from metrics.collection.models import Stream
from metrics.contributions import home_cards
from metrics.executive.actions import seal
from metrics.executive.models import Ask, Snapshot
from metrics.executive.pdf import _data
from metrics.executive.queries import page
from metrics.periods import Period
from metrics.returns.imports import parse
from metrics.returns.models import Activity, Campaign, Goal, OutcomeCount
from metrics.returns.queries import ratio_by_month, report
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import figures
from tests.factories.people import DepartmentFactory, person_with
from tests.factories.returns import (
    ActivityFactory,
    CampaignFactory,
    GoalFactory,
    GoalTargetFactory,
    OutcomeCountFactory,
    OutcomeValueFactory,
)

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
PERIOD = "?from=2026-03&to=2026-03"


@pytest.fixture
def surgery() -> Department:
    found: Department = DepartmentFactory(name="Surgery")
    return found


@pytest.fixture
def theatre(surgery: Department) -> Department:
    found: Department = DepartmentFactory(name="Theatre", parent=surgery)
    return found


@pytest.fixture
def pharmacy() -> Department:
    found: Department = DepartmentFactory(name="Pharmacy")
    return found


@pytest.fixture
def of_surgery(surgery: Department) -> User:
    return person_with(Role.EXECUTIVE, branch=surgery)


@pytest.fixture
def hub(surgery: Department) -> User:
    return person_with(Role.STRATEGIST, branch=surgery)


@pytest.fixture
def campaigns(theatre: Department, pharmacy: Department) -> dict[str, Campaign]:
    """One in the branch, one elsewhere, one of the whole organisation, each with a cost and an outcome."""
    OutcomeValueFactory()
    found = {}
    for name, department, count in (("Inside", theatre, 20), ("Elsewhere", pharmacy, 300), ("Everybody's", None, 4000)):
        found[name] = CampaignFactory(name=name, department=department)
        ActivityFactory(name=f"{name} work", campaign=found[name])
        OutcomeCountFactory(campaign=found[name], count=Decimal(count), source_note=f"{name} count")
    ActivityFactory(name="Unclaimed work")
    return found


def names_in(answer: HttpResponse) -> list[str]:
    text = answer.content.decode().replace("&#x27;", "'")
    return [name for name in ("Inside", "Elsewhere", "Everybody's", "Unclaimed") if name in text]


@pytest.mark.parametrize("address", ["returns", "activities", "outcomes", "executive"])
def test_pages_show_the_branch_and_say_so(
    campaigns: dict[str, Campaign], of_surgery: User, hub: User, executive: User, sign_in: SignIn, address: str
):
    url = reverse(f"metrics:{address}") + PERIOD
    answers = [sign_in(person).get(url) for person in (of_surgery, hub)]

    assert [names_in(each) for each in answers] == [["Inside"]] * 2
    assert all("Figures of: Surgery and below" in each.content.decode() for each in answers)
    everything = sign_in(executive).get(url)
    assert names_in(everything)[:3] == ["Inside", "Elsewhere", "Everybody's"]
    assert "Figures of:" not in everything.content.decode()


def test_the_sums_are_of_the_branch(campaigns: dict[str, Campaign], of_surgery: User):
    reach = of_surgery.access.reach(Role.EXECUTIVE)
    found = report(MARCH, reach)

    assert (found.outcomes[0].count, found.returned.spent.total, found.unclaimed) == (20, 500, 0)
    assert ratio_by_month(MARCH, reach)[0][1] == found.returned
    assert report(MARCH).outcomes[0].count == 4320


def test_the_reach_of_channels_is_that_of_the_branch(theatre: Department, pharmacy: Department, of_surgery: User):
    for department, value in ((theatre, 1), (pharmacy, 100)):
        channel = ChannelFactory(department=department)
        figures(channel, "engagements", {date(2026, 3, 1) + timedelta(days=each): value for each in range(31)})

    headlines = {each.label: each for each in page(MARCH, of_surgery.access.reach(Role.EXECUTIVE)).headlines}

    assert (headlines["Engagements"].value, headlines["Engagements"].coverage) == ("31", "1 of 1 channels reported")
    assert headlines["Policies acknowledged"].coverage == "the whole organisation"
    assert {each.label: each.value for each in page(MARCH).headlines}["Engagements"] == "3,131"


def test_what_is_elsewhere_cannot_be_opened_or_changed(campaigns: dict[str, Campaign], hub: User, sign_in: SignIn):
    client = sign_in(hub)
    done = {name: Activity.objects.get(campaign=each) for name, each in campaigns.items()}
    addresses = {
        name: [
            reverse("metrics:campaign", args=[each.pk]),
            reverse("metrics:campaign_change", args=[each.pk]),
            reverse("metrics:activity_change", args=[done[name].pk]),
        ]
        for name, each in campaigns.items()
    }

    assert {name: {client.get(url).status_code for url in urls} for name, urls in addresses.items()} == {
        "Inside": {200},
        "Elsewhere": {404},
        "Everybody's": {404},
    }


def test_what_is_entered_is_the_branchs(
    campaigns: dict[str, Campaign], surgery: Department, pharmacy: Department, hub: User, sign_in: SignIn
):
    client = sign_in(hub)
    inside, elsewhere = campaigns["Inside"].pk, campaigns["Elsewhere"].pk
    activity = {"name": "Film", "kind": "content", "day": "2026-03-04"}
    outcome = {"month": "2026-03", "kind": "call", "count": "3", "rule": "last_touch", "source_note": "Phone"}
    campaign = {"slug": "new", "starts": "2026-03-01"}
    goal = {
        "title": "More", "metric": "views", "baseline": "1", "baseline_month": "2026-01", "target": "2",
        "due": "2026-12-31",
    }  # fmt: skip

    for refused in ("", elsewhere):
        client.post(reverse("metrics:activity_add"), {**activity, "campaign": refused})
        client.post(reverse("metrics:outcome_add"), {**outcome, "campaign": refused})
    for department in ("", pharmacy.pk):
        client.post(reverse("metrics:campaign_add"), {**campaign, "name": "No", "department": department})
    client.post(reverse("metrics:goal_add"), {**goal, "scope": "organisation"})
    client.post(reverse("metrics:goal_add"), {**goal, "scope": "department", "department": pharmacy.pk})
    assert (Activity.objects.filter(name="Film").exists(), Goal.objects.exists()) == (False, False)
    assert (OutcomeCount.objects.filter(kind="call").exists(), Campaign.objects.count()) == (False, 3)

    client.post(reverse("metrics:activity_add"), {**activity, "campaign": inside})
    client.post(reverse("metrics:outcome_add"), {**outcome, "campaign": inside})
    client.post(reverse("metrics:campaign_add"), {**campaign, "name": "Yes", "department": surgery.pk})
    client.post(reverse("metrics:goal_add"), {**goal, "scope": "department", "department": surgery.pk})
    assert (Activity.objects.filter(name="Film").count(), Goal.objects.count()) == (1, 1)
    assert (OutcomeCount.objects.filter(kind="call").count(), Campaign.objects.count()) == (1, 4)


def test_a_file_names_campaigns_of_the_branch(campaigns: dict[str, Campaign], hub: User):
    lines = "".join(f"2026-03,{name},call,3,Phone\n" for name in ("Inside", "Elsewhere", ""))

    parsed = parse(
        "month,campaign,outcome,number,source\n" + lines,
        "last_touch",
        date(2026, 4, 1),
        hub.access.reach(Role.STRATEGIST),
    )

    assert [each.campaign for each in parsed.counts] == [campaigns["Inside"]]
    assert [each.line for each in parsed.problems] == [3, 4]


def test_goals_are_those_of_the_branch(theatre: Department, pharmacy: Department, hub: User, sign_in: SignIn):
    goals = [
        GoalFactory(title=title, scope=scope, department=department)
        for title, scope, department in (
            ("Theatre goal", "department", theatre),
            ("Pharmacy goal", "department", pharmacy),
            ("Goal of all", "organisation", None),
        )
    ]
    for goal in goals:
        GoalTargetFactory(goal=goal)
    client = sign_in(hub)

    text = client.get("/metrics/?month=2026-03").content.decode()
    assert [goal.title in text for goal in goals] == [True, False, False]
    moves = [client.get(reverse("metrics:target_move", args=[goal.pk])).status_code for goal in goals]
    assert moves == [200, 404, 404]


def test_what_holds_for_all_is_not_a_branchs_to_set(hub: User, strategist: User, sign_in: SignIn):
    """Values and assumptions stand beside every return, so they are read; the baseline is everybody's figures."""
    read = [reverse(f"metrics:{name}") for name in ("values", "assumptions", "formula", "standing")]
    written = [
        reverse(f"metrics:{name}") for name in ("value_add", "assumption_add", "standing_open", "comparator_add")
    ]
    seal(by=strategist, month=date(2026, 2, 1), figures={"engagements": "77123"}, at=timezone.now())

    assert {sign_in(hub).get(url).status_code for url in read} == {200}
    assert {sign_in(hub).get(url).status_code for url in written} == {404}
    assert {sign_in(strategist).get(url).status_code for url in [*read, *written]} == {200}
    assert sign_in(hub).post(reverse("metrics:seal")).status_code == 404
    assert Snapshot.objects.count() == 1
    sealed = [sign_in(each).get(reverse("metrics:executive")).content.decode() for each in (hub, strategist)]
    assert ["77,123" in each for each in sealed] == [False, True]


def test_asks_reach_the_executives_whose_they_are(
    surgery: Department, pharmacy: Department, hub: User, of_surgery: User, executive: User, sign_in: SignIn
):
    elsewhere = person_with(Role.EXECUTIVE, branch=pharmacy)
    fields = {"title": "A camera", "reason": "For stories"}
    client = sign_in(hub)
    client.post(reverse("metrics:ask_add"), fields)
    client.post(reverse("metrics:ask_add"), {**fields, "department": pharmacy.pk})
    assert not Ask.objects.exists()

    client.post(reverse("metrics:ask_add"), {**fields, "department": surgery.pk})
    ask = Ask.objects.get()
    of_all = Ask.objects.create(title="A studio", reason="For all", asked_on=date(2026, 3, 1))

    assert set(Notification.objects.values_list("person_id", flat=True)) == {of_surgery.pk, executive.pk}
    addresses = [reverse("metrics:ask_decide", args=[each.pk]) for each in (ask, of_all)]
    seen = {person: [sign_in(person).get(url).status_code for url in addresses] for person in (of_surgery, elsewhere)}
    assert seen == {of_surgery: [200, 404], elsewhere: [404, 404]}
    assert "A studio" not in sign_in(of_surgery).get(reverse("metrics:executive")).content.decode()
    cards = [[item.title for item in home_cards(each, date(2026, 3, 2))[0].items] for each in (of_surgery, elsewhere)]
    assert [any("1 ask waits" in title for title in titles) for titles in cards] == [True, False]


def test_the_paper_says_whose_figures_it_has(campaigns: dict[str, Campaign], of_surgery: User, sign_in: SignIn):
    found = _data(page(MARCH, of_surgery.access.reach(Role.EXECUTIVE)), [], [], timezone.now())

    assert found["branch"] == "Figures of: Surgery and below"
    assert [row[0] for row in found["charts"][0].items()][:1] == ["svg"]
    assert "Elsewhere" not in str(found)
    assert sign_in(of_surgery).get(reverse("metrics:executive_pdf") + PERIOD).status_code == 200


def test_how_figures_come_in_and_notes(theatre: Department, pharmacy: Department, hub: User, sign_in: SignIn):
    own, other = (
        ChannelFactory(department=theatre, name="Theatre channel"),
        ChannelFactory(department=pharmacy, name="Pharmacy one"),
    )
    for channel in (own, other):
        Stream.objects.create(channel=channel, kind="posts", every_minutes=60, next_due_at=timezone.now())
    client = sign_in(hub)

    text = client.get(reverse("metrics:collection")).content.decode()
    assert [each.name in text for each in (own, other)] == [True, False]
    note = {"title": "Outage", "day": "2026-03-03"}
    sent = [
        client.post(reverse("metrics:event_add"), {**note, "channel": channel}).status_code
        for channel in ("", other.pk, own.pk)
    ]
    assert sent == [200, 200, 302]

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from coe_portal.audit.models import AuditEntry
from coe_portal.people.access import Role
from metrics.returns import actions
from metrics.returns.imports import parse
from metrics.returns.models import Activity, AttributionRule, Campaign, Goal, OutcomeCount, OutcomeValue
from tests.factories.people import DepartmentFactory, person_with
from tests.factories.returns import (
    ActivityFactory,
    AssumptionFactory,
    CampaignFactory,
    GoalFactory,
    OutcomeCountFactory,
    OutcomeValueFactory,
)

READ = ("returns", "formula", "activities", "outcomes", "values", "assumptions")
WRITE = ("campaign_add", "activity_add", "outcome_add", "outcome_import", "value_add", "assumption_add", "goal_add")
TODAY = date(2026, 11, 22)
HEADER = "month,campaign,network,outcome,number,source\n"


@pytest.mark.parametrize("name", READ)
def test_executives_read_what_strategists_enter(sign_in, executive, employee, name):
    CampaignFactory()
    ActivityFactory()
    OutcomeCountFactory()
    OutcomeValueFactory()
    AssumptionFactory()

    assert sign_in(executive).get(reverse(f"metrics:{name}")).status_code == 200
    assert sign_in(employee).get(reverse(f"metrics:{name}")).status_code == 404


def test_coordinators_do_not_see_costs(sign_in, db):
    coordinator = person_with(Role.COORDINATOR, branch=DepartmentFactory())
    campaign = CampaignFactory()

    for url in (reverse("metrics:returns"), campaign.get_absolute_url()):
        assert sign_in(coordinator).get(url).status_code == 404


@pytest.mark.parametrize("name", WRITE)
def test_only_strategists_enter(sign_in, strategist, executive, name):
    assert sign_in(strategist).get(reverse(f"metrics:{name}")).status_code == 200
    assert sign_in(executive).get(reverse(f"metrics:{name}")).status_code == 404
    assert sign_in(executive).post(reverse(f"metrics:{name}"), {}).status_code == 404


def test_formula_shows_numbers_values_and_dates(sign_in, executive):
    OutcomeValueFactory()
    OutcomeCountFactory()
    ActivityFactory()
    AssumptionFactory()

    page = sign_in(executive).get(reverse("metrics:formula") + "?from=2026-03&to=2026-03").content.decode()

    assert "likely: ($1,200 \N{MINUS SIGN} $500) ÷ $500 = <strong>+140 %</strong>" in " ".join(page.split())
    assert "Dana Ortiz, controller" in page
    assert "The last contact before the request gets the credit." in page


def test_formula_says_why_there_is_no_return(sign_in, executive):
    page = sign_in(executive).get(reverse("metrics:formula") + "?from=2026-03&to=2026-03").content.decode()

    assert "no cost is entered for this period" in page
    assert "+0" not in page


def test_campaign_is_added_and_audited(sign_in, strategist):
    data = {"name": "Flu shots", "slug": "flu-shots", "starts": "2026-10-01", "ends": "2026-12-01"}

    response = sign_in(strategist).post(reverse("metrics:campaign_add"), data)

    campaign = Campaign.objects.get()
    assert response.headers["Location"] == campaign.get_absolute_url()
    assert campaign.recorded_by == strategist
    assert AuditEntry.objects.filter(verb="add campaign", object_id=campaign.pk, actor=strategist).count() == 1


def test_empty_cost_is_unknown_and_zero_is_zero(sign_in, strategist):
    data = {
        "name": "Film",
        "kind": "content",
        "day": "2026-10-01",
        "hours": "",
        "rate": "54",
        "media": "0",
        "tools": "0",
    }

    sign_in(strategist).post(reverse("metrics:activity_add"), data)

    activity = Activity.objects.get()
    assert (activity.hours, activity.work, activity.cost) == (None, None, None)
    activity.hours = Decimal(0)
    assert activity.cost == 0


def test_a_changed_cost_leaves_the_old_one_in_the_trail(sign_in, strategist):
    activity = ActivityFactory()
    data = {
        "name": activity.name,
        "kind": "content",
        "day": "2026-03-10",
        "hours": "12",
        "rate": "50",
        "media": "0",
        "tools": "0",
    }

    sign_in(strategist).post(reverse("metrics:activity_change", args=[activity.pk]), data)

    entry = AuditEntry.objects.get(verb="change activity")
    assert entry.details == {"before": {"hours": "10.00"}}


def test_values_must_be_in_order(sign_in, strategist):
    data = {"kind": "call", "low": "9", "likely": "5", "high": "20", "starts": "2026-01-01", "agreed_on": "2026-01-01",
            "agreed_by": "Dana Ortiz", "basis": "Counted."}  # fmt: skip

    response = sign_in(strategist).post(reverse("metrics:value_add"), data)

    assert response.status_code == 200
    assert OutcomeValue.objects.count() == 0


def test_the_database_keeps_values_in_order(db):
    with pytest.raises(IntegrityError):
        OutcomeValueFactory(low=10, likely=5)


def test_a_second_count_corrects_the_first_and_keeps_it(strategist):
    for number in (20, 25):
        count = OutcomeCount(kind="call", rule="last_touch", month=date(2026, 3, 1), count=number, source_note="Phones")
        actions.count_outcomes(by=strategist, counts=[count])

    assert OutcomeCount.objects.current().get().count == 25
    assert OutcomeCount.objects.filter(replaced_at__isnull=False).get().count == 20
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "count outcomes",
        "correct outcomes",
    ]


def test_the_same_count_twice_changes_nothing(strategist):
    def count():
        return OutcomeCount(
            kind="call", rule="last_touch", month=date(2026, 3, 1), count=Decimal(20), source_note="Phones"
        )

    assert actions.count_outcomes(by=strategist, counts=[count()]) == 1
    assert actions.count_outcomes(by=strategist, counts=[count()]) == 0


def test_a_file_is_checked_first_and_taken_second(sign_in, strategist):
    CampaignFactory(name="Flu shots", slug="flu-shots")
    text = HEADER + "2026-03,flu-shots,facebook,call,12,Phones\n2026-03,,,call,30,Phones\n"
    client, url = sign_in(strategist), reverse("metrics:outcome_import")

    checked = client.post(url, {"file": SimpleUploadedFile("o.csv", text.encode()), "rule": "last_touch"})
    assert (checked.status_code, OutcomeCount.objects.count()) == (200, 0)
    client.post(url, {"text": text, "rule": "last_touch", "take": "1"})

    kept = OutcomeCount.objects.order_by("count").values_list("campaign__name", "count")
    assert list(kept) == [("Flu shots", 12), (None, 30)]


def test_nothing_is_taken_while_a_line_is_wrong(sign_in, strategist):
    text = HEADER + "2026-03,,,call,12,Phones\n2026-03,,,calls to heaven,1,Phones\n"

    sign_in(strategist).post(reverse("metrics:outcome_import"), {"text": text, "rule": "last_touch", "take": "1"})

    assert OutcomeCount.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("March,,,call,12,Phones", "“March” is not a month like 2026-10."),
        ("2027-01,,,call,12,Phones", "2027-01 has not begun yet."),
        ("2026-03,Ghost,,call,12,Phones", "There is no campaign “Ghost”."),
        ("2026-03,,,call,twelve,Phones", "“twelve” is not a number."),
        ("2026-03,,,call,-1,Phones", "“-1” is not a possible number."),
        ("2026-03,,,call,NaN,Phones", "“NaN” is not a possible number."),
        ("2026-03,,,call,12,", "Say where the number comes from."),
    ],
)
@pytest.mark.django_db
def test_each_wrong_line_says_what_is_wrong(line, problem):
    found = parse(HEADER + line + "\n", AttributionRule.LAST_TOUCH, TODAY)

    assert [(each.line, each.text) for each in found.problems] == [(2, problem)]


@pytest.mark.django_db
def test_a_line_that_says_the_same_twice_is_wrong():
    found = parse(HEADER + "2026-03,,,call,1,A\n2026-03,,,call,2,A\n", AttributionRule.LAST_TOUCH, TODAY)

    assert [each.text for each in found.problems] == ["This says the same as line 2."]


@pytest.mark.django_db
def test_missing_columns_are_named():
    found = parse("month,number\n2026-03,1\n", AttributionRule.LAST_TOUCH, TODAY)

    assert [each.text for each in found.problems] == ["The first line must name the columns; missing: outcome, source."]


def test_moving_a_target_adds_a_row(sign_in, strategist):
    goal = GoalFactory()

    sign_in(strategist).post(
        reverse("metrics:target_move", args=[goal.pk]), {"value": "3000", "due": "2027-01-01", "reason": "Early"}
    )

    assert list(Goal.objects.get().targets.values_list("value", "reason")) == [(3000, "Early")]


@pytest.mark.parametrize("name", ["activities", "outcomes"])
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries_for_any_number(sign_in, executive, django_assert_num_queries, name, rows):
    for _number in range(rows):
        ActivityFactory(campaign=CampaignFactory())
        OutcomeCountFactory(campaign=CampaignFactory())
    client = sign_in(executive)
    client.get("/metrics/dictionary/")

    with django_assert_num_queries(1):
        client.get(reverse(f"metrics:{name}"))

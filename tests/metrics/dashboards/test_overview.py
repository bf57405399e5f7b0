from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from coe_portal.channels.models import Network
from coe_portal.people.access import Role
from metrics.dashboards.models import EventNote
from metrics.dashboards.overview import goals, network_overview, overview
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import figures
from tests.factories.people import DepartmentFactory, person_with
from tests.factories.returns import GoalFactory, GoalTargetFactory

pytestmark = pytest.mark.django_db
OVERVIEW = 13
MARCH = date(2026, 3, 1)


def days(start, number, value):
    return {start + timedelta(days=each): value for each in range(number)}


def two_months(channel, before, now, metric="posts"):
    figures(channel, metric, days(date(2026, 2, 1), 28, before))
    figures(channel, metric, days(MARCH, 31, now))


def test_tiles_say_how_many_accounts_reported(strategist):
    two_months(ChannelFactory(), 1, 2)
    ChannelFactory()

    posts = next(tile for tile in overview(strategist, MARCH)["tiles"] if tile.label == "Posts")

    assert (posts.value, posts.coverage) == ("62", "1 of 2 channels reported")
    assert posts.trend == "up"


def test_other_accounts_in_the_month_before_are_not_compared(strategist):
    two_months(ChannelFactory(), 1, 2)
    figures(ChannelFactory(), "posts", days(MARCH, 31, 5))

    posts = next(tile for tile in overview(strategist, MARCH)["tiles"] if tile.label == "Posts")

    assert (posts.trend, posts.change) == ("", "not compared: channels reporting then 1, now 2")


def test_a_month_without_figures_is_unknown(strategist):
    tiles = overview(strategist, MARCH)["tiles"]

    assert {tile.value for tile in tiles} == {""}


def test_divisions_add_up_their_departments(strategist):
    root = DepartmentFactory(name="Health system")
    hospital = DepartmentFactory(name="Hospital", parent=root)
    ward = DepartmentFactory(name="Ward", parent=hospital)
    two_months(ChannelFactory(department=hospital), 1, 1)
    two_months(ChannelFactory(department=ward), 1, 1)

    [row] = overview(strategist, MARCH)["branches"]

    assert (row.label, row.accounts, row.cells["posts"].value) == ("Hospital", 2, 62)


def test_a_coordinator_has_the_branch_and_nothing_of_the_organisation():
    mine, other = DepartmentFactory(name="Mine"), DepartmentFactory(name="Other")
    two_months(ChannelFactory(department=mine, name="Ours"), 1, 1)
    two_months(ChannelFactory(department=other, name="Theirs"), 1, 1)
    coordinator = person_with(Role.COORDINATOR, branch=mine)

    found = overview(coordinator, MARCH)

    assert [each.name for each in found["channels"]] == ["Ours"]
    assert [row.label for row in found["branches"]] == ["Mine"]
    assert (found["networks"], found["chart"], found["goals"]) == ([], None, [])
    assert next(tile.value for tile in found["tiles"] if tile.label == "Posts") == "31"


def test_two_coordinators_never_share_a_cached_page(sign_in):
    one, other = DepartmentFactory(), DepartmentFactory()
    two_months(ChannelFactory(department=one, name="Lakeside nurses"), 1, 1)
    first, second = (person_with(Role.COORDINATOR, branch=branch) for branch in (one, other))

    assert "Lakeside nurses" in sign_in(first).get("/metrics/?month=2026-03").content.decode()
    assert "Lakeside nurses" not in sign_in(second).get("/metrics/?month=2026-03").content.decode()


def test_pages_are_closed_to_others(sign_in, employee):
    coordinator = person_with(Role.COORDINATOR, branch=DepartmentFactory())

    for name in ("index", "events"):
        assert sign_in(employee).get(reverse(f"metrics:{name}")).status_code == 404
        assert sign_in(coordinator).get(reverse(f"metrics:{name}")).status_code == 200
    assert sign_in(coordinator).get(reverse("metrics:network", args=["x"])).status_code == 404
    assert sign_in(coordinator).get(reverse("metrics:event_add")).status_code == 404


def test_an_unknown_network_is_not_there(sign_in, strategist):
    assert sign_in(strategist).get(reverse("metrics:network", args=["myspace"])).status_code == 404
    assert sign_in(strategist).get(reverse("metrics:network", args=["x"])).status_code == 200


def test_a_network_lists_its_accounts_with_their_rate():
    channel = ChannelFactory(network=Network.X)
    two_months(channel, 10, 20, "engagements")
    two_months(channel, 1000, 1000, "impressions")

    found = network_overview(Network.X, MARCH)

    assert [row.label for row in found["rows"]] == [channel.name]
    assert found["rate"].value == Decimal("0.02")


def test_goals_stand_between_baseline_and_target():
    two_months(ChannelFactory(), 1, 2)
    GoalTargetFactory(goal=GoalFactory(metric="posts", baseline=22), value=102)
    GoalTargetFactory(goal=GoalFactory(metric="shares", title="Unknown"), value=10)

    known, unknown = sorted(goals(person_with(Role.STRATEGIST), MARCH), key=lambda row: row.value is None)

    assert (known.value, known.progress) == (62, 50)
    assert (unknown.value, unknown.progress) == (None, None)


def test_a_note_of_another_branch_is_not_shown(sign_in):
    mine, other = DepartmentFactory(), DepartmentFactory()
    EventNote.objects.create(day=MARCH, title="Ours", channel=ChannelFactory(department=mine))
    EventNote.objects.create(day=MARCH, title="Theirs", channel=ChannelFactory(department=other))
    EventNote.objects.create(day=MARCH, title="Everybody's")
    coordinator = person_with(Role.COORDINATOR, branch=mine)

    assert {note.title for note in EventNote.objects.visible_to(coordinator)} == {"Ours", "Everybody's"}


def test_a_strategist_writes_a_note(sign_in, strategist):
    sign_in(strategist).post(reverse("metrics:event_add"), {"title": "Heart month", "day": "2026-02-01"})

    assert EventNote.objects.get().written_by == strategist


@pytest.mark.parametrize("accounts", [1, 3])
def test_the_overview_takes_the_same_queries_for_any_number(strategist, django_assert_num_queries, accounts):
    for _number in range(accounts):
        two_months(ChannelFactory(), 1, 2)

    with django_assert_num_queries(OVERVIEW):
        overview(strategist, MARCH)

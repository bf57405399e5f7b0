import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from coe_portal.channels.models import Network
from coe_portal.people.access import Role
from metrics.collection.models import DefinitionBreak, Metric
from metrics.dashboards.account import Span, dashboard, span_asked
from metrics.dashboards.queries import lines, sums
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import AS_OF, figures, gap
from tests.factories.people import DepartmentFactory, person_with

pytestmark = pytest.mark.django_db
COLD = 9
START = date(2026, 3, 1)
MARCH = Span(START, date(2026, 3, 31))


def march(*values):
    return {START + timedelta(days=number): value for number, value in enumerate(values)}


def url(name, channel, *args):
    return reverse(f"metrics:{name}", args=[channel.pk, *args])


def test_a_line_has_every_day_and_gaps_are_no_zeros():
    channel = ChannelFactory()
    figures(channel, "followers", march(100, None, 0, 103))

    found = lines(channel.pk, ["followers", "posts"], START, START + timedelta(days=4))

    assert found.values["followers"] == [100, None, 0, 103, None]
    assert found.values["posts"] == [None] * 5


def test_counts_add_up_and_states_are_read_at_the_end():
    channel = ChannelFactory()
    figures(channel, "followers", march(100, 110, 120))
    figures(channel, "posts", march(1, 0, 2))

    found = sums(channel, ["followers", "posts", "shares"], START, START + timedelta(days=3), {})

    assert (found["followers"].value, found["posts"].value, found["shares"].value) == (120, 3, None)
    assert (found["posts"].days, found["posts"].of_days, found["posts"].as_of) == (3, 4, AS_OF)


def test_a_change_across_a_redefinition_is_not_said():
    channel = ChannelFactory()
    figures(channel, "posts", march(2, 2, 3, 3))
    second = START + timedelta(days=2)

    compared = sums(channel, ["posts"], second, second + timedelta(days=1), {})["posts"]
    refused = sums(channel, ["posts"], second, second + timedelta(days=1), {"posts": [second]})["posts"]

    assert compared.change.ratio == pytest.approx(0.5)
    assert (refused.change.ratio, refused.change.reason) == (None, "not compared: the network changed what it counts")


def test_a_redefinition_breaks_the_line_and_is_named():
    channel = ChannelFactory(network=Network.X)
    figures(channel, "followers", march(*range(100, 131)))
    DefinitionBreak.objects.create(
        network=Network.X, metric=Metric.objects.get(key="followers"), day=date(2026, 3, 10), reason="Bots left out"
    )

    found = dashboard(channel, MARCH)

    spec = found["charts"][0].spec
    assert spec["data"]["values"][0]["segments"] == [0] * 9 + [1] * 22
    assert found["breaks"] == [("Followers", date(2026, 3, 10), "Bots left out")]


def test_days_without_a_figure_say_why(sign_in, strategist):
    channel = ChannelFactory()
    figures(channel, "followers", march(100, 101))
    gap(channel, "followers", date(2026, 3, 3), reason="The network did not answer.")

    page = sign_in(strategist).get(url("account", channel) + f"?{MARCH.query}").content.decode()

    assert "1 day: The network did not answer." in " ".join(page.split())
    assert "2 of 31 days have a figure" in page


def test_the_range_comes_from_the_address_and_leaves_today_out():
    today = date(2026, 4, 10)

    assert span_asked({"from": "2026-03-01", "to": "2026-03-31"}, today) == MARCH
    assert span_asked({}, today) == Span(date(2025, 4, 10), date(2026, 4, 9))
    assert span_asked({"from": "2026-04-01", "to": "2026-05-01"}, today).end == date(2026, 4, 9)
    assert span_asked({"from": "rubbish", "to": "2026-03-31"}, today).days == 365
    assert span_asked({"from": "1990-01-01", "to": "2026-03-31"}, today).days == 1_100


@pytest.mark.parametrize("name", ["account", "days", "export", "samples"])
def test_a_coordinator_sees_the_own_branch_only(sign_in, employee, executive, name):
    mine, other = DepartmentFactory(), DepartmentFactory()
    coordinator = person_with(Role.COORDINATOR, branch=mine)
    args = {"export": ["csv"], "samples": ["2026-03-01"]}.get(name, [])

    def status(person, department):
        return sign_in(person).get(url(name, ChannelFactory(department=department), *args)).status_code

    assert status(coordinator, mine) == 200
    assert status(coordinator, other) == 404
    assert status(executive, other) == 200
    assert status(employee, mine) == 404


def test_csv_has_a_row_a_day_and_empty_cells(sign_in, strategist):
    channel = ChannelFactory()
    figures(channel, "followers", march(100, None, 0))

    response = sign_in(strategist).get(url("export", channel, "csv") + "?from=2026-03-01&to=2026-03-03")

    rows = list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [(row["day"], row["followers"], row["posts"]) for row in rows] == [
        ("2026-03-01", "100.0", ""), ("2026-03-02", "", ""), ("2026-03-03", "0.0", ""),
    ]  # fmt: skip


def test_xlsx_keeps_numbers(sign_in, strategist):
    channel = ChannelFactory()
    figures(channel, "followers", march(100))

    response = sign_in(strategist).get(url("export", channel, "xlsx") + "?from=2026-03-01&to=2026-03-01")

    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[2]][:2] == ["2026-03-01", 100]


def test_other_formats_are_not_there(sign_in, strategist):
    assert sign_in(strategist).get(url("export", ChannelFactory(), "pdf")).status_code == 404


def test_samples_show_the_correction_and_what_it_corrected(sign_in, strategist):
    channel = ChannelFactory()
    figures(channel, "followers", march(100))
    figures(channel, "followers", march(97), as_of=AS_OF + timedelta(hours=5))

    page = sign_in(strategist).get(url("samples", channel, "2026-03-01")).content.decode()

    assert page.index(">97<") < page.index(">100<")
    assert page.count("earlier</span>") == 1


def test_a_day_without_samples_is_unknown_not_zero(sign_in, strategist):
    page = sign_in(strategist).get(url("samples", ChannelFactory(), "2026-03-01")).content.decode()

    assert "It is unknown, not zero." in page


def test_an_account_without_figures_says_so(sign_in, strategist):
    page = sign_in(strategist).get(url("account", ChannelFactory())).content.decode()

    assert "No figures in this period" in page


@pytest.mark.parametrize("days", [1, 40])
def test_queries_do_not_grow_with_the_range(sign_in, strategist, django_assert_num_queries, days):
    channel = ChannelFactory()
    end = timezone.localdate() - timedelta(days=1)
    figures(channel, "followers", {end - timedelta(days=number): 100 + number for number in range(days)})
    client = sign_in(strategist)
    client.get(url("samples", channel, "2020-01-01"))
    cold = url("account", channel) + f"?from={end - timedelta(days=days - 1)}&to={end}"

    with django_assert_num_queries(COLD):
        client.get(cold)
    with django_assert_num_queries(1):
        client.get(cold)

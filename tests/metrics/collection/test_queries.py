from datetime import date, timedelta

import pytest

from metrics.collection import queries
from metrics.collection.models import DefinitionBreak, MonthlyRollup, Source
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import AS_OF, figures, gap

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 3)
NEXT = DAY + timedelta(days=1)
LAST = DAY + timedelta(days=2)


def test_daily_has_a_row_for_every_day_with_its_state() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 0})
    gap(channel, "views", NEXT, state="failed", reason="No answer.")

    rows = queries.daily([channel.pk], ["views"], DAY, LAST)

    assert [(row.day, row.value, row.state, row.source, row.reason) for row in rows] == [
        (DAY, 0, "zero", Source.API, ""),
        (NEXT, None, "failed", None, "No answer."),
        (LAST, None, "not_collected", None, ""),
    ]
    assert rows[0].as_of == AS_OF


@pytest.mark.parametrize("number", [1, 3])
def test_daily_needs_two_queries_for_any_number_of_channels(django_assert_num_queries, number: int) -> None:
    channels = ChannelFactory.create_batch(number)

    with django_assert_num_queries(2):
        rows = queries.daily([channel.pk for channel in channels], ["views", "reach"], DAY, LAST)

    assert len(rows) == number * 2 * 3


def test_coverage_counts_what_is_there_and_says_why_the_rest_is_not() -> None:
    one, other = ChannelFactory(), ChannelFactory()
    figures(one, "views", {DAY: 5, NEXT: 0})
    gap(one, "views", LAST, reason="No answer.")

    found = queries.coverage([one.pk, other.pk], "views", DAY, LAST)

    assert (found.reported, found.expected, found.channels_reported, found.channels_expected) == (2, 6, 1, 2)
    assert [(each.state, each.reason, each.days) for each in found.missing] == [
        ("not_collected", "", 3),
        ("failed", "No answer.", 1),
    ]


def test_latest_is_the_newest_day_with_a_figure() -> None:
    channel, silent = ChannelFactory(), ChannelFactory()
    figures(channel, "followers", {DAY: 5, NEXT: 6})
    figures(channel, "views", {LAST: 1})

    found = queries.latest([channel.pk, silent.pk], "followers")

    assert {pk: (row.day, row.value) for pk, row in found.items()} == {channel.pk: (NEXT, 6)}


def test_monthly_reads_one_scope() -> None:
    channel = ChannelFactory(network="bluesky")
    figures(channel, "views", {DAY: 5, date(2026, 3, 1): 7})

    rows = queries.monthly(MonthlyRollup.Scope.NETWORK, ["bluesky"], ["views"], DAY, date(2026, 3, 31))

    assert [(row.month, row.value, row.days, row.is_demo) for row in rows] == [
        (date(2026, 2, 1), 5, 1, False),
        (date(2026, 3, 1), 7, 1, False),
    ]


def test_breaks_are_told_per_network_and_metric() -> None:
    DefinitionBreak.objects.create(network="facebook", metric_id=4, day=DAY, reason="Views are counted anew.")

    assert queries.breaks("facebook", "views") == [(DAY, "Views are counted anew.")]
    assert queries.breaks("instagram", "views") == []

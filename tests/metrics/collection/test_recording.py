from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.collection.actions import preview, record_posts, record_samples
from metrics.collection.models import DailyRollup, Gap, MonthlyRollup, Post, PostSample, Run, Sample, Source
from metrics.collection.observations import GapSeen, Observation, PostSeen, Recorded
from tests.factories.channels import ChannelFactory, PeerFactory
from tests.factories.metrics import AS_OF, RunFactory, figures, gap

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 3)


def believed() -> dict[tuple[int, date], list]:
    return {(row.channel_id, row.day): [row.values, row.sources] for row in DailyRollup.objects.all()}


def test_figures_become_samples_and_a_day() -> None:
    channel = ChannelFactory()

    recorded = figures(channel, "followers", {DAY: 120, DAY + timedelta(days=1): "121.5"})

    assert recorded == Recorded(read=2, added=2)
    assert Sample.objects.count() == 2
    assert DailyRollup.objects.get(day=DAY).values[0] == Decimal(120)


def test_the_same_again_changes_nothing() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 5})

    recorded = figures(channel, "views", {DAY: 5}, as_of=AS_OF + timedelta(hours=1))

    assert recorded == Recorded(read=1, same=1)
    assert Sample.objects.count() == 1


def test_a_correction_is_a_newer_sample() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 5})

    recorded = figures(channel, "views", {DAY: 7}, as_of=AS_OF + timedelta(hours=1))

    assert recorded == Recorded(read=1, changed=1)
    assert list(Sample.objects.order_by("as_of").values_list("value", flat=True)) == [5, 7]
    assert DailyRollup.objects.get().values[3] == 7


def test_older_readings_never_overwrite_newer_ones() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 7}, as_of=AS_OF)

    recorded = figures(channel, "views", {DAY: 5}, as_of=AS_OF - timedelta(hours=1))

    assert recorded == Recorded(read=1, kept=1)
    assert DailyRollup.objects.get().values[3] == 7
    assert Sample.objects.count() == 2


def test_the_interface_is_believed_before_the_file_before_the_hand() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 3}, source=Source.API)
    figures(channel, "views", {DAY: 2}, source=Source.FILE, as_of=AS_OF + timedelta(days=1))

    figures(channel, "views", {DAY: 1}, source=Source.MANUAL, as_of=AS_OF + timedelta(days=2))

    assert (DailyRollup.objects.get().values[3], DailyRollup.objects.get().sources[3]) == (3, Source.API)


def test_a_withdrawn_figure_gives_way_to_the_next_best() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 1}, source=Source.MANUAL)
    figures(channel, "views", {DAY: 2}, source=Source.FILE)

    figures(channel, "views", {DAY: None}, source=Source.FILE, as_of=AS_OF + timedelta(days=1))

    assert DailyRollup.objects.get().values[3] == 1
    figures(channel, "views", {DAY: None}, source=Source.MANUAL, as_of=AS_OF + timedelta(days=1))
    assert DailyRollup.objects.count() == 0


def test_a_figure_closes_the_gap_and_a_gap_never_hides_a_figure() -> None:
    channel = ChannelFactory()
    gap(channel, "views", DAY, reason="The network did not answer.")
    figures(channel, "views", {DAY: 0})

    gap(channel, "views", DAY, reason="Again.", as_of=AS_OF + timedelta(days=1))

    assert Gap.objects.count() == 0
    assert DailyRollup.objects.get().values[3] == 0


def test_the_latest_reason_of_a_gap_is_kept() -> None:
    channel = ChannelFactory()
    gap(channel, "views", DAY, state="failed", reason="Later.", as_of=AS_OF + timedelta(hours=1))

    gap(channel, "views", DAY, state="missing", reason="Earlier.")

    assert Gap.objects.get().reason == "Later."


def test_months_add_up_counts_and_take_the_last_snapshot() -> None:
    own, other, peer = ChannelFactory(), ChannelFactory(), PeerFactory()
    for channel in (own, other, peer):
        figures(channel, "views", {DAY: 10, DAY + timedelta(days=1): 5})
        figures(channel, "followers", {DAY: 100, DAY + timedelta(days=1): 90})

    rows = MonthlyRollup.objects.filter(scope__in=["channel", "organisation"]).order_by("scope", "scope_id", "metric")
    found = [(row.scope, row.metric_id, row.value, row.days, row.channels) for row in rows]

    assert found == [
        *[("channel", 1, 90, 2, 1), ("channel", 4, 15, 2, 1)] * 3,
        ("organisation", 1, 180, 4, 2),
        ("organisation", 4, 30, 4, 2),
    ]


def test_departments_and_networks_have_their_months() -> None:
    one = ChannelFactory(network="bluesky")
    figures(one, "views", {DAY: 10})
    figures(ChannelFactory(network="mastodon", department=one.department), "views", {DAY: 4})

    found = MonthlyRollup.objects.filter(metric=4).values_list("scope", "scope_id", "value").order_by("value")

    assert [each for each in found if each[0] in {"department", "network"}] == [
        ("network", "mastodon", 4),
        ("network", "bluesky", 10),
        ("department", str(one.department_id), 14),
    ]


def test_a_preview_counts_and_keeps_nothing() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 5})
    later = AS_OF + timedelta(hours=1)
    observations = [
        Observation(channel.pk, "views", DAY, Decimal(6), later, Source.API),
        Observation(channel.pk, "reach", DAY, Decimal(6), later, Source.API),
    ]

    assert preview(observations=observations) == Recorded(read=2, added=1, changed=1)
    assert Sample.objects.count() == 1


@pytest.mark.parametrize("table", ["metrics_sample", "metrics_postsample"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET value = 1", "DELETE FROM {}"])
def test_the_database_keeps_samples_as_they_are(table: str, statement: str) -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: 5})
    record_posts(run=RunFactory(), posts=[post(channel.pk, "1", {"views": 3})])

    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_an_unknown_metric_is_refused_as_a_whole() -> None:
    observations = [
        Observation(ChannelFactory().pk, "views", DAY, Decimal(1), AS_OF, Source.API),
        Observation(ChannelFactory().pk, "vibes", DAY, Decimal(1), AS_OF, Source.API),
    ]

    with pytest.raises(KeyError):
        record_samples(run=RunFactory(), observations=observations)

    assert Sample.objects.count() == 0


def test_a_figure_that_was_withdrawn_before_it_arrived_stays_withdrawn() -> None:
    channel = ChannelFactory()
    figures(channel, "views", {DAY: None}, as_of=AS_OF + timedelta(days=1))

    figures(channel, "views", {DAY: 5})

    assert DailyRollup.objects.count() == 0


# Metric, day, value, hour of reading, source.
readings = st.lists(
    st.tuples(
        st.sampled_from(["views", "followers"]),
        st.integers(0, 2),
        st.sampled_from([0, 5, 7]),
        st.integers(0, 3),
        st.sampled_from([Source.API, Source.FILE, Source.MANUAL]),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda each: (each[0], each[1], each[3], each[4]),
)
GAPS = [("views", 0, 1, "failed"), ("followers", 2, 2, "missing")]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(readings, st.data())
def test_any_order_and_repetition_of_pages_gives_the_same_figures(read: list, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(read), max_size=4))
    shuffled = data.draw(st.permutations([*read, *again]))
    cut = data.draw(st.integers(0, len(shuffled)))
    in_order = sorted(read, key=lambda each: each[3])

    found = _figures_after([shuffled[:cut], shuffled[cut:]], gaps_first=data.draw(st.booleans()))

    assert found == _figures_after([in_order], gaps_first=False)


def _figures_after(pages: list[list], *, gaps_first: bool) -> tuple[list, list, list]:
    """The days, months and reasons after these pages, which are then undone."""
    point = transaction.savepoint()
    channel, run = ChannelFactory(), RunFactory()
    batches = [[_observation(channel.pk, *each) for each in page] for page in pages]
    for batch in [[], *batches] if gaps_first else [*batches, []]:
        record_samples(run=run, observations=batch, gaps=[] if batch else _gaps(channel.pk))
    days = [(row.day, row.values, row.sources, row.as_ofs) for row in DailyRollup.objects.order_by("day")]
    months = sorted(MonthlyRollup.objects.values_list("scope", "metric", "value", "days"))
    reasons = list(Gap.objects.order_by("day", "metric").values_list("day", "metric", "state"))
    transaction.savepoint_rollback(point)
    return days, months, reasons


def _observation(channel_id: int, metric: str, day: int, value: int, hour: int, source: Source) -> Observation:
    on, as_of = DAY + timedelta(days=day), AS_OF + timedelta(hours=hour)
    return Observation(channel_id, metric, on, Decimal(value), as_of, source)


def _gaps(channel_id: int) -> list[GapSeen]:
    return [
        GapSeen(channel_id, metric, DAY + timedelta(days=day), state, "", AS_OF + timedelta(hours=hour))
        for metric, day, hour, state in GAPS
    ]


def post(channel_id: int, identity: str, totals: dict[str, int], *, hours: int = 0, text: str = "Hello") -> PostSeen:
    published = datetime(2026, 2, 3, 12, tzinfo=UTC)
    return PostSeen(
        channel_id=channel_id,
        external_id=identity,
        published_at=published,
        day=published.date(),
        as_of=AS_OF + timedelta(hours=hours),
        source=Source.API,
        text=text,
        figures={metric: Decimal(value) for metric, value in totals.items()},
    )


def test_a_post_keeps_its_newest_totals_and_every_change() -> None:
    channel, run = ChannelFactory(), RunFactory()
    record_posts(run=run, posts=[post(channel.pk, "1", {"views": 3, "shares": 1})])
    record_posts(run=run, posts=[post(channel.pk, "1", {"views": 9, "shares": 1}, hours=2, text="Edited")])

    recorded = record_posts(run=run, posts=[post(channel.pk, "1", {"views": 5}, hours=1, text="Old")])

    assert recorded == Recorded(read=1, same=1)
    assert (Post.objects.get().figures, Post.objects.get().text) == ({"views": 9, "shares": 1}, "Edited")
    assert list(PostSample.objects.filter(metric=4).order_by("as_of").values_list("value", flat=True)) == [3, 5, 9]


def test_a_run_has_an_end_when_it_is_over() -> None:
    with pytest.raises(Exception, match="run_state_and_end_agree"), transaction.atomic():
        RunFactory(state=Run.State.OK)

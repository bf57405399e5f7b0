from datetime import UTC, date, datetime, timedelta

import pytest

from coe_portal.channels.models import Channel
from coe_portal.core.jobs import Later
from coe_portal.notifications.models import Notification
from coe_portal.outbox.models import QueuedJob
from metrics.collection import actions, queries
from metrics.collection.models import Gap, Run, Stream
from tests.factories.channels import ChannelFactory, PeerFactory
from tests.factories.metrics import RunFactory, StreamFactory
from tests.metrics.collectors.conftest import network  # noqa: F401 - a fixture
from tests.metrics.collectors.server import Answer, Asked

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROFILE = {"did": "did:plc:1", "followersCount": 12, "postsCount": 3}


@pytest.fixture
def stream() -> Stream:
    return StreamFactory(channel__network="bluesky", channel__time_zone="UTC", every_minutes=360, next_due_at=AT)


def test_channels_in_use_get_their_streams_once() -> None:
    ChannelFactory(network="bluesky")
    PeerFactory(network="mastodon")
    ChannelFactory(network="facebook")
    ChannelFactory(network="feed", state=Channel.State.DORMANT)

    assert [actions.ensure_streams(at=AT), actions.ensure_streams(at=AT)] == [4, 0]


def test_due_streams_are_started_once_a_slot(stream) -> None:
    assert [actions.start_due(at=AT), actions.start_due(at=AT)] == [1, 0]

    stream.refresh_from_db()
    assert stream.next_due_at == AT + 6 * HOUR
    assert QueuedJob.objects.get().arguments == {"stream_id": stream.pk}


def test_after_a_pause_a_stream_is_read_once_and_keeps_its_rhythm(stream) -> None:
    assert actions.start_due(at=AT + 20 * HOUR) == 1

    stream.refresh_from_db()
    assert stream.next_due_at == AT + 24 * HOUR


def test_streams_that_are_off_or_of_archived_accounts_rest(stream) -> None:
    StreamFactory(is_on=False, next_due_at=AT)
    Channel.objects.filter(pk=stream.channel_id).update(state=Channel.State.ARCHIVED)

    assert actions.start_due(at=AT) == 0


def test_a_good_answer_becomes_figures(network, stream) -> None:  # noqa: F811
    network(lambda asked: Answer(PROFILE))

    run = actions.collect(stream=stream, at=AT)

    assert (run.state, run.read, run.added) == (Run.State.OK, 2, 2)
    assert queries.latest([stream.channel_id], "followers")[stream.channel_id].value == 12
    stream.refresh_from_db()
    assert (stream.last_success_at, stream.failures) == (AT, 0)
    assert Channel.objects.get().external_id == "did:plc:1"


def test_days_without_a_post_are_nought_where_all_posts_are_known(network) -> None:  # noqa: F811
    stream = StreamFactory(channel__network="bluesky", channel__time_zone="UTC", kind=Stream.Kind.POSTS)
    post = {"uri": "at://1", "record": {"text": "Hello", "createdAt": "2026-02-27T10:00:00Z"}, "likeCount": 1}
    network(lambda asked: Answer({"feed": [{"post": post}]}))

    actions.collect(stream=stream, at=AT)

    rows = queries.daily([stream.channel_id], ["posts"], date(2026, 2, 26), date(2026, 2, 28))
    assert [(row.value, row.state) for row in rows] == [(0, "zero"), (1, "value"), (0, "zero")]


def test_a_network_that_asks_to_wait_is_no_failure(network, stream) -> None:  # noqa: F811
    network(lambda asked: Answer(status=429, headers={"Retry-After": "90"}))

    with pytest.raises(Later) as later:
        actions.collect(stream=stream, at=AT)

    assert later.value.at == AT + timedelta(seconds=90)
    stream.refresh_from_db()
    assert (stream.failures, Run.objects.get().state) == (0, Run.State.DEFERRED)
    assert Gap.objects.count() == 0


def test_a_failure_leaves_a_gap_with_its_reason_that_a_later_success_closes(network, stream) -> None:  # noqa: F811
    server = network(lambda asked: Answer(status=500))
    actions.collect(stream=stream, at=AT)
    gaps = list(Gap.objects.order_by("metric").values_list("day", "state", "reason"))

    server.answer = lambda asked: Answer(PROFILE)
    actions.collect(stream=stream, at=AT + HOUR)

    assert gaps == [(date(2026, 3, 1), "failed", "The network answered with status 500.")] * 2
    assert Gap.objects.count() == 0


def test_a_failing_stream_is_tried_sooner_then_less_often(network, stream) -> None:  # noqa: F811
    network(lambda asked: Answer(status=500))
    waits = []
    for _ in range(6):
        stream.next_due_at = AT + 6 * HOUR
        actions.collect(stream=stream, at=AT)
        waits.append((stream.next_due_at - AT).total_seconds() / 60)

    assert waits == [15, 30, 60, 120, 240, 360]


def test_one_alert_an_outage(network, stream, strategist) -> None:  # noqa: F811
    server = network(lambda asked: Answer(status=500))
    for number in range(5):
        actions.collect(stream=stream, at=AT + number * HOUR)
    told = Notification.objects.filter(person=strategist).count()

    server.answer = lambda asked: Answer(PROFILE)
    actions.collect(stream=stream, at=AT + 6 * HOUR)
    stream.refresh_from_db()

    assert told == 1
    assert (stream.alerted_at, stream.failures) == (None, 0)


def test_a_run_that_a_killed_worker_left_is_closed(network, stream) -> None:  # noqa: F811
    left = RunFactory(channel=stream.channel, stream=stream.kind)
    network(lambda asked: Answer(PROFILE))

    actions.collect(stream=stream, at=AT)

    left.refresh_from_db()
    assert (left.state, left.error) == (Run.State.FAILED, "The worker ended before the run did.")


def test_pages_before_a_failure_are_kept(network) -> None:  # noqa: F811
    stream = StreamFactory(channel__network="bluesky", channel__time_zone="UTC", kind=Stream.Kind.POSTS)
    post = {"uri": "at://1", "record": {"text": "Hello", "createdAt": "2026-02-27T10:00:00Z"}, "likeCount": 1}

    def answer(asked: Asked) -> Answer:
        return Answer(status=500) if "cursor" in asked.query else Answer({"feed": [{"post": post}], "cursor": "x"})

    network(answer)

    run = actions.collect(stream=stream, at=AT)

    assert (run.state, run.posts, stream.channel.posts.count()) == (Run.State.PARTIAL, 1, 1)


def test_asking_now_queues_every_stream_of_the_channel_once_a_minute(strategist) -> None:
    channel = ChannelFactory(network="bluesky")

    numbers = [actions.ask_now(by=strategist, channel=channel, at=AT) for _ in range(2)]

    assert numbers == [2, 2]
    assert QueuedJob.objects.filter(name="metrics.collect_channel").count() == 2
    assert set(channel.streams.values_list("asked_at", flat=True)) == {AT}

"""Reading a channel's streams: when they are due, when somebody asks, and what becomes of each attempt."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.channels.models import Channel
from coe_portal.core.jobs import Later
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue_many
from coe_portal.people.access import Role
from coe_portal.people.models import User
from metrics.collection.actions.recording import record_posts, record_samples
from metrics.collection.models import Gap, Post, Run, Source, Stream
from metrics.collection.observations import GapSeen, Observation, Recorded
from metrics.collectors import COLLECTORS
from metrics.collectors.protocol import CollectError, Collector, Page, RateLimited, Request

START_AT_MOST = 500
ALERT_AFTER_FAILURES = 3
FIRST_RETRY = timedelta(minutes=15)


def ensure_streams(*, at: datetime) -> int:
    """Every channel in use whose network we can read gets its streams; what was switched off stays so."""
    channels = Channel.objects.collected().filter(network__in=COLLECTORS, streams__isnull=True)
    streams = [
        Stream(channel=channel, kind=kind, every_minutes=int(every.total_seconds() // 60), next_due_at=at)
        for channel in channels
        for kind, every in COLLECTORS[channel.network].streams.items()
    ]
    Stream.objects.bulk_create(streams, ignore_conflicts=True)
    return len(streams)


@transaction.atomic
def start_due(*, at: datetime) -> int:
    """One job for each stream that is due; after a pause each is read once, not once for every slot it missed."""
    streams = list(
        Stream.objects.due(at)
        .select_related(None)
        .order_by("next_due_at")
        .select_for_update(skip_locked=True, of=("self",))[:START_AT_MOST]
    )
    jobs = [({"stream_id": each.pk}, f"collect-{each.pk}@{each.next_due_at.timestamp():.0f}") for each in streams]
    for stream in streams:
        missed = (at - stream.next_due_at) // stream.every
        stream.next_due_at += (missed + 1) * stream.every
    Stream.objects.bulk_update(streams, ["next_due_at"])
    enqueue_many("metrics.collect_channel", jobs)
    return len(jobs)


@transaction.atomic
def ask_now(*, by: User, channel: Channel, at: datetime) -> int:
    """Read all streams of a channel as soon as a worker is free; asking twice in a minute is asking once."""
    streams = Stream.objects.select_for_update().filter(channel=channel)
    if not streams:
        ensure_streams(at=at)
    ids = list(streams.values_list("pk", flat=True))
    streams.update(asked_at=at)
    enqueue_many("metrics.collect_channel", [({"stream_id": pk}, f"collect-now-{pk}@{at:%Y%m%d%H%M}") for pk in ids])
    record(by=by, verb="collect", on=channel)
    return len(ids)


def collect(*, stream: Stream, at: datetime) -> Run:
    """Read the stream page by page, each in its own transaction. Raises Later when the network asks to wait."""
    run = _start(stream, at)
    try:
        read = _read_pages(stream, run, at)
    except RateLimited as limited:
        _finish(run, Run.State.DEFERRED, at, error=str(limited))
        raise Later(limited.until, str(limited)) from limited
    except CollectError as error:
        _failed(stream, run, str(error), at)
    else:
        _succeeded(stream, run, read, at)
    return run


def _start(stream: Stream, at: datetime) -> Run:
    """A run that a killed worker left behind is closed by the next one."""
    left_behind = Run.objects.filter(channel=stream.channel, stream=stream.kind, state=Run.State.RUNNING)
    left_behind.update(state=Run.State.FAILED, finished_at=at, error=_("The worker ended before the run did."))
    Stream.objects.filter(pk=stream.pk).update(last_started_at=at)
    return Run.objects.create(kind=Run.Kind.COLLECT, channel=stream.channel, stream=stream.kind, started_at=at)


def _read_pages(stream: Stream, run: Run, at: datetime) -> Recorded:
    collector: Collector = COLLECTORS[stream.channel.network]
    today = at.astimezone(ZoneInfo(stream.channel.time_zone)).date()
    request = Request(stream.channel, Stream.Kind(stream.kind), stream.cursor, at, today)
    read = added = changed = 0
    for page in collector.collect(request):
        recorded = _write_page(stream, run, page, request)
        read, added, changed = read + recorded.read, added + recorded.added, changed + recorded.changed
    return Recorded(read, added, changed)


@transaction.atomic
def _write_page(stream: Stream, run: Run, page: Page, request: Request) -> Recorded:
    run.posts += record_posts(run=run, posts=page.posts).read
    observations = [*page.observations]
    if page.complete_since:
        observations += _posts_a_day(stream.channel, page.complete_since, request.today, request.at)
    recorded = record_samples(run=run, observations=observations, gaps=page.gaps)
    stream.cursor = dict(page.cursor)
    Stream.objects.filter(pk=stream.pk).update(cursor=stream.cursor)
    if page.external_id and page.external_id != stream.channel.external_id:
        Channel.objects.filter(pk=stream.channel_id).update(external_id=page.external_id)
    return recorded


def _posts_a_day(channel: Channel, first: date, last: date, as_of: datetime) -> Iterable[Observation]:
    """How many posts there were each day, nought included, over the days of which every post is known."""
    counted = dict(
        Post.objects.filter(channel=channel, day__range=(first, last))
        .values_list("day")
        .annotate(posts=Count("pk"))
        .order_by("day")
    )
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield Observation(channel.pk, "posts", day, counted.get(day, 0), as_of, Source.API)


@transaction.atomic
def _succeeded(stream: Stream, run: Run, read: Recorded, at: datetime) -> None:
    _finish(run, Run.State.OK, at, read=read)
    Stream.objects.filter(pk=stream.pk).update(
        last_success_at=at, last_error="", failures=0, alerted_at=None, asked_at=None
    )


@transaction.atomic
def _failed(stream: Stream, run: Run, reason: str, at: datetime) -> None:
    """The day's gap says why; the stream is tried again soon, then less and less often."""
    _finish(run, Run.State.FAILED if not run.posts else Run.State.PARTIAL, at, error=reason)
    today = at.astimezone(ZoneInfo(stream.channel.time_zone)).date()
    metrics = COLLECTORS[stream.channel.network].metrics[Stream.Kind(stream.kind)]
    gaps = [GapSeen(stream.channel_id, metric, today, Gap.State.FAILED, reason, at) for metric in metrics]
    record_samples(run=run, observations=[], gaps=gaps)
    stream.failures += 1
    soon = at + min(stream.every, FIRST_RETRY * 2 ** (stream.failures - 1))
    stream.next_due_at = min(max(stream.next_due_at, at), soon)
    stream.last_error, stream.asked_at = reason, None
    if stream.failures >= ALERT_AFTER_FAILURES and stream.alerted_at is None:
        _alert(stream, at)
    stream.save(update_fields=["failures", "next_due_at", "last_error", "asked_at", "alerted_at"])


def _alert(stream: Stream, at: datetime) -> None:
    """Once an outage, to the strategists and the account's contacts."""
    channel = stream.channel
    people = set(User.objects.active().with_role(Role.STRATEGIST, on=at.date()).values_list("pk", flat=True))
    people |= {each for each in (channel.first_contact_id, channel.second_contact_id) if each}
    notify(
        person_ids=people,
        kind="collection_failing",
        subject=_("The figures of %(name)s no longer come in") % {"name": channel.name},
        url=channel.get_absolute_url(),
        key=f"collection-failing-{stream.pk}-{at.isoformat()}",
    )
    stream.alerted_at = at


def _finish(run: Run, state: str, at: datetime, *, error: str = "", read: Recorded | None = None) -> None:
    run.state, run.finished_at, run.error = state, at, error
    if read:
        run.read, run.added, run.changed = read.read, read.added, read.changed
    run.save()
    bump("collection", f"collection:{run.channel_id}")

"""Two years of made-up daily figures for the demo's accounts, marked as demo data wherever they are shown.

They behave as real ones do: a weekly rhythm, slow growth, campaigns that show, days without a figure and why,
and a network that changes what it counts.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from coe_portal.channels.models import Channel, Network
from coe_portal.people.demo import DemoOrganisation
from metrics.collection.actions.recording import record_samples
from metrics.collection.demo_posts import build_posts
from metrics.collection.dictionary import NUMBERS
from metrics.collection.models import AdSpend, DefinitionBreak, Gap, Run, Source, Stream
from metrics.collection.observations import GapSeen, Observation
from metrics.collectors import COLLECTORS

DAYS = 730
REDEFINED_DAYS_AGO = 372
WEEK = (1.05, 1.12, 1.15, 1.1, 0.95, 0.68, 0.72)  # Monday first


@dataclass(frozen=True)
class Bump:
    """A campaign as it shows in the figures: when, how long, how strongly, and what its advertisements cost."""

    name: str
    days_ago: int
    length: int
    factor: float
    spend: tuple[str, ...]


BUMPS = (
    Bump("Flu shots 2024", 395 + 330, 35, 1.5, ()),
    Bump("Heart month", 285, 28, 1.6, ("420.00", "385.50")),
    Bump("Nurses week", 200, 8, 1.9, ("150.00",)),
    Bump("Back to school check-ups", 110, 24, 1.35, ("310.25", "298.00", "120.75")),
    Bump("Charity run", 68, 12, 1.8, ("260.00", "95.40")),
    Bump("Flu shots", 45, 40, 1.55, ("640.00", "588.20", "472.90", "210.00")),
)

# Per network: how many followers there are to begin with, and each metric as a share of them on an average day.
SHAPES: dict[str, tuple[int, dict[str, float]]] = {
    Network.FACEBOOK: (9_000, {"impressions": 0.42, "reach": 0.26, "engagements": 0.021, "reactions": 0.013,
                               "replies": 0.0021, "shares": 0.0024, "link_clicks": 0.006}),
    Network.INSTAGRAM: (6_500, {"impressions": 0.5, "reach": 0.3, "engagements": 0.031, "reactions": 0.026,
                                "replies": 0.0015, "shares": 0.0018, "saves": 0.0022}),
    Network.X: (4_200, {"impressions": 0.33, "engagements": 0.011, "reactions": 0.0042, "replies": 0.0006,
                        "shares": 0.0012, "link_clicks": 0.003, "profile_visits": 0.004}),
    Network.LINKEDIN: (7_400, {"impressions": 0.27, "reach": 0.14, "engagements": 0.016, "reactions": 0.008,
                               "replies": 0.0007, "shares": 0.0008, "clicks": 0.006}),
    Network.YOUTUBE: (3_100, {"views": 0.31, "engagements": 0.012, "reactions": 0.009, "replies": 0.0011,
                              "shares": 0.0016, "watch_hours": 0.014}),
    Network.TIKTOK: (2_200, {"video_views": 1.6, "reach": 1.1, "engagements": 0.09, "reactions": 0.07,
                             "replies": 0.004, "shares": 0.006, "profile_visits": 0.02}),
    Network.BLUESKY: (900, {"reactions": 0.018, "replies": 0.003, "shares": 0.004, "quotes": 0.0009}),
    Network.MASTODON: (420, {"reactions": 0.02, "replies": 0.004, "shares": 0.009}),
    Network.FEED: (0, {}),
}  # fmt: skip

OUTAGES = (
    (41, 3, Gap.State.FAILED, "The network did not answer."),
    (133, 2, Gap.State.MISSING, "The network gave no figures for these days."),
    (251, 9, Gap.State.FAILED, "The permission to read the account had run out."),
    (402, 4, Gap.State.NOT_COLLECTED, "The collector was being moved to a new server."),
)


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("metrics")  # noqa: S311 - made-up figures
    now = datetime.combine(organisation.today, time(6), UTC)
    run = Run.objects.create(
        kind=Run.Kind.DEMO,
        state=Run.State.OK,
        started_at=now,
        finished_at=now,
        first_day=organisation.days_ago(DAYS),
        last_day=organisation.days_ago(1),
    )
    channels = list(Channel.objects.listed().exclude(request__isnull=False).order_by("pk"))
    observations: list[Observation] = []
    gaps: list[GapSeen] = []
    for channel in channels:
        missing = _gaps_of(channel, chance, organisation, now)
        gaps += missing
        lost = {(gap.metric, gap.day) for gap in missing}
        observations += [each for each in _figures(channel, chance, organisation, now) if each[1:3] not in lost]
    record_samples(run=run, observations=observations, gaps=gaps)
    Run.objects.filter(pk=run.pk).update(read=len(observations), added=len(observations))
    _breaks(organisation)
    _advertising(organisation, channels, run, now)
    _streams(channels, now)
    build_posts(organisation, channels, run, now)


def _figures(
    channel: Channel, chance: random.Random, organisation: DemoOrganisation, now: datetime
) -> Iterator[Observation]:
    start, shares = SHAPES[channel.network]
    size = chance.uniform(0.35, 1.0) * (2.6 if channel.name == "Riverbend Health" else 1.0)
    followers = start * size * (1.4 if channel.is_peer else 1.0)
    growth = 1 + chance.uniform(0.00015, 0.0009)
    wanted = {} if channel.is_peer else shares
    redefined = organisation.days_ago(REDEFINED_DAYS_AGO)
    for number in range(DAYS, 0, -1):
        day = organisation.days_ago(number)
        push = _push(channel, number)
        followers *= growth + (push - 1) * 0.0012
        rhythm = WEEK[day.weekday()] * push
        if followers:
            yield Observation(channel.pk, "followers", day, int(followers), now, Source.DEMO)
        posts = min(6, int(rhythm * chance.expovariate(1 / 0.9)))
        yield Observation(channel.pk, "posts", day, posts, now, Source.DEMO)
        luck = math.exp(chance.gauss(0, 0.22)) * rhythm * (0.75 + 0.2 * posts)
        for metric, share in wanted.items():
            name, factor = _named(channel, metric, day, redefined)
            value = int(followers * share * luck * factor * chance.uniform(0.85, 1.15))
            yield Observation(channel.pk, name, day, value, now, Source.DEMO)


def _named(channel: Channel, metric: str, day: date, redefined: date) -> tuple[str, float]:
    """Meta counts views since the redefinition: more than impressions, and not comparable with them."""
    meta = channel.network in {Network.FACEBOOK, Network.INSTAGRAM}
    return ("views", 1.34) if meta and metric == "impressions" and day >= redefined else (metric, 1.0)


def _push(channel: Channel, days_ago: int) -> float:
    """How much more than usual there is on a day of a campaign, rising and falling within it."""
    if channel.is_peer:
        return 1.0
    for bump in BUMPS:
        into = bump.days_ago - days_ago
        if 0 <= into < bump.length:
            return 1 + (bump.factor - 1) * math.sin(math.pi * (into + 0.5) / bump.length)
    return 1.0


def _gaps_of(channel: Channel, chance: random.Random, organisation: DemoOrganisation, now: datetime) -> list[GapSeen]:
    """One account in three lost some days to each outage; a peer was first looked at a year ago."""
    _, shares = SHAPES[channel.network]
    metrics = ["followers", "posts", *([] if channel.is_peer else shares), "views"]
    spans = [outage for outage in OUTAGES if chance.random() < 0.3]
    if channel.is_peer:
        spans = [(DAYS, DAYS - 365, Gap.State.NOT_COLLECTED, "This peer was added to the register later.")]
    return [
        GapSeen(channel.pk, metric, organisation.days_ago(first - number), state, reason, now)
        for first, length, state, reason in spans
        for number in range(length)
        for metric in dict.fromkeys(metrics)
        if metric != "followers" or channel.network != Network.FEED
    ]


def _breaks(organisation: DemoOrganisation) -> None:
    day = organisation.days_ago(REDEFINED_DAYS_AGO)
    reasons = {
        "impressions": "The network stopped counting impressions.",
        "views": "The network counts views instead of impressions; the two cannot be compared.",
    }
    DefinitionBreak.objects.bulk_create(
        DefinitionBreak(network=network, metric_id=NUMBERS[metric], day=day, reason=reason)
        for network in (Network.FACEBOOK, Network.INSTAGRAM)
        for metric, reason in reasons.items()
    )


def _advertising(organisation: DemoOrganisation, channels: list[Channel], run: Run, now: datetime) -> None:
    facebook = next(each for each in channels if each.network == Network.FACEBOOK)
    AdSpend.objects.bulk_create(
        AdSpend(
            channel=facebook,
            external_id=f"demo-{bump.days_ago}-{number}",
            name=f"{bump.name}: advertisement {number}",
            first_day=organisation.days_ago(bump.days_ago),
            last_day=organisation.days_ago(max(1, bump.days_ago - bump.length)),
            report_first_day=organisation.days_ago(bump.days_ago),
            report_last_day=organisation.days_ago(max(1, bump.days_ago - bump.length)),
            amount=Decimal(amount),
            figures={"impressions": int(float(amount) * 180), "link_clicks": int(float(amount) * 1.9)},
            source=Source.DEMO,
            as_of=now,
            run=run,
        )
        for bump in BUMPS
        for number, amount in enumerate(bump.spend, start=1)
    )


def _streams(channels: list[Channel], now: datetime) -> None:
    """Switched off: nobody at these addresses would answer."""
    Stream.objects.bulk_create(
        Stream(
            channel=channel,
            kind=kind,
            is_on=False,
            every_minutes=int(every.total_seconds() // 60),
            next_due_at=now + every,
            last_success_at=now,
        )
        for channel in channels
        if channel.network in COLLECTORS and channel.state == Channel.State.ACTIVE
        for kind, every in COLLECTORS[channel.network].streams.items()
    )

"""Bluesky: public figures of any account, no key needed. There are no views or clicks to be had."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings

from coe_portal.channels.models import Network
from metrics.collection.models import Source, Stream
from metrics.collection.observations import Observation, PostSeen
from metrics.collectors.answers import get_json, moment, number, text
from metrics.collectors.protocol import Page, Request, SchemaDrift

PAGE_SIZE = 100
PAGES_AT_MOST = 20
READ_AGAIN = timedelta(days=30)

PROFILE = {"followersCount": "followers", "postsCount": "posts_total"}
POST = {
    "likeCount": "reactions",
    "repostCount": "shares",
    "replyCount": "replies",
    "quoteCount": "quotes",
    "bookmarkCount": "saves",
}


class Bluesky:
    network: ClassVar[str] = Network.BLUESKY.value
    streams: ClassVar[Mapping[Stream.Kind, timedelta]] = {
        Stream.Kind.PROFILE: timedelta(hours=6),
        Stream.Kind.POSTS: timedelta(hours=6),
    }
    metrics: ClassVar[Mapping[Stream.Kind, Sequence[str]]] = {
        Stream.Kind.PROFILE: ("followers", "posts_total"),
        Stream.Kind.POSTS: ("posts",),
    }

    def collect(self, request: Request) -> Iterator[Page]:
        return self._profile(request) if request.kind == Stream.Kind.PROFILE else self._posts(request)

    def _profile(self, request: Request) -> Iterator[Page]:
        profile, _ = get_json(_address("app.bsky.actor.getProfile"), at=request.at, params={"actor": _actor(request)})
        yield Page(
            observations=[
                Observation(request.channel.pk, metric, request.today, number(profile, name), request.at, Source.API)
                for name, metric in PROFILE.items()
            ],
            external_id=text(profile, "did"),
        )

    def _posts(self, request: Request) -> Iterator[Page]:
        """Newest first, back to a month ago: older posts hardly change."""
        oldest = request.today - READ_AGAIN
        params: dict[str, str | int] = {
            "actor": _actor(request), "limit": PAGE_SIZE, "filter": "posts_and_author_threads"
        }  # fmt: skip
        for _ in range(PAGES_AT_MOST):
            feed, _answer = get_json(_address("app.bsky.feed.getAuthorFeed"), at=request.at, params=params)
            entries = feed.get("feed") if isinstance(feed, dict) else None
            if not isinstance(entries, list):
                raise SchemaDrift("The answer has no feed.")
            posts = [_post(entry.get("post"), request) for entry in entries if not entry.get("reason")]
            cursor = feed.get("cursor")
            is_last = not cursor or any(post.day < oldest for post in posts)
            yield Page(posts=posts, complete_since=oldest if is_last else None)
            if is_last:
                return
            params["cursor"] = str(cursor)


def _address(method: str) -> str:
    return f"{settings.BLUESKY_APPVIEW_URL.rstrip('/')}/xrpc/{method}"


def _actor(request: Request) -> str:
    """The permanent id once it is known: a handle may move to somebody else."""
    return request.channel.external_id or request.channel.handle.lstrip("@")


def _post(found: Any, request: Request) -> PostSeen:
    record = found.get("record") if isinstance(found, dict) else None
    if not isinstance(record, dict):
        raise SchemaDrift("A post has no record.")
    published = moment(record, "createdAt")
    uri = text(found, "uri")
    return PostSeen(
        channel_id=request.channel.pk,
        external_id=uri,
        published_at=published,
        day=_day(published, request),
        as_of=request.at,
        source=Source.API,
        text=str(record.get("text", "")),
        url=f"https://bsky.app/profile/{request.channel.handle.lstrip('@')}/post/{uri.rpartition('/')[2]}",
        kind=_kind(record),
        figures={metric: Decimal(number(found, name)) for name, metric in POST.items() if name in found},
    )


def _day(published: Any, request: Request) -> date:
    day: date = published.astimezone(ZoneInfo(request.channel.time_zone)).date()
    return day


def _kind(record: Mapping[str, Any]) -> str:
    embedded = str((record.get("embed") or {}).get("$type", ""))
    if record.get("reply"):
        return "reply"
    return next((kind for word, kind in (("images", "picture"), ("video", "video")) if word in embedded), "text")

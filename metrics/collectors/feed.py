"""RSS and Atom: what a website, blog or podcast published. Nothing says how often it was read."""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import feedparser

from coe_portal.channels.models import Network
from metrics.collection.models import Source, Stream
from metrics.collection.observations import PostSeen
from metrics.collectors.answers import get, plain_text
from metrics.collectors.protocol import Gone, Page, Request, SchemaDrift

READ_AGAIN = timedelta(days=30)
TEXT_AT_MOST = 5_000


class Feed:
    network: ClassVar[str] = Network.FEED.value
    streams: ClassVar[Mapping[Stream.Kind, timedelta]] = {Stream.Kind.POSTS: timedelta(hours=1)}
    metrics: ClassVar[Mapping[Stream.Kind, Sequence[str]]] = {Stream.Kind.POSTS: ("posts",)}

    def collect(self, request: Request) -> Iterator[Page]:
        if not request.channel.url:
            raise Gone("The entry in the register has no address.")
        answer = get(request.channel.url, at=request.at, headers=_conditions(request.cursor))
        if answer.status == 304:
            since = date.fromisoformat(request.cursor.get("complete_since", request.today.isoformat()))
            yield Page(cursor=request.cursor, complete_since=max(since, request.today - READ_AGAIN))
            return
        posts = _posts(answer.body, answer.headers, request)
        since = complete_since(posts, request.today)
        kept = {name: answer.headers[name] for name in ("etag", "last-modified") if name in answer.headers}
        yield Page(posts=posts, cursor={**kept, "complete_since": since.isoformat()}, complete_since=since)


def _conditions(cursor: Mapping[str, Any]) -> dict[str, str]:
    asked = {"If-None-Match": cursor.get("etag"), "If-Modified-Since": cursor.get("last-modified")}
    return {name: str(value) for name, value in asked.items() if value}


def _posts(body: bytes, headers: Mapping[str, str], request: Request) -> list[PostSeen]:
    """Parsed from bytes that `fetch` read. In a stream: bytes alone feedparser would try as the name of a file."""
    parsed = feedparser.parse(BytesIO(body), response_headers={"content-type": headers.get("content-type", "")})
    if not parsed.entries and (parsed.bozo or not parsed.get("version")):
        raise SchemaDrift("This address does not answer with a feed.")
    found = (_post(entry, request) for entry in parsed.entries)
    return [post for post in found if post]


def _post(entry: Any, request: Request) -> PostSeen | None:
    """None for an entry without an identity or a date: it could be neither recognised nor counted."""
    identity = entry.get("id") or entry.get("link")
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    if not identity or not stamp:
        return None
    published = datetime.fromtimestamp(calendar.timegm(stamp), UTC)
    lead = plain_text(entry.get("summary", ""))
    return PostSeen(
        channel_id=request.channel.pk,
        external_id=str(identity)[:300],
        published_at=published,
        day=published.astimezone(ZoneInfo(request.channel.time_zone)).date(),
        as_of=request.at,
        source=Source.API,
        text=f"{entry.get('title', '')}\n\n{lead}".strip()[:TEXT_AT_MOST],
        url=str(entry.get("link", ""))[:1000],
        kind="episode" if entry.get("enclosures") else "article",
    )


def complete_since(posts: Sequence[PostSeen], today: date) -> date:
    """A feed shows its newest entries only: the oldest day shown may have had more of them."""
    oldest = min((post.day for post in posts), default=today)
    return max(min(oldest + timedelta(days=1), today), today - READ_AGAIN)

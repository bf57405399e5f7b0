"""Mastodon and whatever speaks its interface: public figures, asked of the account's own server.

Another server only knows what reached it, so its counts would be too low.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
from django.conf import settings

from coe_portal.channels.models import Channel, Network
from metrics.collection.models import Source, Stream
from metrics.collection.observations import Observation, PostSeen
from metrics.collectors.answers import get_json, moment, number, plain_text, text
from metrics.collectors.protocol import Gone, Page, Request, SchemaDrift

PAGE_SIZE = 40
PAGES_AT_MOST = 25
READ_AGAIN = timedelta(days=30)

PROFILE = {"followers_count": "followers", "statuses_count": "posts_total"}
POST = {
    "favourites_count": "reactions",
    "reblogs_count": "shares",
    "replies_count": "replies",
    "quotes_count": "quotes",
}


class Mastodon:
    network: ClassVar[str] = Network.MASTODON.value
    streams: ClassVar[Mapping[Stream.Kind, timedelta]] = {
        Stream.Kind.PROFILE: timedelta(hours=6),
        Stream.Kind.POSTS: timedelta(hours=6),
    }
    metrics: ClassVar[Mapping[Stream.Kind, Sequence[str]]] = {
        Stream.Kind.PROFILE: ("followers", "posts_total"),
        Stream.Kind.POSTS: ("posts",),
    }

    def collect(self, request: Request) -> Iterator[Page]:
        account = _account(request)
        return self._profile(request, account) if request.kind == Stream.Kind.PROFILE else _posts(request, account)

    def _profile(self, request: Request, account: Mapping[str, Any]) -> Iterator[Page]:
        yield Page(
            observations=[
                Observation(request.channel.pk, metric, request.today, number(account, name), request.at, Source.API)
                for name, metric in PROFILE.items()
            ],
            external_id=text(account, "id"),
        )


def _account(request: Request) -> Mapping[str, Any]:
    name, server = name_and_server(request.channel)
    found, _ = get_json(f"{server}/api/v1/accounts/lookup", at=request.at, params={"acct": name})
    if not isinstance(found, dict):
        raise SchemaDrift("The answer is not an account.")
    return found


def name_and_server(channel: Channel) -> tuple[str, str]:
    """From "@name@server", or from the address where the handle names no server. Raises Gone."""
    name, _, host = channel.handle.lstrip("@").partition("@")
    host = host or urlsplit(channel.url).netloc
    if not name or not host:
        raise Gone("The handle should read @name@server.")
    return name, f"{settings.MASTODON_SCHEME}://{host}"


def _posts(request: Request, account: Mapping[str, Any]) -> Iterator[Page]:
    """Newest first along the Link header, back to a month ago."""
    _, server = name_and_server(request.channel)
    oldest = request.today - READ_AGAIN
    url: str | None = f"{server}/api/v1/accounts/{text(account, 'id')}/statuses"
    params: dict[str, str | int] | None = {"limit": PAGE_SIZE, "exclude_replies": "true", "exclude_reblogs": "true"}
    for _ in range(PAGES_AT_MOST):
        found, answer = get_json(str(url), at=request.at, params=params)
        if not isinstance(found, list):
            raise SchemaDrift("The answer is not a list of posts.")
        posts = [_post(status, request) for status in _own(found, account)]
        url, params = next_page(answer.headers, server), None
        is_last = not found or url is None or any(post.day < oldest for post in posts)
        yield Page(posts=posts, complete_since=oldest if is_last else None)
        if is_last:
            return


def _own(found: Sequence[Any], account: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What the account wrote itself. Some servers show a post of its own that was boosted inside the boost."""
    for status in found:
        shown = status.get("reblog") or status
        if not status.get("reblog") or shown.get("account", {}).get("id") == account["id"]:
            yield shown


def next_page(headers: Mapping[str, str], server: str) -> str | None:
    """The next page, as long as it is on the same server."""
    links = httpx.Response(200, headers={"link": headers["link"]}).links if "link" in headers else {}
    url: str | None = links.get("next", {}).get("url")
    return url if url and urlsplit(url).netloc == urlsplit(server).netloc else None


def _post(status: Mapping[str, Any], request: Request) -> PostSeen:
    published = moment(status, "created_at")
    media = status.get("media_attachments") or []
    return PostSeen(
        channel_id=request.channel.pk,
        external_id=text(status, "uri"),
        published_at=published,
        day=published.astimezone(ZoneInfo(request.channel.time_zone)).date(),
        as_of=request.at,
        source=Source.API,
        text=plain_text(str(status.get("content", ""))),
        url=str(status.get("url") or status.get("uri")),
        kind=str(media[0].get("type", "text")) if media else "text",
        figures={
            metric: Decimal(number(status, name)) for name, metric in POST.items() if status.get(name) is not None
        },
    )

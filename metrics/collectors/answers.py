"""Answers of networks: errors told apart, waiting times understood, fields looked up without surprises."""

import html
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import nh3

from coe_portal.core.fetch import Fetched, FetchError, fetch
from metrics.collectors.protocol import Gone, RateLimited, SchemaDrift, Unreachable

WAIT_UNLESS_TOLD = timedelta(minutes=5)
WAIT_AT_MOST = timedelta(hours=6)
# Bluesky says 400 to a handle that nobody has.
UNKNOWN_ACCOUNT = {400, 404, 410}
RESET_HEADERS = ("retry-after", "ratelimit-reset", "x-ratelimit-reset")


def get(
    url: str,
    *,
    at: datetime,
    params: Mapping[str, str | int] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """A good answer or "not changed". Raises RateLimited, Gone or Unreachable for every other."""
    try:
        answer = fetch(url, params=params, headers=headers)
    except FetchError as error:
        raise Unreachable(str(error)) from error
    if answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers):
        raise RateLimited(wait_until(answer.headers, at))
    if answer.status in UNKNOWN_ACCOUNT:
        raise Gone("The network does not know this account.")
    if answer.status not in {200, 304}:
        raise Unreachable(f"The network answered with status {answer.status}.")
    return answer


def get_json(url: str, *, at: datetime, params: Mapping[str, str | int] | None = None) -> tuple[Any, Fetched]:
    answer = get(url, at=at, params=params, headers={"Accept": "application/json"})
    try:
        return json.loads(answer.body), answer
    except ValueError as error:
        raise SchemaDrift("The answer is not JSON.") from error


def wait_until(headers: Mapping[str, str], at: datetime) -> datetime:
    """Seconds, an epoch, an HTTP date or an ISO time, whichever the network sends; never more than six hours."""
    told = next((headers[name] for name in RESET_HEADERS if name in headers), "")
    moment = _moment(told.strip(), at) or at + WAIT_UNLESS_TOLD
    return min(max(moment, at + timedelta(seconds=1)), at + WAIT_AT_MOST)


def _moment(told: str, at: datetime) -> datetime | None:
    if told.isdigit():
        number = int(told)
        is_epoch = number > 1_000_000_000
        return datetime.fromtimestamp(min(number, 99_999_999_999), UTC) if is_epoch else at + timedelta(seconds=number)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(told)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def number(found: Any, name: str) -> int:
    value = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise SchemaDrift(f"The answer has no number {name}.")
    return value


def text(found: Any, name: str) -> str:
    value = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(value, str):
        raise SchemaDrift(f"The answer has no text {name}.")
    return value


def moment(found: Any, name: str) -> datetime:
    try:
        value = datetime.fromisoformat(text(found, name))
    except ValueError as error:
        raise SchemaDrift(f"The answer's {name} is no time.") from error
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def plain_text(markup: str) -> str:
    """The words of a piece of HTML, its paragraphs kept apart."""
    spaced = markup.replace("</p>", "\n\n").replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n")
    return html.unescape(nh3.clean(spaced, tags=set())).strip()

"""Questions that wait, the longest first, with who is writing an answer at the moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils import timezone

from coe_portal.core.http import PortalRequest
from coe_portal.people.models import User
from feedback.models import Topic

PAGE_SIZE = 25
SHOWN: dict[str, Any] = {
    "silent": lambda topics: topics.unanswered().filter(first_reply_at__isnull=True),
    "open": lambda topics: topics.unanswered().filter(first_reply_at__isnull=False),
    "stale": lambda topics: topics.in_need_of_a_fresh_look(timezone.localdate()),
}


@dataclass(frozen=True)
class Waiting:
    topic: Topic
    at: datetime

    @property
    def hours(self) -> int:
        return int((self.at - self.topic.created_at).total_seconds() // 3600)

    @property
    def days(self) -> int:
        return self.hours // 24

    @property
    def claimed_by(self) -> User | None:
        return self.topic.claimed_by if self.topic.is_claimed(self.at) else None


@dataclass(frozen=True)
class WaitingPage:
    rows: list[Waiting]
    later_url: str
    first_url: str


def page(request: PortalRequest, show: str, at: datetime) -> WaitingPage:
    """Oldest first, so the key of the next page is the last row's time and id: `?after=time~id`."""
    topics = SHOWN[show](Topic.objects.moderated_by(request.user))
    topics = _after(topics, request.GET.get("after", "")).select_related("category", "author", "claimed_by")
    found = list(topics.order_by("created_at", "pk")[: PAGE_SIZE + 1])
    rows = [Waiting(topic, at) for topic in found[:PAGE_SIZE]]
    more = len(found) > PAGE_SIZE
    return WaitingPage(
        rows=rows,
        later_url=_url(request, show, rows[-1].topic) if more else "",
        first_url=f"{request.path}?show={show}" if request.GET.get("after") else "",
    )


def _url(request: PortalRequest, show: str, last: Topic) -> str:
    return f"{request.path}?{urlencode({'show': show, 'after': f'{last.created_at.isoformat()}~{last.pk}'})}"


def _after(topics: Any, key: str) -> Any:
    value, _, last_id = key.rpartition("~")
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return topics
    if not last_id.isdecimal() or timezone.is_naive(at):
        return topics
    return topics.filter(Q(created_at__gt=at) | Q(created_at=at, pk__gt=int(last_id)))

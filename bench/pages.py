"""The portal's main pages, warm, as CPU milliseconds a request and as ratio to the floor."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.load import Figures, Target
from bench.load import measure as measure_load
from bench.servers import serve

FLOOR = "floor"
PORTAL_PORT = 18_761
FLOOR_PORT = 18_762


@dataclass(frozen=True)
class Page:
    """`goal` is the least ratio of its requests a second to the floor's; `queries` the most when warm."""

    who: str
    path: Callable[[], str]
    goal: float
    queries: int


@dataclass(frozen=True)
class Row:
    figures: Figures
    ratio: float
    goal: float
    queries: int
    queries_goal: int

    @property
    def verdict(self) -> str:
        return "met" if self.ratio >= self.goal and self.queries <= self.queries_goal else "missed"


@dataclass(frozen=True)
class Report:
    floor: Figures
    rows: dict[str, Row]
    memory_ratio: float

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        head = f"{'page':<20}{'CPU ms':>8}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}{'x floor':>9}{'goal':>6}{'SQL':>5}"
        lines = [head, _line(FLOOR, self.floor)]
        lines += [
            _line(name, row.figures) + f"{row.ratio:>9.2f}{row.goal:>6}{row.queries:>5}  {row.verdict}"
            for name, row in self.rows.items()
        ]
        lines.append(f"Memory of the web workers: {self.memory_ratio:.2f} x the floor's (goal 1.5).")
        return "\n".join(lines)


def _line(name: str, figures: Figures) -> str:
    errors = f"  {figures.errors} ERRORS" if figures.errors else ""
    return (
        f"{name:<20}{figures.cpu_ms:>8.2f}{figures.requests_per_second:>8.0f}"
        f"{figures.p50_ms:>8.1f}{figures.p99_ms:>8.1f}{errors}"
    )


def _pages() -> dict[str, Page]:
    # After django.setup(), since both have models.
    from bench.portal import first_of, longest_topic
    from coe_portal.channels.models import Channel

    def account() -> str:
        return f"/metrics/channels/{Channel.objects.order_by('pk').values_list('pk', flat=True)[0]}/"

    return {
        "home": Page("employee", lambda: "/", 1.0, 1),
        "policy": Page("employee", lambda: first_of("policy"), 1.0, 1),
        "lesson": Page("employee", lambda: first_of("lesson"), 1.0, 1),
        "topic": Page("employee", longest_topic, 0.6, 2),
        "topic list": Page("employee", lambda: "/feedback/everyday-posting/", 0.6, 10),
        "feedback": Page("employee", lambda: "/feedback/", 0.6, 10),
        "search": Page("employee", lambda: "/search/?q=patient", 0.2, 10),
        "account dashboard": Page("strategist", account, 0.7, 10),
        "executive page": Page("executive", lambda: "/metrics/executive/", 1.0, 10),
    }


def measure(only: Sequence[str] = ()) -> Report:
    """Some pages by name, or all. Raises KeyError for a name that is none."""
    django.setup()
    from bench.portal import floor_cookie, portal_cookie, set_up

    set_up()
    known = _pages()
    pages = {name: known[name] for name in only or known}
    with (
        serve("coe_portal.wsgi:application", PORTAL_PORT) as portal,
        serve("bench.floor.wsgi:application", FLOOR_PORT) as floor,
    ):
        targets = {FLOOR: Target(floor, "/floor/", floor_cookie("employee"))}
        targets |= {name: Target(portal, page.path(), portal_cookie(page.who)) for name, page in pages.items()}
        found = measure_load(targets)
        memory = portal.memory() / floor.memory()
    base = found.pop(FLOOR)
    rows = {
        name: Row(
            figures,
            figures.requests_per_second / base.requests_per_second,
            pages[name].goal,
            _warm_queries(targets[name]),
            pages[name].queries,
        )
        for name, figures in found.items()
    }
    return Report(base, rows, memory)


def _warm_queries(target: Target) -> int:
    name, _, value = target.cookie.partition("=")
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[name] = value
    client.get(target.path)
    with CaptureQueriesContext(connection) as queries:
        client.get(target.path)
    return len(queries)

"""A million entries in the audit trail: how long sealing and verifying take, and what its pages and its export cost.

`bin/bench trail --only 5000000` takes another number of entries.
"""

import resource
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import django
from django.db import connection, transaction
from django.test import Client

ENTRIES = 1_000_000
# What six years of a large organisation come to, and how long a night's verification of it may take.
SIX_YEARS = 5_000_000
GOAL_SECONDS = 240.0
GOAL_PAGE_MS = 500.0
GOAL_MEMORY = 50 * 1_048_576

# As the portal writes them: few kinds are most of it, some verbs are rare, and one person is behind one in thousands.
FILL = """
INSERT INTO audit_auditentry (at, actor_id, verb, kind, object_id, summary, details)
SELECT now() - (%(entries)s - n) * interval '180 seconds',
    (SELECT array_agg(id) FROM people_user)[1 + n %% (SELECT count(*) FROM people_user)],
    CASE WHEN n %% 20011 = 0 THEN 'hold.placed' ELSE (%(verbs)s)[1 + n %% %(kinds)s] END,
    (%(labels)s)[1 + n %% %(kinds)s], n %% 56000 + 1,
    (%(verbs)s)[1 + n %% %(kinds)s] || ' ' || (%(labels)s)[1 + n %% %(kinds)s] || ' ' || n %% 56000 + 1,
    json_build_object('n', n, 'version', n %% 50)
FROM generate_series(1, %(entries)s) AS n
"""
KINDS = {
    "policies.acknowledgement": "policies.acknowledge",
    "training.attempt": "training.submit",
    "training.enrolment": "training.enrol",
    "feedback.topic": "replied",
    "people.user": "person.moved",
}
SEARCHES: Mapping[str, Mapping[str, str]] = {
    "newest": {},
    "a person": {"person": "admin@"},
    "everything about a person": {"about": "privacy@riverbend.example"},
    "an object": {"kind": "people.user", "object_id": "50"},
    "a rare verb": {"verb": "hold.placed"},
    "a verb that never was": {"verb": "erasure.name_released"},
    "words": {"text": "enrolment 4711"},
    "words that never were": {"text": "quokka"},
    "a day of old": {"since": "2021-01-05", "until": "2021-01-05"},
}


@dataclass
class Report:
    """Seconds, milliseconds for pages, and the growth of this process's memory in bytes."""

    entries: int
    filled: float = 0
    seals: int = 0
    sealed: float = 0
    verified: float = 0
    verify_memory: int = 0
    pages: dict[str, float] = field(default_factory=dict)
    whole_table: list[str] = field(default_factory=list)
    exported: float = 0
    export_memory: int = 0

    def as_data(self) -> dict[str, object]:
        return asdict(self)

    def as_text(self) -> str:
        night = SIX_YEARS * self.verified / self.entries
        slowest = max(self.pages.values())
        memory = max(self.verify_memory, self.export_memory)
        return "\n".join(
            [
                f"{self.entries:,} entries, written in {self.filled:.0f} s",
                self._line(f"sealed, {self.seals} seals", self.sealed),
                self._line("verified", self.verified),
                *(f"{f'page: {name}':<40}{cost:>8.0f} ms" for name, cost in self.pages.items()),
                self._line("exported as CSV", self.exported),
                f"{'memory: verifying':<40}{self.verify_memory / 1_048_576:>8.0f} MB",
                f"{'memory: exporting':<40}{self.export_memory / 1_048_576:>8.0f} MB",
                f"searches that read the whole table: {', '.join(self.whole_table) or 'none'}",
                f"{f'a night of {SIX_YEARS:,}':<40}{night:>8.0f} s",
                f"goal {GOAL_SECONDS:.0f} s for that night: {'met' if night < GOAL_SECONDS else 'missed'}",
                f"goal {GOAL_PAGE_MS:.0f} ms for a page: {'met' if slowest < GOAL_PAGE_MS else 'missed'}",
                f"goal {GOAL_MEMORY // 1_048_576} MB: {'met' if memory < GOAL_MEMORY else 'missed'}",
            ]
        )

    def _line(self, what: str, seconds: float) -> str:
        return f"{what:<40}{seconds:>8.1f} s {self.entries / max(seconds, 0.001):>12,.0f} entries/s"


def measure(only: Sequence[str] = ()) -> Report:
    """In a transaction that is given up at the end, so that the demo organisation stays as it is."""
    django.setup()
    from bench.portal import set_up
    from coe_portal.core.database_roles import as_owner

    set_up()
    report = Report(int(only[0]) if only else ENTRIES)
    with as_owner(), transaction.atomic():
        _fill(report)
        _seal(report)
        _verify(report)
        _look(report)
        _export(report)
        transaction.set_rollback(True)
    return report


def _fill(report: Report) -> None:
    chosen: dict[str, Any] = {
        "entries": report.entries,
        "labels": list(KINDS),
        "verbs": list(KINDS.values()),
        "kinds": len(KINDS),
    }
    with connection.cursor() as cursor, _timed() as taken:
        cursor.execute(FILL, chosen)
        cursor.execute("ANALYZE audit_auditentry")
    report.filled = taken()


def _seal(report: Report) -> None:
    from django.utils import timezone

    from coe_portal.audit.actions.sealing import seal_all

    with _timed() as taken:
        report.seals = seal_all(at=timezone.now(), at_most=100_000)
    report.sealed = taken()


def _verify(report: Report) -> None:
    from coe_portal.audit.queries.verifying import verify

    before = _memory()
    with _timed() as taken:
        outcome = verify()
    assert not outcome.problem, outcome
    report.verified, report.verify_memory = taken(), _memory() - before


def _look(report: Report) -> None:
    """Each search on the page as its reader opens it, twice: the second counts."""
    from coe_portal.audit.forms import FilterForm
    from coe_portal.audit.queries.trail import entries

    client = _reader()
    for name, chosen in SEARCHES.items():
        form = FilterForm(chosen)
        assert form.is_valid(), form.errors
        plan = entries(form.cleaned_data).order_by("-at", "-pk")[:51].explain()
        if "Seq Scan on audit_auditentry" in plan:
            report.whole_table.append(name)
        for _time in range(2):
            with _timed() as taken:
                assert client.get("/administration/audit/", chosen).status_code == 200
            report.pages[name] = taken() * 1_000
    report.pages["a page in the middle"] = _middle(client, report.entries)


def _middle(client: Client, number: int) -> float:
    from coe_portal.audit.models import AuditEntry

    row = AuditEntry.objects.order_by("-pk")[number // 2]
    before = {"before": f"{row.at.isoformat()}~{row.pk}"}
    with _timed() as taken:
        client.get("/administration/audit/", before)
    return taken() * 1_000


def _export(report: Report) -> None:
    client, before = _reader(), _memory()
    with _timed() as taken:
        answer: Any = client.get("/administration/audit/export/")
        deque(answer.streaming_content, maxlen=0)
    report.exported, report.export_memory = taken(), _memory() - before


def _reader() -> Client:
    from coe_portal.people.demo import DOMAIN
    from coe_portal.people.models import User

    client = Client(SERVER_NAME="localhost")
    backend = "coe_portal.people.backends.PortalBackend"
    client.force_login(User.objects.get(email=f"privacy@{DOMAIN}"), backend=backend)
    return client


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    begun = time.perf_counter()
    ended: list[float] = []
    yield lambda: (ended[0] if ended else time.perf_counter()) - begun
    ended.append(time.perf_counter())


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

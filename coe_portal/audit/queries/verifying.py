"""Work the chain out again from the entries, and say what is wrong with it first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from coe_portal.audit.chain import ENTRY_TEXT, Link, digest_of
from coe_portal.audit.models import Pruning, Seal, Verification
from coe_portal.core.crypto import is_signed

ENTRIES_AT_ONCE = 5_000
KEPT_AT_LEAST = timedelta(days=6 * 365)
Problem = Verification.Problem


@dataclass(frozen=True)
class Outcome:
    """`broken_entry` is the id of the first entry that is wrong, where one can be named."""

    entries: int
    seals: int
    head: str
    problem: str = ""
    broken_entry: int | None = None


@dataclass(frozen=True)
class _Entry:
    id: int
    computed: bytes
    noted: bytes | None

    @property
    def is_changed(self) -> bool:
        return self.noted is not None and self.noted != self.computed


class _Broken(Exception):
    def __init__(self, problem: str, entry: int | None = None) -> None:
        super().__init__(problem)
        self.problem, self.entry = problem, entry


class _Walk:
    """One pass over seals and entries, side by side in the order of ids."""

    def __init__(self) -> None:
        self.entries = self.seals = 0
        self.head = ""
        self.newest: Seal | None = None
        # Before the entries: what is sealed by now is there to be read, whatever is written meanwhile.
        self.last_number = Seal.objects.aggregate(last=Max("number"))["last"] or 0
        self.pruned_upto = Pruning.objects.aggregate(last=Max("upto"))["last"] or 0
        self.waiting: Iterator[_Entry] = _entries()
        self.next: _Entry | None = next(self.waiting, None)

    def run(self) -> None:
        upto = 0
        for seal in Seal.objects.filter(number__lte=self.last_number).order_by("number").iterator(chunk_size=2_000):
            self.check_link(seal, upto)
            if seal.upto > self.pruned_upto or timezone.now() - seal.at < KEPT_AT_LEAST:
                self.check_content(seal)
            upto = seal.upto
        if self.newest and not is_signed(self.newest.hash, self.newest.signature):
            raise _Broken(Problem.SIGNATURE)
        while self.next:
            self.take()
        known = Verification.objects.filter(problem="").order_by("-seals").first()
        if known and (known.seals > self.seals or not _has_head(known.seals, known.head)):
            raise _Broken(Problem.SHORTER)

    def check_link(self, seal: Seal, upto: int) -> None:
        link = Link(seal.number, seal.at, seal.after, seal.upto, seal.entries, seal.content, seal.previous)
        in_order = seal.number == self.seals + 1 and seal.previous == self.head and seal.after == upto
        if not in_order or link.hash != seal.hash:
            raise _Broken(Problem.CHAIN, seal.after + 1)
        self.seals, self.head, self.newest = self.seals + 1, seal.hash, seal

    def check_content(self, seal: Seal) -> None:
        found, content, first = 0, sha256(), self.next.id if self.next else None
        while self.next and self.next.id <= seal.upto:
            content.update(self.next.computed)
            self.take()
            found += 1
        if found != seal.entries:
            raise _Broken(Problem.MISSING if found < seal.entries else Problem.ADDED, first)
        if content.hexdigest() != seal.content:
            raise _Broken(Problem.REPLACED, first)

    def take(self) -> None:
        entry = self.next
        if entry is None:
            return
        if entry.is_changed:
            raise _Broken(Problem.CHANGED, entry.id)
        self.entries += 1
        self.next = next(self.waiting, None)


def verify() -> Outcome:
    walk = _Walk()
    try:
        walk.run()
    except _Broken as broken:
        return Outcome(walk.entries, walk.seals, walk.head, broken.problem, broken.entry)
    return Outcome(walk.entries, walk.seals, walk.head)


def head() -> Seal | None:
    """The newest seal: its hash, kept outside, proves the trail up to it."""
    return Seal.objects.order_by("-number").first()


def seal_with(hash_kept: str) -> Seal | None:
    """The seal that a hash kept outside belongs to; None when the chain does not hold it (any more)."""
    return Seal.objects.filter(hash=hash_kept).first()


def _has_head(number: int, known: str) -> bool:
    return number == 0 or Seal.objects.filter(number=number, hash=known).exists()


def _entries() -> Iterator[_Entry]:
    # Numbers begin at 1: who writes one below it by hand must not go by unseen.
    after = -(2**63)
    statement = f"SELECT id, {ENTRY_TEXT}, digest FROM audit_auditentry WHERE id > %s ORDER BY id LIMIT %s"  # noqa: S608
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [after, ENTRIES_AT_ONCE])
            rows = cursor.fetchall()
        for entry_id, text, noted in rows:
            yield _Entry(entry_id, digest_of(text), bytes(noted) if noted is not None else None)
        if len(rows) < ENTRIES_AT_ONCE:
            return
        after = rows[-1][0]

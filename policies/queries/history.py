"""The chain of versions, and what became of one clause."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from coe_portal.people.models import User
from policies.models import Clause, Policy, Redaction, State, Version


def chain_for(person: User, policy: Policy) -> list[Version]:
    """Newest first. Readers see what was ever published; drafts are for strategists."""
    rows = policy.versions.newest_first().defer("text", "intro_html")
    return list(rows if person.is_strategist else rows.final())


@dataclass(frozen=True)
class ClauseLife:
    """One clause through the versions that were published, oldest first."""

    rows: list[Clause]
    current: Clause | None

    @property
    def last(self) -> Clause:
        return self.rows[-1]

    @property
    def changed_in(self) -> list[Version]:
        """The versions that brought another wording than the one before."""
        pairs = zip(self.rows, self.rows[1:], strict=False)
        return [new.version for old, new in pairs if _says(old) != _says(new)]

    @property
    def state(self) -> str:
        if self.current is None:
            return "removed"
        return "changed" if self.changed_in and self.changed_in[-1].pk == self.current.version_id else "current"


def _says(clause: Clause) -> tuple[str, str, object]:
    return clause.title, clause.text, clause.examples


def life_of(policy: Policy, anchor: str) -> ClauseLife | None:
    rows = list(
        Clause.objects.filter(
            version__policy=policy, version__state__in=[State.PUBLISHED, State.RETIRED], anchor=anchor
        )
        .select_related("version")
        .order_by("version__major", "version__minor")
    )
    if not rows:
        return None
    current = next((each for each in rows if each.version.state == State.PUBLISHED), None)
    return ClauseLife(rows, current)


@dataclass(frozen=True)
class Removed:
    """That words were taken out of a version: who had it done, when, why, and the hashes of the text on both sides."""

    at: datetime
    by: str
    reason: str
    before: str
    after: str


def removed_from(version_ids: Collection[int]) -> list[Removed]:
    """Oldest first."""
    notes = Redaction.objects.filter(version__in=version_ids).select_related("purge__asked_by", "erasure__decided_by")
    return [_removed(note) for note in notes.order_by("at", "pk")]


def _removed(note: Redaction) -> Removed:
    if note.purge:
        by, reason = note.purge.asked_by.name, note.purge.get_reason_display()
    else:
        decided_by = note.erasure.decided_by if note.erasure else None
        by, reason = decided_by.name if decided_by else "", _("the erasure of a person")
    return Removed(note.at, by, reason, note.before, note.after)

"""The chain of versions, and what became of one clause."""

from dataclasses import dataclass

from coe_portal.people.models import User
from policies.models import Clause, Policy, State, Version


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

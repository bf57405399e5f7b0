"""What the pages of the directory show."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from allauth.socialaccount.models import SocialAccount
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coe_portal.directory.columns import fields_of
from coe_portal.directory.models import DirectoryImport, ImportRow, ProvidedPerson
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import Department, User
from coe_portal.people.queries import department_names

LEAVE_SHARE = 0.05


def leave_limit() -> int:
    """As many may leave by one file without being asked about: a twentieth of those who are here."""
    return int(User.objects.active().count() * LEAVE_SHARE)


@dataclass(frozen=True)
class Group:
    """One of the counts of a file, and the list of names behind it."""

    key: str
    label: str | Promise
    note: str | Promise
    number: int = 0


GROUPS = (
    Group("join", _("Join"), _("are new, and get an account")),
    Group("back", _("Come back"), _("had left, and can sign in again")),
    Group("move", _("Move"), _("change their department from today")),
    Group("change", _("Change"), _("have a new name, title, address or manager")),
    Group("leave", _("Leave"), _("are signed out and cannot sign in; their records stay")),
    Group("kept", _("Are missing, but stay"), _("administrators and you are never deactivated by a file")),
)


def groups_of(source: DirectoryImport) -> Sequence[Group]:
    return [Group(each.key, each.label, each.note, source.counts.get(each.key, 0)) for each in GROUPS]


def share_of_active(number: int) -> int:
    """Per cent of the people who are here, rounded up."""
    here: int = max(User.objects.active().count(), 1)
    return math.ceil(100 * number / here)


@dataclass(frozen=True)
class RowLine:
    """One name of a list: where they were, where they will be, and what changes."""

    row: ImportRow
    before: str
    after: str
    changed: Sequence[str]

    @property
    def person_id(self) -> int | None:
        return self.row.person_id


def row_lines(rows: Sequence[ImportRow], on: date) -> list[RowLine]:
    ids = [row.person_id for row in rows if row.person_id]
    homes = department_names(ids, on)
    told = dict(Department.objects.filter(code__in={row.department_code for row in rows}).values_list("code", "name"))
    labels = {field.key: str(field.label) for field in fields_of(DirectoryImport.Kind.PEOPLE)}
    return [
        RowLine(
            row,
            homes.get(row.person_id, "") if row.person_id else "",
            told.get(row.department_code, row.department_code),
            [labels.get(key, key) for key in row.changed],
        )
        for row in rows
    ]


def links_of(person_ids: Collection[int]) -> dict[int, list[str]]:
    """By which of the organisation's own systems each account is known, the strongest first."""
    providers = set(SocialAccount.objects.filter(user__in=person_ids).values_list("user_id", flat=True))
    provided = set(
        ProvidedPerson.objects.filter(person__in=person_ids, deleted_at=None).values_list("person", flat=True)
    )
    rows = User.objects.filter(pk__in=person_ids).values_list("pk", "employee_number", "external_id")
    return {
        pk: [
            str(words)
            for is_so, words in (
                (pk in providers, _("signs in with an identity provider")),
                (pk in provided or bool(external), _("kept up to date by an identity provider")),
                (bool(number), _("in the directory")),
            )
            if is_so
        ]
        for pk, number, external in rows
    }


def account_to_keep(one: User, other: User, links: Mapping[int, Sequence[str]], *, asked_by: User) -> User:
    """The one that is still open, not somebody's own turned down, and known to more of the organisation's systems."""

    def weight(person: User) -> tuple[bool, bool, int]:
        return person.is_active, person.pk == asked_by.pk, len(links[person.pk])

    return other if weight(other) > weight(one) else one


def is_stuck(source: DirectoryImport) -> bool:
    """Whether its job has failed so often that it waits for somebody to run it again."""
    jobs = QueuedJob.objects.parked().filter(name__startswith="directory.", arguments__import_id=source.pk)
    return jobs.exists()

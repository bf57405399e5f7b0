"""Bring a confirmed file in: part by part, each committed with its progress, so that a new worker goes on."""

import logging
import time
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.core.jobs import Later
from coe_portal.directory import bringing_in, comparing
from coe_portal.directory.actions.checking import compare
from coe_portal.directory.actions.imports import TooManyLeave, too_many_in_words
from coe_portal.directory.models import DirectoryImport, ImportRow
from coe_portal.notifications.actions import notify
from coe_portal.people.actions import deactivate_many, reactivate_many, refresh_audiences
from coe_portal.people.cache import forget
from coe_portal.people.facts import tell_many
from coe_portal.people.models import Department, User

log = logging.getLogger(__name__)

Outcome = ImportRow.Outcome
PART = 2_000
# A job that lasts longer is ended by its worker; this one stops by itself before, and asks to be run again.
STOP_AFTER_SECONDS = 150.0


def run_apply(*, source: DirectoryImport, at: datetime, on: date) -> None:
    """Safe to run again at any point. Raises Later when it needs another turn."""
    until = time.monotonic() + STOP_AFTER_SECONDS
    with translation.override(source.by.language):
        try:
            if not source.rows.filter(is_applied=True).exists():
                _begin(source, at, on)
            while ids := list(_waiting(source).order_by("pk").values_list("pk", flat=True)[:PART]):
                if time.monotonic() > until:
                    raise Later(timezone.now(), "The rest is brought in by the next job.")
                _bring_in_part(source, ids, at, on)
            _end(source, at, on)
        except TooManyLeave as stopped:
            _back_to_the_question(source, stopped.leavers, on)
        except IntegrityError:
            log.exception("The directory import %s met a change of somebody else", source.pk)
            _fail(source, _("People were changed at the same moment. Look again; what is done is done."))


def _waiting(source: DirectoryImport) -> QuerySet[ImportRow]:
    """The rows that change somebody and have not yet."""
    joins = Q(outcome__in=[Outcome.JOIN, Outcome.BACK, Outcome.LEAVE])
    stays = Q(outcome=Outcome.STAY) & (Q(moves=True) | ~Q(changed=[]))
    return ImportRow.objects.filter(joins | stays, source=source, is_applied=False)


@transaction.atomic
def _begin(source: DirectoryImport, at: datetime, on: date) -> None:
    """The departments, and what the rows mean by now: others may have changed people since the check."""
    _bring_in_departments(source)
    bringing_in.find_departments(source)
    compare(source, on)
    counts = comparing.counts(source)
    if counts["leave"] > (source.leavers_accepted or 0):
        raise TooManyLeave(counts["leave"])
    forget(bringing_in.hand_on_addresses(comparing.giving(source, on), at))
    source.counts = {**source.counts, **counts}
    DirectoryImport.objects.filter(pk=source.pk).update(
        counts=source.counts, rows_total=_waiting(source).count(), rows_done=0
    )


@transaction.atomic
def _back_to_the_question(source: DirectoryImport, leavers: int, on: date) -> None:
    compare(source, on)
    DirectoryImport.objects.filter(pk=source.pk).update(
        state=DirectoryImport.State.CHECKED,
        counts={**source.counts, **comparing.counts(source)},
        error=too_many_in_words(leavers, source.leavers_accepted or 0),
    )


def _bring_in_departments(source: DirectoryImport) -> None:
    """First all of them, then what is above each: a file may name a department before the one above it."""
    told = list(source.departments.exclude(outcome="same").exclude(outcome="").order_by("line"))
    known = {each.code: each for each in Department.objects.all()}
    new = [each for each in told if each.code not in known]
    for each in new:
        known[each.code] = Department.objects.create(code=each.code, name=each.name, location=each.location)
    for each in told:
        department = known[each.code]
        department.name, department.closed_on = each.name, None
        department.location = each.location or department.location
        if each.parent_code is not None:
            department.parent = known.get(each.parent_code)
        department.save()
    ids = {each.code for each in new}
    for verb, some in (
        ("department.added", [known[each.code] for each in new]),
        ("department.changed", [known[each.code] for each in told if each.code not in ids]),
    ):
        tell_many(by=source.by, verb=verb, on=some, details=[{"import": source.pk}] * len(some))


@transaction.atomic
def _bring_in_part(source: DirectoryImport, ids: Sequence[int], at: datetime, on: date) -> None:
    bringing_in.bring_in(source, ids, at, on)
    rows = ImportRow.objects.filter(pk__in=ids)
    people = _people_by_outcome(rows)
    tell_many(
        by=source.by, verb="person.added", on=people[Outcome.JOIN],
        details=[{"import": source.pk}] * len(people[Outcome.JOIN]),
    )  # fmt: skip
    _tell_of_changes(source, rows)
    moved = _people(rows.filter(moves=True))
    tell_many(by=source.by, verb="person.moved", on=moved, details=[{"import": source.pk}] * len(moved))
    deactivate_many(by=source.by, people=people[Outcome.LEAVE])
    reactivate_many(by=source.by, people=people[Outcome.BACK])
    forget(person.pk for person in people[Outcome.STAY])
    rows.update(is_applied=True)
    DirectoryImport.objects.filter(pk=source.pk).update(rows_done=F("rows_done") + len(ids))


def _tell_of_changes(source: DirectoryImport, rows: QuerySet[ImportRow]) -> None:
    changed = rows.filter(outcome__in=[Outcome.STAY, Outcome.BACK]).exclude(changed=[]).select_related("person")
    found = [(row.person, sorted(row.changed)) for row in changed if row.person]
    tell_many(
        by=source.by, verb="person.changed", on=[person for person, _fields in found],
        details=[{"fields": fields, "import": source.pk} for _person, fields in found],
    )  # fmt: skip


def _people_by_outcome(rows: QuerySet[ImportRow]) -> dict[str, list[User]]:
    found: dict[str, list[User]] = {outcome: [] for outcome in Outcome.values}
    for row in rows.select_related("person").order_by("pk"):
        if row.person:
            found[row.outcome].append(row.person)
    return found


def _people(rows: QuerySet[ImportRow]) -> list[User]:
    return list(User.objects.filter(pk__in=rows.values("person_id")))


def _end(source: DirectoryImport, at: datetime, on: date) -> None:
    """Managers and audiences once, when everybody is there; then the report."""
    with transaction.atomic():
        if "manager" in source.columns:
            forget(bringing_in.set_managers(source, at))
        source.rows.filter(outcome=Outcome.STAY, is_applied=False).delete()
        refresh_audiences(on=on)
        DirectoryImport.objects.filter(pk=source.pk).update(
            state=DirectoryImport.State.DONE, finished_at=timezone.now(), error=""
        )
        record(by=source.by, verb="directory.brought_in", on=source, details=source.counts)
        notify(
            person_ids=[source.by_id],
            kind="directory",
            subject=_("%(file)s is brought in") % {"file": source.name},
            url=source.get_absolute_url(),
            key=f"directory-{source.pk}",
        )


def _fail(source: DirectoryImport, why: str) -> None:
    DirectoryImport.objects.filter(pk=source.pk).update(state=DirectoryImport.State.FAILED, error=why)

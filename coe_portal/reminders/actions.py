"""Remind people of what they owe, and tell coordinators and managers who is long past due."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coe_portal.contributions import Obligation, open_obligations
from coe_portal.core.lists import all_of
from coe_portal.notifications.actions import Note, notify_each
from coe_portal.people.facts import tell
from coe_portal.people.models import Department, User
from coe_portal.reminders.models import Thresholds
from coe_portal.reminders.queries import (
    Late,
    branches_with_late_people,
    everybody_in_parts,
    late_among,
    teams_with_late_people,
    thresholds,
)
from coe_portal.reminders.stages import DUE, asked_stage, stage_of

SOON = "reminders.due"
OVERDUE = "reminders.overdue"
ASKED = "reminders.asked"
ESCALATED = "reminders.escalated"
NAMES_AT_MOST = 5

# Returns those that had not been there: only these are told.
REMEMBER = """
    INSERT INTO reminders_reminder (person_id, key, stage, by_id, sent_at)
    SELECT person_id, key, stage, %(by)s, %(at)s
    FROM unnest(%(person_ids)s::bigint[], %(keys)s::text[], %(stages)s::text[]) AS asked (person_id, key, stage)
    ON CONFLICT (person_id, key, stage) DO NOTHING
    RETURNING person_id, key
"""


@dataclass(frozen=True)
class Stage:
    obligation: Obligation
    name: str

    @property
    def is_overdue(self) -> bool:
        return self.name.startswith("late") or self.name == DUE


def remind_everybody(*, on: date, at: datetime) -> int:
    """The nightly run, safe to repeat at any time: who has been reminded of a stage is not reminded of it again.

    Each part of the people is a transaction of its own, so a run that is killed goes on where it was.
    """
    told, late = 0, list[Late]()
    for languages in everybody_in_parts():
        some, of_them = remind(languages, on=on, at=at)
        told, late = told + some, late + of_them
    _escalate(late, on)
    return told


@transaction.atomic
def remind(languages: Mapping[int, str], *, on: date, at: datetime) -> tuple[int, list[Late]]:
    """Some people, each with their language: how many reminders they got, and who of them is late."""
    owed = open_obligations(list(languages), on)
    return _remind(owed, languages, on, at), late_among(owed, on)


@transaction.atomic
def remind_people(*, by: User, department: Department, person_ids: Collection[int], on: date, at: datetime) -> int:
    """A coordinator's button: each of them once a day, whoever presses it; returns how many were told now."""
    told = _remember([(person_id, "", asked_stage(on)) for person_id in sorted(set(person_ids))], at, by)
    languages = dict(User.objects.filter(pk__in=[each for each, _key in told]).values_list("pk", "language"))
    notes = []
    for person_id, language in languages.items():
        with translation.override(language):
            subject = _("%(name)s asks you to look at what is still open for you") % {"name": by.name}
        notes.append(Note(person_id, subject, reverse("home:my"), f"reminder:{on.isoformat()}"))
    notify_each(kind=ASKED, notes=notes)
    tell(by=by, verb="department.reminded", on=department, details={"people": len(told), "asked": len(person_ids)})
    return len(told)


@transaction.atomic
def set_thresholds(*, by: User, coordinator_after_days: int, manager_after_days: int) -> None:
    chosen = {"coordinator_after_days": coordinator_after_days, "manager_after_days": manager_after_days}
    found, _created = Thresholds.objects.update_or_create(pk=1, defaults=chosen)
    tell(by=by, verb="reminders.thresholds_set", on=found, details=chosen)


def _remind(owed: Iterable[Obligation], languages: Mapping[int, str], on: date, at: datetime) -> int:
    staged = {
        (each.person_id, _key(each)): Stage(each, name) for each in owed if (name := stage_of(each.due, on)) is not None
    }
    new = _remember([(*pair, each.name) for pair, each in staged.items()], at)
    overdue, soon = list[Note](), list[Note]()
    for pair in new:
        stage = staged[pair]
        with translation.override(languages[pair[0]]):
            note = _note(stage, on)
        (overdue if stage.is_overdue and stage.obligation.mandatory else soon).append(note)
    notify_each(kind=SOON, notes=soon)
    notify_each(kind=OVERDUE, notes=overdue)
    return len(new)


def _note(stage: Stage, on: date) -> Note:
    each = stage.obligation
    assert each.due is not None  # noqa: S101 - it has a stage
    days = (each.due - on).days
    title = Truncator(each.title).chars(140)
    if days > 0:
        text = ngettext("%(title)s: due in %(n)d day", "%(title)s: due in %(n)d days", days)
    elif days == 0:
        text = _("%(title)s: due today")
    else:
        text = ngettext("%(title)s: %(n)d day past due", "%(title)s: %(n)d days past due", -days)
    return Note(each.person_id, text % {"title": title, "n": abs(days)}, each.url, f"{_key(each)}:{stage.name}")


def _key(obligation: Obligation) -> str:
    """With the date: what is put off is reminded of by its new one."""
    return f"{obligation.key}@{obligation.due}"


def _remember(asked: Sequence[tuple[int, str, str]], at: datetime, by: User | None = None) -> list[tuple[int, str]]:
    if not asked:
        return []
    person_ids, keys, stages = (list(column) for column in zip(*asked, strict=True))
    values: dict[str, Any] = {
        "person_ids": person_ids,
        "keys": keys,
        "stages": stages,
        "at": at,
        "by": by.pk if by else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, values)
        return [(person_id, key) for person_id, key in cursor.fetchall()]


@transaction.atomic
def _escalate(late: Iterable[Late], on: date) -> None:
    """Once a week each: to coordinators in figures, to managers by name."""
    found, set_to = list(late), thresholds()
    week = f"{on.isocalendar().year}-{on.isocalendar().week:02}"
    for_coordinators = {each.person_id for each in found if each.days >= set_to.coordinator_after_days}
    for_managers = {each.person_id for each in found if each.days >= set_to.manager_after_days}
    branches = branches_with_late_people(for_coordinators, on)
    teams = teams_with_late_people(for_managers)
    told = {each.coordinator_id for each in branches} | {each.manager_id for each in teams}
    languages = dict(User.objects.filter(pk__in=told).values_list("pk", "language"))
    notes = []
    for branch in branches:
        with translation.override(languages[branch.coordinator_id]):
            text = ngettext(
                "%(department)s: %(n)d person is past due by %(days)d days or more",
                "%(department)s: %(n)d people are past due by %(days)d days or more",
                branch.people,
            ) % {"department": branch.department.name, "n": branch.people, "days": set_to.coordinator_after_days}
        url = reverse("home:department", args=[branch.department.pk]) + "?show=overdue"
        notes.append(Note(branch.coordinator_id, text, url, f"late:{branch.department.pk}:{week}"))
    for team in teams:
        with translation.override(languages[team.manager_id]):
            notes.append(_about_team(team.manager_id, team.names, set_to.manager_after_days, week))
    notify_each(kind=ESCALATED, notes=notes)


def _about_team(manager_id: int, names: list[str], days: int, week: str) -> Note:
    text = ngettext(
        "%(n)d person who reports to you is past due by %(days)d days or more",
        "%(n)d people who report to you are past due by %(days)d days or more",
        len(names),
    ) % {"n": len(names), "days": days}
    more = len(names) - NAMES_AT_MOST
    rest = [ngettext("%(n)d more", "%(n)d more", more) % {"n": more}] if more > 0 else []
    lead = all_of([*names[:NAMES_AT_MOST], *rest])
    return Note(manager_id, text, reverse("home:team"), f"late:team:{week}", lead)

"""Audiences are saved, and evaluated again when rules, people or days change."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from time import perf_counter

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.people.access import today
from coe_portal.people.cache import forget
from coe_portal.people.facts import tell, tell_members
from coe_portal.people.models import Audience, AudienceChange, AudienceRun, AudienceVersion, User
from coe_portal.people.queries.matching import depending_on, rules_of_all, sql_of
from coe_portal.people.rules import Rule, RuleError

logger = logging.getLogger(__name__)

# The whole difference of one audience in one statement: nothing is written for those who stay.
EVALUATE = """
WITH hit AS MATERIALIZED (
    SELECT person.id FROM people_user AS person WHERE person.is_active {among_people} AND {rule}
), gone AS (
    DELETE FROM people_audiencemember AS member
    WHERE member.audience_id = %s {among_members} AND NOT EXISTS (SELECT 1 FROM hit WHERE hit.id = member.person_id)
    RETURNING member.person_id, member.joined_on
), kept AS (
    INSERT INTO people_pastmember (audience_id, person_id, joined_on, left_on)
    SELECT %s, person_id, joined_on, %s FROM gone WHERE joined_on < %s
), come AS (
    INSERT INTO people_audiencemember (audience_id, person_id, joined_on)
    SELECT %s, hit.id, %s FROM hit
    WHERE NOT EXISTS (
        SELECT 1 FROM people_audiencemember AS member WHERE member.audience_id = %s AND member.person_id = hit.id)
    ON CONFLICT DO NOTHING
    RETURNING person_id
)
SELECT person_id, TRUE FROM come UNION ALL SELECT person_id, FALSE FROM gone
"""

LEAVE_ALL = """
WITH gone AS (
    DELETE FROM people_audiencemember WHERE person_id = ANY(%s) RETURNING audience_id, person_id, joined_on
), kept AS (
    INSERT INTO people_pastmember (audience_id, person_id, joined_on, left_on)
    SELECT audience_id, person_id, joined_on, %s FROM gone WHERE joined_on < %s
)
SELECT audience_id, array_agg(person_id) FROM gone GROUP BY audience_id
"""


@dataclass(frozen=True)
class Difference:
    audience_id: int
    joined: list[int]
    left: list[int]
    failed: bool = False


@transaction.atomic
def save_audience(*, by: User, audience: Audience, on: date) -> Audience:
    """A new or changed rule, evaluated at once, with every audience that names it. RuleError saves nothing."""
    is_new = audience.pk is None
    audience.made_by = by if is_new else audience.made_by
    audience.edition += 1
    audience.save()
    affected = _checked(audience, on)
    run = refresh_audiences(by=by, on=on, audiences=affected)
    change = run.changes.filter(audience=audience).first()
    AudienceVersion.objects.create(
        audience=audience, number=audience.edition, name=audience.name, rule=audience.rule, by=by, at=timezone.now(),
        joined=change.joined if change else 0, left=change.left if change else 0,
    )  # fmt: skip
    tell(
        by=by,
        verb="audience.added" if is_new else "audience.changed",
        on=audience,
        details={"edition": audience.edition},
    )
    return audience


def _checked(audience: Audience, on: date) -> list[Audience]:
    """The audience and those that name it, each of which can still be worked out."""
    rules = rules_of_all()
    affected = list(Audience.objects.filter(pk__in=depending_on([audience.pk], rules)))
    for each in affected:
        sql_of(each, on, rules)
    return affected


@transaction.atomic
def delete_audience(*, by: User, audience: Audience) -> None:
    """Raises RuleError while another audience names it; whatever else is for it stops the database (PROTECT)."""
    rules = rules_of_all()
    users = depending_on([audience.pk], rules) - {audience.pk}
    if users or audience.is_everyone:
        raise RuleError(_("This audience is a part of another one. Change that one first."))
    members = list(audience.people.values_list("pk", flat=True))
    tell(by=by, verb="audience.deleted", on=audience, details={"name": audience.name, "rule": audience.rule})
    audience.delete()
    forget(members)


@transaction.atomic
def refresh_audiences(
    *, on: date, audiences: Iterable[Audience] | None = None, by: User | None = None, is_daily: bool = False
) -> AudienceRun:
    """Evaluate rules again. Only the people who joined or left are written, and forgotten all at once.

    A rule that cannot be worked out leaves its people where they are; of the run of the day it stops no other one.
    """
    began = perf_counter()
    rules = rules_of_all()
    chosen = list(Audience.objects.order_by("pk") if audiences is None else audiences)
    differences = [
        _evaluate_apart(each, on, rules) if is_daily else _evaluate(each, on, rules, None) for each in chosen
    ]
    run = AudienceRun.objects.create(
        on=on, at=timezone.now(), by=by, is_daily=is_daily, audiences=len(chosen),
        milliseconds=round((perf_counter() - began) * 1000),
    )  # fmt: skip
    AudienceChange.objects.bulk_create(
        AudienceChange(
            run=run,
            audience_id=each.audience_id,
            joined=len(each.joined),
            left=len(each.left),
            failed=each.failed,
        )
        for each in differences
        if each.joined or each.left or each.failed
    )
    _make_known(differences, on)
    return run


@transaction.atomic
def reconsider(person: User) -> None:
    """Audiences are rules over what people are, so a change of that may move somebody in or out."""
    reconsider_people([person.pk])


@transaction.atomic
def reconsider_people(person_ids: Collection[int]) -> None:
    """One statement an audience, however many people. Of a rule that fails, the run of the day tells."""
    on, rules, ids = today(), rules_of_all(), list(person_ids)
    differences = [_evaluate_if_possible(each, on, rules, ids) for each in Audience.objects.order_by("pk")]
    _make_known(differences, on)
    forget(ids)


@transaction.atomic
def leave_audiences(*, person_ids: Collection[int], on: date) -> None:
    """Of people who left the organisation, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVE_ALL, [list(person_ids), on, on])
        differences = [Difference(audience_id, [], left) for audience_id, left in cursor.fetchall()]
    _make_known(differences, on)
    forget(person_ids)


def _evaluate(audience: Audience, on: date, rules: Mapping[int, Rule | None], among: list[int] | None) -> Difference:
    """`among` narrows it to these people; None is everybody."""
    rule, pk = sql_of(audience, on, rules), audience.pk
    narrow = [] if among is None else [among]
    sql = EVALUATE.format(
        rule=rule.text,
        among_people="AND person.id = ANY(%s)" if narrow else "",
        among_members="AND member.person_id = ANY(%s)" if narrow else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*narrow, *rule.values, pk, *narrow, pk, on, on, pk, on, pk])
        rows = cursor.fetchall()
    return Difference(pk, [person for person, came in rows if came], [person for person, came in rows if not came])


def _evaluate_if_possible(
    audience: Audience, on: date, rules: Mapping[int, Rule | None], among: list[int] | None
) -> Difference:
    try:
        return _evaluate(audience, on, rules, among)
    except RuleError as error:
        return _failed(audience, error)


def _evaluate_apart(audience: Audience, on: date, rules: Mapping[int, Rule | None]) -> Difference:
    try:
        with transaction.atomic():
            return _evaluate(audience, on, rules, None)
    except (RuleError, DatabaseError) as error:
        return _failed(audience, error)


def _failed(audience: Audience, error: Exception) -> Difference:
    logger.error("Audience %s cannot be worked out: %s", audience.pk, error)
    return Difference(audience.pk, [], [], failed=True)


def _make_known(differences: Iterable[Difference], on: date) -> None:
    moved: set[int] = set()
    for each in differences:
        if each.joined or each.left:
            tell_members(audience_id=each.audience_id, joined=each.joined, left=each.left, on=on)
            moved.update(each.joined, each.left)
    forget(moved)

"""What a legal hold keeps from being deleted."""

from collections.abc import Iterable
from datetime import date

from django.db.models import DateTimeField, Q

from coe_portal.people.models import User
from coe_portal.personal import Retention, field_of, rows_of
from coe_portal.privacy.models import LegalHold
from coe_portal.privacy.queries.catalogue import purgeables, retentions

__all__ = ["blocking", "keeps_all", "kept_rows", "kinds"]


def kinds() -> list[tuple[str, str]]:
    """What a hold can be placed on, with its word."""
    found = {key: str(each.label) for key, each in retentions().items()}
    found |= {kind: str(each.label) for kind, each in purgeables().items()}
    return sorted(found.items(), key=lambda pair: pair[1])


def keeps_all(rule: Retention, on: date) -> bool:
    """For what is not removed row by row: any hold that may touch it stops the whole of it."""
    return LegalHold.objects.in_force(on).filter(kind__in=["", rule.key]).exists()


def kept_rows(rule: Retention, on: date) -> Q:
    """The rows that some hold in force covers."""
    kept = Q(pk__in=[])
    for hold in LegalHold.objects.in_force(on).filter(kind__in=["", rule.key]):
        if hold.person_id and not rule.person:
            continue
        kept |= _covered(rule, hold)
    return kept | rule.kept(on) if rule.kept else kept


def kept_from_erasure(on: date) -> Q:
    """The rows of people whom `blocking` would name a hold for."""
    kept = Q(pk__in=[])
    for hold in LegalHold.objects.in_force(on):
        rule = retentions().get(hold.kind)
        if hold.person_id:
            kept |= Q(pk=hold.person_id)
        elif not hold.kind:
            kept |= Q(pk__isnull=False)
        elif rule and rule.person:
            kept |= Q(pk__in=rows_of(rule.model).filter(**{f"{rule.person}__isnull": False}).values(rule.person))
    return kept


def _covered(rule: Retention, hold: LegalHold) -> Q:
    day = f"{rule.moment}__date" if isinstance(field_of(rule.model, rule.moment), DateTimeField) else rule.moment
    covered = Q(**{rule.person: hold.person_id}) if hold.person_id else Q(pk__isnull=False)
    if hold.since:
        covered &= Q(**{f"{day}__gte": hold.since})
    if hold.until:
        covered &= Q(**{f"{day}__lte": hold.until})
    return covered


def blocking(people: Iterable[int], on: date, *, kind: str = "") -> list[LegalHold]:
    """Holds that forbid to erase these people, or to purge a text of this kind by them."""
    ids = set(people)
    found = LegalHold.objects.in_force(on).select_related("person").order_by("pk")
    return [hold for hold in found if _blocks(hold, ids, kind)]


def _blocks(hold: LegalHold, person_ids: set[int], kind: str) -> bool:
    if hold.person_id:
        return hold.person_id in person_ids and hold.kind in {"", kind} | ({hold.kind} if not kind else set())
    if kind:
        return hold.kind in {"", kind}
    return not hold.kind or _has_rows(hold.kind, person_ids)


def _has_rows(key: str, person_ids: set[int]) -> bool:
    rule = retentions().get(key)
    if rule is None or not rule.person:
        return False
    return bool(rows_of(rule.model).filter(**{f"{rule.person}__in": person_ids}).exists())


def held_people(on: date) -> set[int]:
    found = LegalHold.objects.in_force(on).filter(person__isnull=False)
    return set(found.values_list("person_id", flat=True))


def person_by_email(email: str) -> User | None:
    found: User | None = User.objects.filter(email=email.strip().lower()).first()
    return found

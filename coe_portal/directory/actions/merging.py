"""Two accounts of one person made one: what points to the second points to the first, and nothing is lost.

It goes over every foreign key to a person that there is. What the database refuses to change, because it is
append-only or because the first account has the same already, stays with the second and is listed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from coe_portal.core.naming import name_of_many
from coe_portal.people.actions import deactivate, reconsider_people
from coe_portal.people.cache import forget
from coe_portal.people.facts import tell
from coe_portal.people.models import User

# What is worked out anew, ends with the account, or says what was: none of it moves.
STAYS = {
    "people.audiencemember", "people.pastmember", "usersessions.usersession", "tokens.accesstoken",
    "audit.auditentry", "directory.importrow", "account.emailaddress",
}  # fmt: skip


class CannotMerge(Exception):
    """Why these two cannot be made one, in words."""


@dataclass
class Merged:
    """How many rows of each kind moved, and how many stayed with the second account."""

    moved: Counter[str] = field(default_factory=Counter)
    stayed: Counter[str] = field(default_factory=Counter)


class _Undo(Exception):
    pass


def preview_merge(*, by: User, first: User, second: User) -> Merged:
    """The merge itself, undone again, so that what it says is what will happen."""
    merged = Merged()
    try:
        with transaction.atomic():
            merged = merge_people(by=by, first=first, second=second)
            raise _Undo
    except _Undo:
        first.refresh_from_db()
        second.refresh_from_db()
    return merged


def refuse(by: User, first: User, second: User) -> None:
    if first.pk == second.pk:
        raise CannotMerge(_("These are one account already."))
    if second.pk == by.pk:
        raise CannotMerge(_("Your own account can only be the one that stays."))
    if not first.is_active:
        raise CannotMerge(_("The account that stays must be active."))
    if second.merged_into_id:
        raise CannotMerge(_("The second account was made one with another before."))


@transaction.atomic
def merge_people(*, by: User, first: User, second: User) -> Merged:
    """`first` stays; `second` is closed and points to it. Raises CannotMerge."""
    locked = {person.pk: person for person in User.objects.select_for_update().filter(pk__in=[first.pk, second.pk])}
    refuse(by, locked[first.pk], locked[second.pk])
    first, second = locked[first.pk], locked[second.pk]
    deactivate(by=by, person=second, keep_roles=True)
    merged = Merged()
    for foreign_key in _foreign_keys():
        _move(foreign_key, first, second, merged)
    _move_identity(first, second)
    details = {"moved": dict(merged.moved), "stayed": dict(merged.stayed)}
    tell(by=by, verb="person.merged", on=first, details={"second": second.pk, **details})
    tell(by=by, verb="person.merged_into", on=second, details={"first": first.pk})
    reconsider_people([first.pk])
    forget([first.pk, second.pk])
    return merged


def _foreign_keys() -> Iterator["models.ForeignKey[Any, Any]"]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower in STAYS or model._meta.proxy or not model._meta.managed:
            continue
        for each in model._meta.local_fields:
            if isinstance(each, models.ForeignKey) and each.related_model is User and each.name != "merged_into":
                yield each


def _move(foreign_key: "models.ForeignKey[Any, Any]", first: User, second: User, merged: Merged) -> None:
    """All at once where nothing is in the way, else one by one."""
    rows = foreign_key.model._meta.base_manager.filter(**{foreign_key.name: second.pk})
    label = name_of_many(foreign_key.model)
    number = rows.count()
    if not number:
        return
    if _changed(rows, foreign_key, first.pk):
        merged.moved[label] += number
        return
    for row in rows.order_by("pk"):
        alone = foreign_key.model._meta.base_manager.filter(pk=row.pk)
        is_moved = _changed(alone, foreign_key, first.pk) or _took_the_place(row, foreign_key, first, second)
        (merged.moved if is_moved else merged.stayed)[label] += 1


def _changed(rows: "models.QuerySet[Any]", foreign_key: "models.ForeignKey[Any, Any]", person_id: int) -> bool:
    """False where the database refuses: a constraint, or a table that is append-only."""
    try:
        with transaction.atomic():
            rows.update(**{foreign_key.name: person_id})
    except DatabaseError:
        return False
    return True


def _took_the_place(row: Any, foreign_key: "models.ForeignKey[Any, Any]", first: User, second: User) -> bool:
    """Of two rows that cannot both be the first account's, the earlier is: they change places by way of a third."""
    rival = _rival(row, foreign_key, first)
    if rival is None or rival.pk < row.pk:
        return False
    manager, name = foreign_key.model._meta.base_manager, foreign_key.name
    try:
        with transaction.atomic():
            aside = User.objects.create(email=f"aside-{second.pk}@merged.invalid", name="aside", is_active=False)
            manager.filter(pk=rival.pk).update(**{name: aside})
            manager.filter(pk=row.pk).update(**{name: first})
            manager.filter(pk=rival.pk).update(**{name: second})
            User.objects.filter(pk=aside.pk).delete()
    except DatabaseError:
        return False
    return True


def _rival(row: Any, foreign_key: "models.ForeignKey[Any, Any]", first: User) -> Any:
    """The first account's row that leaves no room for this one, by the first unique rule that both would break."""
    for names in _unique_sets(foreign_key):
        same = {name: getattr(row, name) for name in names if name != foreign_key.name}
        found = foreign_key.model._meta.base_manager.filter(**{foreign_key.name: first.pk}, **same).first()
        if found is not None:
            return found
    return None


def _unique_sets(foreign_key: "models.ForeignKey[Any, Any]") -> Iterator[tuple[str, ...]]:
    options = foreign_key.model._meta
    if foreign_key.unique:
        yield (foreign_key.name,)
    yield from (tuple(names) for names in options.unique_together if foreign_key.name in names)
    for constraint in options.constraints:
        if isinstance(constraint, models.UniqueConstraint) and foreign_key.name in constraint.fields:
            yield tuple(constraint.fields)


def _move_identity(first: User, second: User) -> None:
    """The addresses and the keys of the directory: whoever knows the second by them finds the first."""
    address, number, external = second.email, second.employee_number, second.external_id
    theirs = set(EmailAddress.objects.filter(user=first).values_list("email", flat=True))
    EmailAddress.objects.filter(user=second, email__in=theirs).delete()
    EmailAddress.objects.filter(user=second).update(user=first, primary=False)
    second.email, second.merged_into = f"merged-{second.pk}@merged.invalid", first
    second.employee_number = "" if not first.employee_number else number
    second.external_id = "" if not first.external_id else external
    second.save()
    if not EmailAddress.objects.filter(user=first, email__iexact=address).exists():
        EmailAddress.objects.create(user=first, email=address, verified=False, primary=False)
    first.refresh_from_db()
    first.employee_number = first.employee_number or number
    first.external_id = first.external_id or external
    first.manager_id = None if first.manager_id == first.pk else first.manager_id
    first.save()

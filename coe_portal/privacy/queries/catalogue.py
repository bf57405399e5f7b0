"""What all apps say they keep, in one list."""

from collections.abc import Iterator
from dataclasses import dataclass

from coe_portal.contributions import contributions
from coe_portal.people.models import User
from coe_portal.personal import PersonalFile, PersonalRecords, Purgeable, Retention, Text


@dataclass(frozen=True)
class Affected:
    """How many rows of one kind an erasure deals with, and whether they go or stay under the pseudonym."""

    label: Text
    number: int
    erased: bool


def records() -> list[PersonalRecords]:
    return [each for one in contributions() for each in one.personal.records]


def files_of(person: User) -> Iterator[PersonalFile]:
    for one in contributions():
        if one.personal.files:
            yield from one.personal.files(person)


def retentions() -> dict[str, Retention]:
    return {each.key: each for one in contributions() for each in one.personal.retentions}


def purgeables() -> dict[str, Purgeable]:
    return {kind: each for one in contributions() for kind, each in one.personal.purgeables.items()}


def affected_by_erasure(person: User) -> list[Affected]:
    """What would be erased first, the larger the earlier; kinds without a row are left out."""
    numbers: dict[tuple[str, bool], int] = {}
    for each in records():
        number = each.rows(person.pk).count()
        if number:
            key = (str(each.label), each.erased)
            numbers[key] = numbers.get(key, 0) + number
    found = [Affected(label, number, erased) for (label, erased), number in numbers.items()]
    return sorted(found, key=lambda one: (not one.erased, -one.number, str(one.label)))

"""The trail, narrowed and put into words, with links to what the reader may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from coe_portal.audit.models import Access, AuditEntry
from coe_portal.audit.things import thing_in, things_in
from coe_portal.audit.words import by_words, in_words, name_in_words, value_in_words
from coe_portal.core.naming import name_of
from coe_portal.people.models import User

FEW_PEOPLE = 200
# Whoever may read the trail may read who works here, where, and who is in which audience.
OPEN_TO_READERS_OF_THE_TRAIL = {"people.audience", "people.department", "people.user"}
Objects = Mapping[tuple[str, int], Model]


@dataclass(frozen=True)
class Line:
    """An entry as it is read. `title` and `url` are empty where the reader may not see the object, or it is gone."""

    entry: AuditEntry
    verb: str
    kind: str
    title: str
    url: str
    facts: list[tuple[str, str]]


def entries(chosen: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """The trail, narrowed by what is chosen; days are in the reader's zone, both included."""
    found = AuditEntry.objects.select_related("actor").defer("digest")
    for column in ("kind", "object_id"):
        if chosen.get(column):
            found = found.filter(**{column: chosen[column]})
    if chosen.get("verb"):
        found = found.filter(verb__in=by_words()[in_words(chosen["verb"])])
    if chosen.get("person"):
        words = chosen["person"]
        found = found.filter(actor__in=_people(Q(name__icontains=words) | Q(email__icontains=words)))
    if chosen.get("about"):
        found = found.filter(_about(chosen["about"]))
    if chosen.get("text"):
        found = found.filter(summary__icontains=chosen["text"])
    return found.filter(_days(chosen))


def accesses(chosen: Mapping[str, Any]) -> QuerySet[Access]:
    found = Access.objects.select_related("person")
    if chosen.get("event"):
        found = found.filter(event=chosen["event"])
    if chosen.get("person"):
        found = found.filter(Q(person__name__icontains=chosen["person"]) | Q(person__email__icontains=chosen["person"]))
    return found.filter(_days(chosen))


def _days(chosen: Mapping[str, Any]) -> Q:
    found = Q()
    if chosen.get("since"):
        found &= Q(at__gte=_midnight(chosen["since"]))
    if chosen.get("until"):
        found &= Q(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
    return found


def _about(words: str) -> Q:
    """Everything about a person: what they did, and what was done to them."""
    people = _people(Q(name__icontains=words) | Q(email__iexact=words))
    return Q(actor__in=people) | Q(kind="people.user", object_id__in=people)


def _people(meant: Q) -> "list[int] | QuerySet[User, Any]":
    """A few are named to the database, which then goes by its indexes; of many, newest first soon finds a page."""
    found = User.objects.filter(meant).values_list("pk", flat=True)
    few = list(found[: FEW_PEOPLE + 1])
    return few if len(few) <= FEW_PEOPLE else found


def lines(found: Sequence[AuditEntry], reader: User) -> list[Line]:
    """One query a kind of object, however many entries."""
    on = [(entry.kind, entry.object_id) for entry in found if entry.object_id]
    objects = _objects([*on, *_named([(entry.kind, entry.details) for entry in found])], reader)
    return [_line(entry, objects) for entry in found]


def details_in_words(told: Sequence[tuple[str, Mapping[str, Any]]], reader: User) -> list[str]:
    """Of kinds of entries and their details; one query a kind of thing that these name, however many."""
    objects = _objects(_named(told), reader)
    return [" · ".join(f"{name}: {words}" for name, words in _facts(kind, details, objects)) for kind, details in told]


def _named(told: Iterable[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, int]]:
    return [each for kind, details in told for each in things_in(kind, details)]


def _objects(wanted: Iterable[tuple[str, int]], reader: User) -> Objects:
    by_kind: dict[str, set[int]] = defaultdict(set)
    for kind, number in wanted:
        by_kind[kind].add(number)
    return {(kind, each.pk): each for kind, ids in by_kind.items() for each in _visible(kind, ids, reader)}


def _line(entry: AuditEntry, objects: Objects) -> Line:
    about = objects.get((entry.kind, entry.object_id or 0))
    url = about.get_absolute_url() if about is not None and hasattr(about, "get_absolute_url") else ""
    title = str(about) if about is not None else ""
    facts = _facts(entry.kind, entry.details, objects)
    return Line(entry, in_words(entry.verb), kind_in_words(entry.kind), title, url, facts)


def _facts(kind: str, details: Mapping[str, Any], objects: Objects) -> list[tuple[str, str]]:
    """With the name of what the reader may see beside its number; of anything else the number is all there is."""
    said = []
    for key, value in details.items():
        thing = thing_in(kind, key, value)
        words = _named_in_words(thing, value, objects) if thing else value_in_words(value)
        if words:
            said.append((name_in_words(key), words))
    return said


def _named_in_words(thing: str, value: int | list[int], objects: Objects) -> str:
    numbers = value if isinstance(value, list) else [value]
    named = ((number, objects.get((thing, number))) for number in numbers)
    return ", ".join(str(number) if found is None else f"{found} ({number})" for number, found in named)


def kind_in_words(kind: str) -> str:
    try:
        return name_of(apps.get_model(kind))
    except (LookupError, ValueError):
        return kind


def _visible(kind: str, ids: Iterable[int], reader: User) -> Iterable[Model]:
    """Only what the reader may see elsewhere, too: the trail itself tells no titles."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        return []
    if kind in OPEN_TO_READERS_OF_THE_TRAIL:
        return QuerySet(model).filter(pk__in=ids)
    manager = getattr(model, "objects", None)
    return (
        manager.visible_to(reader).filter(pk__in=ids) if manager is not None and hasattr(manager, "visible_to") else []
    )


def known_kinds() -> list[tuple[str, str]]:
    """What can be in the trail, with its word; from the code, since the trail is long."""
    own = (model for model in apps.get_models() if not model.__module__.startswith(("django", "allauth")))
    return sorted(
        ((each._meta.label_lower, name_of(each).capitalize()) for each in own),
        key=lambda kind: kind[1],
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

"""Whom things were for on a past day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.db.models import Model, Q

from coe_portal.people.models import EarlierAudience


class ForAnAudience(Protocol):
    pk: int
    audience_id: int


@dataclass(frozen=True)
class Whom:
    """`condition` finds the things, and `audience_of` says whom each of them was for."""

    condition: Q
    earlier: Mapping[int, int]

    def audience_of(self, thing: ForAnAudience) -> int:
        return self.earlier.get(thing.pk, thing.audience_id)


def for_audiences(model: type[Model], audience_ids: Collection[int], on: date | None) -> Whom:
    """What of the model was for one of these at the end of that day; None is now, and costs no query."""
    earlier = {} if on is None else _earlier(model, on)
    then = [pk for pk, audience_id in earlier.items() if audience_id in audience_ids]
    return Whom(Q(pk__in=then) | (Q(audience__in=audience_ids) & ~Q(pk__in=list(earlier))), earlier)


def _earlier(model: type[Model], on: date) -> dict[int, int]:
    kept = EarlierAudience.objects.filter(thing=model._meta.db_table, until__date__gt=on)
    first = kept.order_by("object_id", "until", "pk").distinct("object_id")
    return dict(first.values_list("object_id", "audience_id"))

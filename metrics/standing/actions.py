from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.people.models import User
from metrics.standing.models import Comparator, Rating, Round
from metrics.standing.permissions import rater_group
from metrics.standing.statements import BY_KEY

VERSION = "metrics.standing"


@transaction.atomic
def open_round(*, by: User, round_: Round) -> Round:
    round_.opened_by = by
    round_.save()
    record(by=by, verb="open round", on=round_)
    bump(VERSION)
    return round_


@transaction.atomic
def rate(*, by: User, round_: Round, answers: Mapping[str, int], at: datetime) -> Rating:
    """Keeps the answers as given. Raises ValueError for somebody who is no rater or for answers to nothing we asked."""
    group = rater_group(by)
    if group is None or not answers or not answers.keys() <= BY_KEY.keys():
        raise ValueError("Only raters answer, and only what was asked.")
    rating = Rating.objects.create(round=round_, person=by, group=group, at=at, answers=dict(answers))
    record(by=by, verb="rate standing", on=rating, details={"round": round_.pk, "answered": len(answers)})
    bump(VERSION)
    return rating


@transaction.atomic
def add_comparator(*, by: User, comparator: Comparator) -> Comparator:
    comparator.recorded_by = by
    comparator.save()
    record(by=by, verb="add comparator", on=comparator)
    bump(VERSION)
    return comparator


@transaction.atomic
def change_comparator(*, by: User, comparator: Comparator, changed: Mapping[str, Any]) -> Comparator:
    comparator.save()
    before = {name: str(value) for name, value in changed.items()}
    record(by=by, verb="change comparator", on=comparator, details={"before": before})
    bump(VERSION)
    return comparator

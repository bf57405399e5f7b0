from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from coe_portal.people.models import User
from metrics.standing.models import Rating, Round
from metrics.standing.scoring import Answers, Disagreement, Profile, agreement, disagreements, profile


@dataclass(frozen=True)
class GroupResult:
    key: str
    label: str
    profile: Profile


@dataclass(frozen=True)
class RoundResult:
    """`agreeing` of `judging` raters see the same model in the lead."""

    round: Round
    groups: Sequence[GroupResult]
    everybody: Profile
    agreeing: int
    judging: int
    disagreements: Sequence[Disagreement]

    @property
    def raters(self) -> int:
        return self.everybody.raters


def results(rounds: Sequence[Round]) -> list[RoundResult]:
    """What each round found, in the order given; one query for all of them."""
    newest = (
        Rating.objects.filter(round__in=rounds)
        .order_by("round_id", "person_id", "-at", "-pk")
        .distinct("round_id", "person_id")
    )
    answered: dict[int, dict[str, list[Answers]]] = {each.pk: {} for each in rounds}
    for rating in newest:
        answered[rating.round_id].setdefault(rating.group, []).append(rating.answers)
    return [_result(each, answered[each.pk]) for each in rounds]


def open_round_for(person: User, day: date) -> Round | None:
    """The round that waits for this rater's answers, if there is one."""
    answered = Rating.objects.filter(person=person).values("round_id")
    found: Round | None = Round.objects.open_on(day).exclude(pk__in=answered).first()
    return found


def _result(round_: Round, by_group: Mapping[str, Sequence[Answers]]) -> RoundResult:
    groups = {str(label): by_group.get(key, []) for key, label in Rating.Group.choices}
    every = [answers for given in by_group.values() for answers in given]
    agreeing, judging = agreement(every)
    return RoundResult(
        round=round_,
        groups=[
            GroupResult(key, str(label), profile(by_group[key]))
            for key, label in Rating.Group.choices
            if key in by_group
        ],
        everybody=profile(every),
        agreeing=agreeing,
        judging=judging,
        disagreements=disagreements(groups),
    )

"""From answers to a picture. Pure functions; an answer that was not given is left out, never taken as zero."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from metrics.standing.owyang import MODELS
from metrics.standing.statements import STATEMENTS

Answers = Mapping[str, int]


@dataclass(frozen=True)
class Profile:
    """How strongly each model is felt, as shares of 1; None where nobody could judge."""

    shares: Mapping[str, float | None]
    raters: int

    @property
    def leading(self) -> str | None:
        """The model with the largest share; None when nothing was judged or two are level at the top."""
        known = sorted(((share, key) for key, share in self.shares.items() if share is not None), reverse=True)
        if not known or (len(known) > 1 and known[0][0] == known[1][0]):
            return None
        return known[0][1] if known[0][0] > 0 else None


@dataclass(frozen=True)
class Disagreement:
    """`spread` is the standard deviation of the answers on the scale of 0 to 4."""

    statement: str
    means: Mapping[str, float | None]
    spread: float


def strengths(answers: Answers) -> dict[str, float | None]:
    """Per model, the mean answer to its statements on a scale of 0 to 1."""
    return {
        model.key: _mean([answers[s.key] / 4 for s in STATEMENTS if s.model == model.key and s.key in answers])
        for model in MODELS
    }


def profile(raters: Sequence[Answers]) -> Profile:
    """Every rater weighs the same; shares add up to 1 over the models that could be judged."""
    each = [_shares(strengths(answers)) for answers in raters]
    means = {
        model.key: _mean([shares[model.key] for shares in each if shares[model.key] is not None]) for model in MODELS
    }
    return Profile(_shares(means), len(raters))


def agreement(raters: Sequence[Answers]) -> tuple[int, int]:
    """How many raters see the same model in the lead as most of them do, of how many that see one at all."""
    leaders = [leader for answers in raters if (leader := profile([answers]).leading)]
    if not leaders:
        return 0, 0
    return Counter(leaders).most_common(1)[0][1], len(leaders)


def disagreements(groups: Mapping[str, Sequence[Answers]], limit: int = 3) -> list[Disagreement]:
    """The statements on which the answers lie furthest apart, with the mean of each group."""
    found = [_disagreement(statement.key, groups) for statement in STATEMENTS]
    wide = [each for each in found if each and each.spread > 0]
    return sorted(wide, key=lambda each: -each.spread)[:limit]


def _disagreement(statement: str, groups: Mapping[str, Sequence[Answers]]) -> Disagreement | None:
    by_group = {
        group: [answers[statement] for answers in raters if statement in answers] for group, raters in groups.items()
    }
    every = [answer for given in by_group.values() for answer in given]
    if len(every) < 2:
        return None
    return Disagreement(statement, {group: _mean(given) for group, given in by_group.items()}, pstdev(every))


def _shares(values: Mapping[str, float | None]) -> dict[str, float | None]:
    total = sum(value for value in values.values() if value is not None)
    return {key: None if value is None else (value / total if total else 0.0) for key, value in values.items()}


def _mean(values: Sequence[float | int | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None

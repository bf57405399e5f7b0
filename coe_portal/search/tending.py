"""What strategists see of the search: what a query becomes, and what was looked for in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from coe_portal.search import misses
from coe_portal.search.models import MissedTerm, SettledTerm
from coe_portal.search.synonyms import languages_of, synonyms_for
from coe_portal.search.wording import Typed, parts_of, taken_apart, too_common

WEEKS_SHOWN = 8
TERMS_SHOWN = 100


@dataclass(frozen=True)
class Step:
    """A word or term of a query, whether it drops out, and what is looked for beside it."""

    words: str
    drops_out: bool
    same: Sequence[str]


@dataclass(frozen=True)
class Explained:
    language: str
    steps: Sequence[Step]
    phrases: Sequence[str]
    without: Sequence[str]


def explained(text: str, language: str) -> Explained:
    """What a reader of that language searches for with this text."""
    typed: Typed = taken_apart(text)
    languages = languages_of(language)
    common = too_common(typed.words, languages)
    steps = [
        Step(" ".join(part.words), common.issuperset(part.words), [" ".join(each) for each in part.same])
        for part in parts_of(typed.words, synonyms_for(languages))
    ]
    return Explained(language, steps, *([" ".join(each) for each in part] for part in (typed.phrases, typed.without)))


@dataclass(frozen=True)
class MissedRow:
    term: str
    times: int
    people: int
    last_week: date


@dataclass(frozen=True)
class MissedTerms:
    """`rare` is the number of terms of this week that fewer than three people have asked for; they stay unknown."""

    rows: Sequence[MissedRow]
    rare: int


def missed_terms(on: date, *, settled: bool) -> MissedTerms:
    since = misses.week_of(on) - timedelta(weeks=WEEKS_SHOWN - 1)
    found = (
        MissedTerm.objects.filter(week__gte=since)
        .values("term")
        .annotate(all_times=Sum("times"), most_people=Max("people"), last_week=Max("week"))
        .order_by("-all_times", "term")
    )
    seen_to = dict(SettledTerm.objects.values_list("term", "settled_at"))
    rows = []
    for each in found:
        at = seen_to.get(each["term"])
        is_settled = at is not None and each["last_week"] <= timezone.localdate(at)
        if is_settled == settled:
            rows.append(MissedRow(each["term"], each["all_times"], each["most_people"], each["last_week"]))
    rare = sum(1 for each in misses.of_week(misses.week_of(on)).values() if not each.is_common)
    return MissedTerms(rows[:TERMS_SHOWN], rare)

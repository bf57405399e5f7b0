"""A recogniser is a pattern and a judgement: the pattern proposes, the judgement says how sure it is and why."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from coe_portal.guard.findings import Finding, Kind, Words

Judgement = tuple[float, Words]
Judge = Callable[[str, re.Match[str]], Judgement | None]
# No text that a person typed has more; a made-up one shall not keep the server busy.
MOST_MATCHES = 500
Recogniser = Callable[[str], Iterator[Finding]]


@dataclass(frozen=True)
class Pattern:
    """Finds the group "it" of each match, or the whole match, where `judge` does not answer None."""

    kind: Kind
    pattern: re.Pattern[str]
    judge: Judge

    def __call__(self, text: str) -> Iterator[Finding]:
        group: str | int = "it" if "it" in self.pattern.groupindex else 0
        for match in islice(self.pattern.finditer(text), MOST_MATCHES):
            if judgement := self.judge(text, match):
                score, why = judgement
                yield Finding(self.kind, match.start(group), match.end(group), score, why)


def always(score: float, why: Words) -> Judge:
    return lambda text, match: (score, why)


def words(*alternatives: str) -> str:
    """Any of these whole words or phrases."""
    return r"\b(?:" + "|".join(alternatives) + r")\b"


def pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE | re.VERBOSE)


def exact_case(source: str) -> re.Pattern[str]:
    return re.compile(source, re.VERBOSE)

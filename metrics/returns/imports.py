"""Outcome counts from a CSV file: every line is checked, and nothing is kept while one of them is wrong."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

from django.utils.translation import gettext as _

from coe_portal.channels.models import Network
from coe_portal.people.access import Reach
from metrics.periods import month_of
from metrics.returns.models import AttributionRule, Campaign, OutcomeCount, OutcomeKind

COLUMNS = ("month", "campaign", "network", "outcome", "number", "attribution", "source")
NEEDED = ("month", "outcome", "number", "source")
MAX_LINES = 5_000


@dataclass(frozen=True)
class Problem:
    line: int
    text: str


@dataclass(frozen=True)
class Parsed:
    counts: list[OutcomeCount]
    problems: list[Problem]


class BadLine(Exception):
    """Why a line cannot be taken, in words for the person who made the file."""


def parse(text: str, rule: str, today: date, reach: Reach = None) -> Parsed:
    """`rule` is what counts when the file has no attribution column; campaigns are those of `reach`."""
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    names = {name.strip().lower() for name in reader.fieldnames or ()}
    missing = [name for name in NEEDED if name not in names]
    if missing:
        problem = _("The first line must name the columns; missing: %(names)s.") % {"names": ", ".join(missing)}
        return Parsed([], [Problem(1, problem)])
    return _lines(_cleaned(reader), rule, today, reach)


def _cleaned(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    for row in reader:
        cells = {key.strip().lower(): (value or "").strip() for key, value in row.items() if isinstance(key, str)}
        if any(cells.values()):
            yield reader.line_num, cells


def _lines(rows: Iterator[tuple[int, dict[str, str]]], rule: str, today: date, reach: Reach) -> Parsed:
    campaigns = {key.lower(): each for each in Campaign.objects.of(reach) for key in (each.name, each.slug)}
    counts: list[OutcomeCount] = []
    problems: list[Problem] = []
    first_seen: dict[tuple[object, ...], int] = {}
    for line, cells in rows:
        if line > MAX_LINES:
            problems.append(Problem(line, _("A file may have at most %(count)d lines.") % {"count": MAX_LINES}))
            break
        try:
            count = _count(cells, campaigns, rule, today)
            _of_branch(count, reach)
            _once(first_seen, count, line)
            counts.append(count)
        except BadLine as error:
            problems.append(Problem(line, str(error)))
    return Parsed(counts, problems)


def _once(first_seen: dict[tuple[object, ...], int], count: OutcomeCount, line: int) -> None:
    key = (count.campaign_id, count.network, count.kind, count.rule, count.month)
    if key in first_seen:
        raise BadLine(_("This says the same as line %(line)d.") % {"line": first_seen[key]})
    first_seen[key] = line


def _of_branch(count: OutcomeCount, reach: Reach) -> None:
    if reach is not None and count.campaign is None:
        raise BadLine(_("Your role is for a branch: name a campaign of it."))


def _count(cells: Mapping[str, str], campaigns: Mapping[str, Campaign], rule: str, today: date) -> OutcomeCount:
    return OutcomeCount(
        month=_month(cells["month"], today),
        campaign=_campaign(cells.get("campaign", ""), campaigns),
        network=_choice(cells.get("network", ""), dict(Network.choices), _("network"), empty=True),
        kind=_choice(cells["outcome"], dict(OutcomeKind.choices), _("outcome")),
        rule=_choice(cells.get("attribution", "") or rule, dict(AttributionRule.choices), _("attribution")),
        count=_number(cells["number"]),
        source=OutcomeCount.Source.FILE,
        source_note=_source(cells["source"]),
    )


def _month(text: str, today: date) -> date:
    month = month_of(text[:7])
    if month is None:
        raise BadLine(_("“%(text)s” is not a month like 2026-10.") % {"text": text})
    if month > today:
        raise BadLine(_("%(text)s has not begun yet.") % {"text": text})
    return month


def _campaign(text: str, campaigns: Mapping[str, Campaign]) -> Campaign | None:
    if not text:
        return None
    if text.lower() not in campaigns:
        raise BadLine(_("There is no campaign “%(text)s”.") % {"text": text})
    return campaigns[text.lower()]


def _choice(text: str, choices: Mapping[str, object], what: str, *, empty: bool = False) -> str:
    if empty and not text:
        return ""
    for key, label in choices.items():
        if text.lower() in {key, str(label).lower()}:
            return key
    known = ", ".join(choices)
    raise BadLine(_("“%(text)s” is not a known %(what)s: %(known)s.") % {"text": text, "what": what, "known": known})


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise BadLine(_("“%(text)s” is not a number.") % {"text": text}) from error
    if not number.is_finite() or number < 0 or number >= 10**9:
        raise BadLine(_("“%(text)s” is not a possible number.") % {"text": text})
    return number.quantize(Decimal("0.01"))


def _source(text: str) -> str:
    if not text:
        raise BadLine(_("Say where the number comes from."))
    return text[:200]

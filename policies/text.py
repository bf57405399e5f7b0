"""The written form of a policy: Markdown in which every `##` heading is a clause with an address of its own.

    Words before the first clause are the introduction.

    # A part, which only groups

    ## Say whom you work for {#say-whom-you-work-for}

    What the rule says, as Markdown.

    Do: “I'm a nurse at Riverbend, and this is my own view.”
    Don't: Rely on “views my own” in your profile.
    Source: [16 CFR 255.5](https://www.ecfr.gov/…), checked 2026-10-12

The part in braces is written once and never again changes, so a link to a clause survives every edit and renumbering.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.text import slugify

from coe_portal.core import markdown

HEADING = re.compile(
    r"^(?P<marks>#{1,2})[ \t]+(?P<title>.*?)[ \t]*(?:\{#(?P<anchor>[a-z0-9_-]{1,80})\})?[ \t]*#*[ \t]*$"
)
EXAMPLE = re.compile(r"^(?P<word>Do|Don['’]t|Do not):[ \t]+(?P<text>\S.*)$")  # noqa: RUF001
SOURCE = re.compile(
    r"^Source:[ \t]+\[(?P<title>[^\]]+)\]\((?P<url>https?://[^\s)]+)\)"
    r"(?:,?[ \t]+checked[ \t]+(?P<checked>\d{4}-\d{2}-\d{2}))?\.?$"
)
FENCE = re.compile(r"^ {0,3}(```|~~~)")
LONGEST_ANCHOR = 60


@dataclass
class ParsedClause:
    anchor: str
    number: int
    part: str
    title: str
    lines: list[str] = field(default_factory=list)
    examples: list[dict[str, object]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()


@dataclass(frozen=True)
class ParsedText:
    intro: str
    clauses: list[ParsedClause]


def with_anchors(text: str, taken: Collection[str] = ()) -> str:
    """The text with an address written to every clause that has none; `taken` are those the policy ever used."""
    used = {*taken, *(match["anchor"] for _, match in _headings(text) if match["anchor"])}
    lines = _normal(text).split("\n")
    for number, match in _headings(text):
        if match["marks"] == "##" and not match["anchor"]:
            anchor = _free_anchor(match["title"], used)
            used.add(anchor)
            lines[number] = f"## {match['title']} {{#{anchor}}}"
    return "\n".join(lines)


def duplicate_anchors(text: str) -> list[str]:
    anchors = [match["anchor"] for _, match in _headings(text) if match["anchor"] and match["marks"] == "##"]
    return sorted({each for each in anchors if anchors.count(each) > 1})


def parse(text: str) -> ParsedText:
    """Every clause must have its address already (see `with_anchors`)."""
    headings = dict(_headings(text))
    intro: list[str] = []
    clauses: list[ParsedClause] = []
    part = ""
    for number, line in enumerate(_normal(text).split("\n")):
        heading = headings.get(number)
        if heading and heading["marks"] == "#":
            part = heading["title"][:200]
        elif heading:
            anchor = heading["anchor"] or _free_anchor(heading["title"], ())
            clauses.append(ParsedClause(anchor, len(clauses) + 1, part, heading["title"][:200]))
        elif clauses:
            _add(clauses[-1], line)
        else:
            intro.append(line)
    return ParsedText("\n".join(intro).strip(), clauses)


def rewritten(text: str, words: Callable[[str], str], anchor: Callable[[str], str], url: Callable[[str], str]) -> str:
    """The text with its words, the addresses of its clauses and those of its sources each changed by a function.

    What makes its form is not touched: as many headings, examples and sources as before, in the same order.
    """
    headings = dict(_headings(text))
    found: list[str] = []
    waiting: list[str] = []
    for number, line in enumerate(_normal(text).split("\n")):
        match = headings.get(number) or EXAMPLE.match(line) or SOURCE.match(line)
        if match is None:
            waiting.append(line)
            continue
        if waiting:
            found.append(words("\n".join(waiting)))
            waiting = []
        found.append(_rewritten_line(match, {"title": words, "text": words, "anchor": anchor, "url": url}))
    return "\n".join([*found, words("\n".join(waiting))] if waiting else found)


def _rewritten_line(match: re.Match[str], change: dict[str, Callable[[str], str]]) -> str:
    """Only what its groups hold is changed, from the end to the beginning, so that places stay right."""
    line = match.string
    groups = [name for name in match.re.groupindex if name in change and match[name] is not None]
    for name in sorted(groups, key=match.start, reverse=True):
        line = line[: match.start(name)] + change[name](match[name]) + line[match.end(name) :]
    return line


def word_count(text: str) -> int:
    return len(re.findall(r"\w+(?:['’]\w+)*", text))  # noqa: RUF001


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _headings(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Line numbers and matches of part and clause headings; what looks like one inside a code block is none."""
    fenced = False
    for number, line in enumerate(_normal(text).split("\n")):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced and (match := HEADING.match(line)) and match["title"]:
            yield number, match


def _add(clause: ParsedClause, line: str) -> None:
    if match := EXAMPLE.match(line):
        html = markdown.render(match["text"])
        clause.examples.append({"do": match["word"] == "Do", "text": match["text"], "html": str(html)})
    elif (match := SOURCE.match(line)) and _is_date(match["checked"]):
        clause.sources.append({"title": match["title"], "url": match["url"], "checked": match["checked"] or ""})
    else:
        clause.lines.append(line)


def _is_date(text: str | None) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _free_anchor(title: str, used: Collection[str]) -> str:
    base = slugify(title)[:LONGEST_ANCHOR].strip("-") or "clause"
    anchor, number = base, 1
    while anchor in used:
        number += 1
        anchor = f"{base}-{number}"
    return anchor

"""One engine behind every text a person types. It runs in this process, keeps nothing and calls nobody."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from coe_portal.guard import identifiers, stories
from coe_portal.guard.findings import Finding
from coe_portal.guard.patterns import Recogniser
from coe_portal.guard.speech import Post, recognisers_for

__all__ = ["Finding", "Post", "find", "mark"]

WORTH_SHOWING = 0.5
LONGEST = 20_000

# One character for one, so that positions stay those of the text as typed.
PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # the full-width forms of ASCII
)


def find(text: str, post: Post | None = None) -> list[Finding]:
    """What identifies a patient; with a `post` also what its author must say or should not. In order of the text.

    Where two findings overlap the surer one stays. Only the first 20,000 characters are read.
    """
    plain = text[:LONGEST].translate(PLAIN)
    found = (finding for each in _recognisers(post) for finding in each(plain))
    return _without_overlaps(finding for finding in found if finding.score >= WORTH_SHOWING)


def _recognisers(post: Post | None) -> Iterator[Recogniser]:
    yield from (*identifiers.RECOGNISERS, *stories.RECOGNISERS)
    if post:
        yield from recognisers_for(post)
    if post and post.answer:
        yield stories.confirmed_care


def _without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    taken = bytearray(LONGEST)
    for finding in sorted(findings, key=lambda each: (-each.score, each.start - each.end)):
        if not any(taken[finding.start : finding.end]):
            taken[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
            kept.append(finding)
    return sorted(kept, key=lambda each: each.start)


def mark(text: str, findings: Sequence[Finding]) -> SafeString:
    """The text as HTML, each finding in a numbered mark element; everything is escaped. Findings must not overlap."""
    pieces: list[tuple[SafeString]] = []
    position = 0
    for number, finding in enumerate(findings, start=1):
        pieces.append((format_html("{}", text[position : finding.start]),))
        pieces.append((_marked(number, finding, text[finding.start : finding.end]),))
        position = finding.end
    pieces.append((format_html("{}", text[position:]),))
    return format_html_join("", "{}", pieces)


def _marked(number: int, finding: Finding, span: str) -> SafeString:
    tone = "bad" if finding.is_patient_information else "warn"
    html = '<mark class="guard-mark" id="mark-{}" data-tone="{}">{}<sup>{}</sup></mark>'
    return format_html(html, number, tone, span, number)

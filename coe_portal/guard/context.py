"""The words around a match, which decide whether a number is a patient's or the front desk's."""

import re

PATIENT = re.compile(
    r"\b(?:patients?|pts?|mom|dad|mother|father|grandm\w+|grandf\w+|daughter|son|wife|husband|family"
    r"|he|she|him|his|her|hers|they|their|lady|gentleman|kid|baby|infant|toddler|resident"
    r"|admit\w*|discharg\w*|diagnos\w*|transferr\w*|coded?|icu|nicu|picu|seizure|overdose\w*)\b",
    re.IGNORECASE,
)
INVITATION = re.compile(
    r"\b(?:join|visit|call|text|dial|book|schedul\w+|appointments?|register|rsvp|sign up|open house|located"
    r"|located at"
    r"|clinics?|centers?|offices?|pharmacy|hotline|help ?line|front desk|main entrance|parking|walk-?ins?"
    r"|drop off|donate"
    r"|volunteer\w*|shop|our (?:\w+ ){0,2}(?:number|phone|line)|apply|careers|contact|hours|free|event"
    r"|blood drive|fair|walk|campus|e-?mail us|write to)\b",
    re.IGNORECASE,
)
MEETING = re.compile(
    r"\b(?:conference|meeting|class|classroom|training|workshop|session|seminar|board|break|waiting|lecture|course"
    r"|blood drive|walk-?ins?|open house|register|free|join|rsvp|celebrat\w+|potluck|orientation|town hall"
    r"|grand rounds|exhibit|escape|elbow|head|leg|living|green)\b",
    re.IGNORECASE,
)


ENDS = re.compile(r"[.!?]\s|\n")
LONGEST_HALF = 200


def around(text: str, start: int, end: int, *, before: int = 70, after: int = 50) -> str:
    """The neighbourhood, cut at blank lines so that a signature does not colour the story above it."""
    left = text[max(0, start - before) : start].rpartition("\n\n")[2]
    right = text[end : end + after].partition("\n\n")[0]
    return f"{left} {right}"


def sentence(text: str, start: int, end: int) -> str:
    """The sentence the match stands in, at most 200 characters to either side.

    A decimal point or an abbreviation may cut it short, which does no harm.
    """
    left, right = text[max(0, start - LONGEST_HALF) : start], text[end : end + LONGEST_HALF]
    return ENDS.split(left)[-1] + text[start:end] + ENDS.split(right, maxsplit=1)[0]


def is_asked(text: str, start: int, end: int) -> bool:
    """Part of a question about the rules rather than of a story."""
    rest = text[end : end + LONGEST_HALF]
    mark = ENDS.search(rest + "\n")
    return rest[: mark.start() + 1].rstrip().endswith("?") if mark else False


def speaks_of_patient(text: str, start: int, end: int) -> bool:
    return PATIENT.search(around(text, start, end)) is not None


def invites(text: str, start: int, end: int) -> bool:
    return INVITATION.search(around(text, start, end)) is not None

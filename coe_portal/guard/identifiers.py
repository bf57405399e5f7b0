"""Numbers, dates and places that identify a person: most of the 18 identifiers of 45 CFR 164.514(b)(2)."""

import re
from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from coe_portal.guard.checksums import (
    digits_of,
    is_card_number,
    is_provider_number,
    is_social_security_number,
)
from coe_portal.guard.context import MEETING, around, invites, speaks_of_patient
from coe_portal.guard.findings import Finding, Kind
from coe_portal.guard.patterns import Judgement, Pattern, Recogniser, always, pattern

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}\.?"
DATE = rf"""(?:
    (?:0?[1-9]|1[0-2]) [-/.] (?:0?[1-9]|[12]\d|3[01]) (?: [-/.] (?:\d{{4}}|\d{{2}}) )?
  | \d{{4}}-\d{{2}}-\d{{2}}
  | {MONTH}\s+(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?
  | (?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?\s+{MONTH}(?:,?\s+\d{{4}})?
)"""
TOLL_FREE = {"800", "833", "844", "855", "866", "877", "888"}
PERSONAL_MAIL = re.compile(
    r"@(?:gmail|yahoo|hotmail|outlook|icloud|aol|msn|live|proton|protonmail|comcast"
    r"|me)\.",
    re.I,
)
SHARED_MAILBOX = re.compile(
    r"^(?:info|contact|hello|help|news|press|media|careers?|jobs|volunteers?|events?|privacy|compliance|foundation"
    r"|giving|support|social|community|classes|education|billing|records|scheduling|outreach)\b",
    re.IGNORECASE,
)
LIVES = re.compile(r"\b(?:lives?|living|home|(?<!open )house|address|resid\w+|picked up|found at)\b", re.IGNORECASE)
ON_SHIFT = re.compile(
    r"\b(?:call light|chemo|dialysis|surgery|on the light|iv|shift|nurses?|visitors?|code|wants|keeps|asks|again)\b",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:hospital|clinic|center|program\w*|unit|foundation|company|app|podcast|page|idea|tradition|we|us|our)\b",
    re.IGNORECASE,
)


def social_security(text: str, match: re.Match[str]) -> Judgement | None:
    digits = digits_of(match["it"])
    named = re.search(r"\b(?:ssn?|social)\b", text[max(0, match.start() - 40) : match.start()], re.I) is not None
    if is_social_security_number(digits) and (named or not match["it"].isdigit()):
        return 0.96, _("Nine digits that could have been assigned to a person.")
    return None


def card(text: str, match: re.Match[str]) -> Judgement | None:
    return (0.9, _("The check digit is that of a payment card.")) if is_card_number(digits_of(match[0])) else None


def provider(text: str, match: re.Match[str]) -> Judgement | None:
    if not is_provider_number(digits_of(match["it"])):
        return None
    named = "npi" in text[max(0, match.start() - 25) : match.start()].lower()
    return (0.85 if named else 0.3), _("The check digit is that of a National Provider Identifier.")


def phone(text: str, match: re.Match[str]) -> Judgement | None:
    if match["area"] in TOLL_FREE:
        return None
    if speaks_of_patient(text, match.start(), match.end()):
        return 0.85, _("A telephone number beside words about a patient.")
    if invites(text, match.start(), match.end()):
        return None
    return 0.55, _("A telephone number, and nothing says that it is ours.")


def mail(text: str, match: re.Match[str]) -> Judgement | None:
    if SHARED_MAILBOX.match(match[0]):
        return None
    if speaks_of_patient(text, match.start(), match.end()):
        return 0.85, _("An e-mail address beside words about a patient.")
    if PERSONAL_MAIL.search(match[0]):
        return 0.75, _("The private address of a person.")
    return None


def address(text: str, match: re.Match[str]) -> Judgement | None:
    near = around(text, match.start(), match.end())
    if LIVES.search(near) or (speaks_of_patient(text, match.start(), match.end()) and not invites(near, 0, len(near))):
        return 0.85, _("A street address beside words about a person.")
    if invites(text, match.start(), match.end()) or not match["zip"]:
        return None
    return 0.55, _("A full street address, and nothing says that it is ours.")


# Somebody's name just before "in room 412"; a doctor has a room number without being a patient.
NAMED = re.compile(
    r"(?<!Dr\. )(?<!Dr )\b(?:(?:Mr|Mrs|Ms|Miss)\.?|[A-Z][a-z]+) [A-Z][a-z'-]+,? (?:is |was )?(?:in|from|at) $"
)


def room(text: str, match: re.Match[str]) -> Judgement | None:
    near = around(text, match.start(), match.end())
    if MEETING.search(near):
        return None
    if speaks_of_patient(text, match.start(), match.end()):
        return 0.85, _("A room or bed beside words about a patient.")
    if NAMED.search(text[max(0, match.start() - 60) : match.start()]) and not invites(text, match.start(), match.end()):
        return 0.8, _("A room beside a person's name.")
    if match["what"].lower() not in {"room", "rm", "rm.", "in"}:
        return 0.75, _("A bed or bay in a place of care.")
    return (0.6, _("A room beside words about a shift.")) if ON_SHIFT.search(near) else None


def birth(text: str, match: re.Match[str]) -> Judgement | None:
    if match["word"].lower().startswith(("dob", "d.o.b", "date of", "birth")):
        return 0.95, _("A date that the text calls a date of birth.")
    if ORGANISATION.search(text[max(0, match.start() - 30) : match.start()]):
        return None
    return 0.7, _("Somebody was born on this date.")


def care_date(text: str, match: re.Match[str]) -> Judgement | None:
    return 0.75, _("A date of admission, discharge, treatment or death.")


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        Kind.SOCIAL_SECURITY,
        pattern(r"(?<![\d-]) (?P<it> \d{3}[- ]\d{2}[- ]\d{4} | \d{9} ) (?![\d-]\d|\d)"),
        social_security,
    ),
    Pattern(
        Kind.SOCIAL_SECURITY,
        pattern(r"\b(?:ssn|social(?:\ security)?(?:\ number)?)\b [^.\n]{0,20}? (?:ending|ends|last\ (?:4|four)) "
                r"[^.\n\d]{0,15} (?P<it>\d{4})\b"),
        always(0.85, _("The last digits of a Social Security number.")),
    ),
    Pattern(
        Kind.RECORD_NUMBER,
        pattern(r"\b(?:mrns?|medical\ record(?:\ (?:number|no\.?))?|chart(?:\ (?:number|no\.?))?|hospital\ number"
                r"|(?:patient|pt|encounter|visit|accession|specimen|record|case)\ (?:id|number|no\.?|\#))"
                r"(?:\s+(?:is|was|number|no\.?|id))? \s* [:\#=-]? \s* \#? (?P<it>[a-z]{0,3}-?\d[\d-]{3,11})\b"),
        always(0.95, _("A number that the text calls a record, chart or patient number.")),
    ),
    Pattern(
        Kind.INSURANCE,
        pattern(r"\b(?:member|subscriber|policy|insurance|medicaid|claim|beneficiary|group)\ (?:id|number|no\.?|\#)"
                r"(?:\s+(?:is|was))? \s* [:\#=]? \s* (?P<it>(?=[a-z-]{0,6}\d)[a-z\d-]{6,16})\b"),
        always(0.85, _("A number that the text calls an insurance or claim number.")),
    ),
    Pattern(
        Kind.MEDICARE,
        pattern(r"\b[1-9][ac-hjkmnp-rt-y][ac-hjkmnp-rt-y\d]\d-?[ac-hjkmnp-rt-y][ac-hjkmnp-rt-y\d]\d-?"
                r"[ac-hjkmnp-rt-y]{2}\d{2}\b"),
        always(0.9, _("Eleven characters built as a Medicare number is.")),
    ),
    Pattern(Kind.CARD, pattern(r"(?<![\d-]) \d(?:[ -]?\d){12,18} (?![\d-]\d|\d)"), card),
    Pattern(Kind.PROVIDER, pattern(r"(?<!\d) (?P<it>[12]\d{9}) (?!\d)"), provider),
    Pattern(
        Kind.PHONE,
        pattern(r"(?<![\d/.-]) (?:\+?1[-.\ ]?)? \(?(?P<area>[2-9]\d{2})\)?[-.\ ]{0,2}"
                r"[2-9]\d{2}[-.\ ]?\d{4} (?!\d|-\d)"),
        phone,
    ),
    Pattern(Kind.MAIL, pattern(r"(?<![\w.+-]) [\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,4} \b"), mail),
    Pattern(
        Kind.ADDRESS,
        pattern(r"\b\d{1,5}\ (?:[nsew]\.?\ )?(?:[a-z\d]{1,20}\ ){1,3}"
                r"(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|way|place|pl|terrace"
                r"|circle)\b\.?"
                r"(?:,?\ (?:apt|unit|suite|ste|\#)\.?\ ?\w{1,5})?"
                r"(?P<zip>,?\ [a-z .]{2,25},?\ [a-z]{2},?\ \d{5}(?:-\d{4})?)?"),
        address,
    ),
    Pattern(
        Kind.ROOM, pattern(r"\b(?P<what>room|rm\.?|bed|bay|pod|cubicle|crib"
                           r"|isolette)\ ?\#?\ ?(?:number\ )?\d{1,4}[a-z]?\b(?!\ ?(?:%"
                           r"|people|minutes))"), room
    ),
    Pattern(Kind.ROOM, pattern(r"\b(?P<what>in)\ (?P<it>\d{1,4}[a-d])\b"), room),
    Pattern(
        Kind.BIRTH_DATE,
        pattern(rf"\b(?P<word>dob|d\.o\.b\.?|date\ of\ birth|birth\ ?date|birthday"
                rf"|born)\b[^\d\n]{{0,15}}?(?P<it>{DATE})"),
        birth,
    ),
    Pattern(
        Kind.CARE_DATE,
        pattern(rf"\b(?:admitted|discharged|transferred|intubated|operated|had\ surgery|died|passed\ away|coded"
                rf"|was\ seen)\b"
                rf"(?=[^.\n]{{0,40}}{DATE})[^.\n\d]{{0,30}}?\b(?:on|since|until|the)\ (?P<it>{DATE})(?!\d)"),
        care_date,
    ),
    Pattern(
        Kind.CARE_DATE,
        pattern(rf"\b(?:admit(?:ted)?|discharged?|d/c|transferred|intubated"
                rf"|extubated)\ (?:date:?\ )?(?P<it>{DATE})(?!\d)"),
        care_date,
    ),
)  # fmt: skip


@cache
def _own_record_numbers(source: str) -> Pattern:
    why = _("Written as our own record numbers are.")
    return Pattern(Kind.RECORD_NUMBER, re.compile(source), always(0.9, why))


def own_record_numbers(text: str) -> Iterator[Finding]:
    """What a record number looks like differs from hospital to hospital: the pattern is a setting."""
    if settings.GUARD_RECORD_NUMBER:
        yield from _own_record_numbers(settings.GUARD_RECORD_NUMBER)(text)


RECOGNISERS: tuple[Recogniser, ...] = (*PATTERNS, own_record_numbers)

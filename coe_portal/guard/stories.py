"""What a patient could be known by without a number: a name, an age with a condition, a picture, a thank-you."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coe_portal.guard.context import around, is_asked, sentence
from coe_portal.guard.findings import Finding, Kind
from coe_portal.guard.patterns import Judge, Judgement, Pattern, Recogniser, always, exact_case, pattern
from coe_portal.guard.vocabulary import (
    AT_WORK,
    CARE,
    FATE,
    ILLNESS,
    IN_CARE,
    KNOWN_IN_TOWN,
    NO_NAMES,
    NOT_PEOPLE,
    NOW,
    PLACE_OF_CARE,
    SOMEBODY,
    TEACHING,
    TITLE_OF_STAFF,
)

CAPITAL = r"[A-Z][a-z]+(?:'[A-Z]?[a-z]+)?(?:-[A-Z][a-z]+)?"
FULL_NAME = rf"{CAPITAL}(?:\ [A-Z]\.)?\ {CAPITAL}"
NAME = rf"{CAPITAL}(?:\ [A-Z]\.)?(?:\ {CAPITAL}){{0,2}}"
TITLED = rf"(?:Mr|Mrs|Ms|Miss)\.?\ {CAPITAL}(?:\ {CAPITAL})?"
AGE = r"\b\d{1,3}[\ -]?(?:(?:year|yr|month|mo|week|wk|day)s?[\ -]?old|y/?o|yom|yof|m/?o)\b"


def _signs(near: str, *vocabularies: str) -> int:
    return sum(re.search(each, near, re.IGNORECASE) is not None for each in vocabularies)


def _is_name(found: str, others: frozenset[str] = NO_NAMES) -> bool:
    return not any(word in others for word in re.findall(r"[A-Z][a-z]+", found))


def _is_staff(text: str, match: re.Match[str]) -> bool:
    return TITLE_OF_STAFF.search(text[max(0, match.start() - 12) : match.start()]) is not None


def named_patient(text: str, match: re.Match[str]) -> Judgement | None:
    return (0.85, _("A name beside a word for a patient.")) if _is_name(match["it"]) else None


def named_child(text: str, match: re.Match[str]) -> Judgement | None:
    return (0.6, _("The name of a child.")) if _is_name(match["it"]) else None


def treated(text: str, match: re.Match[str]) -> Judgement | None:
    if _is_staff(text, match) or not _is_name(match["it"]):
        return None
    return 0.75, _("A name straight before words about treatment.")


def titled(text: str, match: re.Match[str]) -> Judgement | None:
    near = around(text, match.start(), match.end(), before=60, after=80)
    return (0.7, _("A name beside words about treatment.")) if _signs(near, ILLNESS, PLACE_OF_CARE, CARE) else None


def aged(text: str, match: re.Match[str]) -> Judgement | None:
    near = sentence(text, match.start(), match.end())
    signs = _signs(near, ILLNESS, PLACE_OF_CARE, CARE)
    return (0.75, _("A name with an age, beside words about care.")) if signs and _is_name(match["it"]) else None


def in_care(text: str, match: re.Match[str]) -> Judgement | None:
    """Two names in a row are a person, and beside care a patient, unless it is told what the person does here."""
    near = sentence(text, match.start(), match.end())
    if not _is_name(match["it"], NOT_PEOPLE) or _is_staff(text, match) or AT_WORK.search(near):
        return None
    signs = _signs(near, ILLNESS, PLACE_OF_CARE, CARE, IN_CARE)
    return (0.6, _("A full name in a sentence about care.")) if signs else None


def known_in_town(text: str, match: re.Match[str]) -> Judgement | None:
    near = sentence(text, match.start(), match.end())
    if AT_WORK.search(near.replace(match["it"], "")) or TEACHING.search(near):
        return None
    signs = _signs(near, ILLNESS, PLACE_OF_CARE, FATE)
    if is_asked(text, match.start(), match.end()):
        return None
    return (0.55, _("A person whom the town knows, beside words about care.")) if signs else None


def somebody(text: str, match: re.Match[str]) -> Judgement | None:
    """One person without a name or an age: two signs are needed that the person is in care."""
    near = sentence(text, match.start(), match.end())
    if AT_WORK.search(near) or TEACHING.search(near) or is_asked(text, match.start(), match.end()):
        return None
    signs = _signs(near, ILLNESS, PLACE_OF_CARE, FATE, NOW)
    return (0.5, _("One person, with a condition, a place of care or a day.")) if signs > 1 else None


def pictured(text: str, match: re.Match[str]) -> Judgement | None:
    if is_asked(text, match.start(), match.end()) or "stock" in sentence(text, match.start(), match.end()).lower():
        return None
    return 0.65, _("A picture of a patient, a record or a screen with patients on it.")


def story(text: str, match: re.Match[str]) -> Judgement | None:
    if TEACHING.search(sentence(text, match.start(), match.end())):
        return None
    signs = _signs(around(text, match.start(), match.end(), before=100, after=140), ILLNESS, PLACE_OF_CARE, NOW)
    if signs == 0:
        return None
    return min(0.3 + 0.2 * signs, 0.9), _("An age together with a condition, a place of care or a day.")


def _name(source: str, judge: Judge) -> Pattern:
    return Pattern(Kind.PATIENT_NAME, exact_case(source), judge)


PATTERNS: tuple[Pattern, ...] = (
    _name(
        r"\b(?:[Pp]atient|[Pp]t|[Rr]esident|[Cc]lient)s?[,.:]?\ (?:(?:is|was|name)\ )?(?:(?:named|called)\ )?"
        rf"(?P<it>(?:{TITLED}|{NAME}))",
        named_patient,
    ),
    _name(
        rf"\b(?P<it>{CAPITAL}(?:\ [A-Z]\b\.?|\ {CAPITAL})?),\ (?:my|our|a|one\ of\ (?:my"
        rf"|our))\ (?:\w+\ )?patients?\b",
        named_patient,
    ),
    _name(
        rf"\b(?P<it>{FULL_NAME})\ (?:(?:is|was|has\ been|got|just\ got|had|just)\ )?(?:back\ )?"
        r"(?:admitted|diagnosed|discharged|intubated|in\ (?:the|our)\ (?:ICU|NICU|ED|ER)|coded|underwent"
        r"|tested\ positive|passed\ away|recovering\ from|came\ (?:in|into|to)\ (?:with|our|the))\b",
        treated,
    ),
    _name(rf"\b(?P<it>{TITLED})\b", titled),
    _name(rf"\b(?P<it>{FULL_NAME}),\ (?:age\ )?\d{{1,3}}\b(?!\ ?%)", aged),
    # Looks ahead only, so that "So Dale Pickering" is also read from its second word.
    _name(rf"\b(?=(?P<it>{FULL_NAME})\b)", in_care),
    _name(rf"\b(?:[Ff]ighter|[Ww]arrior|[Aa]ngel|[Mm]iracle|[Hh]ero)\ (?P<it>{CAPITAL})\b", named_child),
    Pattern(
        Kind.PATIENT_NAME,
        pattern(r"\b(?:patient|pt)(?:'s)?\ initials\b[:,]?\ (?P<it>\w\.?\ ?\w\b)"),
        always(0.7, _("The initials of a patient.")),
    ),
    _name(rf"\b(?:[Bb]aby|[Ll]ittle)\ (?P<it>{CAPITAL}),?\ (?:is|was|age|who|came|weigh\w+|born|\d)", named_child),
    Pattern(Kind.PATIENT_STORY, pattern(AGE), story),
    Pattern(
        Kind.PATIENT_STORY,
        re.compile(rf"\b(?:the|a|an|our|that) (?:\w+ )?(?P<it>{KNOWN_IN_TOWN})", re.IGNORECASE),
        known_in_town,
    ),
    Pattern(
        Kind.PATIENT_STORY,
        re.compile(
            rf"(?<!\w)(?:(?:the|a|an|our|my|this|that|one) (?:\w+ )?|^|[.!?] )(?P<it>{SOMEBODY})",
            re.IGNORECASE | re.MULTILINE,
        ),
        somebody,
    ),
    Pattern(
        Kind.PATIENT_IMAGE,
        pattern(
            r"\b(?:selfie|photos?|pics?|pictures?|videos?|screenshots?|x-?rays?|scans?|images?)\b\ (?:\w+\ ){0,2}?"
            r"(?:of|with|from|showing)\ (?:\w+\ ){0,2}?"
            r"(?P<it>patients?(?:'s|s')?(?!\ (?:safety|experience|portal|education))|charts?|wounds?"
            r"|wristbands?|incision"
            r"|ekg|monitor|census|whiteboard|x-?rays?|mri|ultrasound)\b"
        ),
        pictured,
    ),
    Pattern(
        Kind.PATIENT_IMAGE,
        pattern(
            r"\b(?P<it>(?:her|his|their|my\ patient's|this\ patient's)\ (?:x-?ray|ekg|mri|ct\ scan|chart|labs"
            r"|ultrasound))\b"
        ),
        always(0.6, _("A picture or a record of one patient.")),
    ),
)
RECOGNISERS: tuple[Recogniser, ...] = PATTERNS

_ANSWER = pattern(
    r"\b(?P<it>(?:your|you\ had|you\ were)\ (?:\w+\ ){0,2}?"
    r"(?:visit|stay|appointment|surgery|procedure|results|admission|treatment|delivery|doctor|nurse|care\ team|chart"
    r"|record|bill|diagnosis|medication|prescription|discharge)"
    r"|(?:being|were|are|as)\ (?:a|our)\ (?:\w+\ )?patient|(?:seen|treated|cared\ for)\ (?:by|at|in)\ our"
    r"|when\ you\ were\ here|we\ (?:saw|treated|admitted|discharged)\ you|(?:caring\ for|care\ of|treating)\ you"
    r"(?:r\ (?:mother|father|wife|husband|child|son|daughter))?)\b"
)


def confirmed_care(text: str) -> Iterator[Finding]:
    """Only for an answer to a review or a comment; in a post of one's own the same words are harmless."""
    for match in _ANSWER.finditer(text):
        why = _("Read as an answer, it tells everybody that the reviewer was a patient.")
        yield Finding(Kind.CONFIRMS_CARE, match.start("it"), match.end("it"), 0.8, why)

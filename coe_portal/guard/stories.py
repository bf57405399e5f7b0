"""What a patient could be known by without a number: a name, an age with a condition, a picture, a thank-you."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coe_portal.guard.context import around, sentence
from coe_portal.guard.findings import Finding, Kind
from coe_portal.guard.patterns import Judgement, Pattern, Recogniser, always, exact_case, pattern, words

# "Patient Safety Week" and "Patient Portal" are not people.
NO_NAMES = frozenset(
    """
    Access Advisory Advocate Advocates Advocacy Appreciation Assistance Bill Billing Care Centered Center Centre
    Communication Day Education Engagement Experience Family Families Financial First Focused Handbook Health Hub
    Information Intake Liaison Line Month Navigator Navigators Outcomes Portal Privacy Protection Quality Reported
    Recognition Relations Rights Room Rooms Safety Satisfaction Scheduling Services Story Stories Success Support
    Survey Testimonial Transport Transportation Voices Week Zero The This That Our We Please Your And Or But Is
    """.split()  # noqa: SIM905
)
CAPITAL = r"[A-Z][a-z]+(?:['-][A-Z]?[a-z]+)?"
NAME = rf"{CAPITAL}(?:\ [A-Z]\.)?(?:\ {CAPITAL}){{0,2}}"
FULL_NAME = rf"{CAPITAL}(?:\ [A-Z]\.)?\ {CAPITAL}"
TITLED = rf"(?:Mr|Mrs|Ms|Miss)\.?\ {CAPITAL}(?:\ {CAPITAL})?"
ILLNESS = words(
    "cancer", "leukemia", "lymphoma", "tumou?r", "stroke", "heart attack", "cardiac arrest", "diabet\\w+",
    "overdos\\w+", "seizures?", "sepsis", "septic", "pneumonia", "covid", "hiv", "hepatitis", "miscarr\\w+",
    "stillb\\w+", "preemie", "premature", "suicid\\w+", "psychosis", "schizophreni\\w+", "fractur\\w+",
    "broken \\w+", "amputat\\w+", "burns?", "gunshot", "gsw", "stab\\w*", "mva", "trauma", "transplant\\w*",
    "chemo\\w*", "dialysis", "intubat\\w+", "ventilator", "cpr", "coded", "code blue", "appendi\\w+", "surgery",
    "c-section", "bleed\\w*", "hemorrhage", "meningitis", "rash", "infection", "anaphyla\\w+", "asthma",
    "dementia", "alzheimer\\w*", "parkinson\\w*", "bipolar", "overdose", "withdrawal", "detox", "std",
    "syphilis", "chlamydia", "pregnan\\w+", "labor", "measles", "rabies", "electrocut\\w+", "drown\\w*",
)  # fmt: skip
PLACE_OF_CARE = words(
    "icu", "nicu", "picu", "ed", "er", "emergency (?:room|department)", "our unit", "my unit", "the unit",
    "trauma bay", "labor and delivery", "l&d", "oncology", "telemetry", "step-?down", "med-?surg",
    "behavioral health", "psych", "our clinic", "my clinic", "our floor", "my floor", "triage", "the or",
    "pacu", "burn unit", "cath lab",
)  # fmt: skip
NOW = words(
    "today", "tonight", "yesterday", "this (?:morning|afternoon|evening|week|shift)",
    "last (?:night|week|shift|weekend)", "just (?:now|got|had|came|lost|saved)", "on my shift", "my shift",
    "came in", "brought in", "admitted", "lost (?:him|her)", "small town",
    "from \\w+(?:ville|ton|field|dale|burg)", "my patients?", "our patients?",
)  # fmt: skip
# "You are 45 years old: time to be screened" is teaching, not a story.
TEACHING = re.compile(
    r"\b(?:or older|and older|and up|should|recommend\w*|screen\w*|vaccin\w*|guidelines?|risk|average|ages?|turning"
    r"|eligible|prevent\w*|years? of|learn|study|research|anniversary|tradition|hospital|building|program"
    r"|milestone)\b",
    re.IGNORECASE,
)
AGE = r"\b\d{1,3}[ -]?(?:(?:year|yr|month|mo|week|wk|day)s?[ -]?old|y/?o|yom|yof|m/?o)\b"
FAMOUS_FOR_CARE = re.compile(r"\b(?:Dr|Nurse|Doctor|Chaplain|Chief|Director|Professor|President|CEO)\.?\s*$")


def _has_name(words_of_name: str) -> bool:
    return not any(word in NO_NAMES for word in words_of_name.replace("-", " ").split())


def named_patient(text: str, match: re.Match[str]) -> Judgement | None:
    return (0.85, _("A name straight after a word for a patient.")) if _has_name(match["it"]) else None


def treated(text: str, match: re.Match[str]) -> Judgement | None:
    if FAMOUS_FOR_CARE.search(text[max(0, match.start() - 12) : match.start()]) or not _has_name(match["it"]):
        return None
    return 0.75, _("A name straight before words about treatment.")


def aged(text: str, match: re.Match[str]) -> Judgement | None:
    near = sentence(text, match.start(), match.end())
    signs = any(re.search(each, near, re.IGNORECASE) for each in (ILLNESS, PLACE_OF_CARE, CARE))
    return (0.75, _("A name with an age, beside words about care.")) if signs and _has_name(match["it"]) else None


def titled(text: str, match: re.Match[str]) -> Judgement | None:
    near = around(text, match.start(), match.end(), before=60, after=80)
    about_care = re.search(ILLNESS, near, re.I) or re.search(PLACE_OF_CARE, near, re.I) or re.search(CARE, near, re.I)
    return (0.7, _("A name beside words about treatment.")) if about_care else None


def story(text: str, match: re.Match[str]) -> Judgement | None:
    near = around(text, match.start(), match.end(), before=100, after=140)
    if TEACHING.search(sentence(text, match.start(), match.end())):
        return None
    signs = sum(re.search(each, near, re.IGNORECASE) is not None for each in (ILLNESS, PLACE_OF_CARE, NOW))
    if signs == 0:
        return None
    return min(0.3 + 0.2 * signs, 0.9), _("An age together with a condition, a place of care or a day.")


CARE = words(
    "patient", "admitted", "discharged", "diagnos\\w+", "surgery", "chart", "lab results?", "prognosis",
    "hospice", "room", "bedside", "biopsy", "recover\\w+",
)  # fmt: skip

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        Kind.PATIENT_NAME,
        exact_case(
            r"\b(?:[Pp]atient|[Pp]t|[Rr]esident|[Cc]lient)s?[,.]?\ (?:(?:is|was)\ )?(?:(?:named|called)\ )?"
            rf"(?P<it>(?:{TITLED}|{NAME}))"
        ),
        named_patient,
    ),
    Pattern(
        Kind.PATIENT_NAME,
        exact_case(
            rf"\b(?P<it>{FULL_NAME})\ (?:(?:is|was|has\ been|got|just\ got|had|just)\ )?(?:back\ )?"
            r"(?:admitted|diagnosed|discharged|intubated|in\ (?:the|our)\ (?:ICU|NICU|ED|ER)|coded|underwent"
            r"|tested\ positive"
            r"|passed\ away|recovering\ from|came\ (?:in|into|to)\ (?:with|our|the))\b"
        ),
        treated,
    ),
    Pattern(Kind.PATIENT_NAME, exact_case(rf"\b(?P<it>{TITLED})\b"), titled),
    Pattern(Kind.PATIENT_NAME, exact_case(rf"\b(?P<it>{FULL_NAME}),\ (?:age\ )?\d{{1,3}}\b(?!\ ?%)"), aged),
    Pattern(
        Kind.PATIENT_NAME,
        exact_case(rf"\b(?:[Bb]aby|[Ll]ittle)\ (?P<it>{CAPITAL}),?\ (?:is|was|age|who|came|weigh\w+|born|\d)"),
        lambda text, match: (0.6, _("The name of a child.")) if _has_name(match["it"]) else None,
    ),
    Pattern(Kind.PATIENT_STORY, pattern(AGE.replace(" ", r"\ ")), story),
    Pattern(
        Kind.PATIENT_IMAGE,
        pattern(
            r"\b(?:selfie|photos?|pics?|pictures?|videos?|screenshots?|x-?rays?|scans?|images?)\b\ (?:\w+\ ){0,2}?"
            r"(?:of|with|from|showing)\ (?:\w+\ ){0,2}?(?P<it>patients?(?:'s|s')?(?!\ (?:safety|experience"
            r"|portal|education))"
            r"|charts?|wounds?|wristbands?|incision|ekg|monitor|census|whiteboard|x-?rays?|mri|ultrasound)\b"
        ),
        always(0.65, _("A picture of a patient, a record or a screen with patients on it.")),
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
    r"\b(?P<it>(?:your|you\ had|you\ were)\ (?:\w+\ ){0,2}?(?:visit|stay|appointment|surgery|procedure|results"
    r"|admission|treatment"
    r"|delivery|doctor|nurse|care\ team|chart|record|bill|diagnosis|medication|prescription|discharge)"
    r"|(?:being|were|are|as)\ (?:a|our)\ (?:\w+\ )?patient|(?:seen|treated|cared\ for)\ (?:by|at|in)\ our"
    r"|when\ you\ were\ here"
    r"|we\ (?:saw|treated|admitted|discharged)\ you|(?:caring\ for|care\ of|treating)\ you(?:r\ (?:mother"
    r"|father|wife|husband|child|son|daughter))?)\b"
)


def confirmed_care(text: str) -> Iterator[Finding]:
    """Only for an answer to a review or a comment; in a post of one's own the same words are harmless."""
    for match in _ANSWER.finditer(text):
        why = _("Read as an answer, it tells everybody that the reviewer was a patient.")
        yield Finding(Kind.CONFIRMS_CARE, match.start("it"), match.end("it"), 0.8, why)

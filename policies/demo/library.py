"""Which policies the demo has, and when their versions came into force."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coe_portal.guard.findings import Kind
from policies.models import Change, Topic

TEXTS = Path(__file__).with_name("texts")
CLAUSE = re.compile(r"^(?=## )", re.MULTILINE)
ANCHOR = re.compile(r"^## .*\{#([a-z0-9-]+)\}", re.MULTILINE)


def text_of(slug: str) -> str:
    return (TEXTS / f"{slug}.md").read_text()


@dataclass(frozen=True)
class Step:
    """One version: how many days ago it was published, and what it changed."""

    major: int
    minor: int
    days_ago: int
    note: str = ""
    text: Callable[[str], str] = text_of
    sign_within: int | None = None

    @property
    def change(self) -> str:
        return Change.MATERIAL if self.minor == 0 else Change.MINOR


@dataclass(frozen=True)
class DemoPolicy:
    slug: str
    title: str
    topic: Topic
    owner: str
    audience: str
    summary: str
    steps: tuple[Step, ...]
    signed: float = 0.0
    days_to_acknowledge: int = 14
    review_in: int = 300

    @property
    def must_acknowledge(self) -> bool:
        return self.signed > 0


def earlier_text_of(slug: str) -> str:
    """The current text with the clauses as they were, without those that were not there yet."""
    first_line, _newline, older = (TEXTS / f"{slug}.earlier.md").read_text().partition("\n")
    absent = {each.strip() for each in first_line.removeprefix("absent:").split(",")}
    return _with_clauses(text_of(slug), older, absent)


def next_text_of(slug: str) -> str:
    return _with_clauses(text_of(slug), (TEXTS / f"{slug}.next.md").read_text(), set())


def _with_clauses(text: str, others: str, absent: set[str]) -> str:
    """The text with each clause of `others` in the place of the one with its address, or at the end."""
    waiting = {_anchor(each): each.strip() + "\n\n" for each in CLAUSE.split(others) if _anchor(each)}
    pieces = []
    for piece in CLAUSE.split(text):
        anchor = _anchor(piece)
        heading = re.search(r"^# .*\n", piece, re.MULTILINE)
        kept = waiting.pop(anchor, None) if anchor else None
        tail = f"{heading[0]}\n" if heading and anchor else ""
        if anchor in absent:
            pieces.append(tail)
        else:
            pieces.append(kept + tail if kept else piece)
    return "".join([*pieces, "\n", *waiting.values()])


def _anchor(piece: str) -> str:
    match = ANCHOR.match(piece)
    return match[1] if match else ""


POLICIES = (
    DemoPolicy(
        "social-media", "Social Media Policy for All Staff", Topic.PERSONAL, "strategist", "everyone",
        "You may speak about your work and your employer. Say who you are, leave patients out of it, and ask when you "
        "are not sure.",
        (
            Step(1, 0, 410, text=earlier_text_of),
            Step(
                2, 0, 30, sign_within=39,
                note="Say in the post itself that you work here; a line in the profile is no longer enough. New: rules "
                "for artificial intelligence and the protection of people who report a concern.",
            ),
        ),
        signed=0.74,
    ),
    DemoPolicy(
        "patient-privacy-online", "Patient Privacy Online", Topic.PATIENTS, "privacy", "everyone",
        "Nothing that could point to a patient goes online, not even that somebody was here. If something slipped out, "
        "call the privacy officer within the hour.",
        (
            Step(1, 0, 365, text=earlier_text_of),
            Step(1, 1, 45, note="How to reach the privacy officer at night, and clearer words about condolences."),
        ),
        signed=0.9,
    ),
    DemoPolicy(
        "personal-accounts-and-disclosure", "Personal Accounts and Disclosure", Topic.PERSONAL,
        "strategist", "everyone",
        "If you recommend us or something you were given, say how you are connected, in the post, in plain words.",
        (Step(1, 0, 12, sign_within=21),),
        signed=0.7,
    ),
    DemoPolicy(
        "official-accounts", "Official Accounts and the Licence to Post", Topic.OFFICIAL, "approver", "coordinators",
        "Official accounts belong to Riverbend Health, have two named people, and are used only with a "
        "licence.",

        (
            Step(1, 0, 380, text=earlier_text_of),
            Step(
                2, 0, 52,
                note="The licence now also asks for two-factor sign-in and for the current policies. New: vendors, "
                "records. Accounts count as dormant after 90 days instead of six months.",
            ),
        ),
        signed=0.8, days_to_acknowledge=30,
    ),
    DemoPolicy(
        "photos-video-and-authorisation", "Photos, Video and Patient Authorisation", Topic.PATIENTS,
        "privacy", "clinicians",
        "No patient in a picture without a signed authorisation, and every authorisation can be taken back.",
        (Step(1, 0, 240),),
        signed=0.86,
    ),
    DemoPolicy(
        "reviews-and-comments", "Responding to Reviews and Comments", Topic.OFFICIAL, "approver", "coordinators",
        "Answer kindly and quickly, never confirm that somebody was a patient, and never hide criticism.",
        (Step(1, 0, 150),),
        signed=0.83, review_in=18,
    ),
    DemoPolicy(
        "crisis-communication", "Crisis and Emergency Communication", Topic.EMERGENCIES, "approver", "everyone",
        "In an emergency one voice speaks for us. Share its posts, send what you know to the command center, and post "
        "nothing else.",
        (Step(1, 0, 377),),
        review_in=-12,
    ),
    DemoPolicy(
        "accessible-posts", "Accessible Posts", Topic.POSTS, "strategist", "everyone",
        "Alt text, captions, plain words and readable hashtags, so that everybody can use what we publish.",
        (Step(1, 0, 75),),
        review_in=170,
    ),
)  # fmt: skip

# Finding of the guard -> policy and clause.
RULES = {
    Kind.SOCIAL_SECURITY: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.RECORD_NUMBER: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.INSURANCE: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.MEDICARE: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.CARD: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.PROVIDER: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.BIRTH_DATE: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.CARE_DATE: ("patient-privacy-online", "dates-of-care"),
    Kind.PHONE: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.MAIL: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.ADDRESS: ("patient-privacy-online", "eighteen-identifiers"),
    Kind.ROOM: ("patient-privacy-online", "room-bed-and-time"),
    Kind.PATIENT_NAME: ("patient-privacy-online", "what-patient-information-is"),
    Kind.PATIENT_STORY: ("patient-privacy-online", "stories-without-a-name"),
    Kind.PATIENT_IMAGE: ("patient-privacy-online", "pictures-and-backgrounds"),
    Kind.CONFIRMS_CARE: ("patient-privacy-online", "reviews-and-privacy"),
    Kind.NO_DISCLOSURE: ("personal-accounts-and-disclosure", "employees-disclose"),
    Kind.WEAK_DISCLOSURE: ("personal-accounts-and-disclosure", "plain-words"),
    Kind.VIEWS_MY_OWN: ("personal-accounts-and-disclosure", "views-my-own-is-not-enough"),
    Kind.MEDICAL_ADVICE: ("social-media", "no-personal-medical-advice"),
    Kind.COMPETITOR: ("personal-accounts-and-disclosure", "competitors"),
}

"""What the guard says about a text: where, what it looks like, how sure, why, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Kind(StrEnum):
    SOCIAL_SECURITY = "social-security"
    RECORD_NUMBER = "record-number"
    INSURANCE = "insurance"
    MEDICARE = "medicare"
    CARD = "card"
    PROVIDER = "provider"
    BIRTH_DATE = "birth-date"
    CARE_DATE = "care-date"
    PHONE = "phone"
    MAIL = "mail"
    ADDRESS = "address"
    ROOM = "room"
    PATIENT_NAME = "patient-name"
    PATIENT_STORY = "patient-story"
    PATIENT_IMAGE = "patient-image"
    CONFIRMS_CARE = "confirms-care"
    NO_DISCLOSURE = "no-disclosure"
    WEAK_DISCLOSURE = "weak-disclosure"
    VIEWS_MY_OWN = "views-my-own"
    MEDICAL_ADVICE = "medical-advice"
    COMPETITOR = "competitor"


PATIENT_KINDS = frozenset(list(Kind)[: list(Kind).index(Kind.NO_DISCLOSURE)])

# Kind -> what it is, what to do about it.
WORDS: dict[Kind, tuple[Words, Words]] = {
    Kind.SOCIAL_SECURITY: (
        _("Social Security number"),
        _("Take it out. If it has been posted already, tell the privacy officer now."),
    ),
    Kind.RECORD_NUMBER: (
        _("Medical record number"),
        _("Take it out. A record number identifies a patient even without a name."),
    ),
    Kind.INSURANCE: (
        _("Insurance or account number"),
        _("Take it out. Member, account and claim numbers identify a patient."),
    ),
    Kind.MEDICARE: (
        _("Medicare number"),
        _("Take it out. A Medicare number identifies one person and can be misused."),
    ),
    Kind.CARD: (_("Payment card number"), _("Take it out, whoever it belongs to.")),
    Kind.PROVIDER: (
        _("Provider number (NPI)"),
        _("Leave it out: readers do not need it, and beside a case it points to a patient."),
    ),
    Kind.BIRTH_DATE: (
        _("Date of birth"),
        _("Take it out. Say nothing about age, or only a broad range, if a patient could be known by it."),
    ),
    Kind.CARE_DATE: (
        _("Date of care"),
        _("Take the date out. Dates of admission, discharge and death identify a patient."),
    ),
    Kind.PHONE: (
        _("Telephone number"),
        _("Take it out unless it is a number of ours that the public may call."),
    ),
    Kind.MAIL: (
        _("E-mail address"),
        _("Take it out unless it is an address of ours that the public may write to."),
    ),
    Kind.ADDRESS: (
        _("Street address"),
        _("Take it out unless it is an address of ours. Anything smaller than a state can identify a patient."),
    ),
    Kind.ROOM: (
        _("Room or bed"),
        _("Take it out. A room or bed together with a day tells who the patient is."),
    ),
    Kind.PATIENT_NAME: (
        _("Name of a patient"),
        _("Take the name out, unless the patient signed an authorisation that covers this post and this channel."),
    ),
    Kind.PATIENT_STORY: (
        _("Story a patient could be known by"),
        _("Age, condition and place together can identify somebody. Leave the story out, or ask for an authorisation."),
    ),
    Kind.PATIENT_IMAGE: (
        _("Picture of a patient or a record"),
        _("Do not post it without a signed authorisation; look at what is in the background, too."),
    ),
    Kind.CONFIRMS_CARE: (
        _("Confirms that somebody is a patient"),
        _("Do not confirm care in a public answer, not even with thanks. Offer a way to talk in private."),
    ),
    Kind.NO_DISCLOSURE: (
        _("No disclosure"),
        _("Say in the post itself how you are connected, in plain words and early: “I work for …” or “Ad”."),
    ),
    Kind.WEAK_DISCLOSURE: (
        _("Disclosure that readers may miss"),
        _("Use plain words such as “Ad” or “I work for …”, at the start and apart from other hashtags."),
    ),
    Kind.VIEWS_MY_OWN: (
        _("“Views my own” is not a disclosure"),
        _("It does not say whom you work for. Write it in the post: “I work for …; this is my own view”."),
    ),
    Kind.MEDICAL_ADVICE: (
        _("Medical advice to one person"),
        _("Do not advise a person you do not treat. Point to general information and to their own care team."),
    ),
    Kind.COMPETITOR: (
        _("Claim about us or a competitor"),
        _("Leave the comparison out, or name a current source that supports exactly this claim."),
    ),
}


@dataclass(frozen=True)
class Finding:
    """`start` and `end` are positions in the text; `score` from 0 to 1 is how sure the guard is."""

    kind: Kind
    start: int
    end: int
    score: float
    why: Words

    @property
    def label(self) -> Words:
        return WORDS[self.kind][0]

    @property
    def advice(self) -> Words:
        return WORDS[self.kind][1]

    @property
    def is_patient_information(self) -> bool:
        return self.kind in PATIENT_KINDS

    @property
    def is_sure(self) -> bool:
        return self.score >= 0.8

"""Where the demo's policies say what the demo's courses teach: key, address, name."""

CLAUSES: dict[str, tuple[str, str]] = {
    "privacy.identifiers": (
        "patient-privacy-online/#eighteen-identifiers",
        "Patient Privacy Online: The eighteen identifiers",
    ),
    "privacy.need-to-know": ("patient-privacy-online/#no-snooping", "Patient Privacy Online: Curiosity is not care"),
    "privacy.tagged": (
        "patient-privacy-online/#when-the-patient-posts",
        "Patient Privacy Online: When the patient posts first",
    ),
    "privacy.report": ("patient-privacy-online/#if-it-is-out", "Patient Privacy Online: If patient information is out"),
    "privacy.no-public-answer": (
        "patient-privacy-online/#if-it-is-out",
        "Patient Privacy Online: If patient information is out",
    ),
    "photos.authorisation": (
        "photos-video-and-authorisation/#sign-before-filming",
        "Photos, Video and Patient Authorisation: A signature before the first frame",
    ),
    "photos.background": (
        "patient-privacy-online/#pictures-and-backgrounds",
        "Patient Privacy Online: Pictures and what is in them",
    ),
    "personal.disclose": (
        "personal-accounts-and-disclosure/#employees-disclose",
        "Personal Accounts and Disclosure: You work here, and you speak of us",
    ),
    "personal.views-my-own": (
        "personal-accounts-and-disclosure/#views-my-own-is-not-enough",
        "Personal Accounts and Disclosure: “Views my own” is not a disclosure",
    ),
    "personal.working-conditions": (
        "social-media/#your-rights",
        "Social Media Policy for All Staff: Your rights as an employee",
    ),
    "personal.no-advice": (
        "social-media/#no-personal-medical-advice",
        "Social Media Policy for All Staff: Give no medical advice to one person",
    ),
    "reviews.confirm": (
        "reviews-and-comments/#never-confirm",
        "Responding to Reviews and Comments: Never confirm that somebody was a patient",
    ),
    "reviews.praise": ("patient-privacy-online/#reviews-and-privacy", "Patient Privacy Online: Reviews"),
    "reviews.no-details": (
        "reviews-and-comments/#take-it-offline",
        "Responding to Reviews and Comments: Take it offline",
    ),
    "reviews.criticism": (
        "reviews-and-comments/#negative-is-not-a-reason",
        "Responding to Reviews and Comments: Negative is not a reason",
    ),
    "reviews.pass-on": ("reviews-and-comments/#danger-to-life", "Responding to Reviews and Comments: Danger to life"),
    "accounts.request": (
        "official-accounts/#ask-first",
        "Official Accounts and the Licence to Post: Ask first",
    ),
    "accounts.two-keys": (
        "official-accounts/#two-contacts",
        "Official Accounts and the Licence to Post: One owner, one deputy, both from the department",
    ),
    "accounts.leavers": (
        "official-accounts/#leavers",
        "Official Accounts and the Licence to Post: When somebody leaves or moves",
    ),
    "accounts.plan": (
        "official-accounts/#ask-first",
        "Official Accounts and the Licence to Post: Ask first",
    ),
    "accounts.close": (
        "official-accounts/#dormant-accounts",
        "Official Accounts and the Licence to Post: Dormant accounts",
    ),
    "crisis.what-is": ("crisis-communication/#one-voice", "Crisis and Emergency Communication: One voice"),
    "crisis.report": ("crisis-communication/#one-voice", "Crisis and Emergency Communication: One voice"),
    "crisis.pause": (
        "crisis-communication/#stop-scheduled-posts",
        "Crisis and Emergency Communication: Stop what is scheduled",
    ),
    "crisis.who-speaks": ("crisis-communication/#one-voice", "Crisis and Emergency Communication: One voice"),
    "crisis.own-account": (
        "crisis-communication/#staff-in-an-emergency",
        "Crisis and Emergency Communication: Staff in an emergency",
    ),
    "crisis.after": ("crisis-communication/#grief", "Crisis and Emergency Communication: Grief"),
    "accessible.alt": ("accessible-posts/#alt-text", "Accessible Posts: Alt text on every picture"),
    "accessible.captions": ("accessible-posts/#captions", "Accessible Posts: Captions on every film"),
    "accessible.words": ("accessible-posts/#plain-language", "Accessible Posts: Plain language"),
    "accessible.law": ("accessible-posts/#what-applies", "Accessible Posts: What applies, and from when"),
}


def clause(key: str) -> dict[str, str]:
    """The two fields of a question or choice; both empty without a key."""
    if not key:
        return {"clause_url": "", "clause_label": ""}
    address, label = CLAUSES[key]
    return {"clause_url": f"/policies/{address}", "clause_label": label}

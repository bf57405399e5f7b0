"""Where the demo's policies say what the demo's courses teach: key, address, name."""

CLAUSES: dict[str, tuple[str, str]] = {
    "privacy.identifiers": ("patient-privacy-online/#eighteen-identifiers", "The eighteen identifiers"),
    "privacy.need-to-know": ("patient-privacy-online/#no-snooping", "Curiosity is not care"),
    "privacy.tagged": ("patient-privacy-online/#when-the-patient-posts", "When the patient posts first"),
    "privacy.report": ("patient-privacy-online/#if-it-is-out", "If patient information is out"),
    "privacy.no-public-answer": ("patient-privacy-online/#if-it-is-out", "If patient information is out"),
    "photos.authorisation": (
        "photos-video-and-authorisation/#sign-before-filming",
        "A signature before the first frame",
    ),
    "photos.form": ("photos-video-and-authorisation/#what-the-form-says", "What the form says"),
    "photos.background": ("patient-privacy-online/#pictures-and-backgrounds", "Pictures and what is in them"),
    "personal.disclose": ("personal-accounts-and-disclosure/#employees-disclose", "You work here, and you speak of us"),
    "personal.no-reviews": ("personal-accounts-and-disclosure/#no-reviews-of-ourselves", "No reviews of ourselves"),
    "personal.views-my-own": (
        "personal-accounts-and-disclosure/#views-my-own-is-not-enough",
        "“Views my own” is not a disclosure",
    ),
    "personal.working-conditions": ("social-media/#your-rights", "Your rights as an employee"),
    "personal.no-advice": ("social-media/#no-personal-medical-advice", "Give no medical advice to one person"),
    "personal.journalists": ("social-media/#journalists", "Questions from journalists"),
    "reviews.confirm": ("reviews-and-comments/#never-confirm", "Never confirm that somebody was a patient"),
    "reviews.praise": ("reviews-and-comments/#words-to-start-from", "Words to start from"),
    "reviews.testimonial": ("reviews-and-comments/#review-as-testimonial", "Using a review as a testimonial"),
    "reviews.no-details": ("reviews-and-comments/#take-it-offline", "Take it offline"),
    "reviews.criticism": ("reviews-and-comments/#negative-is-not-a-reason", "Negative is not a reason"),
    "reviews.pass-on": ("reviews-and-comments/#danger-to-life", "Danger to life"),
    "accounts.request": (
        "official-accounts/#ask-first",
        "Ask first, and say why an existing one won't do",
    ),
    "accounts.two-keys": (
        "official-accounts/#two-contacts",
        "One owner, one deputy, both from the department",
    ),
    "accounts.leavers": ("official-accounts/#leavers", "When somebody leaves or moves"),
    "accounts.plan": ("official-accounts/#ask-first", "Ask first: purpose, audience, plan"),
    "accounts.close": ("official-accounts/#dormant-accounts", "Dormant accounts"),
    "crisis.report": ("crisis-communication/#rumors", "Rumors"),
    "crisis.pause": ("crisis-communication/#stop-scheduled-posts", "Stop what is scheduled"),
    "crisis.who-speaks": ("crisis-communication/#one-voice", "One voice"),
    "crisis.own-account": ("crisis-communication/#staff-in-an-emergency", "Staff in an emergency"),
    "crisis.after": ("crisis-communication/#last-post", "The last post"),
    "accessible.alt": ("accessible-posts/#no-text-as-picture", "No text as a picture only"),
    "accessible.captions": ("accessible-posts/#captions", "Captions on every film"),
    "accessible.words": ("accessible-posts/#plain-language", "Plain language"),
    "accessible.hashtags": ("accessible-posts/#hashtag-capitals", "Hashtags with capitals"),
    "accessible.law": ("accessible-posts/#what-applies", "What applies, and from when"),
}


def clause(key: str) -> dict[str, str]:
    """The two fields of a question or choice; both empty without a key."""
    if not key:
        return {"clause_url": "", "clause_label": ""}
    address, label = CLAUSES[key]
    return {"clause_url": f"/policies/{address}", "clause_label": label}

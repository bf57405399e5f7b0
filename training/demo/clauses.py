"""Where the demo's policies say what the demo's courses teach: key, address, name."""

CLAUSES: dict[str, tuple[str, str]] = {
    "privacy.identifiers": ("patient-privacy-online/#identifiers", "Patient privacy online: what identifies a patient"),
    "privacy.need-to-know": ("patient-privacy-online/#need-to-know", "Patient privacy online: only those who treat"),
    "privacy.tagged": ("patient-privacy-online/#tagged", "Patient privacy online: when a patient tags you"),
    "privacy.report": ("patient-privacy-online/#report", "Patient privacy online: report at once"),
    "privacy.no-public-answer": (
        "patient-privacy-online/#no-public-answer",
        "Patient privacy online: no public answer",
    ),
    "photos.authorisation": (
        "photos-video-and-authorisation/#authorisation",
        "Photos, video and authorisation: in writing, before",
    ),
    "photos.background": ("photos-video-and-authorisation/#background", "Photos, video and authorisation: backgrounds"),
    "personal.disclose": (
        "personal-accounts-and-disclosure/#disclose",
        "Personal accounts and disclosure: say whom you work for",
    ),
    "personal.views-my-own": (
        "personal-accounts-and-disclosure/#views-my-own",
        "Personal accounts and disclosure: “views my own”",
    ),
    "personal.working-conditions": (
        "personal-accounts-and-disclosure/#working-conditions",
        "Personal accounts and disclosure: working conditions",
    ),
    "personal.no-advice": (
        "personal-accounts-and-disclosure/#no-advice",
        "Personal accounts and disclosure: no medical advice",
    ),
    "reviews.confirm": (
        "reviews-and-comments/#neither-confirm-nor-deny",
        "Reviews and comments: neither confirm nor deny",
    ),
    "reviews.praise": ("reviews-and-comments/#praise", "Reviews and comments: praise"),
    "reviews.no-details": ("reviews-and-comments/#no-details", "Reviews and comments: never ask for details"),
    "reviews.criticism": ("reviews-and-comments/#criticism-stays", "Reviews and comments: criticism stays"),
    "reviews.pass-on": ("reviews-and-comments/#pass-on", "Reviews and comments: pass on at once"),
    "accounts.request": ("official-accounts-and-licence-to-post/#request", "Official accounts: asking for an account"),
    "accounts.two-keys": ("official-accounts-and-licence-to-post/#two-keys", "Official accounts: two keys"),
    "accounts.leavers": ("official-accounts-and-licence-to-post/#leavers", "Official accounts: when people leave"),
    "accounts.plan": ("official-accounts-and-licence-to-post/#plan", "Official accounts: plan"),
    "accounts.measure": ("official-accounts-and-licence-to-post/#measure", "Official accounts: measure"),
    "accounts.close": ("official-accounts-and-licence-to-post/#close", "Official accounts: closing an account"),
    "crisis.what-is": ("crisis-communication/#what-is-a-crisis", "Crisis communication: what is a crisis"),
    "crisis.report": ("crisis-communication/#pass-on", "Crisis communication: pass on first"),
    "crisis.pause": ("crisis-communication/#pause", "Crisis communication: pause"),
    "crisis.who-speaks": ("crisis-communication/#one-voice", "Crisis communication: one voice"),
    "crisis.own-account": ("crisis-communication/#own-account", "Crisis communication: your own account"),
    "crisis.after": ("crisis-communication/#after", "Crisis communication: afterwards"),
    "accessible.alt": ("accessible-posts/#alternative-text", "Accessible posts: alternative text"),
    "accessible.captions": ("accessible-posts/#captions", "Accessible posts: captions and transcripts"),
    "accessible.words": ("accessible-posts/#words", "Accessible posts: words"),
    "accessible.law": ("accessible-posts/#law", "Accessible posts: what the law asks"),
}


def clause(key: str) -> dict[str, str]:
    """The two fields of a question or choice; both empty without a key."""
    if not key:
        return {"clause_url": "", "clause_label": ""}
    address, label = CLAUSES[key]
    return {"clause_url": f"/policies/{address}", "clause_label": label}

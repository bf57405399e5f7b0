"""Where the demo's answers point to: one place to mend when a clause gets another address."""

# Word in the texts | policy | clause | its title.
TABLE = """
social.covers | social-media |  | Who it holds for
social.speaks | social-media | speak-for-yourself | Speak for yourself, not for Riverbend Health
social.rights | social-media | your-rights | Your rights as an employee
social.work | social-media | your-own-time | Your own time and your own device
privacy.identifiers | patient-privacy-online | eighteen-identifiers | The eighteen identifiers
privacy.noname | patient-privacy-online | stories-without-a-name | Stories without a name
privacy.confirm | patient-privacy-online | reviews-and-privacy | Reviews
privacy.groups | patient-privacy-online | closed-groups | Closed groups and chat apps
privacy.report | patient-privacy-online | if-it-is-out | If patient information is out
personal.profile | personal-accounts-and-disclosure | name-picture-handle | Name, picture and handle
personal.disclose | personal-accounts-and-disclosure | employees-disclose | You work here, and you speak of us
personal.gifts | personal-accounts-and-disclosure | money-and-gifts | Money, gifts and favors
personal.views | personal-accounts-and-disclosure | views-my-own-is-not-enough | “Views my own” is not a disclosure
personal.patients | social-media | no-patient-friends | Do not friend your patients
personal.advice | social-media | no-personal-medical-advice | Give no medical advice to one person
official.request | official-accounts | ask-first | Ask first
official.licence | official-accounts | licence-conditions | What the licence asks for
official.owners | official-accounts | two-contacts | One owner, one deputy, both from the department
official.factor | official-accounts | two-factor | Two-factor sign-in
official.inbox | official-accounts | answer-in-time | Answer, and in time
official.leaving | official-accounts | leavers | When somebody leaves or moves
official.register | official-accounts | owned-by-us | Owned by us, not by a person
photos.authorisation | photos-video-and-authorisation | sign-before-filming | A signature before the first frame
photos.background | patient-privacy-online | pictures-and-backgrounds | Pictures and what is in them
photos.staff | photos-video-and-authorisation | staff-and-visitors | Staff and visitors are asked, too
photos.children | photos-video-and-authorisation | children | Children and people who cannot decide
photos.visitors | photos-video-and-authorisation | staff-and-visitors | Staff and visitors are asked, too
photos.revoke | photos-video-and-authorisation | revocation | When a patient changes their mind
reviews.reply | reviews-and-comments | words-to-start-from | Words to start from
reviews.hide | reviews-and-comments | negative-is-not-a-reason | Negative is not a reason
reviews.ask | reviews-and-comments | ask-everybody-alike | Ask everybody alike
reviews.staff | personal-accounts-and-disclosure | no-reviews-of-ourselves | No reviews of ourselves
crisis.pause | crisis-communication | stop-scheduled-posts | Stop what is scheduled
crisis.voice | crisis-communication | one-voice | One voice
crisis.rumours | crisis-communication | rumors | Rumors
crisis.media | social-media | journalists | Questions from journalists
accessible.law | accessible-posts | what-applies | What applies, and from when
accessible.alt | accessible-posts | alt-text | Alt text on every picture
accessible.captions | accessible-posts | captions | Captions on every film
accessible.hashtags | accessible-posts | hashtag-capitals | Hashtags with capitals
accessible.plain | accessible-posts | plain-language | Plain language
accessible.emoji | accessible-posts | emoji | Emoji and fancy letters
"""
CLAUSES = {
    word: (policy, clause, title)
    for word, policy, clause, title in (line.split(" | ") for line in TABLE.strip().splitlines())
}
POLICIES = {
    "social-media": "Social media policy",
    "patient-privacy-online": "Patient privacy online",
    "personal-accounts-and-disclosure": "Personal accounts",
    "official-accounts": "Official accounts",
    "photos-video-and-authorisation": "Photos and video",
    "reviews-and-comments": "Reviews and comments",
    "crisis-communication": "Crisis communication",
    "accessible-posts": "Accessible posts",
}


def url_of(word: str) -> str:
    policy, clause, _ = CLAUSES[word]
    return f"/policies/{policy}/#{clause}" if clause else f"/policies/{policy}/"


def title_of(word: str) -> str:
    policy, _clause, title = CLAUSES[word]
    return f"{POLICIES[policy]}: {title}"


def linked(text: str) -> str:
    """The text with each {word} as a Markdown link to its clause."""
    for word in CLAUSES:
        text = text.replace("{" + word + "}", f"[{title_of(word)}]({url_of(word)})")
    return text

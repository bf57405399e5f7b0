"""Where the demo's answers point to: one place to mend when a clause gets another address."""

# Word in the texts | policy | clause | what the link says.
TABLE = """
social.covers | social-media-policy | who-is-covered | Social media policy: Who is covered
social.speaks | social-media-policy | who-speaks | Social media policy: Who speaks for us
social.rights | social-media-policy | your-rights | Social media policy: Your rights
social.work | social-media-policy | at-work | Social media policy: At work
privacy.identifiers | patient-privacy-online | what-identifies | Patient privacy online: What identifies a patient
privacy.noname | patient-privacy-online | no-name | Patient privacy online: No name is not anonymous
privacy.confirm | patient-privacy-online | never-confirm | Patient privacy online: Never confirm care
privacy.groups | patient-privacy-online | closed-groups | Patient privacy online: Closed groups
privacy.report | patient-privacy-online | report | Patient privacy online: Report a mistake
personal.profile | personal-accounts-and-disclosure | profile | Personal accounts: Your profile
personal.disclose | personal-accounts-and-disclosure | disclose | Personal accounts: Say that you work here
personal.views | personal-accounts-and-disclosure | own-views | Personal accounts: Views are my own
personal.patients | personal-accounts-and-disclosure | patients | Personal accounts: Patients as contacts
personal.advice | personal-accounts-and-disclosure | advice | Personal accounts: No medical advice
official.request | official-accounts-and-licence-to-post | request | Official accounts: Ask for an account
official.licence | official-accounts-and-licence-to-post | licence | Official accounts: Licence to post
official.owners | official-accounts-and-licence-to-post | two-people | Official accounts: Two people
official.factor | official-accounts-and-licence-to-post | second-factor | Official accounts: Second factor
official.inbox | official-accounts-and-licence-to-post | messages | Official accounts: Messages
official.leaving | official-accounts-and-licence-to-post | leaving | Official accounts: When somebody leaves
official.register | official-accounts-and-licence-to-post | register | Official accounts: The register
photos.authorisation | photos-video-and-authorisation | authorisation | Photos and video: Written authorisation
photos.background | photos-video-and-authorisation | background | Photos and video: What is behind
photos.staff | photos-video-and-authorisation | colleagues | Photos and video: Colleagues
photos.children | photos-video-and-authorisation | children | Photos and video: Children
photos.visitors | photos-video-and-authorisation | visitors | Photos and video: Visitors who film
photos.revoke | photos-video-and-authorisation | revocation | Photos and video: When permission is withdrawn
reviews.reply | reviews-and-comments | reply | Reviews and comments: How we answer
reviews.hide | reviews-and-comments | hide | Reviews and comments: What we hide
reviews.ask | reviews-and-comments | asking | Reviews and comments: Asking for reviews
reviews.staff | reviews-and-comments | employees | Reviews and comments: Reviews by employees
crisis.pause | crisis-communication | pause | Crisis communication: Pause
crisis.voice | crisis-communication | one-voice | Crisis communication: One voice
crisis.rumours | crisis-communication | rumors | Crisis communication: Rumors
crisis.media | crisis-communication | media | Crisis communication: Reporters
accessible.alt | accessible-posts | alternative-text | Accessible posts: Alternative text
accessible.captions | accessible-posts | captions | Accessible posts: Captions
accessible.hashtags | accessible-posts | hashtags | Accessible posts: Hashtags
accessible.plain | accessible-posts | plain-words | Accessible posts: Plain words
accessible.emoji | accessible-posts | emoji | Accessible posts: Emoji
"""
CLAUSES = {
    word: (policy, clause, title)
    for word, policy, clause, title in (line.split(" | ") for line in TABLE.strip().splitlines())
}


def url_of(word: str) -> str:
    policy, clause, _ = CLAUSES[word]
    return f"/policies/{policy}/#{clause}"


def title_of(word: str) -> str:
    return CLAUSES[word][2]


def linked(text: str) -> str:
    """The text with each {word} as a Markdown link to its clause."""
    for word in CLAUSES:
        text = text.replace("{" + word + "}", f"[{title_of(word)}]({url_of(word)})")
    return text

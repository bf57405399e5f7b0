"""The pages of the portal, by who looks at them."""

import re

from playwright.sync_api import Page

# Everything below is of the demo organisation. `list > pattern` is the first page that the list links to.
EVERYBODY = [
    "/",
    "/my/",
    "/my/account/",
    "/my/account/data/",
    "/my/account/notifications/",
    "/search/?q=photo",
    "/search/?q=zzzzzz",
    "/notifications/",
    "/announcements/",
    "/announcements/ > /announcements/[0-9]+/",
    "/announcements/archive/",
    "/announcements/archive/ > /announcements/[0-9]+/",
    "/policies/",
    "/policies/social-media/",
    "/policies/social-media/history/",
    "/policies/social-media/clauses/say-who-you-are/",
    "/policies/check/",
    "/training/",
    "/training/courses/",
    "/training/certificates/",
    "/training/programmes/new-employee/",
    "/training/courses/answering-reviews/",
    "/training/courses/answering-reviews/quiz/",
    "/feedback/",
    "/feedback/ask/",
    "/feedback/topics/",
    "/feedback/topics/ > /feedback/topics/[0-9]+/",
    "/feedback/ > /feedback/[a-z-]+/",
    "/feedback/stories/",
    "/feedback/stories/new/",
    "/channels/",
    "/channels/ > /channels/[0-9]+/",
    "/channels/request/",
    "/channels/verify/?q=riverbendhealth",
]
STRATEGIST = [
    "/",
    "/announcements/new/",
    "/announcements/unpublished/",
    "/announcements/comments/",
    "/announcements/ > /announcements/[0-9]+/",
    "/announcements/1/edit/",
    "/announcements/1/receipts/",
    "/announcements/1/sending/",
    "/announcements/1/history/",
    "/announcements/1/comments/",
    "/search/synonyms/",
    "/search/synonyms/?try=the+PHI",
    "/search/synonyms/new/",
    "/search/missed/",
    "/policies/workspace/",
    "/policies/new/",
    "/policies/check/clauses/",
    "/policies/social-media/signatures/",
    "/policies/photos-video-and-authorisation/edit/",
    "/policies/photos-video-and-authorisation/review/",
    "/training/team/",
    "/feedback/waiting/",
    "/feedback/review/",
    "/feedback/categories/",
    "/feedback/stories/board/",
    "/feedback/stories/board/ > /feedback/stories/[0-9]+/",
    "/channels/add/",
    "/metrics/imports/",
    "/metrics/collection/",
    "/administration/audiences/add/",
    "/administration/audiences/changes/",
    "/my/account/roles/",
]
EXECUTIVE = [
    "/",
    "/metrics/",
    "/metrics/ > /metrics/channels/[0-9]+/",
    "/metrics/ > /metrics/networks/[a-z]+/",
    "/metrics/dictionary/",
    "/metrics/events/",
    "/metrics/executive/",
    "/metrics/returns/",
    "/metrics/returns/formula/",
    "/metrics/standing/",
    "/metrics/standing/ > /metrics/standing/rounds/[0-9]+/",
]
COORDINATOR = [
    "/",
    "/announcements/1/receipts/",
    "/departments/",
    "/departments/ > /departments/[0-9]+/",
    "/training/team/",
]
ADMINISTRATOR = [
    "/administration/",
    "/administration/people/",
    "/administration/departments/",
    "/administration/audiences/",
    "/administration/audiences/ > /administration/audiences/[0-9]+/",
    "/administration/roles/",
    "/administration/audit/",
    "/administration/jobs/",
    "/administration/directory/",
    "/administration/directory/merge/",
    "/administration/directory/scim/",
    "/administration/tokens/",
    "/administration/tokens/add/",
    "/administration/mail/",
    "/administration/chat/",
    "/administration/reminders/",
    "/administration/sign-in/",
    "/administration/sign-in/invitations/",
    "/administration/sign-in/invitations/invite/",
    "/administration/sign-in/providers/add/openid-connect/",
    "/administration/sign-in/providers/add/saml/",
    "/administration/sign-in/second-step/",
    "/administration/sign-in/sessions/",
    "/my/account/second-step/",
    "/my/account/sessions/",
]
STRANGER = [
    "/accounts/login/",
    "/accounts/signed-out/",
    "/accounts/invitation/over/",
    "/accounts/password/reset/",
    "/channels/verify/",
    "/privacy/erasures/",
    "/privacy/erasures/propose/",
]
PRIVACY_OFFICER = [
    "/privacy/",
    "/privacy/holds/",
    "/privacy/retention/",
    "/privacy/retention/feedback.drafts/",
    "/privacy/erasures/ > /privacy/erasures/[0-9]+/",
    "/privacy/purges/",
    "/privacy/purges/ > /privacy/purges/[0-9]+/",
    "/privacy/purges/post/1/",
    "/administration/audit/",
    "/administration/audit/access/",
    "/administration/audit/verification/",
]
BY_ROLE = {
    "employee": EVERYBODY,
    "strategist": STRATEGIST,
    "executive": EXECUTIVE,
    "coordinator": COORDINATOR,
    "admin": ADMINISTRATOR,
    "privacy": PRIVACY_OFFICER,
}


def open_page(page: Page, place: str) -> None:
    """Goes there; for `list > pattern` by the first address on the list that fits."""
    index, _, pattern = place.partition(" > ")
    page.goto(index)
    if pattern:
        links = page.locator("main a[href]").evaluate_all("found => found.map(a => a.pathname + a.search)")
        page.goto(next(link for link in links if re.fullmatch(pattern, link.partition("?")[0])))
    page.evaluate("document.fonts.ready.then(() => true)")  # letters have their widths now

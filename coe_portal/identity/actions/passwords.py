"""A link to a new password, mailed to whoever has one. The page that asks for it never learns who that is."""

from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from coe_portal.identity.queries.policy import rules
from coe_portal.outbox.actions import enqueue
from coe_portal.people.models import User
from coe_portal.people.queries import password_link

SEND_LINK = "identity.send_password_link"


def ask_for_link(*, address: str) -> None:
    """The same work for every address, so that no clock tells which ones are known: looking is left to the job."""
    enqueue(SEND_LINK, {"address": address})


@transaction.atomic
def send_link(*, address: str) -> None:
    """To the stored address, whatever was typed. Passwords may have been closed since."""
    person = User.objects.active().filter(email=address.lower()).first()
    if person is None or rules().sso_only or not _has_or_needs_password(person):
        return
    context = {"password_reset_url": password_link(person), "current_site": {"domain": _host()}}
    with translation.override(person.language):
        EmailMessage(
            subject=render_to_string("account/email/password_reset_key_subject.txt", context).strip(),
            body=render_to_string("account/email/password_reset_key_message.txt", context).strip(),
            to=[person.email],
        ).send()


def _has_or_needs_password(person: User) -> bool:
    """Somebody who signs in through the organisation has no password to reset."""
    return person.has_usable_password() or not SocialAccount.objects.filter(user=person).exists()


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).netloc

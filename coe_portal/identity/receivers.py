"""What follows from facts about people, and from what allauth does with their keys and sessions."""

from collections.abc import Sequence
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_added,
    email_changed,
    email_removed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.account.signals import user_logged_in as came_in
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db.models import Model
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from coe_portal.audit import actions as audit
from coe_portal.design.templatetags.design import browser
from coe_portal.identity import sessions
from coe_portal.identity.actions.invitations import revoke
from coe_portal.identity.actions.making_room import make_room
from coe_portal.identity.queries.invitations import open_invitations_around
from coe_portal.identity.queries.policy import rules
from coe_portal.people.facts import happened
from coe_portal.people.models import User


@receiver(happened, dispatch_uid="identity.leavers")
def end_invitations_of_leavers(*, by: User | None, verb: str, on: Sequence[Model], **kwargs: Any) -> None:
    """Nobody comes in on the word of somebody who has left, nor a leaver by the back door."""
    if verb == "person.deactivated":
        revoke(by=by, invitations=open_invitations_around(each for each in on if isinstance(each, User)))


@receiver(user_logged_in, dispatch_uid="identity.session")
def begin_session(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """What a provider said counts only in the session it began, not in one that a password began after it."""
    sessions.begin(request, timezone.now())
    sessions.forget_second_factor(request)
    if "socialaccount" not in {record["method"] for record in get_authentication_records(request, user)}:
        request.session.pop(sessions.SECOND_FACTOR_BY_PROVIDER, None)
        request.session.pop(sessions.PROVIDER, None)
    # Worked out now, so that no page of the session has to; of a person of its own, whose roles nobody else keeps.
    sessions.missing_second_factor(request, User.objects.get(pk=user.pk), rules(), timezone.now())


@receiver(came_in, dispatch_uid="identity.room")
def make_room_for_browser(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """After allauth has put this session on the list."""
    gone = make_room(person=user, current=str(request.session.session_key), at=timezone.now())
    if gone:
        text = ngettext(
            "You can use the portal in %(number)s browser. The other one (%(names)s) is signed out now.",
            "You can use the portal in %(number)s browsers at once. The one you signed in with first (%(names)s) is"
            " signed out now.",
            rules().limits_of(user).browsers,
        )
        names = ", ".join(browser(each.user_agent) for each in gone)
        messages.info(request, text % {"number": rules().limits_of(user).browsers, "names": names})


@receiver(password_changed, dispatch_uid="identity.password_changed")
def note_changed_password(*, user: User, **kwargs: Any) -> None:
    audit.record(by=user, verb="password.changed", on=user)


@receiver(password_set, dispatch_uid="identity.password_set")
def note_first_password(*, user: User, **kwargs: Any) -> None:
    audit.record(by=user, verb="password.set", on=user)


@receiver(password_reset, dispatch_uid="identity.password_reset")
def note_reset_password(*, user: User, **kwargs: Any) -> None:
    """By whoever had the link: it is their account, and the trail says that it was the way of the link."""
    audit.record(by=user, verb="password.reset", on=user)


@receiver(email_added, dispatch_uid="identity.email_added")
def note_asked_address(*, user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    """It counts once it is confirmed. Which address it is stands with the account, not in the trail."""
    audit.record(by=user, verb="email.asked_for", on=user, details={"address": email_address.pk})


@receiver(email_changed, dispatch_uid="identity.email_changed")
def note_changed_address(*, user: User, to_email_address: EmailAddress, **kwargs: Any) -> None:
    audit.record(by=user, verb="email.changed", on=user, details={"address": to_email_address.pk})


@receiver(email_removed, dispatch_uid="identity.email_removed")
def note_dropped_address(*, user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    """One that was asked for and not confirmed; that a confirmed one takes the place of the old is one entry."""
    if not email_address.verified:
        audit.record(by=user, verb="email.dropped", on=user)


@receiver(authenticator_added, dispatch_uid="identity.factor_added")
def factor_added(*, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor_changed("factor.added", request, user, authenticator)


@receiver(authenticator_removed, dispatch_uid="identity.factor_removed")
def factor_removed(*, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor_changed("factor.removed", request, user, authenticator)


@receiver(authenticator_reset, dispatch_uid="identity.factor_renewed")
def factor_renewed(*, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    _factor_changed("factor.renewed", request, user, authenticator)


def _factor_changed(verb: str, request: HttpRequest, user: User, authenticator: Any) -> None:
    """Whoever else is signed in as this person has to show the new factor."""
    audit.record(by=user, verb=verb, on=user, details={"type": str(authenticator.type)})
    sessions.forget_second_factor(request)
    end_other_sessions(request, user)

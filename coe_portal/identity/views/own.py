"""One's own sessions and second step."""

from datetime import timedelta

from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, forgets, go
from coe_portal.identity import sessions
from coe_portal.identity.queries.policy import rules
from coe_portal.identity.queries.sessions import linked_accounts, open_sessions


@require_safe
def own_sessions(request: PortalRequest) -> HttpResponse:
    limits = rules().limits_of(request.user)
    context = {
        "sessions": open_sessions(request.user, timezone.now()),
        "current": request.session.session_key,
        "idle": in_words(limits.idle),
        "absolute": in_words(limits.absolute),
        "browsers": limits.browsers,
        "linked": linked_accounts(request.user),
    }
    return render(request, "identity/own_sessions.html", context)


@require_POST
def end_own_session(request: PortalRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=session_id, user=request.user)
    current = session.session_key == request.session.session_key
    end_sessions(request, [session])
    if current:
        return forgets(HttpResponseRedirect("/"))
    messages.success(request, _("That browser is signed out."))
    return go(request, "identity:own_sessions")


@require_POST
def end_other_own_sessions(request: PortalRequest) -> HttpResponse:
    end_other_sessions(request, request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return go(request, "identity:own_sessions")


@require_safe
def second_step_due(request: PortalRequest) -> HttpResponse:
    missing = getattr(request, "second_factor_missing", None)
    if missing is None:
        return go(request, "mfa_index")
    return render(request, "identity/second_step_due.html", {"missing": missing})


def in_words(span: timedelta) -> str:
    """In the largest unit that says it exactly: 8 hours rather than 480 minutes."""
    minutes = int(span.total_seconds() // 60)
    if minutes % (24 * 60) == 0 and minutes > 24 * 60:
        return ngettext("%(number)s day", "%(number)s days", minutes // (24 * 60)) % {"number": minutes // (24 * 60)}
    if minutes % 60 == 0:
        return ngettext("%(number)s hour", "%(number)s hours", minutes // 60) % {"number": minutes // 60}
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


@require_http_methods(["GET", "HEAD", "POST"])
def session(request: PortalRequest) -> HttpResponse:
    """How many seconds the session holds. Asking does not make it longer; a POST is somebody who is there."""
    limits, now = rules().limits_of(request.user), timezone.now()
    if request.method == "POST":
        sessions.touch(request, limits, now, at_once=True)
    return JsonResponse({"left": int(sessions.left(request, limits, now).total_seconds())})

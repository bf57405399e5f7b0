"""What a session must keep to: its limits, the second step that a role asks for, and the ways in that are open."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from coe_portal.core.http import is_recently_authenticated
from coe_portal.identity import sessions
from coe_portal.identity.places import NoPlace, in_request
from coe_portal.identity.queries.links import signs_in_through_provider_alone
from coe_portal.identity.queries.policy import rules
from coe_portal.identity.queries.sessions import made_room

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Setting a second step up, showing who one is, leaving.
OPEN_WHEN_OVERDUE = frozenset(
    {
        "identity:second_step_due", "identity:confirm", "identity:provider_login", "identity:oidc_callback",
        "identity:saml_acs", "identity:saml_finish", "identity:session", "design:appearance", "account_logout",
        "account_reauthenticate", "home:healthz",
    }
)  # fmt: skip
CLOSED_BY_SSO_ONLY = frozenset(
    {
        "account_signup", "account_request_login_code", "account_confirm_login_code", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
        "account_change_password", "account_set_password", "account_email",
    }
)  # fmt: skip
# allauth lets somebody without a password or key change these unasked; they are asked by their provider.
NEED_PROVIDER_TO_CONFIRM = frozenset(
    {
        "mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
        "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_download_recovery_codes", "account_email",
        "account_set_password", "account_change_password",
    }
)  # fmt: skip


class SessionLimitsMiddleware:
    """Ends what has been idle or open for too long, and leads back to where one was."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        ended = request.user.is_authenticated and self._is_over(request)
        if ended:
            logout(request)
            if "HX-Request" in request.headers:
                return _led_away(request)
        response = self.get_response(request)
        if response.status_code != 302 or not response["Location"].startswith(reverse(settings.LOGIN_URL)):
            return response
        if ended:
            return _led_away(request)
        return _led_away(request, elsewhere="1") if made_room(request) else response

    def _is_over(self, request: HttpRequest) -> bool:
        now, limits = timezone.now(), rules().limits_of(request.user)  # type: ignore[arg-type]
        if sessions.left(request, limits, now).total_seconds() <= 0:
            return True
        if request.path != reverse("identity:session"):
            sessions.touch(request, limits, now)
        request.session_left = int(sessions.left(request, limits, now).total_seconds())  # type: ignore[attr-defined]
        request.typed_key = sessions.typed_key(request.user)  # type: ignore[arg-type, attr-defined]
        return False


class SecondStepMiddleware:
    """After the days of grace the portal is one page: the one that sets the second step up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            found = sessions.missing_second_factor(request, request.user, rules(), timezone.now())
            request.second_factor_missing = found  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        missing: sessions.Missing | None = getattr(request, "second_factor_missing", None)
        if missing is None or not missing.overdue or not settings.SECOND_FACTOR_ENFORCED:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name.startswith("mfa_") or name in OPEN_WHEN_OVERDUE:
            return None
        return HttpResponseRedirect(reverse("identity:second_step_due"))


class PasswordPlacesMiddleware:
    """Answers who finds no place to have a password checked: at once, so that the others read on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = in_request.set(True)
        try:
            return self.get_response(request)
        finally:
            in_request.reset(token)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NoPlace):
            return None
        context = {"back": request.get_full_path()}
        response = render(request, "identity/no_place.html", context, status=503)
        response["Retry-After"] = "3"
        return response


class WaysInMiddleware:
    """Closes every way around the identity providers, where they alone may vouch for people."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        password = name == "account_login" and request.method == "POST"
        if (name in CLOSED_BY_SSO_ONLY or password) and rules().sso_only:
            messages.error(request, _("Passwords are not used here. Sign in with your organisation's account."))
            return HttpResponseRedirect(reverse("home:account" if request.user.is_authenticated else "account_login"))
        if name in NEED_PROVIDER_TO_CONFIRM and request.user.is_authenticated:
            return self._confirmed_by_provider(request)
        return None

    def _confirmed_by_provider(self, request: HttpRequest) -> HttpResponse | None:
        if is_recently_authenticated(request) or not signs_in_through_provider_alone(request.user):  # type: ignore[arg-type]
            return None
        back = request.get_full_path() if request.method == "GET" else _page_before(request)
        return HttpResponseRedirect(f"{reverse('identity:confirm')}?next={quote(back)}")


def _page_before(request: HttpRequest) -> str:
    """The page whose form was sent, if it is ours."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.get_host() and before.path else "/"


def _led_away(request: HttpRequest, **why: str) -> HttpResponse:
    """To the page that says why the session is over, and from there back."""
    if "HX-Request" in request.headers:
        back = urlsplit(request.headers.get("HX-Current-URL", "/")).path
    else:
        back = request.get_full_path() if request.method == "GET" else _page_before(request)
    where = f"{reverse('identity:signed_out')}?{urlencode({'next': back, **why}, safe='/')}"
    return HttpResponseClientRedirect(where) if "HX-Request" in request.headers else HttpResponseRedirect(where)

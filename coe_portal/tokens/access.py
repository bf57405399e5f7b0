"""Views that a program opens with a token instead of a session."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from coe_portal.core.cache import RATE_LIMIT_PREFIX
from coe_portal.core.http import client_address
from coe_portal.people.models import User
from coe_portal.tokens.actions import note_use
from coe_portal.tokens.models import AccessToken
from coe_portal.tokens.queries import token_of

BAD_TRIES_AT_MOST = 20
BAD_TRIES_SECONDS = 60

Refusal = Callable[[HTTPStatus, str], HttpResponseBase]
View = Callable[..., HttpResponseBase]


class TokenRequest(HttpRequest):
    """A request of a program; `user` is the person whose token it shows."""

    token: AccessToken
    user: User


def _as_json(status: HTTPStatus, detail: str) -> HttpResponseBase:
    return JsonResponse({"detail": detail}, status=status)


def token_required(scope: str, refusal: Refusal = _as_json) -> Callable[[View], View]:
    """Lets in who shows a usable token with this scope. No session is read, no cookie counts or is set.

    An address that shows too many bad tokens is told to wait, without a look into the database.
    """

    def guard(view: View) -> View:
        @login_not_required
        @csrf_exempt
        @wraps(view)
        def guarded(request: TokenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with translation.override("en"), timezone.override(None):
                response = _refused(request, scope, refusal) or view(request, *args, **kwargs)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.takes_any_method = True  # type: ignore[attr-defined]
        return guarded

    return guard


def _refused(request: TokenRequest, scope: str, refusal: Refusal) -> HttpResponseBase | None:
    tries = f"{RATE_LIMIT_PREFIX}:tokens:{client_address(request)}"
    if cache.get(tries, 0) >= BAD_TRIES_AT_MOST:
        response = refusal(HTTPStatus.TOO_MANY_REQUESTS, "Too many bad tokens from this address. Wait a minute.")
        response.headers["Retry-After"] = str(BAD_TRIES_SECONDS)
        return response
    now = timezone.now()
    token = token_of(request.headers.get("Authorization", ""), now)
    if token is None:
        _count(tries)
        response = refusal(HTTPStatus.UNAUTHORIZED, "Show a token that is good: Authorization: Bearer …")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if not token.opens(scope):
        response = refusal(HTTPStatus.FORBIDDEN, f"This token does not open “{scope}”.")
        response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
        return response
    note_use(token=token, at=now)
    request.token, request.user = token, token.owner
    return None


def _count(tries: str) -> None:
    """A key that expires between the two calls starts again at one."""
    if not cache.add(tries, 1, BAD_TRIES_SECONDS):
        try:
            cache.incr(tries)
        except ValueError:
            cache.set(tries, 1, BAD_TRIES_SECONDS)

"""What views share: the request with our person in it, and answers that htmx and plain browsers both understand."""

import time
from collections.abc import Callable, Collection
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from coe_portal.people.models import User


View = Callable[..., HttpResponseBase]

# When the session began: signing in is showing who one is, too.
SIGNED_IN_AT = "signed_in_at"


class PortalRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: "User"
    htmx: HtmxDetails


def render_part(request: HttpRequest, template: str, part: str, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or only its named partial when htmx asks."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return render(request, f"{template}#{part}" if htmx else template, context)


def go(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Redirect after a write, for htmx as for a plain form."""
    url = resolve_url(to, *args, **kwargs)
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return HttpResponseClientRedirect(url) if htmx else HttpResponseRedirect(url)


def forgets(response: HttpResponse) -> HttpResponse:
    """The browser throws away pages and half-written forms of ours; the cookie of the language stays."""
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def client_address(request: HttpRequest) -> str:
    """The reader's address; a proxy in front is trusted as far as ALLAUTH_TRUSTED_PROXY_COUNT says."""
    return str(get_adapter(request).get_client_ip(request) or "")


def only(may: "Callable[[User], bool]") -> "Callable[[View], View]":
    """A view for those who may: `@only(may_administer)`. Others are told that the page is not theirs."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def is_recently_authenticated(request: HttpRequest) -> bool:
    """Whether this person has shown who they are a short while ago, by signing in or by confirming it since."""
    confirmed = [
        float(record["at"])
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    ]
    last = max([float(request.session.get(SIGNED_IN_AT, 0)), *confirmed])
    return time.time() - last < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def recently_authenticated(*, secrets: Collection[str] = ()) -> "Callable[[View], View]":
    """A view that changes who may do what: asks once more who it is, then goes on with what was sent.

    `secrets` are fields that are not kept meanwhile; they have to be typed again.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if is_recently_authenticated(request):
                return view(request, *args, **kwargs)
            return _confirm_first(request, secrets)

        return guarded

    return guard


def _confirm_first(request: PortalRequest, secrets: Collection[str]) -> HttpResponse:
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if not ways:
        raise PermissionDenied
    if request.method == "POST":
        kept = request.POST.copy()
        for name in secrets:
            kept.pop(name, None)
        request.POST = kept  # type: ignore[assignment]
    response: HttpResponse = suspend_request(request, ways[0]["url"])
    return HttpResponseClientRedirect(response["Location"]) if request.htmx else response

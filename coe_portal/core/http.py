"""What views share: the request with our person in it, and answers that htmx and plain browsers both understand."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from coe_portal.people.models import User


View = Callable[..., HttpResponseBase]


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

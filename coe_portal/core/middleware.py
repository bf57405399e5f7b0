from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

METHODS = ("GET", "HEAD", "POST", "OPTIONS")

View = Callable[..., HttpResponseBase]
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ResponseHeadersMiddleware:
    """A signed-in answer is never stored by anybody; every answer stays on its own origin."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.user.is_authenticated:
            headers.setdefault("Cache-Control", "private, no-store")
        return response


class ReadableMiddleware:
    """A NUL is no letter of a search or of a name, and the database refuses it: an address with one is not understood.

    Programs' interfaces say so in their own words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_arguments: Any) -> None:
        has_nul = "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if has_nul and not getattr(view, "takes_any_method", False):
            raise BadRequest("A NUL in the address.")


class MethodsMiddleware:
    """A page is read or sent to. Any other method is for views of programs' interfaces, marked `takes_any_method`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_arguments: Any) -> HttpResponseBase | None:
        if request.method in METHODS or getattr(view, "takes_any_method", False):
            return None
        return HttpResponseNotAllowed(METHODS)

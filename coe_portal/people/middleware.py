from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers


class SignedInMiddleware(AuthenticationMiddleware):
    """Who is asking, at once: every page needs them, and through Django's proxy each of the hundreds of looks
    that a page takes at them costs several times as much."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = get_user(request)


class PersonMiddleware:
    """Pages in the reader's language and time zone; before sign-in, in the browser's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            timezone.activate(ZoneInfo(request.user.time_zone))
        else:
            translation.activate(translation.get_language_from_request(request))
            timezone.deactivate()
        response = self.get_response(request)
        if not request.user.is_authenticated:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response

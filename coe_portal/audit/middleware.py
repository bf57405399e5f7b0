from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from coe_portal.audit.actions.arriving import note_access
from coe_portal.audit.models import Access
from coe_portal.core.http import client_address

REFUSED = 403


class RefusedMiddleware:
    """A page that was refused to somebody who is signed in is noted, with its address but without its query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == REFUSED and request.user.is_authenticated:
            note_access(
                event=Access.Event.DENIED,
                person_id=request.user.pk,
                address=client_address(request),
                path=request.path.replace("\x00", ""),
                at=timezone.now(),
            )
        return response

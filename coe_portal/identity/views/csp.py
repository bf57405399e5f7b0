"""The one exception to “forms lead to this site”: a browser checks redirects after a form, too."""

from collections.abc import Iterable

from csp.constants import SELF
from django.http import HttpResponse

from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.queries.providers import sign_in_origins


def forms_may_lead_to(response: HttpResponse, providers: Iterable[IdentityProvider]) -> HttpResponse:
    origins = sorted({origin for provider in providers for origin in sign_in_origins(provider)})
    if origins:
        response._csp_replace = {"form-action": [SELF, *origins]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's own decorators do this
    return response

"""SAML by allauth, with the settings of `config` and no address of ours taken from a request."""

from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from onelogin.saml2.auth import OneLogin_Saml2_Auth

from coe_portal.identity.queries.providers import row_of
from coe_portal.identity.saml.config import saml_auth
from coe_portal.identity.subjects import subject_key

# Says nothing and is never read: some providers check the signature of a request with an empty one wrongly.
RELAY_STATE = "sign-in"


class PortalSAMLProvider(SAMLProvider):  # type: ignore[misc]
    package = "coe_portal.identity.saml"

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        row = row_of(self.app)
        # Of two the provider surely knows the older one.
        auth = saml_auth(row, pair=row.key_pairs.first())
        address = auth.login(return_to=RELAY_STATE, force_authn=bool(kwargs.pop("fresh", False)))
        self.stash_redirect_state(request, process, next_url, data, state_id=auth.get_last_request_id(), **kwargs)
        return HttpResponseRedirect(address)

    def extract_uid(self, data: OneLogin_Saml2_Auth) -> str:
        return subject_key(row_of(self.app).authority, data.get_nameid() or "")

    def extract_extra_data(self, data: OneLogin_Saml2_Auth) -> dict[str, Any]:
        return {"iss": row_of(self.app).authority, "sub": data.get_nameid()}

    def extract_common_fields(self, data: OneLogin_Saml2_Auth) -> dict[str, Any]:
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: OneLogin_Saml2_Auth) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        login.attributes = {
            "NameID": response.get_nameid(),
            "AuthnContextClassRef": response.get_last_authn_contexts(),
            **{name: list(values) for name, values in response.get_attributes().items()},
        }
        login.claims = {}
        return login

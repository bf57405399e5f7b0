"""OpenID Connect, by allauth, stricter: PKCE, nonce, a checked signature, one subject in both answers."""

from secrets import token_urlsafe
from typing import Any

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from coe_portal.identity.oidc.tokens import decode_id_token, discovery_of
from coe_portal.identity.queries.providers import row_of
from coe_portal.identity.subjects import subject_key

NONCE = "nonce"
# Asks the provider to make somebody show who they are, whatever session it has with them.
FRESH = {"prompt": "login", "max_age": "0"}


class PortalOIDCAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            self._openid_config = discovery_of(row_of(self.get_provider().app))
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return callback_url(self.provider_id)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        row = row_of(app)
        claims = decode_id_token(row, kwargs["response"].get("id_token") or "")
        data: dict[str, Any] = {"id_token": claims}
        if self.openid_config.get("userinfo_endpoint"):
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims["sub"]:
                raise OAuth2Error("The provider speaks of two different subjects.")
        return self.get_provider().sociallogin_from_response(request, data)


class PortalOpenIDConnectProvider(OpenIDConnectProvider):  # type: ignore[misc]
    package = "coe_portal.identity.oidc"
    oauth2_adapter_class = PortalOIDCAdapter
    pkce_enabled_default = True

    def get_callback_url(self) -> str:
        return callback_url(self.app.provider_id)

    def get_scope(self) -> list[str]:
        return ["openid", *(scope for scope in row_of(self.app).scopes.split() if scope != "openid")]

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = token_urlsafe(24)
        auth_params = {NONCE: nonce, **(FRESH if kwargs.pop("fresh", False) else {})}
        response: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=auth_params, scope=self.get_scope(), nonce=nonce, **kwargs
        )
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        return subject_key(data["id_token"]["iss"], data["id_token"]["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Kept with the account: the pair that says who it is. What else came is used once and forgotten."""
        return {"iss": data["id_token"]["iss"], "sub": data["id_token"]["sub"]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        login = super().sociallogin_from_response(request, response)
        login.attributes = {**response["id_token"], **response.get("userinfo", {})}
        login.claims = response["id_token"]
        return login


def callback_url(key: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('identity:oidc_callback', args=[key])}"

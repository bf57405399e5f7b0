"""SAML as we want it: signed assertions with today's algorithms, and our own address from the settings."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.metadata import OneLogin_Saml2_Metadata
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from coe_portal.core import crypto
from coe_portal.identity.models import IdentityProvider, KeyPair

SECURITY = {
    "wantAssertionsSigned": True,
    "wantMessagesSigned": False,
    "wantNameId": True,
    "wantNameIdEncrypted": False,
    "wantAttributeStatement": False,
    "requestedAuthnContext": False,
    "rejectDeprecatedAlgorithm": True,
    "allowRepeatAttributeName": True,
    "allowSingleLabelDomains": True,
    "signatureAlgorithm": Saml.RSA_SHA256,
    "digestAlgorithm": Saml.SHA256,
}


def acs_url(key: str) -> str:
    return _absolute("identity:saml_acs", key)


def metadata_address(key: str) -> str:
    return _absolute("identity:saml_metadata", key)


def _absolute(name: str, key: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=[key])}"


def _security(provider: IdentityProvider) -> dict[str, Any]:
    return {
        **SECURITY,
        "authnRequestsSigned": provider.signs_requests,
        "wantAssertionsEncrypted": provider.wants_encryption,
    }


def _portal(key: str, pair: KeyPair | None = None) -> dict[str, Any]:
    """We, as the provider's administrators know us."""
    ours = {"x509cert": pair.certificate, "privateKey": crypto.decrypt(pair.private_key)} if pair else {}
    return {
        "entityId": metadata_address(key),
        "assertionConsumerService": {"url": acs_url(key), "binding": Saml.BINDING_HTTP_POST},
        "NameIDFormat": Saml.NAMEID_PERSISTENT,
        **ours,
    }


def portal_metadata(provider: IdentityProvider) -> str:
    """While a pair is renewed, both sign, and the provider is asked to encrypt with the new one."""
    config = {"strict": True, "security": SECURITY, "sp": _portal(provider.key)}
    ours = OneLogin_Saml2_Settings(settings=config, sp_validation_only=True)
    text = OneLogin_Saml2_Metadata.builder(
        ours.get_sp_data(), provider.signs_requests, SECURITY["wantAssertionsSigned"]
    )
    pairs = list(provider.key_pairs.all())
    for pair in pairs:
        text = OneLogin_Saml2_Metadata.add_x509_key_descriptors(text, pair.certificate, pair == pairs[-1])
    return text.decode() if isinstance(text, bytes) else str(text)


def saml_auth(provider: IdentityProvider, response: str = "", pair: KeyPair | None = None) -> OneLogin_Saml2_Auth:
    """For one exchange. The address that an answer must be meant for is ours by the settings, never the Host header."""
    here = urlsplit(acs_url(provider.key))
    request = {
        "https": "on" if here.scheme == "https" else "off",
        "http_host": here.netloc,
        "script_name": here.path,
        "get_data": {},
        "post_data": {"SAMLResponse": response} if response else {},
    }
    ours = _portal(provider.key, pair)
    config = {"strict": True, "security": _security(provider), "sp": ours, "idp": _provider(provider)}
    return OneLogin_Saml2_Auth(request, config)


def _provider(provider: IdentityProvider) -> dict[str, Any]:
    return {
        "entityId": provider.entity_id,
        "singleSignOnService": {"url": provider.sso_url, "binding": Saml.BINDING_HTTP_REDIRECT},
        "x509certMulti": {"signing": provider.certificates},
    }

"""Reading an ID token and the documents of its issuer. Nothing that is not proven is believed."""

from datetime import timedelta
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache
from django.utils import timezone
from requests import RequestException

from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.network import guarded_session

# Signatures with a key pair alone: "none" and the symmetric ones never count, whatever the header says.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
KEPT = (*NEEDED, "userinfo_endpoint", "token_endpoint_auth_methods_supported", "read_at")
KEYS_SECONDS = 3600
# A job reads it every day and tells of changes; this is for the day on which no job runs.
DISCOVERY_LASTS = timedelta(days=2)
LEEWAY = timedelta(seconds=60)


def read_discovery(issuer: str) -> dict[str, Any]:
    """The issuer's own description. Raises OAuth2Error in words for an administrator."""
    found = _read_json(issuer.rstrip("/") + "/.well-known/openid-configuration")
    missing = [name for name in NEEDED if not isinstance(found.get(name), str)]
    if missing:
        raise OAuth2Error(f"The description of {issuer} lacks {', '.join(missing)}.")
    if found["issuer"] != issuer:
        raise OAuth2Error(f"The description names another issuer: {found['issuer']}")
    found["read_at"] = timezone.now().isoformat()
    return {name: found[name] for name in KEPT if name in found}


def discovery_of(provider: IdentityProvider) -> dict[str, Any]:
    """The stored description; read here when no job has read it. While it cannot be read, the stored one serves."""
    known: dict[str, Any] = provider.discovery
    if known.get("read_at", "") > (timezone.now() - DISCOVERY_LASTS).isoformat():
        return known
    try:
        found = read_discovery(provider.issuer)
    except (OAuth2Error, RequestException):
        if known:
            return known
        raise
    IdentityProvider.objects.filter(pk=provider.pk).update(discovery=found)
    return found


def decode_id_token(provider: IdentityProvider, token: str) -> dict[str, Any]:
    """Signature, issuer, audience, times and presenter are checked; the nonce is the caller's to compare."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error(f"The ID token is signed with {header.get('alg')!r}, which does not count.")
        claims: dict[str, Any] = jwt.decode(
            token, key=_key(provider, header), algorithms=ALGORITHMS, issuer=provider.issuer,
            audience=provider.client_id, leeway=LEEWAY, options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise OAuth2Error(f"The ID token does not hold: {error}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", provider.client_id) != provider.client_id or (several and "azp" not in claims):
        raise OAuth2Error("The ID token was made for somebody else.")
    return claims


def _key(provider: IdentityProvider, header: dict[str, Any]) -> Any:
    """The issuer's key of that id; an unknown id makes us look once more, for keys are changed."""
    address = discovery_of(provider)["jwks_uri"]
    name = f"identity:keys:{provider.pk}:{address}"
    for keys in (cache.get(name), None):
        found = jwt.PyJWKSet.from_dict(keys or _read_keys(name, address)).keys
        signing = [key for key in found if key.public_key_use in {None, "sig"}]
        # A token may leave the id out where there is one key to choose from.
        named = [key for key in signing if key.key_id == header["kid"]] if "kid" in header else signing
        if len(named) == 1:
            return named[0]
    raise OAuth2Error("The ID token is signed with a key that the issuer does not show.")


def _read_keys(name: str, address: str) -> dict[str, Any]:
    found = _read_json(address)
    cache.set(name, found, KEYS_SECONDS)
    return found


def _read_json(url: str) -> dict[str, Any]:
    try:
        with guarded_session() as session:
            response = session.get(url, allow_redirects=False)
            response.raise_for_status()
            found = response.json()
    except (RequestException, ValueError) as error:
        raise OAuth2Error(str(error)) from error
    if not isinstance(found, dict):
        raise OAuth2Error(f"{url} does not answer with an object.")
    return found

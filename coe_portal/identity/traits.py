"""What a provider says of somebody, in our words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.emailkit import valid_email_or_none

from coe_portal.identity.models import IdentityProvider

EMAIL_ATTRIBUTES = (
    "email", "mail", "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)  # fmt: skip
NAME_ATTRIBUTES = (
    "name", "displayName", "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
)  # fmt: skip
# Parts of the protocol that mean nothing to an administrator who writes a mapping.
PROTOCOL = frozenset({"aud", "exp", "iat", "nbf", "nonce", "at_hash", "c_hash", "sid", "jti", "auth_time", "azp"})
# Where the word for "has shown a second step" stands.
STRENGTH = ("amr", "acr", "AuthnContextClassRef")
MOST_VALUES = 500


@dataclass(frozen=True)
class Traits:
    email: str
    email_denied: bool
    name: str
    number: str
    second_factor: bool
    attributes: Mapping[str, list[str]]


def traits_of(provider: IdentityProvider, attributes: Mapping[str, Any]) -> Traits:
    flat = flattened(attributes)
    accepted = set(provider.mfa_values.split())
    return Traits(
        email=(valid_email_or_none(_first(flat, provider.email_attribute, EMAIL_ATTRIBUTES)) or "").lower(),
        email_denied=flat.get("email_verified", [""])[0].lower() == "false",
        name=_first(flat, provider.name_attribute, NAME_ATTRIBUTES)[:200] or _given_and_family(flat),
        number=_first(flat, provider.number_attribute, ())[:50] if provider.number_attribute else "",
        second_factor=bool(accepted & {value for name in STRENGTH for value in flat.get(name, [])}),
        attributes=flat,
    )


def flattened(attributes: Mapping[str, Any], above: str = "") -> dict[str, list[str]]:
    """Every attribute with its values as texts; what lies inside is named with a dot: `realm_access.roles`."""
    found: dict[str, list[str]] = {}
    for name, value in attributes.items():
        if isinstance(value, Mapping):
            found |= flattened(value, f"{above}{name}.")
        elif above or name not in PROTOCOL:
            found[f"{above}{name}"] = _texts(value if isinstance(value, list | tuple) else [value])
    return found


def _texts(values: Iterable[Any]) -> list[str]:
    plain = [value for value in values if isinstance(value, str | int | float)]
    return [("true" if value else "false") if isinstance(value, bool) else _clean(str(value)) for value in plain][
        :MOST_VALUES
    ]


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode().strip()


def _first(flat: Mapping[str, list[str]], chosen: str, usual: tuple[str, ...]) -> str:
    for name in [chosen] if chosen else usual:
        if flat.get(name) and flat[name][0]:
            return flat[name][0]
    return ""


def _given_and_family(flat: Mapping[str, list[str]]) -> str:
    names = (
        (
            "given_name",
            "givenName",
            "urn:oid:2.5.4.42",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
        ),
        (
            "family_name",
            "sn",
            "surname",
            "urn:oid:2.5.4.4",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
        ),
    )
    return " ".join(filter(None, (_first(flat, "", usual) for usual in names)))[:200]

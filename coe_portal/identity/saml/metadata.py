"""Reading an identity provider's metadata: pasted, uploaded or from an address."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.x509 import load_der_x509_certificate
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.conf import settings
from django.utils.translation import gettext as _

from coe_portal.core.fetch import FetchError, fetch

LARGEST = 1024 * 1024
MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class MetadataError(Exception):
    """What is wrong with the metadata, in words for an administrator."""


@dataclass(frozen=True)
class Metadata:
    entity_id: str
    sso_url: str
    certificates: list[str]


def fetch_metadata(url: str) -> Metadata:
    """What comes decides who may vouch for people, so nobody on the way may change it."""
    _check_way(url)
    try:
        answer = fetch(url, max_bytes=LARGEST)
    except FetchError as error:
        raise MetadataError(str(error)) from error
    _check_way(answer.url)
    if answer.status != 200:
        raise MetadataError(_("The address answers with status %(status)s.") % {"status": answer.status})
    return read_metadata(answer.body)


def _check_way(url: str) -> None:
    """Encrypted, or to a host of our own network that was allowed by name."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.netloc not in settings.PRIVATE_HOSTS_ALLOWED:
        raise MetadataError(_("Metadata are read over https alone."))


def read_metadata(text: bytes) -> Metadata:
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise MetadataError(_("This is not the XML of SAML metadata.")) from error
    entities = [each for each in root.iter(f"{MD}EntityDescriptor") if each.find(f"{MD}IDPSSODescriptor") is not None]
    if len(entities) != 1:
        raise MetadataError(_("The metadata must describe exactly one identity provider."))
    found = entities[0]
    descriptor = found.find(f"{MD}IDPSSODescriptor")
    entity_id = found.get("entityID", "")
    return Metadata(_short(entity_id), _sign_in_address(descriptor), _certificates(descriptor))


def _short(entity_id: str) -> str:
    if not 0 < len(entity_id) <= 150:
        raise MetadataError(_("The metadata has no entity id, or one that is too long."))
    return entity_id


def _sign_in_address(descriptor: Any) -> str:
    for service in descriptor.iter(f"{MD}SingleSignOnService"):
        address = service.get("Location", "")
        if service.get("Binding") == REDIRECT and urlsplit(address).scheme in {"http", "https"} and len(address) <= 500:
            return str(address)
    raise MetadataError(_("The metadata has no sign-in address for the HTTP-Redirect binding."))


def _certificates(descriptor: Any) -> list[str]:
    """Those that sign; one without a use signs, too."""
    found = []
    for key in descriptor.iter(f"{MD}KeyDescriptor"):
        if key.get("use") in {None, "signing"}:
            found += ["".join((each.text or "").split()) for each in key.iter(f"{DS}X509Certificate")]
    for certificate in found:
        try:
            load_der_x509_certificate(b64decode(certificate, validate=True))
        except ValueError as error:
            raise MetadataError(_("A signing certificate in the metadata cannot be read.")) from error
    if not found:
        raise MetadataError(_("The metadata has no signing certificate."))
    return list(dict.fromkeys(found))

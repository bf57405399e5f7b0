"""What a SAML answer has to be before it says anything about anybody."""

import binascii
from base64 import b64decode

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext_noop
from lxml.etree import LxmlError
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.errors import OneLogin_Saml2_Error
from xmlsec import Error as DecryptionError

from coe_portal.identity.actions.sign_in import use_assertion
from coe_portal.identity.models import IdentityProvider, KeyPair
from coe_portal.identity.saml.config import saml_auth

TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
XENC = "{http://www.w3.org/2001/04/xmlenc#}"
# RSA with the padding of PKCS #1 v1.5 and triple DES are left out: they are broken or nearly so.
ENCRYPTED_WITH = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
        "http://www.w3.org/2009/xmlenc11#rsa-oaep",
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc",
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        "http://www.w3.org/2009/xmlenc11#aes128-gcm",
        "http://www.w3.org/2009/xmlenc11#aes192-gcm",
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    }
)
NO_ANSWER = gettext_noop("There was no answer.")
UNREADABLE = gettext_noop("The answer cannot be read.")
NOT_ASKED_FOR = gettext_noop("Nobody asked for this answer.")
NO_KEY_PAIR = gettext_noop(
    "The assertion is encrypted, and there is no key pair for this provider. Make one, then give the provider "
    "our metadata."
)
OTHER_KEY = gettext_noop(
    "The assertion is encrypted with a key that is not ours. Give the provider our metadata again: the certificate it "
    "encrypts with must be the one shown here."
)
WEAK_ENCRYPTION = gettext_noop(
    "The assertion is encrypted in an outdated way. Set the provider to AES, with the key encrypted by RSA-OAEP."
)
NOT_ENCRYPTED = gettext_noop(
    "The assertion is not encrypted, and this provider is set to encrypted ones alone. Give the provider our metadata, "
    "or change the setting here."
)


class NotProven(Exception):
    """Why an answer says nothing about anybody; for the administrator."""


def proven(row: IdentityProvider, answer: str) -> OneLogin_Saml2_Auth:
    """Signed, meant for us, in time, asked for, of somebody who can be known again, and not used before."""
    if not answer:
        raise NotProven(NO_ANSWER)
    auth = _read(row, answer)
    if auth.get_errors() or not auth.is_authenticated():
        raise NotProven(_in_words(auth))
    if auth.get_nameid_format() == TRANSIENT or not auth.get_nameid():
        raise NotProven("The subject is transient: nobody can be known again by it.")
    if not auth.get_last_response_in_response_to():
        raise NotProven(NOT_ASKED_FOR)
    until = auth.get_last_assertion_not_on_or_after()
    if not use_assertion(provider=row, assertion_id=auth.get_last_assertion_id() or "", until=until):
        raise NotProven("This assertion was used before.")
    return auth


def _read(row: IdentityProvider, answer: str) -> OneLogin_Saml2_Auth:
    """With whichever of our pairs it is encrypted for; checked once, for checking does not depend on the pair."""
    encrypted = _is_encrypted(answer)
    pairs = list(row.key_pairs.all())
    if encrypted and not pairs:
        raise NotProven(NO_KEY_PAIR)
    choices: list[KeyPair | None] = [*reversed(pairs)] or [None]
    for pair in choices:
        auth = saml_auth(row, answer, pair)
        try:
            auth.process_response()
        except DecryptionError:
            continue
        except (OneLogin_Saml2_Error, binascii.Error, LxmlError, ValueError) as error:
            raise NotProven(str(error) or UNREADABLE) from error
        return auth
    raise NotProven(OTHER_KEY)


def _is_encrypted(answer: str) -> bool:
    """Raises NotProven for what is no XML, and for encryption that does not count."""
    try:
        root = fromstring(b64decode(answer), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotProven(UNREADABLE) from error
    used = {each.get("Algorithm", "") for each in root.iter(f"{XENC}EncryptionMethod")}
    if used - ENCRYPTED_WITH:
        raise NotProven(WEAK_ENCRYPTION)
    return any(True for _each in root.iter(f"{XENC}EncryptedData"))


def _in_words(auth: OneLogin_Saml2_Auth) -> str:
    reason = auth.get_last_error_reason() or ", ".join(auth.get_errors()) or "The answer says no."
    return NOT_ENCRYPTED if "not encrypted" in reason else str(reason)

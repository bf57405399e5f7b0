"""A SAML identity provider with keys made for the test: answers that hold, and wrapped, old or unsigned ones."""

import base64
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from secrets import token_hex
from urllib.parse import parse_qs, urlsplit
from zlib import decompress

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY = "https://idp.example.org/metadata"
SSO = "https://idp.example.org/sso"
A = "{urn:oasis:names:tc:SAML:2.0:assertion}"
P = "{urn:oasis:names:tc:SAML:2.0:protocol}"
D = "{http://www.w3.org/2000/09/xmldsig#}"


@dataclass(frozen=True)
class Keys:
    private: str
    certificate: str

    @property
    def plain(self) -> str:
        return "".join(line for line in self.certificate.splitlines() if "-----" not in line)


@cache
def keys(name: str = "one") -> Keys:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .sign(private, hashes.SHA256())
    )
    return Keys(
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        certificate.public_bytes(Encoding.PEM).decode(),
    )


def metadata(*, certificate: str | None = None, entity: str = ENTITY, sso: str = SSO) -> str:
    return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
      xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{entity}">
      <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
        <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>
          <ds:X509Certificate>{certificate or keys().plain}</ds:X509Certificate>
        </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
        <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{sso}"/>
      </md:IDPSSODescriptor></md:EntityDescriptor>"""


def request_id(away: str) -> str:
    """Of the request that the browser carries to the provider."""
    packed = parse_qs(urlsplit(away).query)["SAMLRequest"][0]
    return etree.fromstring(decompress(base64.b64decode(packed), -15)).get("ID")


@dataclass
class Answer:
    """What the provider says, before it is signed."""

    in_response_to: str
    acs: str = "http://testserver/accounts/sso/hospital/acs/"
    audience: str = "http://testserver/accounts/sso/hospital/metadata/"
    issuer: str = ENTITY
    subject: str = "subject-1"
    subject_format: str = Saml.NAMEID_PERSISTENT
    attributes: tuple[tuple[str, str], ...] = (("email", "rosa@riverbend.example"),)
    context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    starts: timedelta = timedelta(minutes=-1)
    ends: timedelta = timedelta(minutes=5)
    assertion_id: str = ""

    def assertion(self) -> str:
        now = datetime.now(UTC)
        start, end = stamp(now + self.starts), stamp(now + self.ends)
        rows = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes
        )
        return f"""<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
          ID="{self.assertion_id or "_" + token_hex(16)}" Version="2.0" IssueInstant="{stamp(now)}">
          <saml:Issuer>{self.issuer}</saml:Issuer>
          <saml:Subject><saml:NameID Format="{self.subject_format}">{self.subject}</saml:NameID>
            <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
              <saml:SubjectConfirmationData NotOnOrAfter="{end}" Recipient="{self.acs}"
                InResponseTo="{self.in_response_to}"/></saml:SubjectConfirmation></saml:Subject>
          <saml:Conditions NotBefore="{start}" NotOnOrAfter="{end}"><saml:AudienceRestriction>
            <saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
          <saml:AuthnStatement AuthnInstant="{stamp(now)}" SessionIndex="_s"><saml:AuthnContext>
            <saml:AuthnContextClassRef>{self.context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
          <saml:AttributeStatement>{rows}</saml:AttributeStatement></saml:Assertion>"""

    def response(self, assertion: str) -> str:
        return f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
          xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{token_hex(16)}" Version="2.0"
          IssueInstant="{stamp(datetime.now(UTC))}" Destination="{self.acs}" InResponseTo="{self.in_response_to}">
          <saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status>
          <samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
          {assertion}</samlp:Response>"""

    def signed(self, by: Keys | None = None) -> str:
        return self.response(sign(self.assertion(), by or keys()))

    def encrypted(self, certificate: str, **algorithms) -> str:
        """Signed, then encrypted for the holder of that certificate, as AD FS does it."""
        return self.response(encrypt(sign(self.assertion(), keys()), certificate, **algorithms))


def sign(xml: str, by: Keys, algorithm: str = Saml.RSA_SHA256, digest: str = Saml.SHA256) -> str:
    signed = OneLogin_Saml2_Utils.add_sign(
        xml, by.private, by.certificate, sign_algorithm=algorithm, digest_algorithm=digest
    )
    return signed.decode() if isinstance(signed, bytes) else signed


def encrypt(
    xml: str, certificate: str, block=xmlsec.Transform.AES256, transport=xmlsec.Transform.RSA_OAEP, bits: int = 256
) -> str:
    data = xmlsec.template.encrypted_data_create(
        etree.fromstring("<x/>"), block, type=xmlsec.EncryptionType.ELEMENT, ns="xenc"
    )
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    xmlsec.template.encrypted_data_ensure_cipher_value(xmlsec.template.add_encrypted_key(info, transport))
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate, xmlsec.KeyFormat.CERT_PEM))
    context = xmlsec.EncryptionContext(manager)
    kind = xmlsec.KeyData.DES if block == xmlsec.Transform.DES3 else xmlsec.KeyData.AES
    context.key = xmlsec.Key.generate(kind, bits, xmlsec.KeyDataType.SESSION)
    holder = etree.fromstring(f"<saml:EncryptedAssertion xmlns:saml='{A[1:-1]}'>{xml}</saml:EncryptedAssertion>")
    context.encrypt_xml(data, holder[0])
    return etree.tostring(holder).decode()


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def packed(xml: str) -> str:
    return base64.b64encode(xml.encode()).decode()


# -- signature wrapping: the signed assertion stays in the document, the one that would be read is the attacker's
def parts(xml: str):
    root = etree.fromstring(xml)
    signed = root.find(f"{A}Assertion")
    evil = deepcopy(signed)
    evil.remove(evil.find(f"{D}Signature"))
    evil.set("ID", "_evil")
    evil.find(f".//{A}NameID").text = "subject-of-the-victim"
    evil.find(f".//{A}AttributeValue").text = "victim@riverbend.example"
    return root, signed, evil


def text(root) -> str:
    return etree.tostring(root).decode()


def wrapped_response(xml: str) -> str:
    """1: a forged response around the signed one, kept inside its signature."""
    root, signed, evil = parts(xml)
    forged = deepcopy(root)
    old = forged.find(f"{A}Assertion")
    evil.insert(1, deepcopy(signed.find(f"{D}Signature")))
    evil.find(f"{D}Signature").append(root)
    forged.replace(old, evil)
    forged.set("ID", "_forged")
    return text(forged)


def response_beside(xml: str) -> str:
    """2: the signature detached, the original response before it."""
    root, signed, evil = parts(xml)
    forged = deepcopy(root)
    forged.replace(forged.find(f"{A}Assertion"), evil)
    forged.insert(1, deepcopy(signed.find(f"{D}Signature")))
    forged.insert(1, root)
    forged.set("ID", "_forged")
    return text(forged)


def evil_before(xml: str) -> str:
    """3: two assertions, the forged one first."""
    root, signed, evil = parts(xml)
    signed.addprevious(evil)
    return text(root)


def evil_around(xml: str) -> str:
    """4: the signed assertion inside the forged one."""
    root, signed, evil = parts(xml)
    root.replace(signed, evil)
    evil.append(signed)
    return text(root)


def evil_with_the_signature(xml: str) -> str:
    """5: the forged one carries the signature, the original without it follows."""
    root, signed, evil = parts(xml)
    signature = signed.find(f"{D}Signature")
    signed.remove(signature)
    evil.insert(1, signature)
    root.replace(signed, evil)
    root.append(signed)
    return text(root)


def original_in_the_signature(xml: str) -> str:
    """6: the forged one carries the signature, and the original inside it."""
    root, signed, evil = parts(xml)
    signature = signed.find(f"{D}Signature")
    signed.remove(signature)
    evil.insert(1, signature)
    signature.append(signed)
    root.append(evil)
    return text(root)


def evil_in_extensions(xml: str) -> str:
    """7: the forged one in an element that nobody validates."""
    root, _signed, evil = parts(xml)
    extensions = etree.Element(f"{P}Extensions")
    extensions.append(evil)
    root.insert(1, extensions)
    return text(root)


def original_in_an_object(xml: str) -> str:
    """8: the original in an object of the signature that the forged one carries."""
    root, signed, evil = parts(xml)
    signature = signed.find(f"{D}Signature")
    signed.remove(signature)
    holder = etree.SubElement(signature, f"{D}Object")
    holder.append(signed)
    evil.insert(1, signature)
    root.append(evil)
    return text(root)


WRAPPED = {
    made.__name__: made
    for made in (
        wrapped_response, response_beside, evil_before, evil_around, evil_with_the_signature,
        original_in_the_signature, evil_in_extensions, original_in_an_object,
    )
}  # fmt: skip

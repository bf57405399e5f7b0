"""Certificates of either side: ours are made here, theirs are read for their end and their fingerprint."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

BITS = 3072
LASTS = timedelta(days=3 * 365)
# Clocks differ: it is valid a little before it was made.
BEFORE = timedelta(hours=1)


@dataclass(frozen=True)
class MadePair:
    """In PEM, the private key in plain text."""

    private_key: str
    certificate: str
    expires_at: datetime


def make_pair(name: str, at: datetime) -> MadePair:
    """Vouches for itself: whoever trusts it has it from our metadata."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    end = (at + LASTS).replace(microsecond=0)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(at - BEFORE)
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return MadePair(private, certificate.public_bytes(Encoding.PEM).decode(), end)


@dataclass(frozen=True)
class Certificate:
    """What an administrator compares and watches."""

    fingerprint: str
    expires_at: datetime

    def is_over(self, at: datetime) -> bool:
        return self.expires_at <= at


def read_certificate(text: str) -> Certificate:
    """In PEM, or as in metadata: base64 without its lines. Raises ValueError where it is none."""
    pem = "-----BEGIN" in text
    found = x509.load_pem_x509_certificate(text.encode()) if pem else x509.load_der_x509_certificate(b64decode(text))
    digest = found.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(digest, found.not_valid_after_utc)

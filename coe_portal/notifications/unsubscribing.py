"""Links that switch the mail of one kind off for one person, without signing in."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "notifications.unsubscribe"
GOOD_FOR = timedelta(days=180)
# Stands for every kind that may be switched off.
ALL_KINDS = "*"


@dataclass(frozen=True)
class Unsubscribe:
    person_id: int
    kind: str


def link(person_id: int, kind: str) -> str:
    token = signing.dumps([person_id, kind], salt=SALT)
    return settings.PUBLIC_URL + reverse("notifications:unsubscribe", args=[token])


def read(token: str) -> Unsubscribe | None:
    """None for a token that is forged, altered or too old."""
    try:
        person_id, kind = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Unsubscribe(int(person_id), str(kind))

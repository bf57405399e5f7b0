"""Mails that other code has written, kept as encrypted text until they are sent: they may hold secrets, such as a
link that sets a password."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

from coe_portal.core.crypto import decrypt, encrypt


def to_content(message: EmailMessage) -> str:
    alternatives: Sequence[Any] = getattr(message, "alternatives", [])
    return encrypt(
        json.dumps(
            {
                "subject": str(message.subject),
                "body": str(message.body),
                "from_email": message.from_email,
                "reply_to": list(message.reply_to),
                "headers": {name: str(value) for name, value in message.extra_headers.items()},
                "alternatives": [[str(content), kind] for content, kind in alternatives],
                "attachments": [_packed(each) for each in message.attachments],
            }
        )
    )


def to_message(content: str, address: str) -> EmailMultiAlternatives:
    kept = json.loads(decrypt(content))
    message = EmailMultiAlternatives(
        subject=kept["subject"],
        body=kept["body"],
        from_email=kept["from_email"],
        to=[address],
        reply_to=kept["reply_to"],
        headers=kept["headers"],
    )
    for text, kind in kept["alternatives"]:
        message.attach_alternative(text, kind)
    for name, data, kind in kept["attachments"]:
        message.attach(name, b64decode(data), kind)
    return message


def _packed(attachment: Any) -> list[str | None]:
    name, data, kind = attachment
    return [name, b64encode(data if isinstance(data, bytes) else str(data).encode()).decode(), kind]

"""Whatever code sends mail the way Django offers, the mail goes through our outbox."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from coe_portal.notifications.actions import send_later


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            send_later(message=message)
        return len(email_messages)

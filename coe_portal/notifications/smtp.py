"""The mail server, spoken to over one connection that is kept, and what its answers mean for a mail."""

import smtplib
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

BUSY = 421
TOO_LARGE = 552


class Refused(Exception):
    """The server took the mail not, and said so: for now, or for good."""

    def __init__(self, text: str, *, for_good: bool) -> None:
        super().__init__(text)
        self.for_good = for_good


class ServerAway(Exception):
    """There is nobody to speak to, or nobody any more: `in_dialogue` where it had answered before."""

    def __init__(self, text: str, *, in_dialogue: bool = True) -> None:
        super().__init__(text)
        self.in_dialogue = in_dialogue


class Unsure(Exception):
    """The connection ended when the whole mail was sent but no answer had come: it may have been taken."""


class _WithStages(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        """As in smtplib, but an end without an answer is told apart from one before the mail was begun."""
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unsure(f"The server ended the connection before it answered: {error}") from error


class _WithStagesSSL(_WithStages, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's, with connections that tell when nobody knows whether a mail was taken."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WithStagesSSL if self.use_ssl else _WithStages


class Courier:
    """Sends mails one by one through MAIL_DELIVERY_BACKEND, whichever it is, over one connection for as long as it
    lasts."""

    def __init__(self) -> None:
        self._backend: Any = get_connection(settings.MAIL_DELIVERY_BACKEND)
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        """Raises Refused, ServerAway or Unsure. A kept connection that the server has ended is opened once more."""
        kept = self._is_open
        try:
            self._send(message)
        except ServerAway:
            self._close()
            if not kept:
                raise
            self._send(message)

    def _send(self, message: EmailMessage) -> None:
        self._open()
        try:
            self._backend.send_messages([message])
        except Unsure:
            self._close()
            raise
        except smtplib.SMTPException as error:
            raise _meaning(error) from error
        except OSError as error:
            raise ServerAway(f"The mail server does not answer: {error}") from error

    def _open(self) -> None:
        if self._is_open:
            return
        try:
            self._backend.open()
        except smtplib.SMTPException as error:
            raise ServerAway(f"The mail server cannot be used: {error}", in_dialogue=False) from error
        except OSError as error:
            raise ServerAway(f"The mail server does not answer: {error}", in_dialogue=False) from error
        self._is_open = True

    def _close(self) -> None:
        """Even a connection that nobody answers on is let go of."""
        if self._is_open:
            self._is_open = False
            try:
                self._backend.close()
            except (smtplib.SMTPException, OSError):
                self._backend = get_connection(settings.MAIL_DELIVERY_BACKEND)


def _meaning(error: smtplib.SMTPException) -> Exception:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refused(str(error), for_good=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _answer(code, text)
    if isinstance(error, smtplib.SMTPDataError) or getattr(error, "smtp_code", 0) == TOO_LARGE:
        return _answer(error.smtp_code, error.smtp_error)  # type: ignore[attr-defined] # both have them
    return ServerAway(f"The mail server cannot be used: {error}")


def _answer(code: int, text: bytes | str) -> Exception:
    words = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if code == BUSY:
        return ServerAway(f"The mail server asks to come back later: {words}")
    return Refused(words, for_good=code >= 500)

"""A real mail server on this machine that can be told to refuse, to hang up and to be away."""

import re
import socket
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # ten o'clock on a Monday in New York


@dataclass
class MailServer:
    """`refuse` holds what is answered to an address at RCPT, `refuse_data` at the end of the mail."""

    port: int
    mails: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_data: dict[str, str] = field(default_factory=dict)
    # Addresses whose mail is taken, or not, before the connection ends without an answer; how often.
    hang_up_taken: Counter[str] = field(default_factory=Counter)
    hang_up_lost: Counter[str] = field(default_factory=Counter)
    # The connection ends after so many mails, as servers do that limit them.
    mails_a_connection: int = 0
    connections: int = 0
    _running: Any = None

    def start(self) -> None:
        self._running = Controller(_Handler(self), hostname="127.0.0.1", port=self.port, ready_timeout=30)
        self._running.start()

    def stop(self) -> None:
        if self._running:
            self._running.stop()
            self._running = None

    @property
    def addresses(self) -> list[str]:
        return [address for address, _mail in self.mails]


class _Handler:
    def __init__(self, server: MailServer) -> None:
        self.server = server

    async def handle_EHLO(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ):
        self.server.connections += 1
        session.host_name = hostname
        session.taken = 0
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ):
        if address in self.server.refuse:
            return self.server.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address in self.server.refuse_data:
            return self.server.refuse_data[address]
        if self.server.hang_up_lost[address]:
            self.server.hang_up_lost[address] -= 1
            server.transport.abort()
            return ""
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        self.server.mails.append((address, parsed))
        if self.server.hang_up_taken[address]:
            self.server.hang_up_taken[address] -= 1
            server.transport.abort()
        session.taken += 1
        if session.taken == self.server.mails_a_connection:
            server.transport.write(b"250 OK\r\n")
            server.transport.close()
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def links(text: str) -> list[str]:
    return re.findall(r"https?://\S+", text)

from collections.abc import Iterator
from typing import Any

import pytest

from coe_portal import contributions
from coe_portal.contributions import Contribution, NotificationKind, Way
from tests.coe_portal.notifications.mail_server import MailServer, free_port


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kind of each sort, beside those of the apps."""
    found = Contribution(
        app="test",
        label="Test",
        notification_kinds=[
            NotificationKind("plain", "Plain"),
            NotificationKind("quiet", "Quiet", default=Way.PORTAL),
            NotificationKind("silent", "Silent", default=Way.OFF),
            NotificationKind("urgent", "Urgent", default=Way.AT_ONCE),
            NotificationKind("duty", "Duty", required=True, why="The law asks for it."),
            NotificationKind("secret", "Something for you", private=True),
        ],
    )
    monkeypatch.setitem(contributions._registered, "test", found)


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    server = MailServer(free_port())
    settings.MAIL_DELIVERY_BACKEND = "coe_portal.notifications.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    server.start()
    yield server
    server.stop()

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coe_portal.core.crypto import encrypt
from coe_portal.notifications import chat, tasks
from coe_portal.notifications.actions import deliver, post_to_chat
from coe_portal.notifications.chat import ChatFailed, ChatRefused
from coe_portal.notifications.models import ChatDestination
from coe_portal.outbox.models import QueuedJob
from coe_portal.outbox.running import run
from tests.coe_portal.notifications.chat_server import ChatServer, chat_server
from tests.coe_portal.notifications.mail_server import NOW

assert tasks  # loaded, so that the outbox knows the job


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[ChatServer]:
    with chat_server(tmp_path) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.certificate))
        settings.PRIVATE_HOSTS_ALLOWED = [f"127.0.0.1:{running.port}"]
        yield running


@pytest.fixture
def room(db: None, service: ChatServer) -> ChatDestination:
    return ChatDestination.objects.create(
        name="Leads", service="Mattermost", host="127.0.0.1", secret=encrypt(service.address), kinds=["announcement"]
    )


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "exec://ls",
        "dbus://",
        "syslog://",
        "json://127.0.0.1:8000",
        "jsons://example.org",
        "mailto://a:b@example.org",
        "mmost://chat.example.org/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "mmosts://chat.example.org/aaaaaaaaaaaaaaaaaaaaaaaaaa?verify=no",
        "https://example.org/hook",
        "slack://x",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ\nfile:///tmp/x",
        "",
        "words",
    ],
)
def test_addresses_that_are_refused(url: str):
    with pytest.raises(ChatRefused):
        chat.read_address(url)


@pytest.mark.parametrize(
    ("url", "service", "host"),
    [
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "Slack", ""),
        (
            (
                "https://prod-38.westus.logic.azure.com:443/workflows/0f4dbb1e2f5c4e8cb31b3a7b1b1b2c3d/triggers/manual/"
                "paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=iXjR2YxyzUabc"
            ),
            "Power Automate / Workflows (for MSTeams)",
            "prod-38.westus.logic.azure.com",
        ),
        ("mmosts://chat.example.org/aaaaaaaaaaaaaaaaaaaaaaaaaa", "Mattermost", "chat.example.org"),
        ("https://discord.com/api/webhooks/123/abc", "Discord", ""),
    ],
)
def test_addresses_that_are_taken(url: str, service: str, host: str):
    assert chat.read_address(url) == chat.Address(service, host)


def test_a_message_arrives(service: ChatServer):
    chat.post(service.address, title="News", text="The policy is new.")

    assert "News" in str(service.posts)
    assert "The policy is new." in str(service.posts)


def test_a_service_that_says_no_is_quoted(service: ChatServer):
    service.status = 503

    with pytest.raises(ChatFailed, match="503"):
        chat.post(service.address, title="News", text="Text")


def test_a_private_address_is_not_connected_to(service: ChatServer, settings: Any):
    settings.PRIVATE_HOSTS_ALLOWED = []

    with pytest.raises(ChatFailed, match="not a public address"):
        chat.post(service.address, title="News", text="Text")

    assert service.posts == []


def test_a_redirect_to_a_private_address_is_not_followed(service: ChatServer, tmp_path: Path):
    inside = tmp_path / "inside"
    inside.mkdir()
    with chat_server(inside) as target:
        service.redirect_to = f"https://127.0.0.1:{target.port}/hooks/x"
        with pytest.raises(ChatFailed, match="not a public address"):
            chat.post(f"{service.address}?redirect=yes", title="News", text="Text")

    assert target.posts == []


class TestPosting:
    def post(self, *rooms: ChatDestination, key: str = "a:1") -> None:
        post_to_chat(
            destination_ids=[each.pk for each in rooms], title="News", text="Text", url="https://p.example/x", key=key
        )

    def test_each_room_gets_it_once_per_key(self, room: ChatDestination, service: ChatServer):
        self.post(room)
        self.post(room)
        for each in QueuedJob.objects.all():
            run(each.pk)

        assert len(service.posts) == 1
        assert "https://p.example/x" in str(service.posts)
        room.refresh_from_db()
        assert room.last_success_at is not None
        assert room.fails_since is None

    def test_a_room_that_was_switched_off_gets_nothing(self, room: ChatDestination, service: ChatServer):
        self.post(room)
        ChatDestination.objects.update(enabled=False)

        run(QueuedJob.objects.get().pk)

        assert service.posts == []

    def test_a_failure_is_noted_and_tried_again_later(self, room: ChatDestination, service: ChatServer):
        service.status = 500
        self.post(room)

        run(QueuedJob.objects.get().pk)

        room.refresh_from_db()
        assert "500" in room.last_error
        assert room.fails_since is not None
        job = QueuedJob.objects.get()
        assert (job.state, job.attempts) == ("waiting", 1)

    def test_nothing_of_the_address_is_told_with_a_failure(self, room: ChatDestination, service: ChatServer):
        service.status = 500

        with pytest.raises(ChatFailed):
            deliver(destination_id=room.pk, title="News", text="Text", url="", at=NOW)

        room.refresh_from_db()
        assert "t" * 26 not in room.last_error

    def test_only_rooms_that_take_the_kind_are_offered(self, room: ChatDestination):
        assert list(ChatDestination.objects.taking("announcement")) == [room]
        assert not ChatDestination.objects.taking("reminder").exists()

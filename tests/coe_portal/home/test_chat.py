from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.audit.models import AuditEntry
from coe_portal.core.crypto import decrypt, encrypt
from coe_portal.notifications.models import ChatDestination
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PAGE = "/administration/chat/"
SECRET = "TIiajkdnlazkcOXrIdevi7FQ"
SLACK = f"https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/{SECRET}"


@pytest.fixture
def client(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


@pytest.fixture
def room() -> ChatDestination:
    return ChatDestination.objects.create(name="Leads", service="Slack", secret=encrypt(SLACK), kinds=["announcement"])


def test_a_room_is_added_and_its_address_never_shown(client: Client):
    response = client.post(
        PAGE, {"name": "Leads", "url": SLACK, "audience_note": "Our leads", "kinds": ["announcement"]}, follow=True
    )

    room = ChatDestination.objects.get()
    assert (room.service, room.kinds, decrypt(room.secret)) == ("Slack", ["announcement"], SLACK)
    for page in [response, client.get(PAGE), client.get(f"{PAGE}{room.pk}/")]:
        assert SECRET not in page.content.decode()
    entry = AuditEntry.objects.get(verb="chat.added")
    assert SECRET not in str(entry.details) + entry.summary


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "json://localhost", "words", "mmost://chat.example.org/" + "a" * 26]
)
def test_an_address_that_is_refused_says_why_and_keeps_the_rest(url: str, client: Client):
    response = client.post(PAGE, {"name": "Leads", "url": url, "kinds": ["announcement"]})

    assert "url" in response.context["form"].errors
    assert 'value="Leads"' in response.content.decode()
    assert not ChatDestination.objects.exists()


def test_a_second_room_of_a_name_is_refused(client: Client, room: ChatDestination):
    response = client.post(PAGE, {"name": "Leads", "url": SLACK, "kinds": []})

    assert "name" in response.context["form"].errors


def test_a_room_is_changed_without_its_address(client: Client, room: ChatDestination):
    client.post(f"{PAGE}{room.pk}/", {"name": "Others", "url": "", "audience_note": "x", "kinds": []})

    room.refresh_from_db()
    assert (room.name, room.kinds, decrypt(room.secret)) == ("Others", [], SLACK)


def test_a_test_message_goes_the_usual_way(client: Client, room: ChatDestination):
    client.post(f"{PAGE}{room.pk}/try/")

    job = QueuedJob.objects.get(name="notifications.post_to_chat")
    assert job.arguments["destination_id"] == room.pk


def test_a_room_is_switched_off_and_on(client: Client, room: ChatDestination):
    client.post(f"{PAGE}{room.pk}/switch/")
    assert not ChatDestination.objects.taking("announcement").exists()
    assert client.post(f"{PAGE}{room.pk}/try/").status_code == 404

    client.post(f"{PAGE}{room.pk}/switch/")
    assert ChatDestination.objects.taking("announcement").exists()


def test_a_room_is_removed(client: Client, room: ChatDestination):
    client.post(f"{PAGE}{room.pk}/remove/")

    assert not ChatDestination.objects.exists()
    assert AuditEntry.objects.filter(verb="chat.removed").count() == 1


@pytest.mark.parametrize("role", ["employee", "strategist", "privacy_officer"])
def test_others_do_not_see_it(role: str, request, sign_in: SignIn, room: ChatDestination):
    client = sign_in(request.getfixturevalue(role))

    assert client.get(PAGE).status_code in {403, 404}
    assert client.post(f"{PAGE}{room.pk}/remove/").status_code in {403, 404}
    assert ChatDestination.objects.exists()


def test_a_refusal_is_said_in_the_readers_language(client: Client):
    User.objects.update(language="es")

    page = client.post(PAGE, {"name": "Enfermería", "url": "ftp://x", "audience_note": "", "kinds": []}).content

    assert "no es la dirección de ninguna sala de chat" in page.decode()

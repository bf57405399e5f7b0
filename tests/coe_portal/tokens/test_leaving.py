"""Whoever leaves takes their tokens with them, and administrators are told which programs stand still now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from coe_portal.notifications.models import Notification
from coe_portal.people.actions import deactivate
from coe_portal.people.models import User
from coe_portal.tokens.actions import KIND, make_token
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver() -> User:
    return PersonFactory(name="Iris Long")


def test_administrators_are_told_each_in_their_language(administrator: User, leaver: User, employee: User):
    User.objects.filter(pk=administrator.pk).update(language="es")
    token, _secret = make_token(by=leaver, name="Entra ID", scopes=["scim"])

    deactivate(by=None, person=leaver)

    told = Notification.objects.get(kind=KIND)
    assert (told.person, told.url) == (administrator, "/administration/tokens/")
    assert told.subject == "«Entra ID» ya no abre nada: Iris Long, que lo creó, se ha ido"
    token.refresh_from_db()
    assert (token.owner_left, token.state(timezone.now())) == (True, "left")


def test_of_a_token_that_opened_nothing_any_more_nobody_is_told(administrator: User, leaver: User):
    make_token(by=leaver, name="Old", scopes=["scim"], expires_at=timezone.now() - timedelta(days=1))

    deactivate(by=None, person=leaver)

    assert not Notification.objects.filter(kind=KIND).exists()


def test_the_page_shows_that_its_maker_left_and_leads_to_another_one(administrator: User, leaver: User, sign_in):
    make_token(by=leaver, name="Entra ID", scopes=["scim"])
    deactivate(by=None, person=leaver)
    client = sign_in(administrator)

    page = client.get("/administration/tokens/").content.decode()

    assert "Whoever made it has left." in page
    assert "/administration/tokens/add/?name=Entra%20ID&amp;scope=scim" in page
    form = client.get("/administration/tokens/add/?name=Entra%20ID&scope=scim").context["form"]
    assert (form["name"].value(), form["scopes"].value()) == ("Entra ID", ["scim"])

"""Where somebody who looks after an account has left, strategists see it, where they look anyway."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.channels.contributions import home_cards
from coe_portal.core import versions
from coe_portal.people.actions import deactivate, reactivate
from coe_portal.people.models import User
from tests.factories.channels import ChannelFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
LIST = "/channels/?left=1"


def items(person: User) -> list[tuple[str, str]]:
    (card,) = home_cards(person, timezone.localdate())
    return [(str(item.title), item.url) for item in card.items]


def test_the_home_page_and_the_register_say_so(strategist: User, sign_in: SignIn):
    iris = PersonFactory(name="Iris Long")
    channel = ChannelFactory(name="Birth center", first_contact=iris, second_contact=PersonFactory())
    ChannelFactory(name="Pharmacy")
    client = sign_in(strategist)
    assert ("1 channel whose contact has left", LIST) not in items(strategist)

    deactivate(by=None, person=iris)

    assert ("1 channel whose contact has left", LIST) in items(strategist)
    page = client.get(LIST).content.decode()
    assert "Birth center" in page
    assert "Pharmacy" not in page
    assert "has left" in client.get(channel.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_home_page_is_drawn_anew_when_a_contact_goes_or_comes_back():
    iris = PersonFactory()
    ChannelFactory(first_contact=iris)
    before = versions.read("channels")

    deactivate(by=None, person=iris)
    gone = versions.read("channels")
    reactivate(by=None, person=User.objects.get(pk=iris.pk))

    assert len({before, gone, versions.read("channels")}) == 3


def test_the_choice_is_for_those_who_keep_the_register(employee: User, strategist: User, sign_in: SignIn):
    assert "A contact has left" in sign_in(strategist).get("/channels/").content.decode()
    assert "A contact has left" not in sign_in(employee).get("/channels/").content.decode()

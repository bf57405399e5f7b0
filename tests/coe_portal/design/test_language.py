import pytest
from django.test import Client

from coe_portal.people.models import User

ADDRESS = "/design/language/"
SIGN_IN = "/accounts/login/"


def language_of(client: Client) -> str:
    return client.get(SIGN_IN)["Content-Language"]


@pytest.mark.django_db
def test_a_stranger_chooses_the_language_of_the_next_page(client: Client):
    answer = client.post(ADDRESS, {"language": "es"}, headers={"referer": f"http://testserver{SIGN_IN}"})

    assert answer["Location"] == f"http://testserver{SIGN_IN}"
    assert language_of(client) == "es"
    assert "<h1>Iniciar sesión</h1>" in client.get(SIGN_IN).content.decode()


@pytest.mark.django_db
def test_the_choice_counts_more_than_the_browser(client: Client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es-MX,es;q=0.9"
    assert language_of(client) == "es"

    client.post(ADDRESS, {"language": "en"})

    assert language_of(client) == "en"


@pytest.mark.django_db
def test_nobody_between_hands_one_language_to_readers_of_the_other(client: Client):
    assert {"Accept-Language", "Cookie"} <= set(client.get(SIGN_IN)["Vary"].split(", "))


@pytest.mark.django_db
def test_an_unknown_language_is_not_kept(client: Client):
    assert client.post(ADDRESS, {"language": "xx"}).cookies == {}


def test_nobody_is_sent_to_another_site(client: Client):
    answer = client.post(ADDRESS, {"language": "es"}, headers={"referer": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_the_choice_is_not_made_by_a_link(client: Client):
    assert client.get(f"{ADDRESS}?language=es").status_code == 405


def test_after_sign_in_the_account_decides(client: Client, employee: User):
    client.post(ADDRESS, {"language": "es"})
    client.force_login(employee, backend="coe_portal.people.backends.PortalBackend")

    assert client.get("/my/account/")["Content-Language"] == "en"

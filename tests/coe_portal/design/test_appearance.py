import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from coe_portal.design.templatetags.design import browser, initials

ADDRESS = "/design/appearance/"


def attributes(rf: RequestFactory, **cookies: str) -> str:
    request = rf.get("/")
    request.COOKIES.update(cookies)
    return Template("{% load design %}{% appearance_attributes %}").render(Context({"request": request}))


def test_a_theme_is_kept_in_a_cookie(client: Client):
    response = client.post(ADDRESS, {"theme": "dark"})

    assert response.status_code == 302
    assert response.cookies["theme"].value == "dark"


def test_an_unknown_theme_is_not_kept(client: Client):
    response = client.post(ADDRESS, {"theme": "purple"})

    assert "theme" not in response.cookies


def test_single_keys_can_be_switched_off(client: Client):
    response = client.post(ADDRESS, {"shortcuts": "off"})

    assert response.cookies["shortcuts"].value == "off"


def test_the_reader_comes_back_to_the_page(client: Client):
    response = client.post(ADDRESS, {"theme": "light"}, headers={"referer": "http://testserver/policies/"})

    assert response["Location"] == "http://testserver/policies/"


def test_nobody_is_sent_to_another_site(client: Client):
    response = client.post(ADDRESS, {"theme": "light"}, headers={"referer": "https://evil.example/"})

    assert response["Location"] == "/"


def test_nothing_is_kept_when_a_page_is_only_read(client: Client):
    assert client.get(ADDRESS).status_code == 405


def test_the_page_carries_the_choice(rf: RequestFactory):
    assert attributes(rf, theme="dark", shortcuts="off") == ' data-theme="dark" data-shortcuts="off"'


def test_a_forged_cookie_never_reaches_the_page(rf: RequestFactory):
    assert attributes(rf, theme='"><script>') == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amara Okonkwo", "AO"), ("Ana María de la Cruz", "AC"), ("Cher", "CH"), ("", "")],
)
def test_initials_are_the_first_and_the_last_word(name: str, letters: str):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("curl/8.9", "curl/8.9"),
    ],
)
def test_a_browser_is_named_as_people_call_it(sent: str, read: str):
    assert browser(sent) == read

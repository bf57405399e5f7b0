"""What the pages tell a browser in production, counted as the HTTP Observatory of MDN counts it."""

import importlib
from collections.abc import Iterator
from http.cookies import Morsel
from types import ModuleType

import pytest
from cryptography.fernet import Fernet
from django.http import HttpResponse
from django.test import Client

from coe_portal.people.models import User
from tests.coe_portal.identity.conftest import PASSWORD

pytestmark = pytest.mark.django_db
HOST = "portal.example.org"
OF_BROWSERS = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_", "ALLOWED_HOSTS", "ALLAUTH_TRUSTED")
HALF_A_YEAR = 15_768_000


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, settings) -> ModuleType:
    """The settings of production as far as they reach browsers; database and cache stay the test's."""
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    monkeypatch.setenv("FIELD_KEYS", Fernet.generate_key().decode())
    monkeypatch.setenv("ALLOWED_HOSTS", HOST)
    module = importlib.reload(importlib.import_module("coe_portal.settings.prod"))
    for name in dir(module):
        if name.startswith(OF_BROWSERS):
            setattr(settings, name, getattr(module, name))
    return module


@pytest.fixture
def client(production: ModuleType) -> Client:
    return Client(headers={"host": HOST, "x-forwarded-proto": "https"})


def rules(response: HttpResponse) -> dict[str, list[str]]:
    parts = [each.split() for each in response["Content-Security-Policy"].split(";") if each.strip()]
    return {part[0]: part[1:] for part in parts}


def penalties(response: HttpResponse, cookies: list[Morsel[str]]) -> Iterator[tuple[str, int]]:
    policy = rules(response)
    said = " ".join(word for words in policy.values() for word in words)
    seconds = int(response["Strict-Transport-Security"].partition("max-age=")[2].partition(";")[0])
    yield "unsafe-inline", 20 * ("unsafe-inline" in said)
    yield "unsafe-eval", 10 * ("unsafe-eval" in said)
    yield "frames", 20 * (policy.get("frame-ancestors") != ["'none'"])
    yield "HSTS", 10 * (seconds < HALF_A_YEAR)
    yield "nosniff", 5 * (response["X-Content-Type-Options"] != "nosniff")
    yield "other origins", 50 * ("Access-Control-Allow-Origin" in response)
    for each in cookies:
        yield f"{each.key} not Secure", 40 * (not each["secure"])
        yield f"{each.key} not HttpOnly", 30 * ("sessionid" in each.key and not each["httponly"])
        yield f"{each.key} SameSite", 20 * (not each["samesite"])


def bonus(response: HttpResponse, cookies: list[Morsel[str]]) -> int:
    policy = rules(response)
    return (
        10 * (policy.get("default-src") == ["'none'"])
        + 5 * all(each["samesite"] in {"Lax", "Strict"} for each in cookies)
        + 5 * (response["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"})
        + 5 * (policy.get("frame-ancestors") == ["'none'"])
        + 10 * (response["Cross-Origin-Resource-Policy"] == "same-origin")
    )


def assert_best(response: HttpResponse) -> None:
    cookies = list(response.cookies.values())
    assert [name for name, points in penalties(response, cookies) if points] == []
    assert 100 + bonus(response, cookies) >= 135
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nowhere/", "/media/x.png", "/accounts/password/reset/"])
def test_a_stranger_gets_the_best_of_headers(address: str, client: Client) -> None:
    assert_best(client.get(address))


@pytest.mark.parametrize("address", ["/", "/feedback/", "/my/account/sessions/", "/nowhere/", "/administration/"])
def test_so_does_somebody_signed_in(address: str, client: Client, employee: User) -> None:
    employee.set_password(PASSWORD)
    employee.save()
    entered = client.post("/accounts/login/", {"login": employee.email, "password": PASSWORD})
    assert_best(entered)
    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(client.cookies)

    assert_best(client.get(address))


def test_so_does_a_file_of_ours(production: ModuleType, settings) -> None:
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    client = Client(headers={"host": HOST, "x-forwarded-proto": "https"})
    response = client.get("/static/portal.css")

    assert response.status_code == 200
    assert_best(response)


def test_so_does_a_page_that_breaks(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coe_portal.identity.views.entrance.own_path", lambda *_args: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/accounts/signed-out/")

    assert response.status_code == 500
    assert_best(response)


def test_so_does_a_pdf(client: Client, executive: User) -> None:
    client.force_login(executive, backend="coe_portal.people.backends.PortalBackend")
    response = client.get("/metrics/executive/report.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert_best(response)


def test_http_is_sent_to_https_on_the_same_host(production: ModuleType) -> None:
    response = Client(headers={"host": HOST}).get("/policies/?x=1")

    assert (response.status_code, response["Location"]) == (301, f"https://{HOST}/policies/?x=1")


def test_another_host_is_nobodys(production: ModuleType) -> None:
    assert Client(headers={"host": "evil.example", "x-forwarded-proto": "https"}).get("/").status_code == 400


def test_a_forwarded_address_counts_behind_a_proxy_alone(monkeypatch: pytest.MonkeyPatch, production) -> None:
    assert production.ALLAUTH_TRUSTED_PROXY_COUNT == 1
    monkeypatch.setenv("BEHIND_PROXY", "false")
    monkeypatch.setenv("TRUSTED_PROXY_COUNT", "1")

    assert importlib.reload(production).ALLAUTH_TRUSTED_PROXY_COUNT == 0

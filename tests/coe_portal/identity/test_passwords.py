"""Which passwords are taken, and that checking them does not take the portal down."""

import fcntl
import os
from collections.abc import Iterator

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from coe_portal.identity.hashers import PortalHasher
from coe_portal.people.models import User
from tests.coe_portal.identity.conftest import PASSWORD
from tests.factories.people import PersonFactory

GUESSABLE = [
    "RiverbendHealth2026!", "Welcome to Riverbend 1", "riverbendriverbend", "R1v3rb3ndH34lth!!", "Password12345678",
    "passwordpassword", "P@ssw0rdP@ssw0rd1", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabcabc", "1234567890123456",
    "qwertyuiopasdfgh", "summer2026summer2026", "SocialMediaCenter1", "rosa.quintero.2026", "Quintero Quintero 7",
    "111111222222333333", "iloveyouiloveyou1", "StAgnesHospital26", "!!!!!!!!!!!!!!!!",
]  # fmt: skip
GOOD = [
    "correct horse battery staple", "a-good-long-secret-9", "my dog eats three shoes", "xK9$vQ2mLp8#wR4z",
    "Der Hund bellt nachts laut", "el perro come tres zapatos", "%^&*()_+{}|:<>?~`-=", "päivää kaikille ystäville",
    "\u79c1\u306e\u732b\u306f\u6bce\u671d\u4e94\u6642\u306b\u8d77\u304d\u3066\u9cf4\u304d\u307e\u3059",
]  # fmt: skip


@pytest.fixture
def rosa(settings) -> User:
    settings.PASSWORD_WORDS = ["St. Agnes Hospital"]
    return User(email="rosa.quintero@riverbend.example", name="Rosa Quintero")


@pytest.mark.parametrize("password", GUESSABLE)
def test_what_is_easy_to_guess_is_refused(password: str, rosa: User) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, rosa)


@pytest.mark.parametrize("password", GUESSABLE)
def test_it_is_refused_for_being_guessable_and_not_for_its_length(password: str, rosa: User) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, rosa)

    assert "password_guessable" in {each.code for each in refused.value.error_list}


@pytest.mark.parametrize("password", [*GOOD, *(each * 9 + "x y z" for each in GOOD)])
def test_a_sentence_passes_and_so_does_a_long_one(password: str, rosa: User) -> None:
    validate_password(password, rosa)


@pytest.mark.parametrize("password", ["a" * 100_000, "[" * 100_000, "ab" * 50_000, "qwerty" * 20_000])
def test_nobody_makes_us_think_for_long(password: str, rosa: User, django_assert_num_queries) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, rosa)


# -- two at a time
@pytest.fixture
def hashing(settings, tmp_path) -> None:
    """As in production, but quick."""
    settings.PASSWORD_HASHERS = [f"{PortalHasher.__module__}.{PortalHasher.__qualname__}"]
    settings.VAR_DIR = tmp_path


@pytest.fixture
def person(hashing, db) -> User:
    found = PersonFactory(email="rosa@riverbend.example")
    found.set_password(PASSWORD)
    found.save()
    return found


@pytest.fixture
def full(hashing, settings) -> Iterator[list[int]]:
    """Other processes check as many passwords as may be."""
    folder = settings.VAR_DIR / "places"
    folder.mkdir()
    held = [
        os.open(folder / str(number), os.O_RDWR | os.O_CREAT, 0o600) for number in range(settings.PASSWORDS_AT_A_TIME)
    ]
    for each in held:
        fcntl.flock(each, fcntl.LOCK_EX)
    yield held
    for each in held:
        os.close(each)


def enter(client: Client, password: str = PASSWORD, email: str = "rosa@riverbend.example"):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_who_finds_no_place_is_asked_to_send_it_again(person: User, full: list[int]) -> None:
    client = Client()
    answer = enter(client)

    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize("email", ["rosa@riverbend.example", "nobody@riverbend.example"])
def test_that_tells_nobody_who_exists_and_is_no_failed_try(email: str, person: User, full: list[int]) -> None:
    assert {enter(Client(), "not-it-but-long-enough", email).status_code for _ in range(12)} == {503}

    fcntl.flock(full[1], fcntl.LOCK_UN)
    assert enter(Client()).url == "/"


def test_a_place_is_free_again_after_use(person: User, full: list[int]) -> None:
    fcntl.flock(full[0], fcntl.LOCK_UN)

    assert [enter(Client()).status_code for _ in range(3)] == [302, 302, 302]


def test_pages_are_read_while_all_places_are_taken(person: User, full: list[int]) -> None:
    client = Client()
    client.force_login(person, backend="coe_portal.people.backends.PortalBackend")

    assert client.get("/my/").status_code == 200


def test_a_command_waits_for_nobody(full: list[int]) -> None:
    person = User()
    person.set_password(PASSWORD)

    assert person.check_password(PASSWORD)

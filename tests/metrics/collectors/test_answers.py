from datetime import UTC, datetime, timedelta

import pytest

from metrics.collectors.answers import get, get_json, moment, number, plain_text, text, wait_until
from metrics.collectors.protocol import Gone, RateLimited, SchemaDrift, Unreachable
from tests.metrics.collectors.server import Answer

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "284"}, 284),
        ({"retry-after": "Sun, 01 Mar 2026 12:02:00 GMT"}, 120),
        ({"ratelimit-reset": str(int(AT.timestamp()) + 30)}, 30),
        ({"x-ratelimit-reset": "2026-03-01T12:05:00.809Z"}, 300.809),
        ({"retry-after": "soon"}, 300),
        ({}, 300),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "999999"}, 6 * 3600),
    ],
)
def test_how_long_a_network_asks_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert wait_until(headers, AT) - AT == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status=429, headers={"Retry-After": "60"}), RateLimited),
        (Answer(status=503, headers={"Retry-After": "60"}), RateLimited),
        (Answer(status=503), Unreachable),
        (Answer(status=500), Unreachable),
        (Answer(status=401), Unreachable),
        (Answer(status=404), Gone),
        (Answer(status=400), Gone),
        (Answer("<html>", status=200), SchemaDrift),
    ],
)
def test_errors_are_told_apart(network, answer: Answer, error: type[Exception]) -> None:
    server = network(lambda asked: answer)

    with pytest.raises(error):
        get_json(server.address, at=AT)


def test_a_server_that_is_away_is_unreachable(settings) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = ["127.0.0.1:9"]

    with pytest.raises(Unreachable, match="did not answer"):
        get("http://127.0.0.1:9/", at=AT)


def test_a_private_address_is_never_asked(settings) -> None:
    settings.PRIVATE_HOSTS_ALLOWED = []

    with pytest.raises(Unreachable, match="not a public address"):
        get("http://127.0.0.1:9/", at=AT)


@pytest.mark.parametrize("found", [{}, {"n": "5"}, {"n": -1}, {"n": True}, {"n": None}, []])
def test_a_number_that_is_none_is_drift(found: object) -> None:
    with pytest.raises(SchemaDrift):
        number(found, "n")


def test_texts_and_times_are_checked() -> None:
    assert text({"t": "x"}, "t") == "x"
    assert moment({"t": "2026-03-01T12:00:00Z"}, "t") == AT
    with pytest.raises(SchemaDrift):
        moment({"t": "yesterday"}, "t")


def test_words_of_a_post_lose_their_markup_and_keep_their_paragraphs() -> None:
    assert plain_text("<p>Flu &amp; <b>you</b></p><p>Line<br>two</p>") == "Flu & you\n\nLine\ntwo"

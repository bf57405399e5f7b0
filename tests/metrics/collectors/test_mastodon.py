import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from metrics.collection.models import Stream
from metrics.collectors.mastodon import Mastodon, name_and_server, next_page
from metrics.collectors.protocol import Gone, Request, SchemaDrift
from tests.factories.channels import ChannelFactory
from tests.metrics.collectors.server import Answer, Asked

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)
DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

ACCOUNT = {"id": "7", "followers_count": 12, "statuses_count": 3}


def ask(kind: Stream.Kind, host: str) -> Request:
    return Request(ChannelFactory(network="mastodon", handle=f"@stmary@{host}"), kind, {}, AT, TODAY)


def status(number: int, created: str, **more: object) -> dict:
    return {
        "uri": f"https://social.example/{number}",
        "url": f"https://social.example/@stmary/{number}",
        "created_at": created,
        "content": "<p>Flu &amp; you</p>",
        "favourites_count": number,
        "reblogs_count": 0,
        "replies_count": 1,
        **more,
    }


@pytest.mark.parametrize(
    ("handle", "url", "found"),
    [
        ("@stmary@social.example", "", ("stmary", "https://social.example")),
        ("stmary", "https://social.example/@stmary", ("stmary", "https://social.example")),
    ],
)
def test_the_accounts_own_server_is_asked(handle: str, url: str, found: tuple[str, str]) -> None:
    assert name_and_server(ChannelFactory(network="mastodon", handle=handle, url=url)) == found


def test_a_handle_without_a_server_is_said() -> None:
    with pytest.raises(Gone):
        name_and_server(ChannelFactory(network="mastodon", handle="stmary", url=""))


def test_the_profile_is_a_snapshot(network) -> None:
    server = network(lambda asked: Answer(ACCOUNT))

    [page] = Mastodon().collect(ask(Stream.Kind.PROFILE, server.host))

    assert [(each.metric, each.value) for each in page.observations] == [("followers", 12), ("posts_total", 3)]
    assert (server.asked[0].path, server.asked[0].query) == ("/api/v1/accounts/lookup", {"acct": "stmary"})


def test_posts_follow_the_link_header(network) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("lookup"):
            return Answer(ACCOUNT)
        if "max_id" in asked.query:
            return Answer([status(1, "2026-02-10T10:00:00.000Z", quotes_count=4)])
        link = f'<{server.address}{asked.path}?max_id=2>; rel="next", <{server.address}/x>; rel="prev"'
        return Answer([status(2, "2026-02-20T10:00:00.000Z")], headers={"Link": link})

    server = network(answer)

    found = list(Mastodon().collect(ask(Stream.Kind.POSTS, server.host)))

    assert [[post.figures for post in page.posts] for page in found] == [
        [{"reactions": 2, "shares": 0, "replies": 1}],
        [{"reactions": 1, "shares": 0, "replies": 1, "quotes": 4}],
    ]
    assert [page.complete_since for page in found] == [None, date(2026, 1, 30)]
    assert found[0].posts[0].text == "Flu & you"


def test_a_link_to_another_server_is_not_followed() -> None:
    headers = {"link": '<https://evil.example/next>; rel="next"'}

    assert next_page(headers, "https://social.example") is None


def test_an_own_post_inside_a_boost_is_read_and_a_strangers_is_not(network) -> None:
    own = status(1, "2026-02-20T10:00:00Z", account={"id": "7"})
    strange = status(2, "2026-02-20T10:00:00Z", account={"id": "8"})
    boosts = [status(number, "2026-02-21T10:00:00Z", reblog=inner) for number, inner in ((5, own), (6, strange))]
    server = network(lambda asked: Answer(ACCOUNT if asked.path.endswith("lookup") else boosts))

    [page] = Mastodon().collect(ask(Stream.Kind.POSTS, server.host))

    assert [post.external_id for post in page.posts] == ["https://social.example/1"]


def test_another_shape_is_drift(network) -> None:
    server = network(lambda asked: Answer({"id": "7", "followers_count": "many"}))

    with pytest.raises(SchemaDrift):
        list(Mastodon().collect(ask(Stream.Kind.PROFILE, server.host)))


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not there")
def test_answers_that_a_real_mastodon_gave(network) -> None:
    """Recorded at a Mastodon 4.6 server: its account and status entities are what the collector expects."""
    recorded, account = recorded_statuses_and_account()
    statuses = [each for each in recorded if not each.get("reblog")]

    def answer(asked: Asked) -> Answer:
        return Answer(account if asked.path.endswith("lookup") else statuses)

    server = network(answer)
    request = Request(
        ChannelFactory(network="mastodon", handle=f"@stmary@{server.host}"), Stream.Kind.POSTS, {}, AT, TODAY
    )

    [page] = Mastodon().collect(request)
    [profile] = Mastodon().collect(Request(request.channel, Stream.Kind.PROFILE, {}, AT, TODAY))

    assert [post.external_id for post in page.posts] == [each["uri"] for each in statuses]
    assert {len(post.figures) for post in page.posts} == {4}
    assert profile.observations[0].value == account["followers_count"]


def recorded_statuses_and_account() -> tuple[list[dict], dict]:
    yaml = pytest.importorskip("yaml")
    statuses: list[dict] = []
    for path in sorted((DATA / "mastodon_cassettes").glob("*.yaml")):
        for each in yaml.safe_load(path.read_text())["interactions"]:
            where = urlsplit(each["request"]["uri"])
            body = each["response"]["body"]["string"]
            if each["response"]["status"]["code"] != 200 or not dict(parse_qsl(where.query)).get("limit", "1"):
                continue
            raw = gzip.decompress(body) if isinstance(body, bytes) and body[:2] == b"\x1f\x8b" else body
            try:
                found = json.loads(raw)
            except ValueError:
                continue
            items = found if isinstance(found, list) else [found]
            statuses += [item for item in items if isinstance(item, dict) and "favourites_count" in item]
    unique = {each["uri"]: each for each in statuses}
    return list(unique.values()), next(iter(unique.values()))["account"]

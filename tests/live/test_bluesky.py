"""The Bluesky collector against a whole Bluesky network: directory, data server and AppView."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.db import connection

from coe_portal.core.database_roles import as_owner
from metrics.collection import queries
from metrics.collection.models import DailyRollup, Post, PostSample, Run, Stream
from tests.database import administration
from tests.factories.channels import ChannelFactory
from tests.live.programs import free_ports, running, wait_for

HERE = Path(__file__).parent / "bluesky"

pytestmark = [pytest.mark.live_bluesky, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]


class Bluesky:
    def __init__(self, first_port: int) -> None:
        self.data, self.view = f"http://localhost:{first_port + 1}", f"http://localhost:{first_port + 2}"

    def join(self, handle: str) -> "Person":
        typed = {"handle": handle, "email": f"{handle}@example.org", "password": "a-long-password"}
        answer = httpx.post(f"{self.data}/xrpc/com.atproto.server.createAccount", json=typed, timeout=20)
        answer.raise_for_status()
        return Person(self, answer.json())

    def profile(self, handle: str) -> dict:
        return httpx.get(f"{self.view}/xrpc/app.bsky.actor.getProfile", params={"actor": handle}).json()


class Person:
    def __init__(self, network: Bluesky, session: dict) -> None:
        self.network, self.did, self.token = network, session["did"], session["accessJwt"]

    def write(self, kind: str, **record: object) -> dict:
        record |= {"$type": kind, "createdAt": datetime.now(UTC).isoformat()}
        typed = {"repo": self.did, "collection": kind, "record": record}
        return self._ask("com.atproto.repo.createRecord", typed)

    def post(self, text: str, **more: object) -> dict:
        found = self.write("app.bsky.feed.post", text=text, **more)
        return {"uri": found["uri"], "cid": found["cid"]}

    def delete(self, post: dict) -> None:
        key = post["uri"].rpartition("/")[2]
        typed = {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": key}
        self._ask("com.atproto.repo.deleteRecord", typed)

    def _ask(self, method: str, typed: dict) -> dict:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.post(f"{self.network.data}/xrpc/{method}", json=typed, headers=headers, timeout=20)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture
def database(transactional_db) -> Iterator[str]:
    """A database of its own on the server that the suite uses; its address as Node.js programs want it."""
    name = f"live_bluesky_{os.getpid()}"
    with as_owner(), connection.cursor():
        told = connection.connection.info
        user, host, port, password = told.user, told.host, told.port, told.password
    with administration() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    secret = f":{quote(password)}" if password else ""
    yield f"postgresql://{quote(user)}{secret}@localhost:{port}/{name}?host={quote(host)}"
    with administration() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def bluesky(tmp_path, settings, database: str) -> Iterator[Bluesky]:
    node, valkey = shutil.which("node"), _valkey()
    if not node or not (HERE / "node_modules").is_dir():
        pytest.skip("run `npm ci --ignore-scripts` in tests/live/bluesky first")
    first = free_ports(6)
    cache = [valkey, "--port", str(first + 5), "--save", "", "--dir", str(tmp_path)]
    address = {"REDIS_HOST": f"127.0.0.1:{first + 5}"}
    log = tmp_path / "bluesky.log"
    with (
        running(cache, tmp_path / "valkey.log"),
        running([node, HERE / "serve.mjs", str(first), database], log, address),
    ):
        wait_for("the Bluesky network starts", lambda: "\nready" in f"\n{log.read_text()}", 90)
        settings.BLUESKY_APPVIEW_URL = f"http://localhost:{first + 2}"
        settings.PRIVATE_HOSTS_ALLOWED = [f"localhost:{first + 2}"]
        yield Bluesky(first)


def _valkey() -> str:
    from ops.valkey import binary

    return str(shutil.which("redis-server") or binary())


def test_figures_and_posts_of_a_real_account(bluesky: Bluesky, collect_due) -> None:
    hospital, rosa, marcus = (bluesky.join(f"{name}.test") for name in ("hospital", "rosa", "marcus"))
    first, second, third = (hospital.post(text) for text in ("Flu shots are here.", "Meet Dana.", "Thank you."))
    for person in (rosa, marcus):
        person.write("app.bsky.graph.follow", subject=hospital.did)
        person.write("app.bsky.feed.like", subject=first)
    rosa.write("app.bsky.feed.repost", subject=first)
    marcus.post("Good!", reply={"root": first, "parent": first})
    rosa.post("Look", embed={"$type": "app.bsky.embed.record", "record": first})
    wait_for("the AppView has seen it all", lambda: _seen(bluesky, first) == [2, 3, 2, 1, 1, 1])
    channel = ChannelFactory(network="bluesky", handle="@hospital.test", time_zone="UTC")

    collect_due(channel)

    channel.refresh_from_db()
    assert channel.external_id == hospital.did
    assert [queries.latest([channel.pk], metric)[channel.pk].value for metric in ("followers", "posts_total")] == [2, 3]
    assert Post.objects.get(external_id=first["uri"]).figures == {
        "reactions": 2, "shares": 1, "replies": 1, "quotes": 1, "saves": 0,
    }  # fmt: skip
    assert queries.latest([channel.pk], "posts")[channel.pk].value == 3
    assert set(Run.objects.values_list("state", flat=True)) == {"ok"}

    before = (DailyRollup.objects.count(), PostSample.objects.count())
    collect_due(channel)
    assert (DailyRollup.objects.count(), PostSample.objects.count()) == before

    hospital.delete(third)
    marcus.write("app.bsky.feed.like", subject=second)
    wait_for("the post is gone", lambda: bluesky.profile("hospital.test")["postsCount"] == 2)
    collect_due(channel)
    assert queries.latest([channel.pk], "posts_total")[channel.pk].value == 2


def test_an_account_that_nobody_has(bluesky: Bluesky, collect_due) -> None:
    channel = ChannelFactory(network="bluesky", handle="nobody.test", time_zone="UTC")

    collect_due(channel)

    assert set(Stream.objects.values_list("last_error", flat=True)) == {"The network does not know this account."}


def _seen(bluesky: Bluesky, post: dict) -> list[int]:
    profile = bluesky.profile("hospital.test")
    asked = {"uris": post["uri"]}
    [found] = httpx.get(f"{bluesky.view}/xrpc/app.bsky.feed.getPosts", params=asked).json()["posts"]
    counts = ("likeCount", "repostCount", "replyCount", "quoteCount")
    return [profile["followersCount"], profile["postsCount"], *(found[name] for name in counts)]

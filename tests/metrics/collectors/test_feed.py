from datetime import UTC, date, datetime

import pytest

from metrics.collection.models import Stream
from metrics.collectors.feed import Feed
from metrics.collectors.protocol import Gone, Request, SchemaDrift
from tests.factories.channels import ChannelFactory
from tests.metrics.collectors.server import Answer

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><guid>a1</guid><title>Flu &amp; you</title><link>https://news.example/1</link>
<description>&lt;p&gt;Get &lt;b&gt;it&lt;/b&gt;.&lt;/p&gt;</description>
<pubDate>Sat, 28 Feb 2026 15:00:00 GMT</pubDate></item>
<item><guid>a0</guid><title>Older</title><pubDate>Fri, 20 Feb 2026 03:00:00 GMT</pubDate></item>
<item><title>Nobody knows when</title></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><id>urn:1</id><title>Hello</title><updated>2026-02-28T15:00:00Z</updated></entry></feed>"""


def ask(url: str, cursor: dict | None = None) -> Request:
    channel = ChannelFactory(network="feed", handle="news", url=url)
    return Request(channel, Stream.Kind.POSTS, cursor or {}, AT, TODAY)


def test_entries_become_posts(network) -> None:
    server = network(lambda asked: Answer(RSS, headers={"ETag": '"v1"', "Content-Type": "application/rss+xml"}))

    [page] = Feed().collect(ask(server.address))

    assert [(post.external_id, post.text, post.day) for post in page.posts] == [
        ("a1", "Flu & you\n\nGet it.", date(2026, 2, 28)),
        ("a0", "Older", date(2026, 2, 19)),
    ]
    assert page.complete_since == date(2026, 2, 20)
    assert page.cursor == {"etag": '"v1"', "complete_since": "2026-02-20"}


def test_atom_too(network) -> None:
    server = network(lambda asked: Answer(ATOM))

    [page] = Feed().collect(ask(server.address))

    assert [post.external_id for post in page.posts] == ["urn:1"]


def test_a_feed_that_did_not_change_is_not_sent_again(network) -> None:
    server = network(lambda asked: Answer(status=304))
    cursor = {"etag": '"v1"', "last-modified": "Sat, 28 Feb 2026 15:00:00 GMT", "complete_since": "2026-02-20"}

    [page] = Feed().collect(ask(server.address, cursor))

    assert server.asked[0].headers["if-none-match"] == '"v1"'
    assert server.asked[0].headers["if-modified-since"] == cursor["last-modified"]
    assert (page.posts, page.cursor, page.complete_since) == ((), cursor, date(2026, 2, 20))


@pytest.mark.parametrize("body", ["", "<html><body>Not found</body></html>", "<rss", "{}"])
def test_what_is_no_feed_is_said(network, body: str) -> None:
    server = network(lambda asked: Answer(body))

    with pytest.raises(SchemaDrift):
        list(Feed().collect(ask(server.address)))


def test_entities_from_elsewhere_are_not_fetched(network) -> None:
    bomb = RSS.replace("<rss", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss').replace("Older", "&x;")
    server = network(lambda asked: Answer(bomb))

    posts = [post for page in Feed().collect(ask(server.address)) for post in page.posts]

    assert not any("root:" in post.text for post in posts)


def test_an_entry_without_an_address_is_said() -> None:
    with pytest.raises(Gone):
        list(Feed().collect(ask("")))


def test_an_answer_that_names_a_file_of_ours_is_not_read_from_the_disk(network, tmp_path) -> None:
    local = tmp_path / "feed.xml"
    local.write_text(RSS)
    server = network(lambda asked: Answer(str(local)))

    with pytest.raises(SchemaDrift):
        list(Feed().collect(ask(server.address)))

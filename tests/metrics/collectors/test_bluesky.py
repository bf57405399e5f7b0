from datetime import UTC, date, datetime

import pytest

from metrics.collection.models import Source, Stream
from metrics.collectors.bluesky import Bluesky
from metrics.collectors.protocol import Request, SchemaDrift
from tests.factories.channels import ChannelFactory
from tests.metrics.collectors.server import Answer, Asked

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 1, 3, tzinfo=UTC)
TODAY = date(2026, 2, 28)  # in New York it is still the evening before


def ask(kind: Stream.Kind, **channel: object) -> Request:
    return Request(ChannelFactory(network="bluesky", handle="@heart.riverbend.example", **channel), kind, {}, AT, TODAY)


def entry(number: int, created: str, **more: object) -> dict:
    record = {"text": f"Post {number}", "createdAt": created}
    return {"post": {"uri": f"at://did/post/{number}", "record": record, "likeCount": number, "replyCount": 0}, **more}


def test_the_profile_is_a_snapshot_of_the_day_at_the_channels_place(network) -> None:
    profile = {"did": "did:plc:1", "followersCount": 12, "postsCount": 0}
    server = network(lambda asked: Answer(profile))

    [page] = Bluesky().collect(ask(Stream.Kind.PROFILE))

    found = [(each.metric, each.day, each.value, each.source) for each in page.observations]
    assert found == [("followers", TODAY, 12, Source.API), ("posts_total", TODAY, 0, Source.API)]
    assert page.external_id == "did:plc:1"
    assert server.asked[0].query == {"actor": "heart.riverbend.example"}


def test_the_permanent_id_is_asked_for_once_it_is_known(network) -> None:
    server = network(lambda asked: Answer({"did": "did:plc:1", "followersCount": 1, "postsCount": 1}))

    list(Bluesky().collect(ask(Stream.Kind.PROFILE, external_id="did:plc:1")))

    assert server.asked[0].query == {"actor": "did:plc:1"}


def test_posts_are_read_page_by_page_back_to_a_month_ago(network) -> None:
    pages = {
        None: {"feed": [entry(3, "2026-02-28T10:00:00Z"), entry(9, "2026-02-27T10:00:00Z", reason={})], "cursor": "a"},
        "a": {"feed": [entry(2, "2026-02-01T10:00:00Z"), entry(1, "2025-12-01T10:00:00Z")], "cursor": "b"},
    }

    def answer(asked: Asked) -> Answer:
        return Answer(pages[asked.query.get("cursor")])

    network(answer)

    found = list(Bluesky().collect(ask(Stream.Kind.POSTS)))

    assert [[post.external_id for post in page.posts] for page in found] == [
        ["at://did/post/3", "at://did/post/9"],
        ["at://did/post/2", "at://did/post/1"],
    ]
    assert [page.complete_since for page in found] == [None, date(2026, 1, 29)]
    assert found[0].posts[0].figures == {"reactions": 3, "replies": 0}


def test_what_others_wrote_is_left_out(network) -> None:
    shared = entry(9, "2026-02-27T10:00:00Z", reason={"$type": "app.bsky.feed.defs#reasonRepost"})
    network(lambda asked: Answer({"feed": [shared]}))

    [page] = Bluesky().collect(ask(Stream.Kind.POSTS))

    assert page.posts == []


@pytest.mark.parametrize("answer", [[], {}, {"feed": [{"post": {"uri": "at://1"}}]}, {"feed": [{}]}])
def test_another_shape_is_drift(network, answer: object) -> None:
    network(lambda asked: Answer(answer))

    with pytest.raises(SchemaDrift):
        list(Bluesky().collect(ask(Stream.Kind.POSTS)))

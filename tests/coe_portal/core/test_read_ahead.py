import pytest
from django.core.cache import cache, close_caches

from coe_portal.core import versions
from coe_portal.core.read_ahead import read_for
from tests.redis_traffic import commands_sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_request_of_its_own():
    close_caches()
    yield
    close_caches()


def test_what_was_read_ahead_is_not_asked_for_again():
    cache.set_many({"one": 1, "two": 2})
    read_for(7, ["one", "two", "three"])

    with commands_sent() as sent:
        assert cache.get("one") == 1
        assert cache.get_many(["two", "three"]) == {"two": 2}
        assert cache.get("three", "nothing") == "nothing"

    assert sent == []


def test_only_the_keys_that_were_not_read_ahead_are_asked_for():
    cache.set_many({"one": 1, "two": 2})
    read_for(7, ["one"])

    with commands_sent() as sent:
        assert cache.get_many(["one", "two"]) == {"one": 1, "two": 2}

    assert sent == ["MGET"]


@pytest.mark.parametrize(
    "write",
    [
        lambda: cache.set("one", "new"),
        lambda: cache.set_many({"one": "new"}),
        lambda: (cache.delete("one"), cache.add("one", "new")),
        lambda: (cache.delete_many(["one"]), cache.add("one", "new")),
    ],
)
def test_what_is_written_is_read_anew(write):
    cache.set("one", "old")
    read_for(7, ["one"])

    write()

    assert cache.get("one") == "new"


def test_the_end_of_a_request_forgets():
    cache.set("one", "old")
    read_for(7, ["one"])
    cache._cache.get_client(write=True).set(cache.make_key("one"), cache._cache._serializer.dumps("changed elsewhere"))

    close_caches()

    assert cache.get("one") == "changed elsewhere"


def test_names_that_pages_share_are_read_ahead_and_those_of_one_object_are_not():
    versions.read("shelf", "training:records", "person:12")

    assert {versions.key_of("shelf"), versions.key_of("training:records")} <= set(versions.shared_keys())
    assert versions.key_of("person:12") not in versions.shared_keys()

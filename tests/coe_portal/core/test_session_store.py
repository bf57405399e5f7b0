"""A session that ends while a request reads or writes it is over, in the cache as in the database."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import cache

from coe_portal.core.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    store = SessionStore()
    store["who"] = "Rosa"
    store.save()
    return str(store.session_key)


def end(key: str) -> None:
    SessionStore().delete(key)


def ending_after(monkeypatch: pytest.MonkeyPatch, name: str, key: str) -> None:
    """As if somebody else ended it as soon as the row was read or written, before the cache is."""
    step: Callable[..., object] = getattr(db.SessionStore, name)

    def then_over(*args: object, **kwargs: object) -> object:
        done = step(*args, **kwargs)
        end(key)
        return done

    monkeypatch.setattr(db.SessionStore, name, then_over)


def test_what_is_kept_is_read_again_with_and_without_the_cache(key: str):
    assert SessionStore(key)["who"] == "Rosa"
    cache.clear()
    assert SessionStore(key)["who"] == "Rosa"
    assert cache.get(SessionStore.cache_key_prefix + key) == {"who": "Rosa"}


def test_one_that_ends_while_it_is_read_is_not_put_back(key: str, monkeypatch: pytest.MonkeyPatch):
    cache.clear()
    ending_after(monkeypatch, "_get_session_from_db", key)

    assert "who" not in SessionStore(key)
    assert "who" not in SessionStore(key)


def test_one_that_ends_while_it_is_written_is_not_put_back(key: str, monkeypatch: pytest.MonkeyPatch):
    store = SessionStore(key)
    store["seen"] = 1
    ending_after(monkeypatch, "save", key)
    store.save()

    assert "who" not in SessionStore(key)


def test_one_that_has_ended_cannot_be_written(key: str):
    store = SessionStore(key)
    store["seen"] = 1
    end(key)
    with pytest.raises(UpdateError):
        store.save()

    assert "who" not in SessionStore(key)

"""Django's sessions in the database and the cache; what has ended there stays ended.

A request that had just read or was just writing a session puts it into the cache. If the session ends in between,
Django's own store would leave it there, without a row, for as long as it would have lasted.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends import cached_db, db
from django.contrib.sessions.models import Session
from django.core.cache import BaseCache


class SessionStore(cached_db.SessionStore):
    # Django's, which its types leave out.
    _cache: BaseCache
    _get_session: Callable[[], dict[str, Any]]
    _get_session_from_db: Callable[[], Session | None]

    def load(self) -> dict[str, Any]:
        """What was not in the cache is put there, and counts only if the row is still there after that."""
        kept: dict[str, Any] | None = self._cache.get(self.cache_key)
        if kept is not None:
            return kept
        row = self._get_session_from_db()
        if row is None:
            return {}
        data: dict[str, Any] = self.decode(row.session_data)
        self._cache.set(self.cache_key, data, self.get_expiry_age(expiry=row.expire_date))
        if not self.model.objects.filter(pk=row.pk).exists():
            self._cache.delete(self.cache_key)
            self._session_key = None
            return {}
        return data

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Into the cache before the row: whoever removes the row afterwards removes it from there, too."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        key = self.cache_key
        self._cache.set(key, self._get_session(), self.get_expiry_age())
        try:
            db.SessionStore.save(self)
        except Exception:
            self._cache.delete(key)
            raise

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from coe_portal.people import cache
from coe_portal.people.models import User


class PortalBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's way to sign in; the signed-in person comes from the cache."""

    def get_user(self, user_id: Any) -> User | None:
        known = cache.remembered(user_id)
        if known is not None:
            return known
        person: User | None = super().get_user(user_id)
        if person is not None:
            cache.remember(person)
        return person

import re
from collections.abc import Callable

import pytest
from django.test import Client

from coe_portal.people.models import User

PASSWORD = "a-good-long-secret-9"


def bare(page: str, *own: str) -> str:
    """A page without what differs with every request: the token of its forms, and the words named."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", page)
    for word in own:
        page = page.replace(word, "")
    return page


@pytest.fixture
def enter() -> Callable[[User], Client]:
    """Signed in by the sign-in page, so that the session is in the list of sessions."""

    def entered(person: User) -> Client:
        if not person.has_usable_password() or not person.check_password(PASSWORD):
            person.set_password(PASSWORD)
            person.save()
        client = Client()
        assert client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
        return client

    return entered

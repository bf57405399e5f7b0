"""What a measurement needs of the portal: the demo organisation, people who are signed in, addresses of pages."""

import os
import subprocess
import sys

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.cached_db import SessionStore as CachedSession
from django.contrib.sessions.backends.db import SessionStore as DatabaseSession

from coe_portal.people.demo import DOMAIN
from coe_portal.people.models import User
from coe_portal.search.models import SearchDocument
from feedback.models import Topic


def set_up() -> None:
    subprocess.run([sys.executable, "manage.py", "setup", "--demo"], env=os.environ, check=True)


def portal_cookie(who: str) -> str:
    return _cookie(CachedSession(), who, settings.AUTHENTICATION_BACKENDS[0])


def floor_cookie(who: str) -> str:
    return _cookie(DatabaseSession(), who, "django.contrib.auth.backends.ModelBackend")


def _cookie(session: SessionBase, who: str, backend: str) -> str:
    person = User.objects.get(email=f"{who}@{DOMAIN}")
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def first_of(kind: str) -> str:
    """The address of the first thing of a kind that the search index knows."""
    url: str = SearchDocument.objects.filter(kind=kind).order_by("object_id").values_list("url", flat=True)[0]
    return url.partition("#")[0]


def longest_topic() -> str:
    """One with a whole page of posts."""
    return Topic.objects.order_by("-last_published", "pk")[0].get_absolute_url()

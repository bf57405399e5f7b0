"""The pages that no list of `pages.py` leads to: those of one thing, each with a sample of it made for the moment.

An address that is new and that a person reads is visited here by itself; one that gives no page says why in `NO_PAGE`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from playwright.sync_api import Browser, Page

from coe_portal.people.models import User
from tests.browser import pages
from tests.browser.conftest import DESKTOP, FindViolations
from tests.browser.served import Shown
from tests.browser.test_phone import WIDTHS
from tests.browser.test_spanish import left_in_english
from tests.demo import Sessions
from tests.permissions.addresses import ADDRESSES, Address
from tests.permissions.samples import FIELDS, sample
from tests.permissions.table import rows

MOST_ABLE = ("strategist", "admin", "privacy", "executive", "coordinator", "employee", "nobody")
NO_PAGE = {
    "a file, or an answer to a program": {
        *{"announcements:export_receipts", "audiences:export", "audit:export", "channels:export"},
        *{"channels:verify_json", "directory:problems_file", "directory:sample", "home:export", "home:healthz"},
        *{"identity:saml_metadata", "identity:session", "metrics:executive_pdf", "metrics:export"},
        *{"people:export_roles", "policies:export", "training:captions", "training:certificate_pdf"},
        *{"training:export", "training:video"},
    },
    "a part of a page": {"feedback:suggestions", "search:suggestions"},
    "a mail, in which no script may run": {"announcements:preview_mail", "announcements:preview_mail_new"},
    "leads on to another": {"account_set_password", "feedback:post", "policies:version", "training:attempt"},
    "for who has not signed in": {
        "account_confirm_login_code",
        "account_signup",
        "mfa_authenticate",
        "mfa_login_webauthn",
    },
    "asks for the password or a passkey once more; test_passkeys.py goes there": {
        *{"mfa_activate_totp", "mfa_add_webauthn", "mfa_deactivate_totp", "mfa_download_recovery_codes"},
        *{"mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"},
        *{"mfa_remove_webauthn", "mfa_view_recovery_codes"},
    },
}


def name_behind(place: str) -> str:
    pattern = place.rpartition(" > ")[2].partition("?")[0]
    for kind, fitting in {"[0-9]+": "1", "[a-z-]+": "photos", "[a-z]+": "facebook"}.items():
        pattern = pattern.replace(kind, fitting)
    return resolve(pattern).view_name


LISTED = {name_behind(place) for listed in [*pages.BY_ROLE.values(), pages.STRANGER] for place in listed}
READ_BY = {row.name: [role for role in MOST_ABLE if "read" in row.for_samples[role]] for row in rows()}
OTHERS = [each for each in ADDRESSES if READ_BY.get(each.name) and each.name not in LISTED]


@pytest.mark.timeout(600)  # about a second each
def test_nothing_stands_in_the_way_on_the_others(browser: Browser, sessions: Sessions, axe: FindViolations) -> None:
    tab = Shown(browser, viewport=DESKTOP, reduced_motion="reduce")  # colours on their way would be measured
    found: list[str] = []
    without_page: set[str] = set()
    for address in OTHERS:
        client = signed_in_with(sessions.get(READ_BY[address.name][0]))
        with for_a_moment():
            url = url_of(address)
            response = client.get(url)
            if is_page(response):
                tab.show(url, response)
                noted = [*axe(tab.page), *overflows(tab.page), *english(client, url)]
                found += [f"{address}: {each}" for each in noted]
            else:
                without_page.add(address.name)

    assert found == []
    assert without_page == set().union(*NO_PAGE.values())


@contextmanager
def for_a_moment() -> Iterator[None]:
    """What is made meanwhile is gone afterwards, and what is remembered of it."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def signed_in_with(session: str | None) -> Client:
    client = Client()
    if session:
        client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def url_of(address: Address) -> str:
    url = reverse(address.name, kwargs=sample(address.name, address.arguments))
    query = urlencode(FIELDS.get(address.name, dict)())
    return f"{url}?{query}" if query else url


def is_page(response: HttpResponse) -> bool:
    """A whole one, in which a script may run: the preview of a mail forbids that to itself."""
    is_html = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    may_be_tested = "sandbox" not in response.headers.get("Content-Security-Policy", "")
    return is_html and may_be_tested and b"</html>" in response.content


def overflows(page: Page) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield f"{wide} px wide at {width} px"
    page.set_viewport_size(DESKTOP)


def english(client: Client, url: str) -> Iterator[str]:
    User.objects.update(language="es")
    cache.clear()
    html = client.get(url, headers={"accept-language": "es"}).content.decode()
    assert '<html lang="es"' in html, url
    yield from left_in_english(html)

"""The page that leads through somebody's own data."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import translation

from coe_portal.audit.actions import record
from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.privacy.queries.catalogue import records
from coe_portal.privacy.readable import SHOWN_ON_THE_PAGE, Part, heading_of, in_a_sentence
from tests.coe_portal.privacy.test_exporting import fetched
from tests.factories.people import RoleGrantFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.to: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if given.get("href"):
            self.to.append(str(given["href"]))


def test_every_link_of_the_page_leads_to_a_file_or_a_part_of_it(employee: User, sign_in: SignIn):
    archive = fetched(sign_in(employee), employee)
    links = Links(archive.read("index.html").decode())

    assert len(links.ids) == len(set(links.ids))
    assert {to.removeprefix("#") for to in links.to if to.startswith("#")} == set(links.ids)
    files = {to for to in links.to if not to.startswith("#")}
    assert files - set(archive.namelist()) == set()
    assert "style.css" in files


def test_it_is_in_the_language_of_the_person_and_says_what_codes_mean(employee: User, sign_in: SignIn):
    RoleGrantFactory(person=employee, role="coordinator")
    User.objects.filter(pk=employee.pk).update(language="es")

    page = fetched(sign_in(employee), employee).read("index.html").decode()

    assert '<html lang="es"' in page
    assert "Mis datos" in page
    with translation.override("es"):
        assert f"<td>{Role.COORDINATOR.label}</td>" in page
    assert "<td>coordinator</td>" not in page


def test_what_others_did_to_my_account_is_in_it_but_no_erasure_that_is_not_done(
    employee: User, administrator: User, sign_in: SignIn
):
    record(by=administrator, verb="person.deactivated", on=employee)
    record(by=administrator, verb="erasure.proposed", on=employee)
    record(by=administrator, verb="person.deactivated", on=administrator)

    archive = fetched(sign_in(employee), employee)

    text = archive.read("acts-of-others-on-me-in-the-audit-trail.json").decode()
    assert text.count('"verb"') == text.count("person.deactivated") == 1
    assert administrator.name not in "".join(
        archive.read(name).decode() for name in archive.namelist() if not name.endswith(".pdf")
    )


def test_markup_of_a_text_is_shown_and_not_run(employee: User, sign_in: SignIn):
    User.objects.filter(pk=employee.pk).update(job_title="<script>alert(1)</script>")

    page = fetched(sign_in(employee), employee).read("index.html").decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_every_column_that_is_shown_has_a_heading():
    shown = [(each.model, column) for each in records() for column in each.columns]

    assert [heading_of(*one) for one in shown if not heading_of(*one)] == []
    assert heading_of("feedback.post", "topic__title") == "Topic: title"


def test_of_very_many_lines_the_page_shows_the_newest():
    one = next(each for each in records() if each.model == "audit.access")
    rows = [dict.fromkeys(one.columns, str(number)) for number in range(SHOWN_ON_THE_PAGE + 2)]
    part = Part(one.label, "x", one, rows)

    assert (part.left_out, part.shown[0][0]) == (2, "2")


@pytest.mark.parametrize(
    ("value", "words"), [(None, ""), (True, "yes"), ([1, None], "1, None"), ({"role": "x", "branch": None}, "role: x")]
)
def test_values_are_words(value: object, words: str):
    assert in_a_sentence("audit.auditentry", "details", value) == words

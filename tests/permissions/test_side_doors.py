"""What is not for a person leaves no trace on any page, and no address below it opens: preview, history, export, files.

The addresses and pages come from the resolver, so that a new one is tried by itself.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from difflib import unified_diff
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coe_portal.announcements.models import Announcement
from coe_portal.people.models import Audience
from coe_portal.search.actions import refresh
from feedback.models import Category
from policies.models import Policy
from tests.factories.announcements import AnnouncementFactory
from tests.factories.feedback import CategoryFactory, PostFactory, QuestionFactory
from tests.factories.people import AudienceFactory
from tests.factories.policies import published
from tests.factories.training import ProgrammeFactory, course_with
from tests.permissions.addresses import ADDRESSES, Address
from tests.permissions.samples import FIELDS, Arguments, person, sample
from tests.permissions.table import ROLES, rows
from training.models import Course, Programme

MARK = "Quokka"
METHODS = ("get", "head", "post")
HIDDEN_BY_AUDIENCE = (Announcement, Category, Course, Policy, Programme)
NAMESPACES = ("announcements", "feedback", "policies", "training")
# Not about a thing that has an audience: a person's own, as is a version they have signed, or what is held for review.
OF_NO_AUDIENCE = {
    "feedback:authorise", "feedback:draft", "feedback:drop_draft", "feedback:move_story", "feedback:refuse",
    "feedback:release", "feedback:revoke", "feedback:story", "policies:receipt", "policies:version",
    "training:allow_attempt",
    "training:attempt", "training:certificate", "training:certificate_pdf", "training:end", "training:enrolment",
    "training:export", "training:question", "training:result", "training:review", "training:revoke",
    "training:submit",
}  # fmt: skip
# They write what others read, whoever it is for.
WRITERS = {"announcements": {"strategist"}, "policies": {"strategist"}, "training": {"strategist"}, "feedback": set()}
BELOW = [
    each
    for each in ADDRESSES
    if each.arguments and each.name.partition(":")[0] in NAMESPACES and each.name not in OF_NO_AUDIENCE
]
ROWS = {row.name: row for row in rows()}
# Everybody sees that the channel or the post is there, and that they are not the one to confirm or change it.
SEEN_BY_ALL = {"channels:validate", "feedback:accept", "feedback:edit", "feedback:withdraw_answer"}
OF_SOMEBODY = [
    each
    for each in ADDRESSES
    if each.arguments and each.name in ROWS and ROWS[each.name].is_limited and each.name not in SEEN_BY_ALL
]
# A PDF says when it was made; the page that it prints is among these.
PRINTED = {"metrics:executive_pdf"}
LISTS = [each for each in ADDRESSES if not each.arguments and each.name in ROWS and each.name not in PRINTED]
ASKED = {
    "search:index": {"q": MARK},
    "search:suggestions": {"q": MARK[:4]},
    "feedback:ask": {"title": MARK},
    "policies:check": {},
}


@pytest.fixture
def for_nobody(db: None) -> Audience:
    return AudienceFactory(name="Nobody at all")


@pytest.mark.parametrize("address", BELOW, ids=str)
def test_below_a_hidden_thing_nothing_opens(address: Address, clients: dict[str, Client], for_nobody: Audience) -> None:
    arguments, fields = sample(address.name, address.arguments), FIELDS.get(address.name, dict)()
    hidden = reverse(address.name, kwargs=arguments)
    missing = reverse(address.name, kwargs={**arguments, **missing_one(arguments)})
    for model in HIDDEN_BY_AUDIENCE:
        model._default_manager.update(audience=for_nobody)
    outside = [clients[role] for role in ROLES[1:] if role not in WRITERS[address.name.partition(":")[0]]]

    found = [
        [getattr(client, method)(url, fields).status_code for client in outside for method in METHODS]
        for url in (hidden, missing)
    ]

    assert found[0] == found[1]
    assert set(found[0]) <= {403, 404, 405}


def missing_one(arguments: Arguments) -> Arguments:
    """The first of them, of a thing that never was."""
    name, value = next(iter(arguments.items()))
    return {name: 987_654_321 if isinstance(value, int) else "quokka-nothing"}


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [
        ("/announcements/{announcement}/", "/announcements/987654/"),
        ("/policies/quokka-policy/", "/policies/quokka-nothing/"),
        ("/policies/quokka-policy/history/", "/policies/quokka-nothing/history/"),
        ("/training/courses/quokka-course/", "/training/courses/quokka-nothing/"),
        ("/feedback/quokka-category/", "/feedback/quokka-nothing/"),
        ("/feedback/topics/{topic}/", "/feedback/topics/987654/"),
    ],
)
def test_hidden_and_missing_look_the_same(
    hidden: str, missing: str, clients: dict[str, Client], for_nobody: Audience
) -> None:
    ids = hide_one_of_each(for_nobody)

    answers = [clients["employee"].get(url) for url in (hidden.format(**ids), missing)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert comparable(answers[0]) == comparable(answers[1])


@pytest.mark.parametrize("address", OF_SOMEBODY, ids=str)
def test_what_belongs_to_others_looks_like_what_never_was(address: Address, clients: dict[str, Client]) -> None:
    """To an employee and to a coordinator of another branch: the same status, the same words."""
    arguments, fields = sample(address.name, address.arguments, of_others=True), FIELDS.get(address.name, dict)()
    missing = {**arguments, **missing_one(arguments)}
    urls = [reverse(address.name, kwargs=each) for each in (arguments, missing)]

    for role in ("employee", "coordinator"):
        found = [
            [(answer.status_code, comparable(answer)) for answer in _asked(clients[role], url, fields)] for url in urls
        ]
        assert found[0] == found[1]


def _asked(client: Client, url: str, fields: Mapping[str, Any]) -> list[HttpResponse]:
    return [getattr(client, method)(url, fields) for method in METHODS]


@pytest.mark.parametrize("address", LISTS, ids=str)
def test_what_is_hidden_changes_no_page(address: Address, clients: dict[str, Client], for_nobody: Audience) -> None:
    readers = [role for role in ("employee", "coordinator", "executive") if "read" in ROWS[address.name].cells[role]]
    url, asked = reverse(address.name), ASKED.get(address.name) or FIELDS.get(address.name, dict)()
    before = [comparable(clients[role].get(url, asked)) for role in readers]

    hide_one_of_each(for_nobody)

    after = [comparable(clients[role].get(url, asked)) for role in readers]
    assert [
        list(unified_diff(one.splitlines(), two.splitlines(), n=0)) for one, two in zip(before, after, strict=True)
    ] == [[] for _reader in readers]


def test_the_mark_would_be_found_if_it_were_not_hidden(clients: dict[str, Client]) -> None:
    hide_one_of_each(Audience.objects.everyone())

    found = clients["employee"].get(reverse("search:index"), {"q": MARK}).content.decode()

    assert all(f"{MARK} {word}" in found for word in ("policy", "course", "announcement", "question"))


def hide_one_of_each(audience: Audience) -> dict[str, int]:
    """A thing of each kind for this audience, in force, in the index, with the mark in its title and text."""
    now = timezone.now()
    version = published(
        writer=person("strategist"), approver=person("approver"), slug="quokka-policy", title=f"{MARK} policy",
        audience=audience, at=now - timedelta(days=1),
    )  # fmt: skip
    course = course_with("single", slug="quokka-course", audience=audience, title=f"{MARK} course")
    ProgrammeFactory(slug="quokka-programme", title=f"{MARK} programme", audience=audience)
    announcement = AnnouncementFactory(
        title=f"{MARK} announcement", audience=audience, published_at=now, must_read=True, author=person("strategist")
    )
    category = CategoryFactory(name=f"{MARK} category", slug="quokka-category", audience=audience)
    topic = QuestionFactory(
        title=f"{MARK} question",
        category=category,
        author=person("strategist"),
        created_at=now,
        first_post=f"A {MARK}?",
    )
    PostFactory(topic=topic, number=2, author=person("approver"), source=f"The {MARK}.", created_at=now)
    things = {"policy": version.policy_id, "course": course.pk, "announcement": announcement.pk, "topic": topic.pk}
    for kind, thing in things.items():
        refresh(KINDS[kind], [thing])
    return things


KINDS = {"policy": "policy", "course": "course", "announcement": "announcement", "topic": "question"}


def comparable(response: HttpResponse) -> str:
    """The body without what differs from one answer to the next: tokens, keys, seconds left, the address asked for."""
    text = b"".join(response.streaming_content) if response.streaming else response.content
    body = text.decode("utf-8", "replace")
    for changing in (
        r'name="csrfmiddlewaretoken" value="\w+"',
        r"[0-9a-f]{8}-[0-9a-f-]{27}",
        r'left"?[=:] ?"?\d+',
        r"next=[^\"']*",
    ):
        body = re.sub(changing, "", body)
    return body

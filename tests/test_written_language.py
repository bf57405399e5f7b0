"""Pages in Spanish: what people wrote in English stands in an element that says so (WCAG 3.1.2)."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client

from coe_portal.people.models import Audience, User
from tests.factories.announcements import AnnouncementFactory
from tests.factories.channels import ChannelFactory
from tests.factories.feedback import CategoryFactory, PostFactory, TopicFactory
from tests.factories.people import speaker_of
from tests.factories.policies import published
from tests.factories.training import EnrolmentFactory, course_with

VOID = {"meta", "link", "input", "br", "hr", "img", "use", "path", "source", "track", "wbr"}


class Languages(HTMLParser):
    """Every text of the body with the language it stands in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            outer = self.open[-1][1] if self.open else ""
            self.open.append((tag, dict(attrs).get("lang") or outer))

    def handle_endtag(self, tag: str) -> None:
        if tag in {each for each, _language in self.open}:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] != "title" and data.strip():
            self.found.append((data.strip(), self.open[-1][1]))

    def of(self, *texts: str) -> set[tuple[str, str]]:
        return {(text, language) for text, language in self.found if text in texts}


@pytest.fixture
def reader(db: None) -> User:
    return speaker_of("es")


@pytest.fixture
def read(reader: User, sign_in: Callable[[User], Client]) -> Callable[[str], Languages]:
    return lambda address: Languages(sign_in(reader).get(address).content.decode())


def english(*texts: str) -> set[tuple[str, str]]:
    return {(text, "en") for text in texts}


def test_a_policy(read: Callable[[str], Languages], strategist: User, approver: User):
    policy = published(writer=strategist, approver=approver).policy
    written = ["Social media", "Be kind, be clear."]

    assert read("/policies/").of(*written) == english(*written)
    clauses = [*written, "Say whom you work for", "Write it in the post itself.", "Rely on your profile."]
    page = read(policy.get_absolute_url())
    assert page.of(*clauses) == english(*clauses)
    assert page.of(", comprobado el 12 de octubre de 2026") == {(", comprobado el 12 de octubre de 2026", "es")}
    assert page.of("Enlace a esta cláusula") == {("Enlace a esta cláusula", "es")}


def test_a_course(read: Callable[[str], Languages], reader: User):
    course = course_with("single")
    EnrolmentFactory(course=course, person=reader)
    outline = ["About privacy", "A short course.", "First part", "Lesson one"]

    assert read(course.get_absolute_url()).of(*outline) == english(*outline)
    assert read("/training/").of("About privacy") == english("About privacy")
    lesson = ["Lesson one", "Words of one", "About privacy"]
    assert read(f"{course.get_absolute_url()}lessons/one/").of(*lesson) == english(*lesson)


def test_a_topic(read: Callable[[str], Languages], everyone: Audience):
    room = CategoryFactory(audience=everyone)
    topic = TopicFactory(category=room, title="Which hashtags for nurses week")
    PostFactory(topic=topic, number=2, html="<p>Use the one of the union.</p>")
    written = ["Which hashtags for nurses week", "Use the one of the union."]

    assert read(topic.get_absolute_url()).of(*written) == english(*written)
    assert read("/feedback/topics/").of(written[0]) == english(written[0])


def test_what_a_channel_is_for(read: Callable[[str], Languages]):
    channel = ChannelFactory(purpose="Classes and support groups.")

    assert read(channel.get_absolute_url()).of(channel.purpose) == english(channel.purpose)


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_announcement_says_its_own_language(read: Callable[[str], Languages], language: str):
    about = AnnouncementFactory(title="One title", html="<p>One text.</p>", language=language, must_read=True)

    for place in ["/announcements/", about.get_absolute_url(), "/", "/my/"]:
        assert read(place).of("One title") == {("One title", language)}
    assert read(about.get_absolute_url()).of("One text.") == {("One text.", language)}


def test_what_somebody_owes_and_what_the_portal_itself_says(
    read: Callable[[str], Languages], strategist: User, approver: User
):
    published(writer=strategist, approver=approver)

    page = read("/my/")

    assert page.of("Social media") == english("Social media")
    assert page.of("Mis obligaciones") == {("Mis obligaciones", "es")}

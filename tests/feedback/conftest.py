from datetime import UTC, datetime

import pytest

from coe_portal.people.models import Audience, User
from feedback.models import Category, Topic
from tests.factories.feedback import CategoryFactory, QuestionFactory, TopicFactory
from tests.factories.people import AudienceFactory

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def room(everyone: Audience) -> Category:
    return CategoryFactory(name="Everyday posting", slug="everyday", audience=everyone)


@pytest.fixture
def closed_room(everyone: Audience) -> Category:
    """Nobody of the other fixtures is in its audience."""
    return CategoryFactory(name="Crisis desk", slug="crisis-desk", audience=AudienceFactory(name="Crisis team"))


@pytest.fixture
def discussion(room: Category) -> Topic:
    return TopicFactory(category=room, title="Which hashtags for nurses week")


@pytest.fixture
def question(room: Category, employee: User) -> Topic:
    return QuestionFactory(category=room, title="May I post from the ward?", author=employee)


@pytest.fixture
def secret(closed_room: Category) -> Topic:
    return QuestionFactory(category=closed_room, title="Statement about the outage")

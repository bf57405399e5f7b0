from datetime import UTC, datetime
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from coe_portal.core import markdown
from feedback.models import Category, Post, Story, Topic
from tests.factories.people import DepartmentFactory, PersonFactory

THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")
    slug = factory.Sequence(lambda n: f"category-{n}")
    description = "A room."


class PostFactory(DjangoModelFactory):
    class Meta:
        model = Post

    author = factory.SubFactory(PersonFactory)
    key = factory.LazyFunction(uuid4)
    created_at = THEN
    source = "The clause on photographs answers it."
    html = factory.LazyAttribute(lambda post: markdown.render(post.source))


class TopicFactory(DjangoModelFactory):
    """A discussion with its first post, counted in its category."""

    class Meta:
        model = Topic
        skip_postgeneration_save = True

    kind = Topic.Kind.DISCUSSION
    title = factory.Sequence(lambda n: f"Topic number {n}")
    author = factory.SubFactory(PersonFactory)
    key = factory.LazyFunction(uuid4)
    created_at = THEN
    active_at = factory.SelfAttribute("created_at")
    last_author = factory.SelfAttribute("author")
    last_number = 1

    @factory.post_generation
    def first_post(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        source = extracted or "How do we do this?"
        PostFactory(topic=self, number=1, author=self.author, source=source, created_at=self.created_at)


class QuestionFactory(TopicFactory):
    kind = Topic.Kind.QUESTION
    title = factory.Sequence(lambda n: f"Question number {n}?")


class StoryFactory(DjangoModelFactory):
    class Meta:
        model = Story

    title = factory.Sequence(lambda n: f"Story number {n}")
    source = "The therapy garden has opened."
    html = "<p>The therapy garden has opened.</p>"
    department = factory.SubFactory(DepartmentFactory)
    contact = "The unit manager"
    submitter = factory.SubFactory(PersonFactory)
    key = factory.LazyFunction(uuid4)
    created_at = THEN
    moved_at = THEN

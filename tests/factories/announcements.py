from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from coe_portal.announcements.models import Announcement, Comment, Receipt, State
from coe_portal.people.models import Audience
from tests.factories.people import PersonFactory

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class AnnouncementFactory(DjangoModelFactory):
    """Published for everyone; `draft=True` leaves it unpublished."""

    class Meta:
        model = Announcement

    class Params:
        draft = factory.Trait(state=State.DRAFT, published_at=None)

    title = factory.Sequence(lambda n: f"Announcement {n}")
    text = "Ask the charge nurse first."
    html = "<p>Ask the charge nurse first.</p>"
    lead = "Ask the charge nurse first."
    audience = factory.LazyFunction(
        lambda: Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})[0]
    )
    author = factory.SubFactory(PersonFactory)
    state = State.PUBLISHED
    published_at = AT


class ReceiptFactory(DjangoModelFactory):
    class Meta:
        model = Receipt

    announcement = factory.SubFactory(AnnouncementFactory)
    person = factory.SubFactory(PersonFactory)
    read_at = AT


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = Comment

    announcement = factory.SubFactory(AnnouncementFactory, comments_on=True)
    author = factory.SubFactory(PersonFactory)
    text = "Good to know."
    html = factory.LazyAttribute(lambda comment: f"<p>{comment.text}</p>")
    created_at = AT

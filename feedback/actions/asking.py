"""Ask, with a note of what was opened before and whether it helped: so that answers found can be counted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from coe_portal.people.models import User
from coe_portal.search.models import SearchDocument
from feedback.actions import drafts, topics
from feedback.models import Category, Opened, QuestionStart, Topic


def _start(by: User, key: UUID, at: datetime) -> QuestionStart:
    found, _ = QuestionStart.objects.get_or_create(person=by, key=key, defaults={"started_at": at})
    return found


@transaction.atomic
def opened(*, by: User, key: UUID, document: SearchDocument, at: datetime) -> None:
    Opened.objects.get_or_create(
        start=_start(by, key, at),
        url=document.url,
        defaults={"kind": document.kind, "title": document.title, "opened_at": at},
    )


@transaction.atomic
def helped(*, by: User, key: UUID, at: datetime) -> None:
    """The person says that the question is answered. Nothing is asked, and the draft goes."""
    start = _start(by, key, at)
    QuestionStart.objects.filter(pk=start.pk, outcome=QuestionStart.Outcome.OPEN).update(
        outcome=QuestionStart.Outcome.HELPED, decided_at=at
    )
    drafts.drop(by=by, place="ask")


@transaction.atomic
def ask(
    *, by: User, category: Category, title: str, text: topics.Text, at: datetime, about_url: str, about_title: str
) -> Topic:
    topic = topics.start(
        by=by,
        category=category,
        kind=Topic.Kind.QUESTION,
        title=title,
        text=text,
        at=at,
        about_url=about_url,
        about_title=about_title,
    )
    start = _start(by, text.key, at)
    QuestionStart.objects.filter(pk=start.pk).update(outcome=QuestionStart.Outcome.ASKED, decided_at=at, topic=topic)
    drafts.drop(by=by, place="ask")
    return topic

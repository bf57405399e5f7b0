from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from feedback.actions import answers, topics
from feedback.contributions import contribution, documents_of, home_cards, measurements
from feedback.models import Topic
from tests.factories.feedback import PostFactory, QuestionFactory, StoryFactory, TopicFactory


def cards(person):
    return {card.key: card for card in home_cards(person, timezone.localdate())}


def test_the_home_page_shows_what_is_talked_about_to_its_audience_only(employee, room, closed_room):
    for category in (room, closed_room):
        topic = TopicFactory(category=category, title=category.name, created_at=timezone.now())
        PostFactory(topic=topic, number=2, created_at=timezone.now())

    card = cards(employee)["feedback.talked_about"]

    assert [item.title for item in card.items] == [room.name]


def test_duties_are_shown_to_those_who_have_them(employee, strategist, privacy_officer, executive, question, now):
    post = topics.reply(by=executive, topic=question, text=topics.Text("Room 7.", uuid4(), ["room"]), at=now)
    assert post.is_held

    assert "feedback.duties" not in cards(employee)
    assert [item.title for item in cards(strategist)["feedback.duties"].items] == [
        "1 question without a reply",
        "1 held text to review",
    ]
    assert [item.title for item in cards(privacy_officer)["feedback.duties"].items] == ["1 held text to review"]


def test_my_stories_are_shown_to_those_who_have_some(employee, executive):
    StoryFactory(submitter=employee, title="The garden")

    assert [item.title for item in cards(employee)["feedback.my_stories"].items] == ["The garden"]
    assert "feedback.my_stories" not in cards(executive)


@pytest.mark.parametrize("rows", [1, 3])
def test_home_cards_make_constant_queries(strategist, room, rows, django_assert_num_queries):
    for topic in QuestionFactory.create_batch(rows, category=room, created_at=timezone.now()):
        PostFactory(topic=topic, number=2, created_at=timezone.now())
    StoryFactory.create_batch(rows, submitter=strategist)
    strategist.access  # noqa: B018 - worked out before, as for a signed-in person
    home_cards(strategist, date(2026, 1, 1))

    with django_assert_num_queries(2):
        home_cards(strategist, date(2026, 1, 1))


@pytest.mark.parametrize("rows", [1, 3])
def test_documents_make_constant_queries(room, rows, django_assert_num_queries):
    for topic in TopicFactory.create_batch(rows, category=room):
        PostFactory(topic=topic, number=2)

    with django_assert_num_queries(2):
        found = list(documents_of(Topic.Kind.DISCUSSION)(None))

    assert len(found) == rows


def test_an_answered_question_leads_with_its_answer(strategist, employee, question, now):
    text = topics.Text("Not from the ward, but from the **garden**.", uuid4())
    reply = topics.reply(by=strategist, topic=question, text=text, at=now)
    answers.accept(by=employee, topic=question, post=reply, at=now)

    found = next(iter(documents_of(Topic.Kind.QUESTION)([question.pk])))

    assert (found.lead, found.audience_id) == ("Not from the ward, but from the garden.", question.category.audience_id)
    assert found.body == "Not from the ward, but from the garden.\nHow do we do this?"


def test_held_and_removed_texts_are_in_no_document(discussion, strategist, now):
    PostFactory(topic=discussion, number=2, source="Held.", is_held=True)
    removed = {"removed_at": now, "removed_by": strategist, "removal_reason": "Unkind."}
    PostFactory(topic=discussion, number=3, source="Removed.", **removed)
    TopicFactory(category=discussion.category, is_held=True)
    TopicFactory(category=discussion.category, removed_at=now)

    found = list(documents_of(Topic.Kind.DISCUSSION)(None))

    assert [each.body for each in found] == ["How do we do this?"]


def test_measurements_know_the_questions_and_how_long_they_waited(room, now):
    QuestionFactory(category=room, created_at=now, first_reply_at=now + timedelta(hours=6))
    QuestionFactory(category=room, created_at=now - timedelta(days=40))

    found = {each.key: each.value for each in measurements(date(2026, 3, 1), date(2026, 3, 31))}

    assert found == {"feedback.questions": Decimal(1), "feedback.first_response": Decimal("6.0")}


def test_what_is_unknown_is_none(db):
    found = {each.key: each.value for each in measurements(date(2026, 3, 1), date(2026, 3, 31))}

    assert found == {"feedback.questions": Decimal(0), "feedback.first_response": None}


def test_every_kind_that_is_told_has_a_name():
    told = {"reply", "accepted", "duplicate", "removed", "released", "refused", "story_moved"}

    assert {kind.key for kind in contribution.notification_kinds} == {f"feedback.{each}" for each in told}

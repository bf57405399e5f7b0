from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from coe_portal.search.models import SearchDocument
from feedback.actions import answers, moderation, topics
from feedback.models import Topic
from tests.factories.feedback import QuestionFactory


@pytest.fixture
def reply(question, strategist, now):
    return topics.reply(by=strategist, topic=question, text=topics.Text("Not from the ward.", uuid4()), at=now)


def test_the_asker_accepts_and_the_writer_is_told(employee, strategist, question, reply, now):
    answers.accept(by=employee, topic=question, post=reply, at=now)

    question.refresh_from_db()
    assert (question.accepted, question.accepted_by, question.accepted_at) == (reply, employee, now)
    assert [each.kind for each in strategist.notifications.all()] == ["feedback.accepted"]
    assert SearchDocument.objects.get(kind="question").lead == "Not from the ward."


def test_only_the_asker_or_a_strategist_accepts(executive, strategist, question, reply, now):
    with pytest.raises(PermissionDenied):
        answers.accept(by=executive, topic=question, post=reply, at=now)

    answers.accept(by=strategist, topic=question, post=reply, at=now)

    assert Topic.objects.get().accepted == reply


def test_the_question_itself_is_no_answer(employee, question, now):
    with pytest.raises(PermissionDenied):
        answers.accept(by=employee, topic=question, post=question.posts.get(), at=now)


def test_a_discussion_has_no_answer(strategist, discussion, now):
    post = topics.reply(by=strategist, topic=discussion, text=topics.Text("Well.", uuid4()), at=now)

    with pytest.raises(PermissionDenied):
        answers.accept(by=strategist, topic=discussion, post=post, at=now)


def test_verification_goes_with_the_answer(strategist, employee, question, reply, now):
    answers.accept(by=employee, topic=question, post=reply, at=now)
    answers.verify(by=strategist, topic=question, until=date(2027, 3, 3))
    question.refresh_from_db()
    assert question.is_verified(date(2027, 3, 3)) is True
    assert question.is_verified(date(2027, 3, 4)) is False

    answers.withdraw_answer(by=employee, topic=question)

    question.refresh_from_db()
    assert (question.accepted, question.verified_until, question.verified_by) == (None, None, None)


def test_removing_the_answer_withdraws_it(strategist, employee, question, reply, now):
    answers.accept(by=employee, topic=question, post=reply, at=now)

    moderation.remove(by=strategist, post=reply, reason="It is out of date.", at=now)

    question.refresh_from_db()
    assert question.accepted is None
    assert list(Topic.objects.unanswered()) == [question]


def test_employees_do_not_verify(employee, question, reply, now):
    answers.accept(by=employee, topic=question, post=reply, at=now)

    with pytest.raises(PermissionDenied):
        answers.verify(by=employee, topic=question, until=date(2027, 3, 3))


def test_duplicates_point_to_one_original_and_count(strategist, employee, room, question):
    second, third = QuestionFactory.create_batch(2, category=room, author=employee)

    answers.mark_duplicate(by=strategist, topic=second, canonical=question)
    answers.mark_duplicate(by=strategist, topic=third, canonical=Topic.objects.get(pk=second.pk))

    question.refresh_from_db()
    assert question.duplicate_count == 2
    assert {topic.canonical_id for topic in (second, third) if not topic.refresh_from_db()} == {question.pk}
    assert [each.url for each in employee.notifications.all()] == [question.get_absolute_url()] * 2


def test_marking_the_original_moves_its_duplicates_along(strategist, room, question):
    second, third = QuestionFactory.create_batch(2, category=room)
    answers.mark_duplicate(by=strategist, topic=third, canonical=second)

    answers.mark_duplicate(by=strategist, topic=Topic.objects.get(pk=second.pk), canonical=question)

    counts = dict(Topic.objects.values_list("pk", "duplicate_count"))
    assert counts == {question.pk: 2, second.pk: 0, third.pk: 0}


def test_a_question_is_not_its_own_duplicate(strategist, question):
    with pytest.raises(ValidationError):
        answers.mark_duplicate(by=strategist, topic=question, canonical=question)


def test_unmarking_counts_back(strategist, room, question):
    second = QuestionFactory(category=room)
    answers.mark_duplicate(by=strategist, topic=second, canonical=question)

    answers.unmark_duplicate(by=strategist, topic=second)

    question.refresh_from_db()
    assert question.duplicate_count == 0


def test_a_claim_frees_itself_after_ten_minutes(strategist, approver, question, now):
    answers.claim(by=strategist, topic=question, at=now)

    with pytest.raises(PermissionDenied):
        answers.claim(by=approver, topic=question, at=now + timedelta(minutes=9, seconds=59))
    answers.claim(by=approver, topic=question, at=now + timedelta(minutes=10))

    question.refresh_from_db()
    assert question.claimed_by == approver


def test_answering_ends_the_claim(strategist, question, now):
    answers.claim(by=strategist, topic=question, at=now)
    question.refresh_from_db()

    topics.reply(by=strategist, topic=question, text=topics.Text("Yes.", uuid4()), at=now)

    question.refresh_from_db()
    assert (question.claimed_by, question.claimed_until) == (None, None)


def test_a_claim_is_given_back_by_its_owner_only(strategist, approver, question, now):
    answers.claim(by=strategist, topic=question, at=now)

    answers.give_back(by=approver, topic=question)
    question.refresh_from_db()
    assert question.claimed_by == strategist

    answers.give_back(by=strategist, topic=question)
    question.refresh_from_db()
    assert question.claimed_by is None


def test_employees_do_not_claim(employee, question, now):
    with pytest.raises(PermissionDenied):
        answers.claim(by=employee, topic=question, at=now)

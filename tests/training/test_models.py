from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.db.models import ProtectedError

from tests.factories.training import NOON, TODAY, EnrolmentFactory, attempt_at, completion_of, course_with
from training.models import Answer, Attempt, Choice, Completion, Course, CourseVersion, Enrolment, Lesson

pytestmark = pytest.mark.django_db


def test_there_is_one_open_enrolment_a_person_and_course(employee):
    course = course_with()
    EnrolmentFactory(person=employee, course=course)

    with pytest.raises(IntegrityError):
        EnrolmentFactory(person=employee, course=course)


def test_a_completed_enrolment_leaves_room_for_the_next(employee):
    course = course_with()
    EnrolmentFactory(person=employee, course=course, completed_at=NOON)

    EnrolmentFactory(person=employee, course=course)

    assert Enrolment.objects.open().count() == 1


def test_a_completion_is_never_deleted(employee):
    completion = completion_of(employee, course_with())
    completion.certificate.delete()

    with pytest.raises((ProgrammingError, InternalError), match="kept for ever"):
        Completion.objects.filter(pk=completion.pk).delete()


def test_a_person_with_completions_cannot_be_deleted(employee):
    completion_of(employee, course_with())

    with pytest.raises(ProtectedError):
        employee.delete()


def test_a_video_needs_captions_and_a_transcript():
    lesson = course_with().versions.get().lessons.get(slug="one")
    lesson.kind, lesson.video = Lesson.Kind.VIDEO, "film.webm"

    with pytest.raises(IntegrityError, match="video_has_captions_and_transcript"):
        lesson.save()


def test_a_course_has_one_draft():
    course = course_with()
    CourseVersion.objects.create(course=course, number=2, title="Draft", summary="-", outcomes="-")

    with pytest.raises(IntegrityError, match="course_one_draft"):
        CourseVersion.objects.create(course=course, number=3, title="Draft", summary="-", outcomes="-")


@pytest.mark.parametrize("fields", [{"pass_mark": 0}, {"pass_mark": 101}, {"attempts_allowed": 0}, {"valid_months": 0}])
def test_the_rules_of_a_version_make_sense(fields):
    course = course_with()

    with pytest.raises(IntegrityError):
        CourseVersion.objects.create(course=course, number=2, title="-", summary="-", outcomes="-", **fields)


def test_an_attempt_is_handed_in_with_score_and_verdict(employee):
    attempt = attempt_at(course_with("single"), employee)

    with pytest.raises(IntegrityError, match="attempt_submitted_with_score"):
        Attempt.objects.filter(pk=attempt.pk).update(submitted_at=NOON)


def test_one_attempt_at_a_time(employee):
    course = course_with("single")
    attempt_at(course, employee)

    with pytest.raises(IntegrityError, match="attempt_one_unfinished"):
        attempt_at(course, employee)


def test_a_question_is_answered_once(employee):
    course = course_with("single")
    attempt = attempt_at(course, employee)
    question = course.current.questions.get()
    answer = {"attempt": attempt, "question": question, "choice_ids": [1], "is_right": True, "given_at": NOON}
    Answer.objects.create(**answer)

    with pytest.raises(IntegrityError, match="answer_once"):
        Answer.objects.create(**answer)


def test_a_choice_of_a_step_leads_on():
    step = course_with("scenario").current.questions.get().steps.first()

    with pytest.raises(IntegrityError, match="choice_of_a_step_leads_on"), transaction.atomic():
        Choice.objects.create(question=step.question, step=step, position=9, text="Nowhere")


@pytest.mark.parametrize(
    ("until", "revoked", "state"),
    [(None, False, "valid"), (TODAY, False, "valid"), (TODAY, True, "revoked")],
)
def test_the_state_of_a_certificate(employee, strategist, until, revoked, state):
    certificate = completion_of(
        employee, course_with(), completed_on=TODAY.replace(year=2025), valid_until=until
    ).certificate
    if revoked:
        certificate.revoked_at, certificate.revoked_by, certificate.revoked_because = NOON, strategist, "A mistake"

    assert certificate.state_on(TODAY) == state


def test_a_certificate_expires_the_day_after_its_last():
    pass_on = TODAY.replace(day=1)
    certificate = completion_of(
        EnrolmentFactory(course=course_with(slug="other")).person,
        course_with(),
        completed_on=TODAY.replace(year=2025),
        valid_until=pass_on,
    ).certificate

    assert certificate.state_on(TODAY) == "expired"


def test_only_valid_completions_count(employee):
    kept = completion_of(employee, course_with(slug="kept"))
    completion_of(
        employee, course_with(slug="old"), completed_on=TODAY.replace(year=2024), valid_until=TODAY.replace(year=2025)
    )

    assert list(Completion.objects.valid_on(TODAY)) == [kept]


def test_a_score_is_a_share_of_hundred(employee):
    with pytest.raises(IntegrityError, match="completion_score_per_cent"):
        completion_of(employee, course_with(), score=Decimal(101))


def test_courses_are_visible_to_their_audience_when_published(employee, strategist):
    published = course_with(slug="published")
    course_with(slug="draft", published_at=None, published_by=None)

    assert list(Course.objects.visible_to(employee)) == [published]

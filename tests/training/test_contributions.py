from datetime import timedelta
from decimal import Decimal

import pytest

from coe_portal.contributions import Obligation, Standing
from tests.factories.people import AudienceFactory, person_with
from tests.factories.training import NOON, TODAY, EnrolmentFactory, completion_of, course_with
from training.contributions import (
    course_documents,
    home_cards,
    lesson_documents,
    measurements,
    open_obligations,
    standings,
)
from training.models import Course, Lesson, LessonDone

pytestmark = pytest.mark.django_db


def test_an_open_enrolment_is_an_obligation(employee):
    enrolment = EnrolmentFactory(person=employee, course=course_with(), due_on=TODAY)

    [found] = open_obligations([employee.pk], TODAY)

    assert found == Obligation(
        person_id=employee.pk,
        kind="training.course",
        title="About privacy",
        url="/training/courses/privacy/",
        due=TODAY,
        action="Take the course",
        key=f"training.enrolment:{enrolment.pk}",
        mandatory=True,
    )


def test_a_course_that_the_person_may_no_longer_open_is_not_owed(employee):
    EnrolmentFactory(person=employee, course=course_with(), due_on=TODAY)
    Course.objects.update(audience=AudienceFactory())

    assert list(open_obligations([employee.pk], TODAY)) == []


@pytest.mark.parametrize("people", [1, 3])
def test_obligations_are_one_query(django_assert_num_queries, people):
    course = course_with()
    ids = [EnrolmentFactory(person=person_with(), course=course).person_id for _ in range(people)]

    with django_assert_num_queries(1):
        assert len(list(open_obligations(ids, TODAY))) == people


def test_the_home_card_goes_on_with_what_was_begun(employee):
    begun = EnrolmentFactory(person=employee, course=course_with(slug="begun"))
    EnrolmentFactory(person=employee, course=course_with(slug="new"))
    LessonDone.objects.create(enrolment=begun, lesson_slug="one", done_at=NOON)

    [card] = home_cards(employee, TODAY)

    assert [(item.title, item.note) for item in card.items] == [("About begun", "1 lesson done")]


def test_nothing_begun_makes_no_card(employee):
    EnrolmentFactory(person=employee, course=course_with())

    assert list(home_cards(employee, TODAY)) == []


def test_the_licence_asks_for_valid_certificates(employee):
    needed = course_with(slug="needed")
    Course.objects.update(required_for_licence=True)
    course_with(slug="extra")

    before = standings([employee.pk], TODAY)
    completion_of(employee, needed, valid_until=TODAY + timedelta(days=1))
    after = standings([employee.pk], TODAY)
    later = standings([employee.pk], TODAY + timedelta(days=2))

    def standing(*, met):
        return {
            employee.pk: [Standing(met=met, label="Valid certificate: About needed", url="/training/courses/needed/")]
        }

    assert (before, after, later) == (standing(met=False), standing(met=True), standing(met=False))


@pytest.mark.parametrize("people", [1, 3])
def test_standings_are_two_queries(django_assert_num_queries, people):
    course_with()
    Course.objects.update(required_for_licence=True)
    ids = [person_with().pk for _ in range(people)]

    with django_assert_num_queries(2):
        standings(ids, TODAY)


def test_only_what_people_see_is_found():
    course = course_with()
    course_with(slug="draft", published_at=None, published_by=None)

    assert [document.title for document in course_documents(None)] == ["About privacy"]
    assert [(document.title, document.lead, document.audience_id) for document in lesson_documents(None)] == [
        (f"Lesson {slug}", "About privacy", course.audience_id) for slug in ("one", "two", "three")
    ]


def test_a_lesson_is_found_by_its_words_and_shows_no_markup():
    course_with()
    Lesson.objects.filter(slug="one").update(text="**Bold** words", html="<h2>A title</h2><p><b>Bold</b> words</p>")

    assert next(document.body.strip() for document in lesson_documents(None)) == "A title Bold words"


def test_the_share_completed_in_time(employee):
    course = course_with()
    EnrolmentFactory(person=person_with(), course=course, due_on=TODAY)
    EnrolmentFactory(person=employee, course=course, due_on=TODAY, completed_at=NOON)
    EnrolmentFactory(person=person_with(), course=course, due_on=TODAY - timedelta(days=1), completed_at=NOON)

    share, _completions = measurements(TODAY - timedelta(days=1), TODAY)

    assert share.value.quantize(Decimal("0.1")) == Decimal("33.3")


def test_a_share_of_nothing_is_unknown():
    share, _completions = measurements(TODAY, TODAY)

    assert share.value is None

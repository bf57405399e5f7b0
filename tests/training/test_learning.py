"""Lessons: who may open which, what is kept, where one goes on."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from coe_portal.audit.models import AuditEntry
from tests.factories.people import AudienceFactory
from tests.factories.training import (
    NOON,
    TODAY,
    EnrolmentFactory,
    ProgrammeFactory,
    completion_of,
    course_with,
)
from training.actions.enrol import enrol_oneself
from training.actions.learn import NotOpenYet, mark_done
from training.models import Enrolment, LessonDone, ProgrammeCourse
from training.queries.mine import State, course_cards, programme_paths
from training.queries.outline import outline_of, progress_of

pytestmark = pytest.mark.django_db


def done(person, course, *slugs):
    outline, _ = outline_of(course.slug)
    for slug in slugs:
        mark_done(by=person, outline=outline, lesson=outline.lesson(slug), at=NOON)
    return progress_of(person, course.pk)


def test_reading_the_first_lesson_enrols(employee):
    course = course_with()

    done(employee, course, "one")

    enrolment = Enrolment.objects.get()
    assert (enrolment.person, enrolment.source) == (employee, "self")
    assert AuditEntry.objects.filter(verb="training.enrol").count() == 1


def test_a_lesson_is_done_once(employee):
    course = course_with()

    done(employee, course, "one", "one")

    assert LessonDone.objects.count() == 1


def test_progress_goes_on_at_the_first_lesson_that_is_not_done(employee):
    course = course_with()
    outline, _ = outline_of(course.slug)

    assert done(employee, course, "one", "three").next_lesson(outline).slug == "two"


def test_a_course_in_order_opens_lesson_by_lesson(employee):
    course = course_with(in_order=True)

    with pytest.raises(NotOpenYet):
        done(employee, course, "two")
    assert done(employee, course, "one", "two").done == {"one", "two"}


def test_the_quiz_of_a_course_in_order_opens_after_the_last_lesson(employee):
    course = course_with("single", in_order=True)
    outline, _ = outline_of(course.slug)

    assert done(employee, course, "one", "two").may_open_quiz(outline) is False
    assert done(employee, course, "three").may_open_quiz(outline) is True


def test_reading_again_after_completion_writes_nothing(employee):
    course = course_with()
    completion_of(employee, course)

    done(employee, course, "one")

    assert (Enrolment.objects.count(), LessonDone.objects.count()) == (1, 0)


def test_enrolling_twice_is_enrolling_once(employee):
    course = course_with()

    first = enrol_oneself(by=employee, course=course, at=NOON)

    assert enrol_oneself(by=employee, course=course, at=NOON) == first


@pytest.mark.parametrize("name", ["course", "quiz"])
def test_a_course_for_others_is_not_there(employee, sign_in, name):
    course_with("single", audience=AudienceFactory())

    assert sign_in(employee).get(reverse(f"training:{name}", args=["privacy"])).status_code == 404


@pytest.mark.parametrize("name", ["enrol", "start"])
def test_a_course_for_others_cannot_be_begun(employee, sign_in, name):
    course_with("single", audience=AudienceFactory())

    assert sign_in(employee).post(reverse(f"training:{name}", args=["privacy"])).status_code == 404
    assert Enrolment.objects.count() == 0


def test_a_lesson_of_a_course_for_others_is_not_there(employee, sign_in):
    course_with(audience=AudienceFactory())
    client = sign_in(employee)

    assert client.get(reverse("training:lesson", args=["privacy", "one"])).status_code == 404
    assert client.post(reverse("training:lesson_done", args=["privacy", "one"])).status_code == 404


def test_a_course_that_was_never_published_is_not_there(employee, sign_in):
    course_with(published_at=None, published_by=None)

    assert sign_in(employee).get(reverse("training:course", args=["privacy"])).status_code == 404


def test_done_leads_to_the_next_lesson_and_the_last_to_the_quiz(employee, sign_in):
    course_with("single")
    client = sign_in(employee)

    first = client.post(reverse("training:lesson_done", args=["privacy", "one"]))
    last = client.post(reverse("training:lesson_done", args=["privacy", "three"]))

    assert first["Location"] == reverse("training:lesson", args=["privacy", "two"])
    assert last["Location"] == reverse("training:quiz", args=["privacy"])


def test_a_locked_lesson_sends_to_where_the_person_is(employee, sign_in):
    course_with(in_order=True)

    response = sign_in(employee).get(reverse("training:lesson", args=["privacy", "three"]))

    assert response["Location"] == reverse("training:lesson", args=["privacy", "one"])


def test_looking_at_a_lesson_writes_nothing(employee, sign_in):
    course_with()

    response = sign_in(employee).get(reverse("training:lesson", args=["privacy", "one"]))

    assert response.status_code == 200
    assert (Enrolment.objects.count(), LessonDone.objects.count()) == (0, 0)


def test_a_warm_lesson_page_asks_the_database_once(employee, sign_in, django_assert_num_queries):
    course_with("single")
    client = sign_in(employee)
    url = reverse("training:lesson", args=["privacy", "one"])
    client.get(url)

    with django_assert_num_queries(1):
        client.get(url)


def test_the_due_date_decides_the_order_of_cards(employee):
    later, sooner = course_with(slug="later"), course_with(slug="sooner")
    course_with(slug="new")
    EnrolmentFactory(person=employee, course=later, due_on=TODAY.replace(day=20))
    EnrolmentFactory(person=employee, course=sooner, due_on=TODAY.replace(day=1))

    cards = course_cards(employee, TODAY)

    assert [(card.slug, card.state, card.is_overdue) for card in cards] == [
        ("sooner", State.OPEN, True),
        ("later", State.OPEN, False),
        ("new", State.NEW, False),
    ]


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, State.DONE),
        (TODAY.replace(year=2027), State.DONE),
        (TODAY.replace(month=4), State.EXPIRING),
        (TODAY.replace(month=1), State.EXPIRED),
    ],
)
def test_the_state_of_a_completed_course(employee, until, state):
    completion_of(employee, course_with(), completed_on=TODAY.replace(year=2025), valid_until=until)

    assert course_cards(employee, TODAY)[0].state == state


def test_a_programme_points_to_its_first_course_that_is_not_proven(employee):
    first, second = course_with(slug="first"), course_with(slug="second")
    programme = ProgrammeFactory()
    for position, course in enumerate([first, second], start=1):
        ProgrammeCourse.objects.create(programme=programme, course=course, position=position)
    completion_of(employee, first)

    [path] = programme_paths(employee, course_cards(employee, TODAY))

    assert (path.proven, path.next.slug, path.is_complete) == (1, "second", False)


def test_a_programme_for_others_is_not_there(employee, sign_in):
    programme = ProgrammeFactory(audience=AudienceFactory())

    assert sign_in(employee).get(reverse("training:programme", args=[programme.slug])).status_code == 404


@pytest.mark.parametrize(("name", "queries"), [("index", 6), ("catalogue", 3)])
@pytest.mark.parametrize("courses", [1, 3])
def test_lists_ask_the_same_number_of_queries(employee, sign_in, django_assert_num_queries, name, queries, courses):
    programme = ProgrammeFactory()
    for number in range(courses):
        course = course_with("single", slug=f"course-{number}")
        EnrolmentFactory(person=employee, course=course)
        ProgrammeCourse.objects.create(programme=programme, course=course, position=number)
    client = sign_in(employee)
    client.get(reverse(f"training:{name}"))

    with django_assert_num_queries(queries):
        client.get(reverse(f"training:{name}"))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["About begun", "About new"]),
        ("show=open", ["About begun"]),
        ("show=new", ["About new"]),
        ("show=proven", []),
        ("q=new", ["About new"]),
        ("show=nonsense", ["About begun", "About new"]),
    ],
)
def test_the_catalogue_filters_by_address(employee, sign_in, query, titles):
    EnrolmentFactory(person=employee, course=course_with(slug="begun"))
    course_with(slug="new")

    response = sign_in(employee).get(reverse("training:catalogue") + f"?{query}")

    assert [card.title for card in response.context["cards"]] == titles


def test_the_outline_is_kept_until_the_course_changes():
    course = course_with()
    before, _ = outline_of(course.slug)
    course.current.lessons.filter(slug="one").update(title="Changed behind the back")

    kept, _ = outline_of(course.slug)
    cache.clear()
    fresh, _ = outline_of(course.slug)

    assert kept == before
    assert fresh.lessons[0].title == "Changed behind the back"

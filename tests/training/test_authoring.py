"""Writing courses: drafts only, by strategists only, and what is published never changes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coe_portal.audit.models import AuditEntry
from coe_portal.search.models import SearchDocument
from tests.factories.people import AudienceFactory, PersonFactory
from tests.factories.training import (
    NOON,
    EnrolmentFactory,
    ProgrammeFactory,
    add_question,
    answer_all,
    attempt_at,
    completion_of,
    course_with,
    everyone,
)
from training.actions.author import change_course
from training.actions.publish import NotReady, publish, start_draft
from training.actions.quizzes import submit
from training.models import Choice, Completion, Course, Lesson, Programme, ProgrammeCourse, Question, Step
from training.queries.authoring import authored_courses, problems_of
from training.queries.outline import outline_of
from training.queries.statistics import question_figures, quiz_figures
from training.views.writing import _part_or_404

pytestmark = pytest.mark.django_db

KINDS = ("single", "multiple", "true_false", "scenario")


@pytest.fixture
def client(strategist, sign_in):
    return sign_in(strategist)


def url(name, *args):
    return reverse(f"training:{name}", args=["privacy", *args])


def details(**changes):
    return {
        "title": "Privacy",
        "summary": "Short.",
        "outcomes": "One\nTwo",
        "pass_mark": 80,
        "cool_down_hours": 0,
        "audience": everyone().pk,
        **changes,
    }


def rows(*texts, right=(), total=None):
    data = {"choices-TOTAL_FORMS": total or len(texts), "choices-INITIAL_FORMS": 0}
    for number, text in enumerate(texts):
        data[f"choices-{number}-text"] = text
        if text in right:
            data[f"choices-{number}-is_right"] = "on"
    return data


def draft_of(course, strategist):
    return start_draft(by=strategist, course=course)


def shape(version):
    """Everything a version says, without its keys."""
    lessons = version.lessons.order_by("module__position", "position")
    choices = Choice.objects.filter(question__version=version)
    return (
        [(each.module.title, each.slug, each.title, each.html) for each in lessons],
        [(each.kind, each.text, each.explanation) for each in version.questions.order_by("position")],
        sorted(
            (each.question.position, (each.step and each.step.position) or 0, each.position, each.text, each.is_right)
            for each in choices
        ),
        sorted(each.leads_to.text for each in choices if each.leads_to),
    )


def test_a_new_course_begins_as_a_draft(client):
    response = client.post(reverse("training:new_course"), details(slug="privacy"))

    course = Course.objects.get()
    assert response["Location"] == url("workbench")
    assert (course.current, course.versions.get().is_draft) == (None, True)


def test_a_draft_is_a_copy_of_what_people_see(strategist):
    course = course_with(*KINDS)

    draft = draft_of(course, strategist)

    assert draft.number == 2
    assert shape(draft) == shape(course.current)
    assert not set(draft.questions.values_list("pk", flat=True)) & set(
        course.current.questions.values_list("pk", flat=True)
    )


def test_there_is_one_draft_however_often_one_begins(strategist, approver):
    course = course_with("single")

    assert draft_of(course, strategist) == draft_of(course, approver)


def test_publishing_replaces_what_people_see_and_keeps_completions(strategist, employee):
    course = course_with("single")
    first = course.current
    completion = completion_of(employee, course)
    draft = draft_of(course, strategist)
    draft.lessons.filter(slug="one").update(title="Rewritten")

    publish(by=strategist, version=draft, change_note="Clearer.", at=NOON)

    outline, _ = outline_of("privacy")
    assert (outline.number, outline.lessons[0].title) == (2, "Rewritten")
    assert Completion.objects.get(pk=completion.pk).version == first
    assert first.lessons.get(slug="one").title == "Lesson one"
    assert AuditEntry.objects.filter(verb="training.publish").count() == 1


def test_publishing_moves_the_search_index_to_the_new_lessons(strategist):
    course = course_with("single")
    publish(by=strategist, version=draft_of(course, strategist), change_note="-", at=NOON)
    draft = draft_of(course, strategist)

    publish(by=strategist, version=draft, change_note="-", at=NOON)

    found = SearchDocument.objects.filter(kind="lesson").values_list("object_id", flat=True)
    assert set(found) == set(draft.lessons.values_list("pk", flat=True))


def test_an_attempt_under_way_is_finished_on_its_version(strategist, employee):
    course = course_with("single")
    attempt = attempt_at(course, employee)
    publish(by=strategist, version=draft_of(course, strategist), change_note="-", at=NOON)

    answer_all(attempt)
    submit(by=employee, attempt=attempt, at=NOON)

    assert Completion.objects.get().version.number == 1


def test_an_unfinished_draft_is_not_published(strategist):
    course = course_with()
    draft = draft_of(course, strategist)

    with pytest.raises(NotReady):
        publish(by=strategist, version=draft, change_note="-", at=NOON)


def problems(course, strategist):
    return problems_of(draft_of(course, strategist))


def test_a_complete_draft_has_no_problem(strategist):
    assert problems(course_with(*KINDS), strategist) == []


def test_a_course_without_questions_cannot_be_completed(strategist):
    assert problems(course_with(), strategist) == [
        "There is no question yet: without a quiz nobody can complete the course."
    ]


def test_a_module_needs_a_lesson(strategist):
    draft = draft_of(course_with("single"), strategist)
    draft.lessons.filter(slug="three").delete()

    assert problems_of(draft) == ["The module “Second part” has no lesson."]


def test_a_scenario_may_not_go_in_a_circle(strategist):
    draft = draft_of(course_with("scenario"), strategist)
    steps = {step.text: step for step in Step.objects.filter(question__version=draft)}
    Choice.objects.filter(step=steps["middle"], is_right=False).update(leads_to=steps["start"])

    assert problems_of(draft) == ["Question 1: its choices lead in a circle, so it may never end."]


def test_every_step_of_a_scenario_is_reached(strategist):
    draft = draft_of(course_with("scenario"), strategist)
    question = draft.questions.get()
    Step.objects.create(question=question, position=9, text="Island", html="")

    assert problems_of(draft) == ["Question 1: no choice leads to one of its steps."]


def test_a_lesson_is_rendered_when_it_is_saved(client, strategist):
    draft = draft_of(course_with("single"), strategist)
    module = draft.modules.first()
    text = {"module": module.pk, "title": "New one", "kind": "text", "minutes": 3, "text": "## Hi\n<script>x</script>"}

    client.post(url("new_lesson"), text)

    lesson = draft.lessons.get(title="New one")
    assert (lesson.slug, lesson.position, "<h2>Hi</h2>" in lesson.html, "<script" in lesson.html) == (
        "new-one",
        3,
        True,
        False,
    )


def test_a_preview_saves_nothing(client, strategist):
    draft = draft_of(course_with("single"), strategist)
    text = {"module": draft.modules.first().pk, "title": "x", "kind": "text", "minutes": 3, "text": "**bold**"}

    response = client.post(url("new_lesson"), {**text, "preview": "1"})

    assert "<strong>bold</strong>" in response.content.decode()
    assert draft.lessons.count() == 3


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\x1a\x45\xdf\xa3 a film", None),
        (b"\x00\x00\x00\x18ftypisom", None),
        (b"<html>no film</html>", "This is neither an MP4 nor a WebM film."),
    ],
)
def test_a_film_is_what_it_says_it_is(client, strategist, settings, tmp_path, content, problem):
    settings.MEDIA_ROOT = tmp_path
    draft = draft_of(course_with("single"), strategist)
    data = {
        "module": draft.modules.first().pk,
        "title": "Film",
        "kind": "video",
        "minutes": 3,
        "text": "Watch.",
        "captions": "WEBVTT\n\n00:00.000 --> 00:01.000\nHello",
        "transcript": "Hello",
        "video": SimpleUploadedFile("film.webm", content),
    }

    response = client.post(url("new_lesson"), data)

    errors = response.context["form"].errors if response.status_code == 200 else {}
    assert errors == ({"video": [problem, *errors["video"][1:]]} if problem else {})
    assert draft.lessons.filter(kind="video").count() == (0 if problem else 1)


def test_a_film_without_captions_and_transcript_is_refused(client, strategist):
    draft = draft_of(course_with("single"), strategist)
    data = {"module": draft.modules.first().pk, "title": "Film", "kind": "video", "minutes": 3, "text": "Watch."}

    assert set(client.post(url("new_lesson"), data).context["form"].errors) == {"video", "captions", "transcript"}


@pytest.fixture
def film(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "film.webm").write_bytes(bytes(range(100)))
    lesson = course_with("single").current.lessons.get(slug="one")
    lesson.kind, lesson.video, lesson.captions, lesson.transcript = Lesson.Kind.VIDEO, "film.webm", "WEBVTT", "-"
    lesson.save()
    return lesson


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        (None, 200, bytes(range(100))),
        ("bytes=10-19", 206, bytes(range(10, 20))),
        ("bytes=90-", 206, bytes(range(90, 100))),
        ("bytes=-5", 206, bytes(range(95, 100))),
        ("bytes=50-10", 200, bytes(range(100))),
        ("bytes=a-b", 200, bytes(range(100))),
    ],
)
def test_a_film_is_sent_whole_or_in_part(film, employee, sign_in, asked, status, body):
    headers = {"Range": asked} if asked else {}

    response = sign_in(employee).get(reverse("training:video", args=[film.pk]), headers=headers)

    assert (response.status_code, b"".join(response.streaming_content)) == (status, body)
    assert response["Content-Type"] == "video/webm"


@pytest.mark.parametrize("name", ["video", "captions"])
def test_a_film_of_a_course_for_others_is_not_there(film, employee, sign_in, name):
    Course.objects.update(audience=AudienceFactory())

    assert sign_in(employee).get(reverse(f"training:{name}", args=[film.pk])).status_code == 404


def test_the_film_of_a_draft_is_for_authors(film, strategist, employee, sign_in):
    draft = draft_of(film.version.course, strategist)
    copy = draft.lessons.get(slug="one")

    assert sign_in(employee).get(reverse("training:captions", args=[copy.pk])).status_code == 404
    assert sign_in(strategist).get(reverse("training:captions", args=[copy.pk])).status_code == 200


def test_a_question_is_saved_with_its_answers(client, strategist):
    draft = draft_of(course_with(), strategist)
    data = {"text": "Which?", "explanation": "Because.", **rows("Yes", "No", "", right=["Yes"])}

    client.post(url("new_question", "single"), data)

    question = draft.questions.get()
    assert [(choice.text, choice.is_right) for choice in question.choices.all()] == [("Yes", True), ("No", False)]


@pytest.mark.parametrize(
    ("kind", "answers", "problem"),
    [
        ("single", rows("Yes", right=["Yes"]), "Write at least two answers."),
        ("single", rows("Yes", "No"), "Mark the answer that is right."),
        ("single", rows("Yes", "No", right=["Yes", "No"]), "Only one answer may be right."),
    ],
)
def test_answers_that_make_no_question_are_refused(client, strategist, kind, answers, problem):
    draft_of(course_with(), strategist)

    response = client.post(url("new_question", kind), {"text": "?", "explanation": "-", **answers})

    assert response.context["rows"].non_form_errors() == [problem]
    assert Question.objects.count() == 0


def test_a_question_cannot_send_to_a_foreign_address(client, strategist):
    draft_of(course_with(), strategist)
    data = {"text": "?", "explanation": "-", "clause_url": "https://evil.example/", **rows("Y", "N", right=["Y"])}

    assert "clause_url" in client.post(url("new_question", "single"), data).context["form"].errors


def test_a_scenario_grows_step_by_step(client, strategist):
    draft = draft_of(course_with(), strategist)
    client.post(url("new_question", "scenario"), {"text": "It begins", "explanation": "So."})
    question = draft.questions.get()
    for text in ("First", "The end"):
        client.post(url("new_step", question.pk), {"text": text, **rows(total=0)})
    first, end = question.steps.all()

    data = {"text": "First", **rows("Go", right=["Go"]), "choices-0-leads_to": end.pk}
    client.post(url("write_step", question.pk, first.pk), data)

    assert first.choices.get().leads_to == end
    assert problems_of(draft) == []


def test_a_step_leads_only_within_its_scenario(client, strategist):
    draft = draft_of(course_with("scenario", "scenario"), strategist)
    one, other = draft.questions.all()
    data = {"text": "-", **rows("Go", right=["Go"]), "choices-0-leads_to": other.steps.first().pk}

    response = client.post(url("write_step", one.pk, one.steps.first().pk), data)

    assert "leads_to" in response.context["rows"].errors[0]


@pytest.mark.parametrize(
    ("slug", "direction", "order"),
    [("two", "up", ["two", "one"]), ("one", "up", ["one", "two"]), ("one", "down", ["two", "one"])],
)
def test_lessons_change_places_with_their_neighbour(client, strategist, slug, direction, order):
    draft = draft_of(course_with("single"), strategist)
    lesson = draft.lessons.get(slug=slug)

    client.post(url("move", "lesson", lesson.pk), {"direction": direction})

    assert list(lesson.module.lessons.order_by("position").values_list("slug", flat=True)) == order


@pytest.mark.parametrize("kind", ["module", "lesson", "question", "step"])
def test_what_is_published_cannot_be_moved_or_removed(client, strategist, kind):
    course = course_with("scenario")
    draft_of(course, strategist)
    version = course.current
    parts = {
        "module": version.modules,
        "lesson": version.lessons,
        "question": version.questions,
        "step": version.questions.get().steps,
    }
    part = parts[kind].first()

    assert client.post(url("move", kind, part.pk), {"direction": "down"}).status_code == 404
    assert client.post(url("remove", kind, part.pk)).status_code == 404
    assert parts[kind].filter(pk=part.pk).exists()


def test_every_kind_of_part_has_siblings(strategist):
    draft = draft_of(course_with("scenario"), strategist)
    add_question(draft, "single", 2)

    found = {
        kind: _part_or_404(draft, kind, part.pk)[1].count()
        for kind, part in {
            "module": draft.modules.first(),
            "lesson": draft.lessons.first(),
            "question": draft.questions.first(),
            "step": Step.objects.filter(question__version=draft).first(),
        }.items()
    }

    assert found == {"module": 2, "lesson": 2, "question": 2, "step": 4}


WRITING = ["workbench", "write_details", "preview", "statistics", "assign", "new_module", "new_lesson"]


@pytest.mark.parametrize("name", WRITING)
def test_nobody_else_writes(employee, executive, administrator, strategist, sign_in, name):
    draft_of(course_with("single"), strategist)

    for person in (employee, executive, administrator):
        assert sign_in(person).get(url(name)).status_code == 404


@pytest.mark.parametrize("name", ["start_draft", "publish", "assign"])
def test_nobody_else_decides(employee, strategist, sign_in, name):
    draft_of(course_with("single"), strategist)

    assert sign_in(employee).post(url(name), {"change_note": "x"}).status_code == 404
    assert Course.objects.get().current.number == 1


@pytest.mark.parametrize("name", WRITING)
def test_the_pages_of_a_draft_open(client, strategist, name):
    draft_of(course_with(*KINDS), strategist)

    assert client.get(url(name)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_the_pages_of_a_question_open(client, strategist, kind):
    question = draft_of(course_with(kind), strategist).questions.get()

    assert client.get(url("write_question", question.pk)).status_code == 200
    assert client.get(url("new_question", kind)).status_code == 200


def test_the_list_says_how_many_learn_and_have_completed():
    course = course_with("single")
    for _ in range(2):
        completion_of(PersonFactory(), course)
        EnrolmentFactory(course=course)
    EnrolmentFactory(course=course, withdrawn_at=NOON)
    course_with("single", slug="new")

    figures = {each.course.slug: (each.open, each.completed) for each in authored_courses()}

    assert figures == {"privacy": (2, 2), "new": (0, 0)}


@pytest.mark.parametrize("courses", [1, 3])
def test_the_list_asks_a_constant_number_of_queries(client, django_assert_num_queries, courses):
    for number in range(courses):
        course_with("single", slug=f"course-{number}")
    client.get(reverse("training:authoring"))

    with django_assert_num_queries(3):
        client.get(reverse("training:authoring"))


@pytest.mark.parametrize("questions", [1, 3])
def test_the_figures_ask_a_constant_number_of_queries(client, employee, django_assert_num_queries, questions):
    course = course_with(*["single"] * questions)
    answer_all(attempt_at(course, employee), right=False)
    client.get(url("statistics"))

    with django_assert_num_queries(7):
        client.get(url("statistics"))


def test_figures_of_a_question(employee):
    course = course_with("single")
    attempt = attempt_at(course, employee)
    answer_all(attempt, right=False)
    submit(by=employee, attempt=attempt, at=NOON)

    [row] = question_figures(course.current)

    assert (row.answers, row.right, row.share_right, row.wrong_choice.is_right, row.wrong_times) == (
        1,
        0,
        None,
        False,
        1,
    )
    assert (quiz_figures(course.current).attempts, quiz_figures(course.current).share_passed) == (1, 0)


def test_for_whom_a_course_is_counts_at_once(strategist, employee):
    course = course_with("single")
    outline_of("privacy")
    narrow = AudienceFactory()

    change_course(by=strategist, course=course, audience=narrow, required_for_licence=True)

    assert list(Course.objects.visible_to(employee)) == []
    assert SearchDocument.objects.get(kind="course").audience == narrow


def test_a_programme_is_put_together_by_buttons(client):
    programme = ProgrammeFactory()
    first, second = course_with(slug="first"), course_with(slug="second")
    places = reverse("training:change_places", args=[programme.slug])

    for course in (first, second):
        client.post(places, {"course": course.pk, "do": "add"})
    client.post(places, {"course": second.pk, "do": "up"})

    assert list(programme.places.values_list("course__slug", flat=True)) == ["second", "first"]
    client.post(places, {"course": second.pk, "do": "remove"})
    assert ProgrammeCourse.objects.get().course == first
    assert client.get(reverse("training:write_programme", args=[programme.slug])).status_code == 200


def test_a_new_programme(client):
    data = {
        "title": "Account owner",
        "slug": "account-owner",
        "summary": "-",
        "for_whom": "Owners",
        "audience": everyone().pk,
        "position": 1,
    }

    client.post(reverse("training:new_programme"), data)

    assert Programme.objects.get().title == "Account owner"

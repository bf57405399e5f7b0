"""Attempts: every answer kept, resumed anywhere, handed in once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.search.models import SearchDocument
from tests.factories.people import person_with
from tests.factories.training import (
    NOON,
    TODAY,
    answer_all,
    attempt_at,
    course_with,
    right_ids,
    wrong_ids,
)
from training.actions.enrol import withdraw
from training.actions.quizzes import NoMoreAttempts, NotAnOption, Unanswered, answer, start, submit
from training.models import Answer, Attempt, Certificate, Completion
from training.queries.quizzes import clauses, first_unanswered, items_of
from training.rules import Refusal

pytestmark = pytest.mark.django_db

KINDS = ("single", "multiple", "true_false", "scenario")


def give(attempt, number, texts):
    """Answer with the choices of these texts."""
    item = items_of(attempt)[number - 1]
    ids = [choice.pk for choice in item.choices if choice.text in texts]
    return answer(attempt=attempt, number=number, choice_ids=ids, at=NOON)


def page(attempt, number):
    return reverse("training:question", args=[attempt.pk, number])


def test_start_twice_is_one_attempt(employee):
    course = course_with("single")

    first = start(by=employee, course=course, at=NOON)

    assert start(by=employee, course=course, at=NOON) == first


def test_scenarios_come_last_and_the_order_stays(employee):
    attempt = start(by=employee, course=course_with("scenario", "single", "multiple", "true_false"), at=NOON)

    order = [item.question.pk for item in items_of(attempt)]

    assert items_of(attempt)[-1].question.is_scenario
    assert order == attempt.question_ids == [item.question.pk for item in items_of(Attempt.objects.get())]


def test_choices_keep_their_order_within_an_attempt(employee):
    attempt = attempt_at(course_with("multiple"), employee)

    assert [items_of(attempt)[0].choices for _ in range(3)] == [items_of(attempt)[0].choices] * 3


@pytest.mark.parametrize(
    ("kind", "texts", "is_right"),
    [
        ("single", ["A"], True),
        ("single", ["B"], False),
        ("multiple", ["A", "B"], True),
        ("multiple", ["A"], False),
        ("multiple", ["A", "B", "C"], False),
        ("true_false", ["A"], True),
        ("true_false", ["B"], False),
    ],
)
def test_an_answer_is_right_when_it_is_wholly_right(employee, kind, texts, is_right):
    attempt = attempt_at(course_with(kind), employee)

    give(attempt, 1, texts)

    assert Answer.objects.get().is_right is is_right


def test_the_first_answer_stands(employee):
    attempt = attempt_at(course_with("single"), employee)
    give(attempt, 1, ["B"])

    give(attempt, 1, ["A"])

    assert Answer.objects.get().is_right is False


@pytest.mark.parametrize("texts", [[], ["A", "B"]])
def test_a_single_question_takes_one_answer(employee, texts):
    attempt = attempt_at(course_with("single"), employee)

    with pytest.raises(NotAnOption):
        give(attempt, 1, texts)


def test_a_choice_of_another_question_is_no_answer(employee):
    attempt = attempt_at(course_with("single", "single"), employee)
    other = items_of(attempt)[1].choices[0].pk

    with pytest.raises(NotAnOption):
        answer(attempt=attempt, number=1, choice_ids=[other], at=NOON)


@pytest.mark.parametrize(
    ("way", "points"),
    [
        (["good from start", "good from middle"], Decimal(1)),
        (["bad from start", "good from detour", "good from middle"], Decimal(2) / 3),
        (["bad from start", "bad from detour", "bad from middle"], Decimal(0)),
        (["good from start", "bad from middle"], Decimal("0.5")),
    ],
)
def test_a_scenario_is_scored_by_the_way_taken(employee, way, points):
    attempt = attempt_at(course_with("scenario"), employee)

    for text in way:
        give(attempt, 1, [text])

    [item] = items_of(attempt)
    assert ([move.choice.text for move in item.moves], item.points, item.is_answered) == (way, points, True)


def test_a_move_from_another_step_is_no_option(employee):
    attempt = attempt_at(course_with("scenario"), employee)
    elsewhere = items_of(attempt)[0].question.steps.get(text="middle").choices.first().pk

    with pytest.raises(NotAnOption):
        answer(attempt=attempt, number=1, choice_ids=[elsewhere], at=NOON)


def test_a_wrong_move_shows_the_clause_and_lets_one_go_on(employee, sign_in):
    SearchDocument.objects.create(
        kind="clause",
        object_id=1,
        title="Pass on",
        lead="Call first.",
        url="/policies/crisis-communication/#pass-on",
        changed_at=NOON,
    )
    attempt = attempt_at(course_with("scenario"), employee)
    give(attempt, 1, ["bad from start"])

    response = sign_in(employee).get(page(attempt, 1))

    html = response.content.decode()
    assert 'href="/policies/crisis-communication/#pass-on"' in html
    assert "Call first." in html
    assert {text for _, text in response.context["form"].fields["choice"].choices} == {
        "good from detour",
        "bad from detour",
    }


def test_a_clause_that_the_reader_may_not_open_is_named_without_a_link(employee, sign_in):
    attempt = attempt_at(course_with("scenario"), employee)
    give(attempt, 1, ["bad from start"])

    html = sign_in(employee).get(page(attempt, 1)).content.decode()

    assert ("Pass on first" in html, "/policies/crisis-communication/" in html) == (True, False)


def test_clauses_come_with_their_present_words_for_those_who_may_read_them(employee, everyone):
    SearchDocument.objects.create(
        kind="clause", object_id=1, title="Pass on", lead="Call first.", url="/policies/a/#b", changed_at=NOON
    )

    found = clauses(employee, [("/policies/a/#b", "Pass on first"), ("/policies/a/#c", "Other"), ("", "")])

    assert [(clause.label, clause.text) for clause in found.values()] == [
        ("Pass on first", "Call first."),
        ("Other", ""),
    ]


@pytest.mark.parametrize("answered", [0, 1, 2, 3])
def test_an_attempt_resumes_after_each_answer(employee, sign_in, answered):
    attempt = attempt_at(course_with(*KINDS), employee)
    for number in range(1, answered + 1):
        answer(attempt=attempt, number=number, choice_ids=right_ids(items_of(attempt)[number - 1]), at=NOON)

    response = sign_in(employee).get(reverse("training:attempt", args=[attempt.pk]))

    assert response["Location"] == page(attempt, answered + 1)


def test_a_scenario_resumes_in_the_middle_of_the_way(employee):
    attempt = attempt_at(course_with("scenario"), employee)

    give(attempt, 1, ["bad from start"])

    assert first_unanswered(items_of(attempt)).step.text == "detour"


def test_a_browser_without_javascript_answers_and_is_sent_back(employee, sign_in):
    attempt = attempt_at(course_with("single", "single"), employee)
    item = items_of(attempt)[0]

    response = sign_in(employee).post(page(attempt, 1), {"choice": right_ids(item)})

    assert response["Location"] == page(attempt, 1)
    assert Answer.objects.get().is_right is True


def test_htmx_gets_the_question_with_its_feedback_in_place(employee, sign_in):
    attempt = attempt_at(course_with("single", "single"), employee)
    item = items_of(attempt)[0]

    response = sign_in(employee).post(page(attempt, 1), {"choice": wrong_ids(item)}, headers={"HX-Request": "true"})

    html = response.content.decode()
    assert (html.count("<html"), html.count('id="question"')) == (0, 1)
    assert "Not quite" in html
    assert page(attempt, 2) in html


def test_nothing_chosen_is_an_error_that_keeps_the_question_open(employee, sign_in):
    attempt = attempt_at(course_with("single"), employee)

    response = sign_in(employee).post(page(attempt, 1), {})

    assert response.context["form"].errors["choice"] == ["Choose an answer before you go on."]
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("number", [0, 2])
def test_a_question_that_the_attempt_has_not_is_not_there(employee, sign_in, number):
    attempt = attempt_at(course_with("single"), employee)

    assert sign_in(employee).get(page(attempt, number)).status_code == 404


def test_handing_in_names_the_question_that_is_open(employee):
    attempt = attempt_at(course_with("single", "single"), employee)
    give(attempt, 1, ["A"])

    with pytest.raises(Unanswered) as missing:
        submit(by=employee, attempt=attempt, at=NOON)

    assert missing.value.item.number == 2


def test_passing_completes_the_course_with_a_certificate(employee):
    attempt = attempt_at(course_with(*KINDS, valid_months=12), employee)
    answer_all(attempt)

    submit(by=employee, attempt=attempt, at=NOON)

    completion = Completion.objects.get()
    assert (completion.score, completion.completed_on, completion.valid_until, completion.version) == (
        Decimal(100),
        TODAY,
        TODAY.replace(year=2027),
        attempt.version,
    )
    assert (completion.certificate.holder, len(completion.certificate.code) >= 22) == (employee.name, True)
    assert list(Notification.objects.values_list("person", "kind")) == [(employee.pk, "training.certificate")]
    assert AuditEntry.objects.filter(verb="training.complete").count() == 1


def test_handing_in_twice_gives_one_completion(employee):
    attempt = attempt_at(course_with("single"), employee)
    answer_all(attempt)

    first = submit(by=employee, attempt=attempt, at=NOON)
    again = submit(by=employee, attempt=attempt, at=NOON + timedelta(minutes=1))

    assert again.submitted_at == first.submitted_at == NOON
    written = AuditEntry.objects.filter(verb="training.submit").values_list("actor", "object_id")
    assert list(written) == [(employee.pk, attempt.pk)]
    assert (Completion.objects.count(), Certificate.objects.count()) == (1, 1)


def test_below_the_pass_mark_nothing_is_completed(employee):
    attempt = attempt_at(course_with("single", "single"), employee)
    give(attempt, 1, ["A"])
    give(attempt, 2, ["B"])

    submit(by=employee, attempt=attempt, at=NOON)

    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed, Completion.objects.count()) == (Decimal(50), False, 0)


def test_the_next_attempt_waits_for_the_cool_down(employee):
    course = course_with("single", attempts_allowed=2, cool_down_hours=24)
    failed = start(by=employee, course=course, at=NOON)
    answer_all(failed, right=False)
    submit(by=employee, attempt=failed, at=NOON)

    with pytest.raises(NoMoreAttempts) as refused:
        start(by=employee, course=course, at=NOON + timedelta(hours=23))

    assert refused.value.permit.refusal == Refusal.COOL_DOWN
    assert start(by=employee, course=course, at=NOON + timedelta(hours=24)).number == 2


def test_after_the_last_attempt_the_page_says_what_to_do(employee, sign_in):
    course = course_with("single", attempts_allowed=1)
    failed = start(by=employee, course=course, at=NOON)
    answer_all(failed, right=False)
    submit(by=employee, attempt=failed, at=NOON)
    client = sign_in(employee)

    client.post(reverse("training:start", args=["privacy"]))

    assert Attempt.objects.count() == 1
    assert "You have used all your attempts" in client.get(reverse("training:quiz", args=["privacy"])).content.decode()


def test_the_quiz_of_a_course_in_order_cannot_be_started_early(employee, sign_in):
    course_with("single", in_order=True)

    sign_in(employee).post(reverse("training:start", args=["privacy"]))

    assert Attempt.objects.count() == 0


def test_a_passed_quiz_is_not_started_again(employee, sign_in):
    attempt = attempt_at(course_with("single"), employee)
    answer_all(attempt)
    submit(by=employee, attempt=attempt, at=NOON)

    sign_in(employee).post(reverse("training:start", args=["privacy"]))

    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("name", ["attempt", "result", "review"])
def test_attempts_of_others_are_not_there(employee, sign_in, name):
    attempt = attempt_at(course_with("single"), person_with())
    answer_all(attempt)
    submit(by=attempt.enrolment.person, attempt=attempt, at=NOON)

    assert sign_in(employee).get(reverse(f"training:{name}", args=[attempt.pk])).status_code == 404


def test_attempts_of_others_cannot_be_written_to(employee, strategist, sign_in):
    attempt = attempt_at(course_with("single"), person_with())
    choice = items_of(attempt)[0].choices[0].pk

    for person in (employee, strategist):
        client = sign_in(person)
        assert client.post(page(attempt, 1), {"choice": choice}).status_code == 404
        assert client.post(reverse("training:submit", args=[attempt.pk])).status_code == 404
    assert Answer.objects.count() == 0


def test_the_review_is_for_those_who_passed(employee, sign_in):
    attempt = attempt_at(course_with("single"), employee)
    answer_all(attempt, right=False)
    submit(by=employee, attempt=attempt, at=NOON)

    assert sign_in(employee).get(reverse("training:review", args=[attempt.pk])).status_code == 404


@pytest.mark.parametrize(("name", "queries"), [("result", 14), ("review", 8)])
@pytest.mark.parametrize("questions", [1, 3])
def test_what_comes_after_asks_a_constant_number_of_queries(
    employee, sign_in, django_assert_num_queries, name, queries, questions
):
    attempt = attempt_at(course_with(*["single"] * questions, "scenario"), employee)
    answer_all(attempt)
    submit(by=employee, attempt=attempt, at=NOON)
    client = sign_in(employee)

    url = reverse(f"training:{name}", args=[attempt.pk])
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)


def test_a_failed_result_names_the_lessons_to_look_at_again(employee, sign_in):
    attempt = attempt_at(course_with("single"), employee)
    answer_all(attempt, right=False)
    submit(by=employee, attempt=attempt, at=NOON)

    response = sign_in(employee).get(reverse("training:result", args=[attempt.pk]))

    assert response.context["look_again"] == [("one", "Lesson one")]


def test_who_passes_after_all_has_completed_a_course_taken_off_the_list(employee, strategist):
    attempt = attempt_at(course_with("single"), employee)
    answer_all(attempt)
    withdraw(by=strategist, enrolment=attempt.enrolment, at=NOON)

    submit(by=employee, attempt=attempt, at=NOON)

    enrolment = Completion.objects.get().enrolment
    assert (enrolment.completed_at, enrolment.withdrawn_at) == (NOON, None)


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_are_one_attempt_one_answer_and_one_completion():
    employee, course = person_with(), course_with("single")

    def at_once(act):
        def alone(_number):
            try:
                return act()
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            return list(pool.map(alone, range(6)))

    attempts = at_once(lambda: start(by=employee, course=course, at=NOON))
    choice_ids = right_ids(items_of(attempts[0])[0])
    at_once(lambda: answer(attempt=attempts[0], number=1, choice_ids=choice_ids, at=NOON))
    handed_in = at_once(lambda: submit(by=employee, attempt=attempts[0], at=NOON))

    assert {attempt.pk for attempt in attempts} == {attempts[0].pk}
    assert {attempt.submitted_at for attempt in handed_in} == {NOON}
    assert (Answer.objects.count(), Completion.objects.count(), Certificate.objects.count()) == (1, 1, 1)

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.people.access import Role
from metrics.standing import actions
from metrics.standing.models import Comparator, Rating
from metrics.standing.queries import open_round_for, results
from metrics.standing.statements import STATEMENTS
from tests.factories.people import DepartmentFactory, person_with
from tests.factories.standing import RatingFactory, RoundFactory

STANDING = reverse("metrics:standing")
QUERIES = 13


def test_strangers_find_no_such_page(sign_in, employee, privacy_officer):
    assert sign_in(employee).get(STANDING).status_code == 404
    assert sign_in(privacy_officer).get(STANDING).status_code == 404


def test_executives_and_coordinators_read_it(sign_in, executive):
    coordinator = person_with(Role.COORDINATOR, branch=DepartmentFactory())

    assert sign_in(executive).get(STANDING).status_code == 200
    assert sign_in(coordinator).get(STANDING).status_code == 200


def test_the_five_models_are_drawn_and_described(sign_in, strategist):
    page = sign_in(strategist).get(STANDING).content.decode()

    assert page.count('<svg class="drawing"') == 5
    assert page.count('<title id="drawing-') == 5
    assert page.count('<desc id="drawing-') == 5


def test_history_says_how_old_it_is(sign_in, strategist):
    page = sign_in(strategist).get(STANDING).content.decode()

    assert "Historical: 2010, 2012; companies with more than 1,000 employees." in page
    assert "what remains of 100 %" in page


def test_the_library_starts_with_mayo_clinic(db):
    first = Comparator.objects.first()

    assert (first.name, first.employees_a_person, first.moving_to, first.checked_on) == (
        "Mayo Clinic", 1_400, "dandelion", None,
    )  # fmt: skip


def test_answering_keeps_what_was_given(sign_in, executive):
    round_ = RoundFactory()
    given = {statement.key: "none" for statement in STATEMENTS} | {"requests": "4", "everybody": "0"}

    response = sign_in(executive).post(reverse("metrics:standing_answer", args=[round_.pk]), given)

    rating = Rating.objects.get()
    assert response.status_code == 302
    assert (rating.person, rating.group, rating.answers) == (executive, "executive", {"requests": 4, "everybody": 0})
    assert AuditEntry.objects.filter(verb="rate standing", actor=executive).count() == 1


def test_a_statement_without_an_answer_is_asked_again(sign_in, executive):
    round_ = RoundFactory()

    response = sign_in(executive).post(reverse("metrics:standing_answer", args=[round_.pk]), {"requests": "4"})

    assert response.status_code == 200
    assert Rating.objects.count() == 0


def test_a_closed_round_takes_no_answers(sign_in, executive):
    closed = RoundFactory(opens="2020-01-01", closes="2020-02-01")

    assert sign_in(executive).get(reverse("metrics:standing_answer", args=[closed.pk])).status_code == 404


def test_answering_again_counts_once_and_keeps_both(executive):
    round_ = RoundFactory()
    for answers, minute in (({"requests": 4}, 1), ({"requests": 0, "hub-rules": 3}, 2)):
        actions.rate(by=executive, round_=round_, answers=answers, at=datetime(2026, 1, 5, 12, minute, tzinfo=UTC))

    result = results([round_])[0]

    assert Rating.objects.count() == 2
    assert (result.raters, result.everybody.leading) == (1, "hub-and-spoke")


def test_the_database_keeps_answers_as_given(strategist):
    rating = RatingFactory(person=strategist)

    with pytest.raises(DatabaseError):
        Rating.objects.filter(pk=rating.pk).update(answers={})


def test_an_employee_cannot_rate(employee):
    with pytest.raises(ValueError, match="Only raters"):
        actions.rate(by=employee, round_=RoundFactory(), answers={"requests": 1}, at=timezone.now())


def test_a_round_waits_until_it_is_answered(executive):
    round_ = RoundFactory()
    today = timezone.localdate()

    assert open_round_for(executive, today) == round_
    actions.rate(by=executive, round_=round_, answers={"requests": 1}, at=timezone.now())
    assert open_round_for(executive, today) is None


def test_only_strategists_open_rounds_and_keep_the_library(sign_in, executive, strategist):
    for name in ("metrics:standing_open", "metrics:comparator_add"):
        assert sign_in(executive).get(reverse(name)).status_code == 404
        assert sign_in(strategist).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("rounds", [1, 3])
def test_queries_do_not_grow_with_rounds(sign_in, strategist, rounds, django_assert_num_queries):
    for _number in range(rounds):
        RatingFactory(round=RoundFactory(), person=strategist)
    client = sign_in(strategist)

    with django_assert_num_queries(QUERIES):
        client.get(STANDING)
    with django_assert_num_queries(1):
        client.get(STANDING)


def test_results_of_many_rounds_take_one_query(strategist, django_assert_num_queries):
    rounds = [RatingFactory(round=RoundFactory(), person=strategist).round for _ in range(3)]

    with django_assert_num_queries(1):
        assert [result.raters for result in results(rounds)] == [1, 1, 1]

from datetime import date

import pytest

from coe_portal.people.access import Role
from metrics.contributions import home_cards, measurements
from metrics.executive.models import Ask
from tests.factories.channels import ChannelFactory
from tests.factories.metrics import figures
from tests.factories.people import DepartmentFactory, person_with
from tests.factories.standing import RoundFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)


def titles(person):
    return [item.title for card in home_cards(person, TODAY) for item in card.items]


def test_an_executive_is_told_what_waits(executive, strategist):
    Ask.objects.create(title="A camera", reason="Stories", asked_on=TODAY, asked_by=strategist)
    RoundFactory()

    assert titles(executive) == [
        "1 ask waits for your decision",
        "How are we organised? Tell us what you see",
        "What social media brings, and what it costs",
    ]


def test_a_coordinator_gets_the_questionnaire_only():
    RoundFactory()

    assert titles(person_with(Role.COORDINATOR, branch=DepartmentFactory())) == [
        "How are we organised? Tell us what you see"
    ]


def test_an_employee_gets_no_card(employee):
    assert list(home_cards(employee, TODAY)) == []


def test_measurements_are_none_without_figures():
    [found] = measurements(date(2026, 3, 1), date(2026, 3, 31))

    assert (found.key, found.value) == ("metrics.engagements", None)


def test_measurements_add_up_months():
    figures(ChannelFactory(), "engagements", {date(2026, 3, 1): 4, date(2026, 4, 1): 5})

    [found] = measurements(date(2026, 3, 1), date(2026, 3, 31))

    assert found.value == 4

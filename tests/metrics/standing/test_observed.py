from datetime import date

import pytest

from coe_portal.people.access import Role
from metrics.standing.observed import Account, Register, judge, observed
from tests.factories.channels import ChannelFactory, PublisherFactory
from tests.factories.people import DepartmentFactory, RoleGrantFactory

TODAY = date(2026, 3, 1)


def register(*accounts, departments=20, coordinated=()):
    """Each account is of a department of its own."""
    rows = tuple(
        Account(division, number, frozenset(people), is_fresh=True)
        for number, (division, people) in enumerate(accounts)
    )
    return Register(rows, 4, departments, frozenset(coordinated))


@pytest.mark.parametrize(
    ("found", "model"),
    [
        (register(("A", []), ("B", []), ("C", [1])), "decentralised"),
        (register(("A", [1]), ("A", [1]), ("B", [2])), "centralised"),
        (register(("A", [1]), ("B", [2]), ("C", [3])), "hub-and-spoke"),
        (register(("A", [1, 2]), ("B", [3, 4]), ("C", [5]), coordinated=["A", "B"]), "dandelion"),
        (
            register(("A", [1, 2]), ("B", [3, 4]), ("C", [5, 6]), ("D", [7, 8]), departments=5),
            "honeycomb",
        ),
    ],
)
def test_the_register_shows_a_model(found, model):
    assert judge(found).leading == model


def test_a_division_without_a_coordinator_is_no_hub():
    assert register(("A", [1, 2])).hubs == frozenset()


def test_confidence_is_the_share_of_complete_fresh_records():
    accounts = (
        Account("A", 1, frozenset([1]), True),
        Account("A", 2, frozenset(), True),
        Account("A", 3, frozenset([1]), False),
    )

    assert judge(Register(accounts, 1, 3, frozenset())).confidence == pytest.approx(1 / 3)


def test_an_empty_register_shows_nothing(db):
    assert observed(TODAY) is None


def test_the_register_is_read_by_division(db, django_assert_num_queries):
    root = DepartmentFactory()
    hospital = DepartmentFactory(name="Hospital", parent=root)
    ward = DepartmentFactory(name="Ward", parent=hospital)
    for department in (hospital, ward):
        PublisherFactory(channel=ChannelFactory(department=department, validated_on=TODAY))
    RoleGrantFactory(role=Role.COORDINATOR, branch=hospital)

    with django_assert_num_queries(4):
        found = observed(TODAY)

    assert (found.leading, found.confidence) == ("centralised", 1)
    assert found.evidence[0] == "Channels in use: 2, owned by 1 of 1 divisions."
    assert found.evidence[3].endswith("which can be called hubs: 1.")

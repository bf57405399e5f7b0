from datetime import date

import pytest

from coe_portal.people.access import Role
from coe_portal.people.models import Department, User
from coe_portal.people.queries import (
    access_of,
    audience_rows,
    branch_ids,
    department_names,
    people_filtered,
    role_labels,
)
from coe_portal.people.rules import rule_of
from tests.factories.people import (
    AudienceFactory,
    DepartmentFactory,
    MembershipFactory,
    PersonFactory,
    RoleGrantFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def hospital() -> Department:
    return DepartmentFactory(name="Hospital")


@pytest.fixture
def ward(hospital: Department) -> Department:
    return DepartmentFactory(name="Ward", parent=hospital)


def test_branch_ids_goes_down_the_tree(hospital: Department, ward: Department):
    elsewhere = DepartmentFactory()

    assert branch_ids([hospital.pk]) == {hospital.pk, ward.pk}
    assert elsewhere.pk not in branch_ids([hospital.pk])


def test_branch_ids_survives_a_circle(hospital: Department, ward: Department):
    Department.objects.filter(pk=hospital.pk).update(parent=ward)

    assert branch_ids([hospital.pk]) == {hospital.pk, ward.pk}


def test_access_holds_the_branch_of_a_role(hospital: Department, ward: Department):
    person = RoleGrantFactory(role=Role.COORDINATOR, branch=hospital).person

    access = access_of(person, DAY)

    assert access.reaches(Role.COORDINATOR, ward.pk)
    assert not access.reaches(Role.COORDINATOR, DepartmentFactory().pk)
    assert not access.reaches(Role.STRATEGIST, ward.pk)


def test_a_role_without_a_branch_reaches_everywhere(ward: Department):
    person = RoleGrantFactory(role=Role.COORDINATOR).person

    assert access_of(person, DAY).reaches(Role.COORDINATOR, ward.pk)


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [
        (DAY, None, True),
        (date(2026, 3, 3), None, False),
        (date(2026, 1, 1), DAY, False),
        (date(2026, 1, 1), date(2026, 3, 3), True),
    ],
)
def test_a_role_counts_from_its_first_day_until_the_day_before_its_end(starts: date, ends: date | None, counts: bool):
    person = RoleGrantFactory(role=Role.STRATEGIST, starts=starts, ends=ends).person

    assert access_of(person, DAY).has(Role.STRATEGIST) is counts


def test_audience_rows_take_a_constant_number_of_queries(ward: Department, django_assert_num_queries):
    rule = rule_of(kinds=["nurse"], departments=[ward.pk]).as_data()
    AudienceFactory(rule=rule)
    with django_assert_num_queries(2):
        audience_rows()
    AudienceFactory.create_batch(2, rule=rule)

    with django_assert_num_queries(2):
        audience_rows()


def test_people_filtered_by_text_role_branch_and_state(hospital: Department, ward: Department):
    rosa = MembershipFactory(department=ward, person__name="Rosa Delgado").person
    RoleGrantFactory(person=rosa, role=Role.STRATEGIST)
    gone = PersonFactory(name="Gone Person", is_active=False)
    PersonFactory(name="Somebody Else")

    assert list(people_filtered({"text": "rosa"}, DAY)) == [rosa]
    assert list(people_filtered({"role": Role.STRATEGIST}, DAY)) == [rosa]
    assert list(people_filtered({"department": hospital}, DAY)) == [rosa]
    assert list(people_filtered({"state": "left"}, DAY)) == [gone]
    assert people_filtered({"state": "all"}, DAY).count() == 3
    assert people_filtered({}, DAY).count() == 2


def test_names_of_departments_and_roles_in_bulk(ward: Department, django_assert_num_queries):
    person: User = MembershipFactory(department=ward).person
    RoleGrantFactory(person=person, role=Role.COORDINATOR, branch=ward)

    with django_assert_num_queries(2):
        assert department_names([person.pk], DAY) == {person.pk: "Ward"}
        assert role_labels([person.pk], DAY) == {person.pk: ["Department coordinator (Ward)"]}

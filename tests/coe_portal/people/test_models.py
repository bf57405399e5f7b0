from datetime import date

import pytest
from django.db import IntegrityError, transaction

from coe_portal.people.models import Audience, Membership, RoleGrant
from tests.factories.people import DepartmentFactory, MembershipFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


def test_an_address_is_lower_case():
    with pytest.raises(IntegrityError, match="person_email_lower_case"):
        PersonFactory(email="Rosa@riverbend.example")


def test_a_membership_ends_after_it_begins():
    with pytest.raises(IntegrityError, match="membership_period_in_order"):
        MembershipFactory(starts=date(2026, 3, 2), ends=date(2026, 3, 2))


def test_nobody_is_twice_in_a_department_at_a_time():
    first = MembershipFactory(starts=date(2026, 1, 1), ends=date(2026, 3, 2))
    Membership.objects.create(person=first.person, department=first.department, starts=date(2026, 3, 2))

    with pytest.raises(IntegrityError, match="membership_once_at_a_time"):
        Membership.objects.create(person=first.person, department=first.department, starts=date(2026, 2, 1))


def test_a_role_is_one_of_those_there_are():
    with pytest.raises(IntegrityError, match="role_known"):
        RoleGrantFactory(role="king")


def test_a_role_ends_after_it_begins():
    with pytest.raises(IntegrityError, match="role_period_in_order"):
        RoleGrantFactory(starts=date(2026, 3, 2), ends=date(2026, 3, 1))


def test_there_is_one_everyone(everyone: Audience):
    with pytest.raises(IntegrityError, match="one_everyone"), transaction.atomic():
        Audience.objects.create(name="Everyone again", is_everyone=True)


def test_a_department_with_people_is_not_removed():
    membership = MembershipFactory()

    with pytest.raises(Exception, match="protected"):
        membership.department.delete()


def test_words_of_a_person_and_a_grant():
    assert PersonFactory.build(name="Rosa Maria Delgado").initials == "RD"
    assert PersonFactory.build(name="", email="x@y.example").initials == "X"
    assert str(RoleGrant(role="strategist", person_id=3, starts=date(2026, 3, 2))) == "strategist of 3 from 2026-03-02"
    assert str(DepartmentFactory.build(name="Ward")) == "Ward"

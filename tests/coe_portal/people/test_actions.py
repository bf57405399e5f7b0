from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.people import actions
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, AudienceMember, Membership, RoleGrant, User
from tests.factories.people import (
    AudienceFactory,
    DepartmentFactory,
    MembershipFactory,
    PersonFactory,
    RoleGrantFactory,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_add_person_joins_the_audience_of_everyone(administrator: User, everyone: Audience):
    department = DepartmentFactory()

    person = actions.add_person(
        by=administrator, email="New.Nurse@Riverbend.example", name="New Nurse", on=TODAY, department=department
    )

    assert person.email == "new.nurse@riverbend.example"
    assert again(person).access.audience_ids == {everyone.pk}
    assert again(person).access.department_ids == {department.pk}
    assert verbs() == ["person.added", "person.joined_department"]


def test_grant_role_is_audited_and_counts_at_once(administrator: User, employee: User):
    branch = DepartmentFactory()

    actions.grant_role(by=administrator, person=employee, role=Role.COORDINATOR, branch=branch, starts=TODAY)

    assert again(employee).access.reaches(Role.COORDINATOR, branch.pk)
    (entry,) = AuditEntry.objects.all()
    assert (entry.actor, entry.verb, entry.object_id) == (administrator, "role.granted", employee.pk)
    assert entry.details == {"role": "coordinator", "branch": branch.pk, "starts": TODAY.isoformat()}


def test_a_role_of_the_future_does_not_count_yet(administrator: User, employee: User):
    actions.grant_role(by=administrator, person=employee, role=Role.STRATEGIST, starts=TODAY + timedelta(days=1))

    assert not again(employee).is_strategist


def test_end_role_ends_it_today_and_keeps_the_row(administrator: User, strategist: User):
    grant = RoleGrant.objects.get(person=strategist)

    actions.end_role(by=administrator, grant=grant, on=TODAY)

    assert not again(strategist).is_strategist
    assert RoleGrant.objects.get(pk=grant.pk).ends == TODAY
    assert verbs() == ["role.ended"]


def test_end_role_on_its_first_day_leaves_the_trail_alone(administrator: User, employee: User):
    grant = RoleGrantFactory(person=employee, starts=TODAY)

    actions.end_role(by=administrator, grant=grant, on=TODAY)

    assert not RoleGrant.objects.filter(pk=grant.pk).exists()
    assert verbs() == ["role.ended"]


def test_a_role_moves_its_person_into_the_audiences_of_that_role(administrator: User, employee: User):
    coordinators = AudienceFactory(roles=[Role.COORDINATOR])

    actions.grant_role(by=administrator, person=employee, role=Role.COORDINATOR, starts=TODAY)

    assert coordinators.pk in again(employee).access.audience_ids


def test_leaving_a_department_leaves_its_audience(administrator: User, employee: User):
    membership = MembershipFactory(person=employee)
    audience = AudienceFactory()
    audience.branches.add(membership.department)
    actions.refresh_audiences(on=TODAY)

    actions.leave_department(by=administrator, membership=membership, on=TODAY)

    assert audience.pk not in again(employee).access.audience_ids
    assert Membership.objects.get(pk=membership.pk).ends == TODAY


@pytest.mark.django_db(transaction=True)
def test_deactivate_ends_every_session_at_once(client: Client):
    leaver = PersonFactory(email="leaver@riverbend.example")
    leaver.set_password("a long enough password")
    leaver.save()
    login = {"login": leaver.email, "password": "a long enough password"}
    assert client.post("/accounts/login/", login).status_code == 302
    assert client.get("/notifications/").status_code == 200

    actions.deactivate(by=None, person=leaver)

    assert client.get("/notifications/").status_code == 302
    assert UserSession.objects.filter(user=leaver).count() == 0
    assert Client().post("/accounts/login/", login).url == "/accounts/inactive/"


def test_deactivate_leaves_all_audiences(employee: User):
    actions.deactivate(by=None, person=employee)

    assert not AudienceMember.objects.filter(person=employee).exists()
    assert verbs() == ["person.deactivated"]


def test_reactivate_brings_the_audiences_back(administrator: User, employee: User, everyone: Audience):
    actions.deactivate(by=administrator, person=employee)

    actions.reactivate(by=administrator, person=again(employee))

    assert again(employee).access.audience_ids == {everyone.pk}


def test_save_audience_counts_at_once(strategist: User):
    nurses = PersonFactory.create_batch(2, kind=User.Kind.NURSE)
    audience = Audience(name="Nursing", kinds=["nurse"])

    actions.save_audience(by=strategist, audience=audience, branches=[], on=TODAY)

    assert set(audience.people.all()) == set(nurses)


def test_refresh_audiences_is_constant_in_people(django_assert_num_queries):
    audience = AudienceFactory(kinds=["nurse"])
    PersonFactory(kind="nurse")
    with django_assert_num_queries(6):
        actions.refresh_audiences(on=date(2026, 3, 2), audiences=[audience])
    PersonFactory.create_batch(3, kind="nurse")

    with django_assert_num_queries(6):
        actions.refresh_audiences(on=date(2026, 3, 2), audiences=[audience])

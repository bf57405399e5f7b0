import threading
from datetime import date, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.people import actions
from coe_portal.people.access import Role
from coe_portal.people.models import Audience, AudienceMember, Membership, RoleGrant, User
from coe_portal.people.rules import rule_of
from tests.factories.people import (
    AudienceFactory,
    DepartmentFactory,
    MembershipFactory,
    PersonFactory,
    RoleGrantFactory,
    person_with,
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
    coordinators = AudienceFactory(rule=rule_of(roles=[Role.COORDINATOR]).as_data())

    actions.grant_role(by=administrator, person=employee, role=Role.COORDINATOR, starts=TODAY)

    assert coordinators.pk in again(employee).access.audience_ids


def test_leaving_a_department_leaves_its_audience(administrator: User, employee: User):
    membership = MembershipFactory(person=employee)
    audience = AudienceFactory(rule=rule_of(departments=[membership.department_id]).as_data())
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


def test_deactivate_many_tells_once_and_leaves_who_has_left_already(administrator: User):
    leavers = PersonFactory.create_batch(2)
    gone = PersonFactory(is_active=False)

    actions.deactivate_many(by=administrator, people=[*leavers, gone])

    assert not User.objects.active().filter(pk__in=[*(each.pk for each in leavers), gone.pk]).exists()
    assert verbs() == ["person.deactivated"] * 2


def test_a_leavers_roles_end_that_day_and_stay_on_record(administrator: User, employee: User):
    old = RoleGrantFactory(person=employee, role=Role.STRATEGIST, starts=TODAY - timedelta(days=9))
    RoleGrantFactory(person=employee, role=Role.EXECUTIVE, starts=TODAY + timedelta(days=9))

    actions.deactivate(by=administrator, person=employee)
    actions.reactivate(by=administrator, person=again(employee))

    assert list(RoleGrant.objects.filter(person=employee).values_list("pk", "ends")) == [(old.pk, TODAY)]
    assert verbs() == ["role.ended", "role.ended", "person.deactivated", "person.reactivated"]
    assert not again(employee).access.has(Role.STRATEGIST, Role.EXECUTIVE)


def test_what_a_leaver_had_for_somebody_away_goes_back(strategist: User, employee: User):
    grant = RoleGrant.objects.get(person=strategist)
    actions.delegate(by=strategist, grant=grant, to=employee, starts=TODAY, ends=TODAY + timedelta(days=3))

    actions.deactivate(by=None, person=employee)

    assert not RoleGrant.objects.filter(person=employee).exists()
    assert verbs() == ["role.delegated", "role.delegation_ended", "person.deactivated"]


def test_the_last_administrators_role_stays_for_who_lets_them_back_in(administrator: User):
    second = person_with(Role.ADMINISTRATOR)

    for person in (second, administrator):
        actions.deactivate(by=None, person=person)

    assert RoleGrant.objects.get(person=administrator).ends is None
    assert not RoleGrant.objects.open_on(TODAY).filter(person=second).exists()


def test_deactivate_many_is_constant_in_people(administrator: User, django_assert_num_queries):
    one, three = PersonFactory.create_batch(1), PersonFactory.create_batch(3)
    actions.deactivate_many(by=administrator, people=PersonFactory.create_batch(1))
    with CaptureQueriesContext(connection) as few:
        actions.deactivate_many(by=administrator, people=one)

    with django_assert_num_queries(len(few)):
        actions.deactivate_many(by=administrator, people=three)


@pytest.mark.django_db(transaction=True)
def test_a_request_under_way_cannot_keep_a_leavers_session_alive():
    """It has read the person, waits, and saves its session after they were deactivated, into the cache too."""
    leaver = PersonFactory()
    client = Client()
    client.force_login(leaver, backend="coe_portal.people.backends.PortalBackend")
    store = SessionStore(client.session.session_key)
    store["half"] = "done"
    was_read, may_save = threading.Event(), threading.Event()

    def request_under_way() -> None:
        was_read.set()
        may_save.wait(10)
        cache.set(store.cache_key, dict(store.items()), 600)
        connection.close()

    thread = threading.Thread(target=request_under_way)
    thread.start()
    was_read.wait(10)
    actions.deactivate(by=None, person=leaver)
    may_save.set()
    thread.join(10)

    assert client.get("/notifications/").status_code == 302
    actions.reactivate(by=PersonFactory(), person=again(leaver))
    assert client.get("/notifications/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_sign_ins_that_race_a_deactivation_never_win():
    leaver = PersonFactory(password=make_password("a long enough password"))
    clients = [Client() for _ in range(4)]
    go = threading.Barrier(5)

    def sign_in(client: Client) -> None:
        go.wait(10)
        client.post("/accounts/login/", {"login": leaver.email, "password": "a long enough password"})
        connection.close()

    threads = [threading.Thread(target=sign_in, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    go.wait(10)
    actions.deactivate(by=None, person=leaver)
    for thread in threads:
        thread.join(30)

    assert [client.get("/notifications/").status_code for client in clients] == [302] * 4
    actions.reactivate(by=PersonFactory(), person=again(leaver))
    assert [client.get("/notifications/").status_code for client in clients] == [302] * 4


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
    audience = Audience(name="Nursing", rule=rule_of(kinds=["nurse"]).as_data())

    actions.save_audience(by=strategist, audience=audience, on=TODAY)

    assert set(audience.people.all()) == set(nurses)


def test_refresh_audiences_is_constant_in_people(django_assert_num_queries):
    audience = AudienceFactory(rule=rule_of(kinds=["nurse"]).as_data())
    PersonFactory(kind="nurse")
    with django_assert_num_queries(8):
        actions.refresh_audiences(on=date(2026, 3, 2), audiences=[audience])
    PersonFactory.create_batch(3, kind="nurse")

    with django_assert_num_queries(8):
        actions.refresh_audiences(on=date(2026, 3, 2), audiences=[audience])

"""Roles with their days, and roles that are handed on for a while."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError
from django.test import Client
from openpyxl import load_workbook

from coe_portal.audit.models import AuditEntry
from coe_portal.notifications.models import Notification
from coe_portal.people import actions
from coe_portal.people.access import Role, today
from coe_portal.people.actions import RoleRefused
from coe_portal.people.models import RoleGrant, User
from tests.factories.people import DepartmentFactory, PersonFactory, RoleGrantFactory, person_with

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
TODAY = today()


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def again(person: User) -> User:
    return User.objects.get(pk=person.pk)


@pytest.fixture
def grant(strategist: User) -> RoleGrant:
    return RoleGrant.objects.get(person=strategist)


@pytest.fixture
def admin(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


def given(by: User, grant: RoleGrant, to: User, starts: int = 0, ends: int = 7) -> RoleGrant:
    return actions.delegate(by=by, grant=grant, to=to, starts=days(starts), ends=days(ends))


class TestGiving:
    @pytest.mark.parametrize(("starts", "ends"), [(-5, None), (0, 3), (8, None), (9, 12)])
    def test_the_same_role_at_the_same_time_is_refused(self, administrator: User, starts: int, ends: int | None):
        held = RoleGrantFactory(role=Role.EXECUTIVE, starts=days(0), ends=days(10))

        with pytest.raises(RoleRefused, match="has this role already"):
            actions.grant_role(
                by=administrator, person=held.person, role=Role.EXECUTIVE, starts=days(starts),
                ends=days(ends) if ends else None,
            )  # fmt: skip

    def test_before_and_after_and_elsewhere_it_is_given(self, administrator: User):
        held = RoleGrantFactory(role=Role.COORDINATOR, starts=days(0), ends=days(10))
        give = {"by": administrator, "person": held.person, "role": Role.COORDINATOR}

        actions.grant_role(**give, starts=days(-5), ends=days(0))
        actions.grant_role(**give, starts=days(10))
        actions.grant_role(**give, starts=days(2), branch=DepartmentFactory())

        assert RoleGrant.objects.filter(person=held.person).count() == 4

    def test_the_database_refuses_it_too(self):
        held = RoleGrantFactory()

        with pytest.raises(IntegrityError, match="role_once_at_a_time"):
            RoleGrantFactory(person=held.person)

    def test_nobody_gives_a_role_to_themselves(self, administrator: User, admin: Client):
        form = {"role": Role.EXECUTIVE, "starts": TODAY.isoformat()}

        response = admin.post(f"/administration/people/{administrator.pk}/role/", form)

        assert response.context["grant_form"].errors == {
            "role": ["Nobody gives a role to themselves. Ask another administrator."]
        }


class TestEnding:
    def test_the_last_administrator_cannot_end(self, administrator: User):
        grant = RoleGrant.objects.get(person=administrator)
        RoleGrantFactory(role=Role.ADMINISTRATOR, ends=days(30))
        RoleGrantFactory(role=Role.ADMINISTRATOR, person__is_active=False)

        with pytest.raises(RoleRefused, match="last administrator"):
            actions.end_role(by=None, grant=grant, on=TODAY)
        with pytest.raises(RoleRefused, match="last administrator"):
            actions.change_end(by=PersonFactory(), grant=grant, ends=days(60))

    def test_with_another_one_it_ends(self, administrator: User):
        RoleGrantFactory(role=Role.ADMINISTRATOR)

        actions.end_role(by=None, grant=RoleGrant.objects.get(person=administrator), on=TODAY)

        assert not again(administrator).is_administrator

    def test_another_end_through_the_page(self, admin: Client, grant: RoleGrant):
        page = f"/administration/roles/{grant.pk}/"

        admin.post(page, {"ends": days(3).isoformat()})
        grant.refresh_from_db()
        assert grant.ends == days(3)

        admin.post(page, {"ends": ""})
        grant.refresh_from_db()
        assert grant.ends is None
        assert AuditEntry.objects.filter(verb="role.end_changed").count() == 2

    def test_what_was_so_is_not_rewritten(self, admin: Client, grant: RoleGrant):
        response = admin.post(f"/administration/roles/{grant.pk}/", {"ends": days(-1).isoformat()})

        assert list(response.context["form"].errors) == ["ends"]

    def test_a_longer_end_into_another_grant_is_refused(self, administrator: User):
        first = RoleGrantFactory(starts=days(-5), ends=days(5))
        RoleGrantFactory(person=first.person, starts=days(5), ends=days(9))

        with pytest.raises(RoleRefused, match="has this role already"):
            actions.change_end(by=administrator, grant=first, ends=days(6))

    def test_nobody_lengthens_a_role_of_their_own(self, administrator: User):
        grant = RoleGrantFactory(person=administrator, role=Role.EXECUTIVE, ends=days(5))

        with pytest.raises(RoleRefused, match="of their own"):
            actions.change_end(by=administrator, grant=grant, ends=None)


class TestHandingOn:
    def test_both_have_the_role_and_both_are_told(self, strategist: User, grant: RoleGrant, employee: User):
        delegated = given(strategist, grant, employee)

        assert again(employee).is_strategist
        assert again(strategist).is_strategist
        assert (delegated.delegated_from, delegated.ends) == (grant, days(7))
        assert set(Notification.objects.values_list("person", "kind")) == {
            (strategist.pk, "role-handed-on"), (employee.pk, "role-handed-on"),
        }  # fmt: skip
        assert AuditEntry.objects.filter(verb="role.delegated", actor=strategist, object_id=employee.pk).exists()

    def test_it_begins_and_ends_by_itself(self, strategist: User, grant: RoleGrant, employee: User):
        given(strategist, grant, employee, starts=2, ends=4)

        counts = [RoleGrant.objects.on(days(n)).filter(person=employee).exists() for n in (1, 2, 3, 4)]

        assert counts == [False, True, True, False]

    def test_it_goes_no_further(self, strategist: User, grant: RoleGrant, employee: User):
        delegated = given(strategist, grant, employee)

        with pytest.raises(RoleRefused, match="no further"):
            given(employee, delegated, PersonFactory())

    def test_the_administrators_role_is_not_handed_on(self, administrator: User, employee: User):
        with pytest.raises(RoleRefused, match="not handed on"):
            given(administrator, RoleGrant.objects.get(person=administrator), employee)

    def test_a_privacy_officers_role_goes_to_another_one_alone(self, privacy_officer: User, employee: User):
        ward = DepartmentFactory()
        own = RoleGrant.objects.get(person=privacy_officer)
        other = person_with(Role.PRIVACY_OFFICER, branch=ward)

        with pytest.raises(RoleRefused, match="another privacy officer"):
            given(privacy_officer, own, employee)
        assert given(privacy_officer, own, other).person == other

    @pytest.mark.parametrize(
        ("starts", "ends", "reason"),
        [(-1, 3, "in the past"), (3, 3, "after the beginning"), (0, 60, "ends earlier"), (0, 3, "not yourself")],
    )
    def test_refusals_say_why(self, strategist: User, employee: User, starts: int, ends: int, reason: str):
        own = RoleGrantFactory(person=strategist, role=Role.EXECUTIVE, ends=days(30))

        with pytest.raises(RoleRefused, match=reason):
            given(strategist, own, strategist if "yourself" in reason else employee, starts, ends)

    def test_nobody_hands_on_what_is_not_theirs(self, grant: RoleGrant, employee: User):
        with pytest.raises(RoleRefused, match="Only who has a role"):
            given(employee, grant, PersonFactory())

    def test_it_is_over_when_the_giver_loses_the_role(self, strategist: User, grant: RoleGrant, employee: User):
        given(strategist, grant, employee, starts=0)
        later = given(strategist, grant, PersonFactory(), starts=3)

        actions.end_role(by=None, grant=grant, on=TODAY)

        assert not again(employee).is_strategist
        assert not RoleGrant.objects.filter(pk=later.pk).exists()

    def test_it_is_over_when_the_giver_leaves(self, strategist: User, grant: RoleGrant, employee: User):
        given(strategist, grant, employee)

        actions.deactivate(by=None, person=strategist)

        assert not again(employee).is_strategist
        assert AuditEntry.objects.filter(verb="role.delegation_ended").count() == 1

    def test_an_earlier_end_of_the_role_shortens_it(self, strategist: User, grant: RoleGrant, employee: User):
        delegated = given(strategist, grant, employee, starts=0, ends=7)

        actions.change_end(by=PersonFactory(), grant=grant, ends=days(3))

        delegated.refresh_from_db()
        assert delegated.ends == days(3)

    def test_the_page_hands_on_and_takes_back(
        self, strategist: User, grant: RoleGrant, employee: User, sign_in: SignIn
    ):
        client = sign_in(strategist)
        form = {"grant": grant.pk, "to": employee.email, "starts": TODAY.isoformat(), "ends": days(5).isoformat()}

        assert client.post("/my/account/roles/", form).status_code == 302
        delegated = RoleGrant.objects.get(person=employee)
        assert employee.name in client.get("/my/account/roles/").content.decode()
        assert strategist.name in sign_in(employee).get("/my/account/roles/").content.decode()

        assert client.post(f"/my/account/roles/{delegated.pk}/end/").status_code == 302
        assert not again(employee).is_strategist

    def test_what_was_typed_survives_a_refusal(self, strategist: User, grant: RoleGrant, sign_in: SignIn):
        form = {"grant": grant.pk, "to": "nobody@riverbend.example", "starts": TODAY.isoformat(), "ends": ""}

        response = sign_in(strategist).post("/my/account/roles/", form)

        assert set(response.context["form"].errors) == {"to", "ends"}
        assert "nobody@riverbend.example" in response.content.decode()

    def test_others_meet_no_delegation(self, strategist: User, grant: RoleGrant, employee: User, sign_in: SignIn):
        delegated = given(strategist, grant, employee)

        response = sign_in(person_with(Role.STRATEGIST)).post(f"/my/account/roles/{delegated.pk}/end/")

        assert response.status_code == 404


class TestTheList:
    def test_it_filters_by_role_branch_and_day(self, admin: Client):
        root = DepartmentFactory()
        ward = DepartmentFactory(parent=root)
        here = RoleGrantFactory(role=Role.COORDINATOR, branch=ward)
        RoleGrantFactory(role=Role.COORDINATOR, branch=DepartmentFactory())
        past = RoleGrantFactory(role=Role.EXECUTIVE, starts=date(2021, 1, 1), ends=date(2021, 2, 1))

        by_branch = admin.get("/administration/roles/", {"role": "coordinator", "branch": root.pk})
        by_day = admin.get("/administration/roles/", {"role": "executive", "day": "2021-01-15"})

        assert by_branch.context["page"].rows == [here]
        assert by_day.context["page"].rows == [past]

    def test_it_shows_what_was_handed_on(self, admin: Client, strategist: User, grant: RoleGrant, employee: User):
        delegated = given(strategist, grant, employee)

        response = admin.get("/administration/roles/", {"only": "delegated"})

        assert response.context["page"].rows == [delegated]
        assert f"for {strategist.name}" in response.content.decode()

    def test_it_takes_a_constant_number_of_queries(self, admin: Client, django_assert_num_queries):
        admin.get("/administration/roles/")
        RoleGrantFactory(branch=DepartmentFactory())
        with django_assert_num_queries(2):
            admin.get("/administration/roles/")
        RoleGrantFactory.create_batch(2)

        with django_assert_num_queries(2):
            admin.get("/administration/roles/")

    def test_it_leaves_as_csv_and_xlsx(self, admin: Client, administrator: User):
        csv = b"".join(admin.get("/administration/roles/export/").streaming_content).decode("utf-8-sig")
        xlsx = b"".join(admin.get("/administration/roles/export/", {"form": "xlsx"}).streaming_content)

        line = [administrator.name, administrator.email, "Administrator", "", "2020-01-01", "", ""]
        assert csv.splitlines()[1] == ",".join(line)
        rows = list(load_workbook(BytesIO(xlsx)).active.values)
        assert [each or "" for each in rows[1]] == line

    def test_strategists_do_not_see_it(self, strategist: User, sign_in: SignIn):
        assert sign_in(strategist).get("/administration/roles/").status_code == 403

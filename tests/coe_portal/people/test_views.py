from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.models import Department, Membership, RoleGrant, User
from coe_portal.people.queries import password_link
from tests.factories.people import DepartmentFactory, MembershipFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
TODAY = timezone.localdate()


@pytest.fixture
def admin(administrator: User, sign_in: SignIn) -> Client:
    return sign_in(administrator)


@pytest.mark.parametrize(
    "path",
    ["/administration/", "/administration/people/", "/administration/people/add/", "/administration/departments/",
     "/administration/audit/", "/administration/jobs/", "/administration/audiences/"],
)  # fmt: skip
def test_an_employee_is_told_that_administration_is_not_theirs(path: str, employee: User, sign_in: SignIn):
    assert sign_in(employee).get(path).status_code == 403


@pytest.mark.parametrize("verb", ["role", "department", "deactivate", "reactivate"])
def test_nobody_but_an_administrator_changes_a_person(verb: str, strategist: User, employee: User, sign_in: SignIn):
    response = sign_in(strategist).post(f"/administration/people/{employee.pk}/{verb}/")

    assert response.status_code == 403
    assert not RoleGrant.objects.filter(person=employee).exists()


def test_the_list_filters_by_address(admin: Client):
    rosa = PersonFactory(name="Rosa Delgado")
    PersonFactory(name="Somebody Else")

    response = admin.get("/administration/people/", {"text": "delgado"})

    assert [row[0] for row in response.context["rows"]] == [rosa]


def test_the_list_pages_by_key(admin: Client):
    PersonFactory.create_batch(31)

    first = admin.get("/administration/people/")
    second = admin.get(first.context["page"].older_url)

    assert (len(first.context["rows"]), len(second.context["rows"])) == (30, 2)


def test_the_list_takes_a_constant_number_of_queries(admin: Client, django_assert_num_queries):
    admin.get("/administration/people/")
    MembershipFactory(person__name="A")
    with django_assert_num_queries(4):
        admin.get("/administration/people/")
    RoleGrantFactory(person=MembershipFactory(person__name="B").person, branch=DepartmentFactory())
    MembershipFactory(person__name="C")

    with django_assert_num_queries(4):
        admin.get("/administration/people/")


def test_a_person_is_added_and_gets_a_link(admin: Client):
    department = DepartmentFactory()
    form = {"name": "New Nurse", "email": "new@riverbend.example", "kind": "nurse", "department": department.pk}

    response = admin.post("/administration/people/add/", form, follow=True)

    person = User.objects.get(email="new@riverbend.example")
    assert response.context["shown"] == person
    assert "/accounts/password/reset/key/" in response.context["password_link"]


def test_an_address_that_is_taken_is_refused_whatever_its_case(admin: Client, employee: User):
    form = {"name": "X", "email": employee.email.upper(), "kind": "nurse", "department": DepartmentFactory().pk}

    response = admin.post("/administration/people/add/", form)

    assert response.context["form"].errors == {"email": ["Somebody with this e-mail address is here already."]}


def test_the_link_lets_its_person_choose_a_password():
    person = PersonFactory(email="new@riverbend.example")
    client = Client()
    path = password_link(person).partition("//")[2].partition("/")[2]

    asked = client.get(f"/{path}", follow=True)
    client.post(asked.redirect_chain[-1][0], {"password1": "a-good-long-secret-9", "password2": "a-good-long-secret-9"})

    person.refresh_from_db()
    assert person.check_password("a-good-long-secret-9")
    assert 'name="password1"' not in Client().get(f"/{path}", follow=True).content.decode()


def test_a_role_is_given_and_ended(admin: Client, employee: User):
    branch = DepartmentFactory()
    form = {"role": Role.COORDINATOR, "branch": branch.pk, "starts": TODAY.isoformat()}

    assert admin.post(f"/administration/people/{employee.pk}/role/", form).status_code == 302
    grant = RoleGrant.objects.get(person=employee)
    assert (grant.role, grant.branch, grant.starts) == (Role.COORDINATOR, branch, TODAY)

    assert admin.post(f"/administration/roles/{grant.pk}/end/").status_code == 302
    assert not RoleGrant.objects.on(TODAY).filter(person=employee).exists()


def test_the_same_role_twice_is_refused_with_a_reason(admin: Client, strategist: User):
    form = {"role": Role.STRATEGIST, "starts": TODAY.isoformat()}

    response = admin.post(f"/administration/people/{strategist.pk}/role/", form)

    assert response.context["grant_form"].errors == {"role": [f"{strategist.name} has this role already."]}


def test_an_administrator_keeps_their_own_role(admin: Client, administrator: User):
    grant = RoleGrant.objects.get(person=administrator)

    admin.post(f"/administration/roles/{grant.pk}/end/")

    assert RoleGrant.objects.on(TODAY).filter(pk=grant.pk).exists()


def test_a_department_is_joined_and_left(admin: Client, employee: User):
    form = {"department": DepartmentFactory().pk, "starts": "2026-01-01"}

    admin.post(f"/administration/people/{employee.pk}/department/", form)
    again = admin.post(f"/administration/people/{employee.pk}/department/", form)
    membership = Membership.objects.get(person=employee)
    admin.post(f"/administration/memberships/{membership.pk}/end/")

    assert "department" in again.context["membership_form"].errors
    membership.refresh_from_db()
    assert membership.ends == TODAY


def test_deactivating_and_activating_again(admin: Client, employee: User):
    admin.post(f"/administration/people/{employee.pk}/deactivate/")
    assert not User.objects.get(pk=employee.pk).is_active

    admin.post(f"/administration/people/{employee.pk}/reactivate/")
    assert User.objects.get(pk=employee.pk).is_active


def test_nobody_deactivates_themselves(admin: Client, administrator: User):
    response = admin.post(f"/administration/people/{administrator.pk}/deactivate/")

    assert response.status_code == 404
    assert User.objects.get(pk=administrator.pk).is_active


def test_departments_show_the_tree(admin: Client):
    root = DepartmentFactory(name="Root")
    ward = DepartmentFactory(name="Ward", parent=root)
    MembershipFactory(department=ward)

    rows = admin.get("/administration/departments/").context["rows"]

    assert [(each.name, each.tree_depth, people) for each, people in rows] == [("Root", 0, 0), ("Ward", 1, 1)]


def test_a_department_is_added(admin: Client):
    admin.post("/administration/departments/add/", {"name": "Ward 7", "code": "W7", "location": "North"})

    assert Department.objects.get(code="W7").name == "Ward 7"

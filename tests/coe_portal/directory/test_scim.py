import json
from typing import Any
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.directory.scim import storage
from coe_portal.people.models import AudienceMember, Department, Membership, User
from tests.factories.people import DepartmentFactory, MembershipFactory, PersonFactory
from tests.factories.tokens import token_for

pytestmark = pytest.mark.django_db

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Provider:
    """An identity provider with a token."""

    def __init__(self, owner: User) -> None:
        self.client = Client()
        _token, self.headers = token_for(owner, "scim")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(
            method, f"/scim/v2{path}", data, "application/scim+json", headers={**self.headers, **headers}
        )

    def create(self, key: str, **more: Any) -> dict[str, Any]:
        told = {"schemas": [USER, ENTERPRISE], "userName": f"{key}@riverbend.example", "displayName": key, **more}
        answer = self.ask("POST", "/Users", told)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def patch(self, path: str, *operations: dict[str, Any]) -> Any:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)})

    def found(self, query: str, kind: str = "Users") -> list[str]:
        answer = self.ask("GET", f"/{kind}?{query}")
        assert answer.status_code == 200, answer.content
        return [each["id"] for each in answer.json().get("Resources", [])]


@pytest.fixture
def provider(administrator: User) -> Provider:
    return Provider(administrator)


def test_without_a_token_nothing_is_told(administrator: User, provider: Provider):
    signed_in = Client()
    signed_in.force_login(administrator, backend="coe_portal.people.backends.PortalBackend")

    for path in ("/Users", "/ServiceProviderConfig", "/Users/1", "/nothing"):
        answer = signed_in.get(f"/scim/v2{path}")
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/scim+json"
        assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    assert "Set-Cookie" not in provider.ask("GET", "/Users").headers


def test_a_new_person_is_in_the_portal_at_once(provider: Provider, administrator: User, everyone):
    department = DepartmentFactory(code="ED", name="Emergency")
    manager = PersonFactory()

    told = provider.create(
        "rosa", title="Nurse", userType="RN", externalId="x-1", preferredLanguage="es-MX", timezone="America/Chicago",
        **{ENTERPRISE: {"employeeNumber": "7", "department": "Emergency", "manager": {"value": str(manager.pk)}}},
    )  # fmt: skip

    person = User.objects.get(pk=told["id"])
    assert (person.email, person.name, person.job_title, person.kind) == (
        "rosa@riverbend.example", "rosa", "Nurse", "nurse",
    )  # fmt: skip
    assert (person.language, person.time_zone, person.external_id) == ("es", "America/Chicago", "x-1")
    assert (person.employee_number, person.manager) == ("7", manager)
    assert Membership.objects.get(person=person).department == department
    assert EmailAddress.objects.get(user=person).email == person.email
    assert AudienceMember.objects.filter(person=person, audience=everyone).exists()
    assert {"person.added", "person.changed", "person.moved"} == set(
        AuditEntry.objects.filter(actor=administrator, object_id=person.pk, kind="people.user").values_list(
            "verb", flat=True
        )
    )


def test_somebody_who_is_here_is_found_and_not_made_twice(provider: Provider):
    person = PersonFactory(email="rosa@riverbend.example")

    assert provider.found('filter=userName eq "ROSA@riverbend.example"') == [str(person.pk)]
    answer = provider.ask("POST", "/Users", {"schemas": [USER], "userName": "rosa@riverbend.example"})

    assert answer.status_code == 409
    assert answer.json()["scimType"] == "uniqueness"


@pytest.mark.parametrize("value", [False, "False"])
def test_inactive_is_signed_out_and_active_comes_back(value: Any, provider: Provider, everyone):
    person = PersonFactory()
    client = Client()
    client.force_login(person, backend="coe_portal.people.backends.PortalBackend")

    answer = provider.patch(f"/Users/{person.pk}", {"op": "Replace", "path": "active", "value": value})
    assert answer.status_code in {200, 204}
    person.refresh_from_db()
    assert not person.is_active
    assert provider.ask("GET", f"/Users/{person.pk}").json()["active"] is False
    provider.patch(f"/Users/{person.pk}", {"op": "replace", "value": {"active": True}})

    person.refresh_from_db()
    assert person.is_active
    assert AudienceMember.objects.filter(person=person, audience=everyone).exists()


def test_deleted_is_gone_for_scim_and_comes_back_as_the_same_person(provider: Provider):
    told = provider.create("rosa")

    assert provider.ask("DELETE", f"/Users/{told['id']}").status_code == 204

    assert provider.ask("GET", f"/Users/{told['id']}").status_code == 404
    assert provider.ask("DELETE", f"/Users/{told['id']}").status_code == 404
    assert provider.found('filter=userName eq "rosa@riverbend.example"') == []
    assert not User.objects.get(pk=told["id"]).is_active
    assert provider.create("rosa")["id"] == told["id"]
    assert User.objects.get(pk=told["id"]).is_active


def test_the_last_administrator_stays(provider: Provider, administrator: User):
    answer = provider.ask("DELETE", f"/Users/{administrator.pk}")

    assert answer.status_code == 400
    assert "last administrator" in answer.json()["detail"]
    assert User.objects.get(pk=administrator.pk).is_active


def test_a_department_attribute_moves_and_what_was_given_by_hand_stays(provider: Provider):
    first, second = DepartmentFactory(name="Emergency"), DepartmentFactory(name="Intensive Care")
    by_hand = MembershipFactory()
    told = provider.create("rosa", **{ENTERPRISE: {"department": "Emergency"}})
    person = User.objects.get(pk=told["id"])
    Membership.objects.filter(pk=by_hand.pk).update(person=person)

    replace = {"op": "replace", "path": f"{ENTERPRISE}:department", "value": "Intensive Care"}
    assert provider.patch(f"/Users/{person.pk}", replace).status_code in {200, 204}

    today = timezone.localdate()
    assert set(Membership.objects.on(today).filter(person=person).values_list("department", flat=True)) == {
        second.pk, by_hand.department_id,
    }  # fmt: skip
    assert not Membership.objects.filter(person=person, department=first).exists()


def test_what_changed_here_is_given_back(provider: Provider):
    told = provider.create("rosa", title="Nurse", name={"givenName": "Rosa", "familyName": "Delgado"})
    User.objects.filter(pk=told["id"]).update(job_title="Charge nurse", email="new@riverbend.example")

    shown = provider.ask("GET", f"/Users/{told['id']}").json()

    assert shown["title"] == "Charge nurse"
    assert [each["value"] for each in shown["emails"]] == ["new@riverbend.example"]
    assert shown["userName"] == "rosa@riverbend.example"
    assert shown["name"] == {"givenName": "Rosa", "familyName": "Delgado"}
    assert shown["meta"]["version"] != told["meta"]["version"]


def test_microsofts_extra_attributes_are_left_out(provider: Provider):
    told = provider.create("rosa", phoneNumbers=[{"value": "+1 555", "type": "work"}], nickName="R")

    assert "phoneNumbers" not in told
    operation = {"op": "Add", "path": 'emails[type eq "work"].value', "value": "work@riverbend.example"}
    assert provider.patch(f"/Users/{told['id']}", operation).status_code in {200, 204}
    assert User.objects.get(pk=told["id"]).email == "work@riverbend.example"


def test_a_group_is_a_department_and_its_members(provider: Provider):
    people = PersonFactory.create_batch(3)
    members = [{"value": str(person.pk)} for person in people[:2]]

    made = provider.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "Night team", "members": members})
    group = made.json()
    path = f"/Groups/{group['id']}"
    provider.patch(path, {"op": "add", "path": "members", "value": [{"value": str(people[2].pk)}]})
    provider.patch(path, {"op": "remove", "path": f'members[value eq "{people[0].pk}"]'})

    department = Department.objects.get(name="Night team")
    assert set(Membership.objects.filter(department=department).values_list("person", flat=True)) == {
        people[1].pk, people[2].pk,
    }  # fmt: skip
    assert provider.ask("DELETE", path).status_code == 204
    assert provider.ask("GET", path).status_code == 404
    department.refresh_from_db()
    assert department.closed_on == timezone.localdate()


def test_no_group_has_the_id_of_a_person(provider: Provider):
    person = PersonFactory()
    department = DepartmentFactory(id=person.pk)
    MembershipFactory(person=person, department=department)

    shown = provider.ask("GET", f"/Users/{person.pk}").json()
    group = provider.ask("GET", f"/Groups/{shown['groups'][0]['value']}").json()

    assert group["displayName"] == department.name
    assert group["id"] != shown["id"]
    assert group["members"][0]["value"] == shown["id"]
    assert provider.ask("GET", f"/Groups/{shown['id']}").status_code == 404
    assert provider.ask("GET", f"/Users/{group['id']}").status_code == 404
    for condition in (f'id eq "{group["id"]}"', f'members eq "{shown["id"]}"'):
        found = provider.ask("GET", f"/Groups?filter={quote(condition)}").json()
        assert [each["id"] for each in found["Resources"]] == [group["id"]]


def test_a_stale_version_is_refused(provider: Provider):
    told = provider.create("rosa")
    stale = told["meta"]["version"]
    told["title"] = "Nurse"
    assert provider.ask("PUT", f"/Users/{told['id']}", told, **{"If-Match": stale}).status_code == 200

    answer = provider.ask("PUT", f"/Users/{told['id']}", told | {"title": "Clerk"}, **{"If-Match": stale})

    assert answer.status_code == 412
    unchanged = provider.ask("GET", f"/Users/{told['id']}")
    again = provider.ask("GET", f"/Users/{told['id']}", **{"If-None-Match": unchanged.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ('filter=userName eq "person1@x.example"', 7),
        ('filter=externalId eq "id-1"', 7),
        ('filter=emails.value eq "person1@x.example"', 6),
        ('filter=emails[type eq "work" and value eq "person1@x.example"]', 6),
        ('filter=userName eq "person1@x.example" and active eq true', 7),
        ("filter=id eq \"0\" or externalId eq \"id-1\"", 7),
    ],
)  # fmt: skip
def test_the_usual_filters_read_only_whom_they_find(
    query, queries, provider: Provider, monkeypatch, django_assert_max_num_queries
):
    for number in range(4):
        PersonFactory(email=f"person{number}@x.example", external_id=f"id-{number}")
    monkeypatch.setattr(storage, "LOOKED_AT_AT_MOST", 1)
    person = User.objects.get(external_id="id-1")
    provider.ask("GET", "/Users?count=0")

    with django_assert_max_num_queries(queries):
        assert provider.found(query) == [str(person.pk)]


def test_a_filter_that_would_look_at_everybody_says_so(provider: Provider, monkeypatch):
    monkeypatch.setattr(storage, "LOOKED_AT_AT_MOST", 1)

    PersonFactory.create_batch(2)
    answer = provider.ask("GET", '/Users?filter=name.familyName co "a"')

    assert answer.status_code == 400
    assert answer.json()["scimType"] == "tooMany"


def test_pages_and_order(provider: Provider, administrator: User):
    people = [PersonFactory(email=f"{letter}@x.example") for letter in "cab"]
    everybody = sorted([*people, administrator], key=lambda person: person.email)

    first = provider.ask("GET", "/Users?sortBy=userName&startIndex=2&count=2").json()

    assert (first["totalResults"], first["startIndex"], first["itemsPerPage"]) == (4, 2, 2)
    assert [each["id"] for each in first["Resources"]] == [str(person.pk) for person in everybody[1:3]]
    backwards = provider.ask("GET", "/Users?sortBy=userName&sortOrder=descending&count=1").json()
    assert backwards["Resources"][0]["id"] == str(everybody[-1].pk)
    narrow = provider.ask("GET", "/Users?attributes=userName&count=1").json()["Resources"][0]
    assert set(narrow) == {"schemas", "id", "userName"}


def test_lists_are_constant_in_people(provider: Provider, django_assert_num_queries):
    MembershipFactory()
    provider.ask("GET", "/Users")
    with django_assert_num_queries(6):
        provider.ask("GET", "/Users")
    MembershipFactory.create_batch(3)

    with django_assert_num_queries(6):
        provider.ask("GET", "/Users")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/Users", {"schemas": [USER], "userName": "a\u0000b@x.example"}),
        ("/Users", {"schemas": [USER], "userName": "a\ud800@x.example"}),
        ("/Users", {"schemas": [USER], "userName": "no address"}),
        ("/Users", {"schemas": [USER], "userName": ["x"]}),
        ("/Users", {"schemas": [USER], "userName": "long@x.example", "displayName": "x" * 1_000_000}),
        ("/Users", [1]),
        ("/Groups", {"schemas": [GROUP], "displayName": "x\u0000"}),
        ("/Users?filter=userName eq \"%00\"", None),
        ("/Users?filter=((((", None),
        ("/Users?count=-5&startIndex=99999999999999999999", None),
        ("/Users/99999999999999999999", None),
    ],
)  # fmt: skip
def test_bad_input_is_answered_and_never_a_crash(path: str, body: Any, provider: Provider):
    answer = provider.ask("GET" if body is None else "POST", path, body)

    assert answer.status_code in {200, 201, 400, 404, 409}
    assert answer.headers["Content-Type"] == "application/scim+json"


def test_many_bad_tokens_are_told_to_wait(provider: Provider):
    statuses = [
        Client().get("/scim/v2/Users", headers={"Authorization": "Bearer coe_bad"}).status_code for _try in range(21)
    ]

    assert statuses[-1] == 429
    assert provider.ask("GET", "/Users").json()["status"] == "429"


def test_the_setup_page_is_the_administrators(provider: Provider, administrator: User, strategist: User, sign_in):
    provider.ask("GET", "/Users")

    page = sign_in(administrator).get("/administration/directory/scim/").content.decode()

    assert "/scim/v2" in page
    assert "It last came in" in page
    assert sign_in(strategist).get("/administration/directory/scim/").status_code == 403


@pytest.mark.parametrize("form", ["path", "whole"])
def test_microsoft_names_a_manager_by_the_bare_id(form: str, provider: Provider):
    manager, made = provider.create("manager"), provider.create("ana")
    told = {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": manager["id"]}
    whole = {"op": "Replace", "value": {f"{ENTERPRISE}:manager": manager["id"]}}

    answer = provider.patch(f"/Users/{made['id']}", told if form == "path" else whole)

    assert answer.status_code == 204, answer.content
    assert User.objects.get(pk=made["id"]).manager_id == int(manager["id"])


def test_a_condition_that_holds_for_everybody_looks_at_nobody(provider: Provider, monkeypatch):
    made = [provider.create("ana")["id"], provider.create("ben")["id"]]
    monkeypatch.setattr(storage, "LOOKED_AT_AT_MOST", 1)

    assert set(made) <= set(provider.found("filter=userName pr"))


def test_groups_without_members_read_no_members(provider: Provider):
    department = DepartmentFactory(name="Emergency")
    MembershipFactory(department=department, person=PersonFactory(), starts=timezone.localdate())
    provider.found("excludedAttributes=members", "Groups")

    with CaptureQueriesContext(connection) as queries:
        answer = provider.ask("GET", "/Groups?excludedAttributes=members")

    assert [each["displayName"] for each in answer.json()["Resources"]] == ["Emergency"]
    assert "members" not in answer.json()["Resources"][0]
    assert not [each["sql"] for each in queries if "people_membership" in each["sql"]]


def test_a_person_of_a_million_letters_is_refused(provider: Provider):
    before = User.objects.count()

    answer = provider.ask("POST", "/Users", {"userName": "a@riverbend.example", "displayName": "n" * 1_000_000})

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert User.objects.count() == before

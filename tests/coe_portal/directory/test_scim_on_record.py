"""What an identity provider changes is on record as what a person changes: once, by whoever made its token."""

from typing import Any

import pytest

from coe_portal.audit.models import AuditEntry
from coe_portal.people.models import Department, User
from tests.coe_portal.directory.test_scim import GROUP, Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(administrator: User) -> Provider:
    return Provider(administrator)


class Record:
    """The entries since it was last read: verb, kind of object, its id, and by whom."""

    def __init__(self) -> None:
        self.last = self._newest()

    def _newest(self) -> int:
        return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def read(self) -> list[tuple[Any, ...]]:
        found = AuditEntry.objects.filter(pk__gt=self.last).order_by("pk")
        entries = list(found.values_list("verb", "kind", "object_id", "actor"))
        self.last = self._newest()
        return entries


def test_a_persons_whole_way(provider: Provider, administrator: User):
    record, by = Record(), administrator.pk
    told = provider.create("rosa")
    person = ("people.user", int(told["id"]), by)
    path = f"/Users/{told['id']}"
    assert record.read() == [("person.added", *person)]

    assert provider.patch(path, {"op": "replace", "path": "title", "value": "Nurse"}).status_code == 204
    assert record.read() == [("person.changed", *person)]

    provider.ask("PUT", path, provider.ask("GET", path).json())
    assert record.read() == []

    for active, verb in ((False, "person.deactivated"), (True, "person.reactivated")):
        provider.patch(path, {"op": "replace", "path": "active", "value": active})
        assert record.read() == [(verb, *person)]

    assert provider.ask("DELETE", path).status_code == 204
    assert record.read() == [("person.deactivated", *person), ("person.withdrawn", *person)]


def test_a_departments_whole_way(provider: Provider, administrator: User):
    member = int(provider.create("rosa")["id"])
    record, by = Record(), administrator.pk
    made = provider.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "Ward 7"}).json()
    department = ("people.department", Department.objects.get(name="Ward 7").pk, by)
    path = f"/Groups/{made['id']}"
    assert record.read() == [("department.added", *department)]

    provider.patch(path, {"op": "replace", "path": "displayName", "value": "Ward 8"})
    assert record.read() == [("department.changed", *department)]

    for operation in ("add", "remove"):
        provider.patch(path, {"op": operation, "path": "members", "value": [{"value": str(member)}]})
        assert record.read() == [("person.moved", "people.user", member, by)]

    assert provider.ask("DELETE", path).status_code == 204
    assert record.read() == [("department.closed", *department)]


def test_what_is_refused_leaves_nothing(provider: Provider):
    provider.create("rosa")
    record = Record()

    for method, path, body in (
        ("POST", "/Users", {"schemas": [], "userName": "rosa@riverbend.example"}),
        ("DELETE", "/Users/987654", None),
        ("POST", "/Groups", {"schemas": [GROUP]}),
    ):
        assert provider.ask(method, path, body).status_code >= 400

    assert record.read() == []

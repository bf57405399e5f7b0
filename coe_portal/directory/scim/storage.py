"""Our people and departments, as scim2-server reads and writes them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from scim2_models import (
    InvalidValueException,
    MutabilityException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    TooManyException,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from coe_portal.directory.actions import provisioning
from coe_portal.directory.models import ProvidedPerson
from coe_portal.directory.scim import groups, people
from coe_portal.directory.scim.filters import GROUPS, USERS, Translate, Translator
from coe_portal.directory.scim.resources import ENTERPRISE, GROUP_TYPE, USER_TYPE, group_id, parse_group, parse_member
from coe_portal.people.models import Department, User

# More than these are not looked at one by one.
LOOKED_AT_AT_MOST = 2_000
# Of one person, all attributes together.
LETTERS_AT_MOST = 20_000


@dataclass(frozen=True)
class Shelf:
    """The rows of one resource type, and how they are named, found, ordered and shown."""

    rows: Callable[[], "QuerySet[Any]"]
    parse: Callable[[object], int | None]
    show: Callable[[Sequence[Any]], list[Any]]
    show_without_members: Callable[[Sequence[Any]], list[Any]]
    attributes: Mapping[str, Translate]
    orders: Mapping[str, Any]


def _people() -> "QuerySet[User]":
    found: QuerySet[User] = User.objects.filter(merged_into=None).exclude(provided__deleted_at__isnull=False)
    return found.select_related("provided")


def _departments() -> "QuerySet[Department]":
    found: QuerySet[Department] = Department.objects.filter(closed_on=None)
    return found


SHELVES = {
    USER_TYPE.name: Shelf(
        _people,
        parse_member,
        lambda rows: people.resources(rows, timezone.localdate()),
        lambda rows: people.resources(rows, timezone.localdate()),
        USERS,
        {
            "username": Lower(Coalesce("provided__user_name", "email")),
            "id": "pk",
            "meta.created": "joined_at",
        },
    ),
    GROUP_TYPE.name: Shelf(
        _departments,
        parse_group,
        lambda rows: groups.resources(rows, timezone.localdate()),
        lambda rows: groups.resources(rows, timezone.localdate(), has_members=False),
        GROUPS,
        {"displayname": Lower("name"), "id": "pk", "meta.created": "created_at"},
    ),
}


class PortalStorage(ScimStorage):
    """`by` is the person whose token is shown; what is done is theirs in the audit trail."""

    def __init__(self, by: User) -> None:
        self.by = by

    @contextmanager
    def operation(self) -> Iterator[None]:
        """One transaction an operation. What the database cannot keep was not said well."""
        try:
            with transaction.atomic():
                yield
        except IntegrityError as error:
            raise UniquenessException(detail="Somebody else has this value already.") from error
        except (DataError, UnicodeError) as error:
            raise InvalidValueException(detail="A value holds letters that cannot be kept.") from error
        except provisioning.LastAdministrator as error:
            raise MutabilityException(
                detail="This is the last administrator of the portal. Give somebody else the role first."
            ) from error

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        return self._shown(resource_type, self._row(resource_type, resource_id))

    def _row(self, resource_type: ResourceType, resource_id: str | None, *, for_change: bool = False) -> Any:
        shelf = SHELVES[resource_type.name]
        number, rows = shelf.parse(resource_id), shelf.rows()
        row = (rows.select_for_update(of=["self"]) if for_change else rows).filter(pk=number).first()
        if row is None:
            raise NotFoundException
        return row

    def _shown(self, resource_type: ResourceType, row: Any) -> Resource[Any]:
        [resource] = SHELVES[resource_type.name].show([row])
        found: Resource[Any] = resource
        return found

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        """Of several types the resources come one type after the other."""
        start = search_request.start_index_0 or 0
        count = search_request.count
        total, found = 0, list[Any]()
        for resource_type in resource_types:
            shelf = SHELVES[resource_type.name]
            first = max(start - total, 0)
            room = None if count is None else max(count - len(found), 0)
            number, shown = _page(shelf, search_request, first, room)
            total += number
            found += shown
        return SearchPage(total, found)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if resource_type.name == GROUP_TYPE.name:
            return self._create_group(resource)
        told: Any = resource
        person = self._returning(told)
        columns = people.told(told, person or User())
        self._refuse_taken(told.user_name, columns, person)
        on = timezone.localdate()
        if person is None:
            person = provisioning.provide_person(by=self.by, columns=columns, on=on)
        self._write_person(person, told)
        return self.get(resource_type, str(person.pk))

    def _returning(self, told: Any) -> User | None:
        """Somebody the identity provider had deleted comes back as who they were."""
        withdrawn = User.objects.filter(provided__deleted_at__isnull=False, merged_into=None)
        found: User | None = (
            withdrawn.filter(provided__user_name__iexact=told.user_name).first()
            or withdrawn.filter(email=people.address_of(told)).first()
        )
        return found

    def _refuse_taken(self, user_name: str, columns: Mapping[str, Any], person: User | None) -> None:
        if not columns["email"]:
            raise InvalidValueException(detail="Everybody needs an address here: send emails.")
        own = person.pk if person else None
        names = ProvidedPerson.objects.filter(user_name__iexact=user_name, deleted_at=None).exclude(person_id=own)
        others = User.objects.exclude(pk=own)
        if names.exists() or others.filter(email=columns["email"]).exists():
            raise UniquenessException(detail="Somebody with this userName or address is here already.")
        number = columns["employee_number"]
        if number and others.filter(employee_number=number).exists():
            raise UniquenessException(detail="Somebody has this employeeNumber already.")

    def _write_person(self, person: User, told: Any) -> None:
        on = timezone.localdate()
        attributes = people.attributes_of(told)
        if len(json.dumps(attributes)) > LETTERS_AT_MOST:
            raise InvalidValueException(detail=f"One person is told in {LETTERS_AT_MOST:,} letters at most.")
        extension = attributes.get(ENTERPRISE, {})
        manager = parse_member((extension.get("manager") or {}).get("value"))
        department = extension.get("department")
        home = people.department_named(department) if department else None
        kept = getattr(person, "provided", None)
        # What stays as it was given back does not move anybody.
        if home and kept and kept.known.get("department") == home.name == department:
            home = None
        known_manager = User.objects.filter(pk=manager).exclude(pk=person.pk).exists() if manager else False
        provisioning.change_person(
            by=self.by,
            person=person,
            columns=people.told(told, person),
            manager_id=manager if known_manager else None,
            home=home,
            on=on,
        )
        is_active = told.active is not False
        provisioning.set_active(by=self.by, person=person, is_active=is_active, on=on)
        person = User.objects.get(pk=person.pk)
        homes = people.home_of(person, on)
        provisioning.keep_provided(
            person=person,
            user_name=told.user_name[:255],
            attributes=attributes,
            known=people.portal_values(person, homes),
        )

    def _create_group(self, told: Any) -> Resource[Any]:
        department = provisioning.provide_department(
            by=self.by, name=told.display_name[:200], external_id=(told.external_id or "")[:255]
        )
        self._write_members(department, told)
        return self.get(GROUP_TYPE, group_id(department.pk))

    def _write_members(self, department: Department, told: Any) -> None:
        ids = [parse_member(member.value) for member in told.members or []]
        provisioning.set_members(
            by=self.by,
            department=department,
            person_ids=[number for number in ids if number],
            on=timezone.localdate(),
        )

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        row = self._unchanged(resource_type, resource.id, expected_version)
        told: Any = resource
        if resource_type.name == GROUP_TYPE.name:
            provisioning.change_department(
                by=self.by,
                department=row,
                name=told.display_name[:200],
                external_id=(told.external_id or "")[:255],
            )
            self._write_members(row, told)
        else:
            self._refuse_taken(told.user_name, people.told(told, row), row)
            self._write_person(row, told)
        return self.get(resource_type, resource.id or "")

    def _unchanged(self, resource_type: ResourceType, resource_id: str | None, expected: str | None) -> Any:
        """The row, locked, if it is still what the client has seen."""
        row = self._row(resource_type, resource_id, for_change=True)
        if expected is not None:
            meta = self._shown(resource_type, row).meta
            if meta is None or meta.version != expected:
                raise PreconditionFailedException
        return row

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        row = self._unchanged(resource_type, resource_id, expected_version)
        on = timezone.localdate()
        if resource_type.name == GROUP_TYPE.name:
            provisioning.close_department(by=self.by, department=row, on=on)
        else:
            provisioning.withdraw_person(by=self.by, person=row, user_name=row.email, at=timezone.now(), on=on)


def _page(shelf: Shelf, asked: SearchRequest[Any], first: int, room: int | None) -> tuple[int, list[Any]]:
    """How many match, and those from `first`, as many as there is room for."""
    condition = Translator(shelf.attributes).visit(asked.filter.ast) if asked.filter else None
    rows = shelf.rows().filter(condition.query) if condition else shelf.rows()
    sort = str(asked.sort_by or "").lower()
    is_ordered = not sort or sort in shelf.orders
    if (condition is None or condition.is_exact) and is_ordered:
        order = shelf.orders.get(sort, "pk")
        descending = sort and asked.sort_order == SearchRequest.SortOrder.descending
        rows = rows.order_by(order, "pk")
        rows = rows.reverse() if descending else rows
        last = None if room is None else first + room
        show = shelf.show_without_members if _leaves_out_members(asked) else shelf.show
        return rows.count(), show(list(rows[first:last]))
    looked_at = list(rows.order_by("pk")[: LOOKED_AT_AT_MOST + 1])
    if len(looked_at) > LOOKED_AT_AT_MOST:
        raise TooManyException(
            detail="Too many would have to be looked at. Narrow the filter by userName, externalId, emails or active."
        )
    matching = [each for each in shelf.show(looked_at) if asked.filter is None or asked.filter.match(each)]
    ordered = asked.sort(matching)
    last = None if room is None else first + room
    return len(ordered), ordered[first:last]


def _leaves_out_members(asked: SearchRequest[Any]) -> bool:
    """As Microsoft Entra asks for groups: 56,000 people would be read to be thrown away."""
    return "members" in {str(each).lower() for each in asked.excluded_attributes or []}

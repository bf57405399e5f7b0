"""Departments as SCIM shows them: groups, whose members are who belongs there today."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from scim2_models import Meta

from coe_portal.directory.scim.people import version_of
from coe_portal.directory.scim.resources import GROUP_TYPE, GroupModel, group_id
from coe_portal.people.models import Department, Membership


def resources(departments: Sequence[Department], on: date, *, has_members: bool = True) -> list[Any]:
    """One query for the members of all of them. Without them there is no version, which would tell of them too."""
    if not has_members:
        return [_resource(each, None) for each in departments]
    members: dict[int, list[dict[str, str]]] = {}
    rows = Membership.objects.on(on).filter(department__in=[each.pk for each in departments])
    rows = rows.filter(person__merged_into=None).exclude(person__provided__deleted_at__isnull=False)
    for department_id, person_id in rows.order_by("person_id").values_list("department_id", "person_id"):
        member = {"value": str(person_id), "$ref": f"Users/{person_id}", "type": "User"}
        members.setdefault(department_id, []).append(member)
    return [_resource(each, members.get(each.pk, [])) for each in departments]


def _resource(department: Department, members: list[dict[str, str]] | None) -> Any:
    data: dict[str, Any] = {
        "schemas": [str(GroupModel.__schema__)],
        "id": group_id(department.pk),
        "displayName": department.name,
    }
    if department.external_id:
        data["externalId"] = department.external_id
    if members:
        data["members"] = members
    resource = GroupModel.model_validate(data)
    resource.meta = Meta(
        resource_type=GROUP_TYPE.name,
        created=department.created_at,
        last_modified=max(department.changed_at, department.created_at),
        version=None if members is None else version_of(data),
    )
    return resource

"""People as SCIM shows them, and what SCIM says of them as the portal keeps it.

The portal gives back what the identity provider sent, save for what has become different here since.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from scim2_models import Meta

from coe_portal.directory.models import ProvidedPerson
from coe_portal.directory.reading import kind_of
from coe_portal.directory.scim.resources import ENTERPRISE, USER_TYPE, UserModel, group_id
from coe_portal.people.models import Department, Membership, User


def portal_values(person: User, home: str) -> dict[str, Any]:
    """What the portal holds of the person, in SCIM's words."""
    return {
        "email": person.email,
        "name": person.name,
        "title": person.job_title,
        "userType": person.get_kind_display(),
        "preferredLanguage": person.language,
        "timezone": person.time_zone,
        "employeeNumber": person.employee_number,
        "department": home,
        "manager": str(person.manager_id or ""),
    }


def resources(people: Sequence[User], on: date) -> list[Any]:
    """One query for the departments of all of them."""
    homes: dict[int, list[tuple[int, str, bool]]] = {}
    rows = Membership.objects.on(on).filter(person__in=[person.pk for person in people]).order_by("starts", "pk")
    for person_id, department_id, name, provided in rows.values_list(
        "person_id", "department_id", "department__name", "from_directory"
    ):
        homes.setdefault(person_id, []).append((department_id, name, provided))
    return [_resource(person, homes.get(person.pk, [])) for person in people]


def _resource(person: User, homes: list[tuple[int, str, bool]]) -> Any:
    kept: ProvidedPerson | None = getattr(person, "provided", None)
    now = portal_values(person, home_name(homes))
    data = _overlaid(kept, now, person.pk)
    data |= {
        "schemas": [str(UserModel.__schema__), ENTERPRISE] if ENTERPRISE in data else [str(UserModel.__schema__)],
        "id": str(person.pk),
        "active": person.is_active,
    }
    if person.external_id:
        data["externalId"] = person.external_id
    if homes:
        data["groups"] = [
            {"value": group_id(pk), "$ref": f"Groups/{group_id(pk)}", "display": name} for pk, name, _provided in homes
        ]
    resource = UserModel.model_validate(data)
    resource.meta = Meta(
        resource_type=USER_TYPE.name,
        created=person.joined_at,
        last_modified=max(person.changed_at, person.joined_at),
        version=version_of(data),
    )
    return resource


def home_name(homes: Collection[tuple[int, str, bool]]) -> str:
    return next((name for _pk, name, provided in homes if provided), "")


def version_of(data: Mapping[str, Any]) -> str:
    text = json.dumps(data, sort_keys=True, default=str)
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def _overlaid(kept: ProvidedPerson | None, now: Mapping[str, Any], pk: int) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(kept.attributes)) if kept else {}
    known = kept.known if kept else {}
    data["userName"] = kept.user_name if kept else now["email"]
    changed = {key: value for key, value in now.items() if known.get(key, "") != value}
    if "email" in changed or not data.get("emails"):
        data["emails"] = [{"value": now["email"], "type": "work", "primary": True}]
    if "name" in changed:
        data["displayName"], data["name"] = now["name"], {"formatted": now["name"]}
    for key in ("title", "userType", "preferredLanguage", "timezone"):
        if key in changed:
            data[key] = now[key]
    extension = data.setdefault(ENTERPRISE, {})
    for key in ("employeeNumber", "department"):
        if key in changed:
            extension[key] = now[key] or None
    if "manager" in changed:
        manager = now["manager"]
        extension["manager"] = {"value": manager, "$ref": f"Users/{manager}"} if manager else None
    data[ENTERPRISE] = {key: value for key, value in extension.items() if value}
    return {key: value for key, value in data.items() if value not in ("", None, {})}


def attributes_of(resource: Any) -> dict[str, Any]:
    """What of a resource is kept to be given back."""
    data: dict[str, Any] = resource.model_dump(exclude_none=True)
    return {
        key: value
        for key, value in data.items()
        if key not in {"schemas", "id", "meta", "groups", "active", "externalId", "userName"}
    }


def told(resource: Any, person: User) -> dict[str, Any]:
    """The columns of a person that a resource sets. What it does not say is emptied where it may be empty."""
    name = resource.name
    parts = f"{name.given_name or ''} {name.family_name or ''}".strip() if name else ""
    extension = resource[ENTERPRISE] if ENTERPRISE in attributes_of(resource) else None
    language = (resource.preferred_language or "").replace("_", "-").partition("-")[0].lower()
    zone = resource.timezone or ""
    return {
        "email": address_of(resource) or person.email,
        "name": (resource.display_name or (name and name.formatted) or parts or resource.user_name)[:200],
        "job_title": (resource.title or "")[:200],
        "kind": kind_of(resource.user_type or "") or person.kind,
        "language": language if language in dict(settings.LANGUAGES) else person.language,
        "time_zone": zone if zone in available_timezones() else person.time_zone,
        "external_id": (resource.external_id or "")[:255],
        "employee_number": ((extension and extension.employee_number) or "")[:50],
    }


def address_of(resource: Any) -> str:
    """The primary address, else the one for work, else the first."""
    emails = [each for each in resource.emails or [] if each.value]
    ranked = sorted(emails, key=lambda each: (not each.primary, each.type != "work"))
    return str(ranked[0].value).lower() if ranked else ""


def looks_like_address(text: object) -> bool:
    try:
        validate_email(str(text))
    except ValidationError:
        return False
    return True


def department_named(text: str) -> Department | None:
    """By its code, else by its name where only one has it."""
    found = Department.objects.filter(closed_on=None)
    by_code: Department | None = found.filter(code=text).first()
    if by_code:
        return by_code
    named = list(found.filter(name__iexact=text)[:2])
    return named[0] if len(named) == 1 else None


def home_of(person: User, on: date) -> str:
    """The name of the department that the directory put the person in."""
    rows = Membership.objects.on(on).filter(person=person, from_directory=True).order_by("starts", "pk")
    return rows.values_list("department__name", flat=True).first() or ""

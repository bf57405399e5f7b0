"""The fields of a directory, and the names that HR systems and people give to their columns."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coe_portal.directory.models import DirectoryImport


@dataclass(frozen=True)
class Field:
    """`aliases` are plain names, the best first: of two columns that fit, the better one is taken."""

    key: str
    label: str | Promise
    aliases: Sequence[str]
    is_needed: bool = False


PEOPLE = (
    Field(
        "employee_number", _("Employee number"),
        ("employee number", "employee id", "employeenumber", "employeeid", "personnel number", "staff number",
         "staff id", "worker id", "person id", "payroll id", "payroll number", "badge number", "emplid", "pernr",
         "employee no", "emp id", "emp no", "empno", "número de empleado", "numero de empleado", "no de empleado",
         "nº de empleado", "id de empleado", "id empleado", "legajo", "matrícula", "employee"),
        is_needed=True,
    ),
    Field(
        "email", _("E-mail address"),
        ("email", "e-mail", "email address", "e-mail address", "work email", "work e-mail", "business email",
         "mail", "primary email", "work email address", "user principal name", "userprincipalname", "upn",
         "correo electrónico", "correo", "correo de trabajo", "correo corporativo", "dirección de correo"),
        is_needed=True,
    ),
    Field(
        "name", _("Full name"),
        ("name", "full name", "display name", "displayname", "legal name", "preferred name", "employee name",
         "worker", "worker name", "nombre completo", "nombre y apellidos", "nombre y apellido"),
    ),
    Field(
        "given_name", _("First name"),
        ("first name", "given name", "firstname", "givenname", "legal first name", "preferred first name",
         "forename", "nombre", "nombres", "primer nombre"),
    ),
    Field(
        "family_name", _("Last name"),
        ("last name", "family name", "surname", "lastname", "familyname", "sn", "legal last name",
         "apellidos", "apellido"),
    ),
    Field(
        "job_title", _("Job title"),
        ("job title", "title", "position", "position title", "job", "business title", "job profile", "role",
         "puesto", "cargo", "título del puesto", "posición", "ocupación"),
    ),
    Field(
        "kind", _("Kind of employee"),
        ("kind", "kind of employee", "employee type", "worker type", "employee class", "job family", "employee group",
         "user type", "staff group", "tipo de empleado", "tipo", "categoría", "grupo profesional"),
    ),
    Field(
        "location", _("Location"),
        ("location", "work location", "site", "campus", "facility", "building", "office location", "ubicación",
         "centro de trabajo", "sede", "lugar de trabajo"),
    ),
    Field(
        "hired_on", _("Hired on"),
        ("hired on", "hire date", "start date", "date of hire", "original hire date", "employment start",
         "joining date", "fecha de contratación", "fecha de ingreso", "fecha de alta", "fecha de inicio"),
    ),
    Field(
        "department_code", _("Department code"),
        ("department code", "dept code", "department id", "dept id", "deptid", "cost center", "cost centre",
         "cost center code", "cost center id", "org unit", "org unit id", "organizational unit", "unit code",
         "código de departamento", "código departamento", "centro de costo", "centro de coste", "centro de costos",
         "código de unidad"),
    ),
    Field(
        "department_name", _("Department name"),
        ("department name", "department", "dept", "dept name", "unit", "unit name", "cost center name",
         "org unit name", "organization", "departamento", "nombre del departamento", "nombre de departamento",
         "servicio", "unidad", "área"),
    ),
    Field(
        "parent_code", _("Code of the department above"),
        ("parent department code", "parent code", "parent department", "parent department id", "parent",
         "division code", "reports to department", "parent unit", "parent org unit", "superior department",
         "código del departamento superior", "departamento superior", "código superior", "división"),
    ),
    Field(
        "manager", _("Manager"),
        ("manager", "manager employee number", "manager id", "manager employee id", "manager number",
         "supervisor id", "supervisor", "reports to", "manager email", "supervisor email", "line manager",
         "jefe", "jefe directo", "número de empleado del jefe", "id del jefe", "responsable", "gerente"),
    ),
)  # fmt: skip

DEPARTMENTS = (
    Field(
        "department_code", _("Department code"),
        ("department code", "code", "dept code", "department id", "dept id", "id", "deptid", "cost center",
         "cost centre", "org unit", "org unit id", "unit code", "número", "código", "código de departamento",
         "centro de costo", "centro de coste"),
        is_needed=True,
    ),
    Field(
        "department_name", _("Department name"),
        ("department name", "name", "department", "dept name", "unit name", "description", "cost center name",
         "nombre", "departamento", "nombre del departamento", "descripción"),
        is_needed=True,
    ),
    Field(
        "parent_code", _("Code of the department above"),
        ("parent code", "parent department code", "parent", "parent id", "parent department", "parent department id",
         "parent unit", "division code", "superior", "código superior", "departamento superior",
         "código del departamento superior"),
    ),
    Field("location", _("Location"), ("location", "site", "campus", "facility", "ubicación", "sede")),
)  # fmt: skip

NAMES_AT_MOST = 200


def fields_of(kind: str) -> Sequence[Field]:
    return PEOPLE if kind == DirectoryImport.Kind.PEOPLE else DEPARTMENTS


def plain(name: str) -> str:
    """A column's name without what differs by program only: capitals, accents, underlines, CamelCase, blanks."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:NAMES_AT_MOST])
    folded = unicodedata.normalize("NFKD", spaced).casefold()
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^\w@]+|_", " ", letters).split())


_ALIASES = {
    kind: {field.key: [plain(alias) for alias in field.aliases] for field in fields_of(kind)}
    for kind in DirectoryImport.Kind.values
}


def known_names(kind: str, cells: Sequence[str]) -> int:
    """How many fields a line names, were it the header. A line with an address in it is none."""
    if any("@" in cell for cell in cells):
        return 0
    names = {plain(cell) for cell in cells}
    return sum(not names.isdisjoint(aliases) for aliases in _ALIASES[kind].values())


def guess_columns(kind: str, header: Sequence[str], remembered: Mapping[str, str]) -> dict[str, int]:
    """Which column holds which field: as it was the last time, else by its name. No column is taken twice."""
    names = [plain(name) for name in header]
    found: dict[str, int] = {}
    for number, name in enumerate(names):
        field = remembered.get(name)
        if field and field not in found:
            found[field] = number
    free = {number for number, name in enumerate(names) if name not in remembered} - set(found.values())
    for rank, field in _by_rank(kind):
        if field in found:
            continue
        alias = _ALIASES[kind][field][rank]
        fitting = [number for number in sorted(free) if names[number] == alias]
        if fitting:
            found[field] = fitting[0]
            free.discard(fitting[0])
    if "given_name" in found and not {"name", "family_name"} & set(found):
        found["name"] = found.pop("given_name")
    return found


def _by_rank(kind: str) -> list[tuple[int, str]]:
    """Every field's best alias first, then every field's second best, so that a poor fit never takes a better one's."""
    return sorted(
        ((rank, field) for field, aliases in _ALIASES[kind].items() for rank in range(len(aliases))),
        key=lambda each: each[0],
    )


def missing_fields(kind: str, columns: Mapping[str, int]) -> list[Field]:
    """The fields without which the file cannot be brought in; a name may come in two parts."""
    fields = fields_of(kind)
    missing = [field for field in fields if field.is_needed and field.key not in columns]
    parts = {"given_name", "family_name"} <= set(columns)
    if kind == DirectoryImport.Kind.PEOPLE and "name" not in columns and not parts:
        missing.append(next(field for field in fields if field.key == "name"))
    return missing

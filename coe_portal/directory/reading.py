"""A row of a directory file as what it says of a person or a department, or what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain, islice

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from coe_portal.core.sheets import COLUMNS_AT_MOST, Lines, Unreadable, read_sheets
from coe_portal.directory.columns import known_names, plain
from coe_portal.directory.models import DirectoryImport
from coe_portal.people.models import User

ROWS_AT_MOST = 200_000
HEADER_WITHIN = 12
SAMPLE_ROWS = 3
ROWS_THAT_TELL_DATES = 200
FIRST_YEAR = 1930
AHEAD_YEARS = 2
LENGTHS = {
    "employee_number": 50, "email": 254, "name": 200, "given_name": 200, "family_name": 200, "job_title": 200,
    "kind": 200, "location": 200, "hired_on": 40, "department_code": 50, "department_name": 200, "parent_code": 50,
    "manager": 254,
}  # fmt: skip
# What HR systems call the kinds, beside the portal's own words.
KINDS = {
    User.Kind.NURSE: "nurse nurses rn lpn enfermeria enfermera enfermero",
    User.Kind.PHYSICIAN: "physician physicians doctor doctors md medico medica medicos resident residente",
    User.Kind.ALLIED: "allied therapist therapists technologist technologists technician technicians tecnico terapeuta",
    User.Kind.OFFICE: "employee employees regular staff administrative administration corporate administrativo "
    "administrativa oficina empleado empleada",
    User.Kind.VOLUNTEER: "volunteers voluntario voluntaria voluntarios",
    User.Kind.CONTRACTOR: "contractors contingent agency external vendor contratista externo externa",
}
_KIND_OF = {word: kind.value for kind, words in KINDS.items() for word in words.split()}
_KIND_OF |= {plain(str(each)): kind for kind in User.Kind.values for each in (kind, User.Kind(kind).label)}

SHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}

_validate_email = EmailValidator()
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DATE = re.compile(rf"(\d{{1,4}})[-/. ](\d{{1,2}})[-/. ](\d{{1,4}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_AND_NAME = re.compile(
    rf"(\d{{1,2}})(?: de |[-/. ])([a-z]+)\.?(?: de |[-/., ]+)(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE
)
_NAME_AND_DAY = re.compile(rf"([a-z]+)\.? (\d{{1,2}}),? (\d{{4}}){_TIME}", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan ene", "feb", "mar", "apr abr", "may", "jun", "jul", "aug ago", "sep set", "oct", "nov", "dec dic"), 1
    )
    for name in names.split()
}
# A day as Excel counts it, where a column of dates was saved as numbers.
_SERIAL = re.compile(r"[2-5]\d{4}")
_SERIAL_START = date(1899, 12, 30)
# Of a year in two digits: this one and those after it are of the last century.
LAST_CENTURY_FROM = 51


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell. `is_left_out`: the whole row is; else only this value."""

    line: int
    column: str
    value: str
    reason: str
    is_left_out: bool = True


@dataclass(frozen=True)
class Row:
    """What a line says; `cells` by field, only those that the file has a column for."""

    line: int
    cells: Mapping[str, str]
    hired_on: date | None = None
    problems: Sequence[Problem] = ()

    def get(self, key: str) -> str:
        return self.cells.get(key, "")

    @property
    def is_good(self) -> bool:
        return not any(problem.is_left_out for problem in self.problems)


@dataclass(frozen=True)
class Opening:
    """The head of a file: its columns, its first rows, and how its dates are written."""

    header: list[str]
    sample: list[list[str]]
    dates: str


def first_sheet(kind: str, content: bytes) -> tuple[list[str], Lines]:
    """The header and the lines below it. Raises Unreadable.

    It is the first line with two names at least, or one soon after that has clearly more of the names that we know:
    above the columns some programs write a title, or what was asked for.
    """
    for sheet in read_sheets(content):
        first = list(islice(sheet, HEADER_WITHIN))
        if any(len(cells) > COLUMNS_AT_MOST for _line, cells in first):
            raise Unreadable(
                _("The file has more than %(n)s columns. Leave those out that are not needed.") % {"n": COLUMNS_AT_MOST}
            )
        found = [place for place, (_line, cells) in enumerate(first) if sum(map(bool, map(str.strip, cells))) >= 2]
        if found:
            known = {place: known_names(kind, first[place][1]) for place in found}
            best = max(found, key=lambda place: known[place])
            place = best if known[best] >= max(3, 2 * known[found[0]]) else found[0]
            header = [" ".join(cell.replace("\x00", "").split())[:200] for cell in first[place][1]]
            return header, _rows(chain(first[place + 1 :], sheet))
        break
    raise Unreadable(
        _("No line of the beginning looks like a header. The first line must name the columns, two at least.")
    )


def _rows(sheet: Lines) -> Lines:
    """The lines that are not empty."""
    for number, (line, cells) in enumerate(((line, cells) for line, cells in sheet if any(map(str.strip, cells))), 1):
        if number > ROWS_AT_MOST:
            raise Unreadable(_("The file has more than %(n)s rows. Split it.") % {"n": ROWS_AT_MOST})
        yield line, cells


def open_file(kind: str, content: bytes) -> Opening:
    """Raises Unreadable, also where nobody stands below the header: everybody would seem to have left."""
    header, rows = first_sheet(kind, content)
    first = [[_shown(cell) for cell in cells[: len(header)]] for _line, cells in islice(rows, ROWS_THAT_TELL_DATES)]
    if not first:
        raise Unreadable(
            _("There is no row below the names of the columns. Export the file with its rows and hand it in again.")
        )
    return Opening(header, first[:SAMPLE_ROWS], guess_dates([cell for cells in first for cell in cells]))


def _shown(value: str) -> str:
    return " ".join(value.replace("\x00", "\N{REPLACEMENT CHARACTER}").split())[:100]


def guess_dates(cells: Sequence[str]) -> str:
    """A thirteenth month does not exist, so one day after the twelfth tells the order."""
    parts = [match.groups() for cell in cells if (match := _DATE.fullmatch(cell)) and len(match[1]) <= 2]
    if not parts:
        return DirectoryImport.Dates.ISO
    day_first = any(int(first) > 12 for first, _second, _year in parts)
    return DirectoryImport.Dates.DAY_FIRST if day_first else DirectoryImport.Dates.MONTH_FIRST


@dataclass
class Reader:
    """Reads rows of one file: `columns` says where a field is. It remembers what may appear only once."""

    kind: str
    header: Sequence[str]
    columns: Mapping[str, int]
    dates: str
    today: date
    _numbers: dict[str, int] = field(default_factory=dict)
    _emails: dict[str, int] = field(default_factory=dict)

    def read(self, rows: Lines) -> Iterator[Row]:
        for line, cells in rows:
            yield self.row(line, cells)

    def row(self, line: int, cells: Sequence[str]) -> Row:
        given = {key: cells[number] if number < len(cells) else "" for key, number in self.columns.items()}
        self._refuse_swallowed(line, cells, given)
        problems = [*self._too_many_cells(line, cells), *self._unusable(line, given)]
        unusable = {problem.column for problem in problems}
        tidy = {key: "" if self._name(key) in unusable else _tidy(value) for key, value in given.items()}
        row = Row(line, tidy, problems=problems)
        return self._person(row) if self.kind == DirectoryImport.Kind.PEOPLE else self._department(row)

    def _name(self, key: str) -> str:
        number = self.columns.get(key)
        return self.header[number] if number is not None else ""

    def _problem(self, row: Row, key: str, reason: str, *, is_left_out: bool = True) -> Problem:
        return Problem(row.line, self._name(key), row.get(key)[:100], reason, is_left_out)

    def _refuse_swallowed(self, line: int, cells: Sequence[str], given: Mapping[str, str]) -> None:
        """Whoever stands on lines inside a cell would be taken for somebody who left."""
        short = [value for key, value in given.items() if key not in {"email", "manager"}]
        lost = any(_holds_line(value, 1) for value in short if "\n" in value)
        if lost or any(_holds_line(cell, max(len(self.header) - 1, 2)) for cell in cells if "\n" in cell):
            reason = _(
                "On line %(line)s a quotation mark opens and takes in the lines below it. Close it or take it out, and "
                "hand the file in again."
            )
            raise Unreadable(reason % {"line": line})

    def _too_many_cells(self, line: int, cells: Sequence[str]) -> Iterator[Problem]:
        if any(cell.strip() for cell in cells[len(self.header) :]):
            reason = _("The row has more cells than the header. Is a text with a comma not in quotation marks?")
            yield Problem(line, "", "", reason)

    def _unusable(self, line: int, given: Mapping[str, str]) -> Iterator[Problem]:
        """What cannot even be looked at: too long, or bytes that are no text."""
        for key, value in given.items():
            name, shown = self._name(key), _shown(value[:200])
            if "\x00" in value:
                yield Problem(line, name, shown, _("A NUL byte is no letter. Type the value again and save the file."))
            elif value in SHEET_ERRORS:
                yield Problem(line, name, shown, _("The formula in this cell failed. Correct it and save the file."))
            elif len(value.strip()) > LENGTHS[key]:
                reason = _("%(length)s letters are too many; %(limit)s are possible.") % {
                    "length": len(value), "limit": LENGTHS[key],
                }  # fmt: skip
                yield Problem(line, name, shown, reason)

    def _person(self, row: Row) -> Row:
        cells = {
            **row.cells,
            "email": row.get("email").lower(),
            "name": row.get("name") or f"{row.get('given_name')} {row.get('family_name')}".strip(),
            "manager": row.get("manager").lower() if "@" in row.get("manager") else row.get("manager"),
        }
        row = replace(row, cells=cells)
        hired_on, late = self._hired_on(row)
        kind, unknown = self._kind(row)
        bad = {problem.column for problem in row.problems}
        found = [*self._key_problems(row, bad), *self._email_problems(row, bad), *late, *unknown]
        name = "name" if "name" in self.columns else "family_name"
        if not row.get("name") and not bad & {self._name(key) for key in ("name", "given_name", "family_name")}:
            found.append(self._problem(row, name, _("There is no name.")))
        return replace(row, cells={**cells, "kind": kind}, hired_on=hired_on, problems=[*row.problems, *found])

    def _key_problems(self, row: Row, bad: set[str]) -> Iterator[Problem]:
        number = row.get("employee_number")
        if not number:
            if self._name("employee_number") not in bad:
                yield self._problem(row, "employee_number", _("There is no employee number."))
            return
        first = self._numbers.setdefault(number, row.line)
        if first != row.line:
            reason = _("Line %(line)s has this employee number already.") % {"line": first}
            yield self._problem(row, "employee_number", reason)

    def _email_problems(self, row: Row, bad: set[str]) -> Iterator[Problem]:
        email = row.get("email")
        if not email:
            if self._name("email") not in bad:
                yield self._problem(row, "email", _("There is no e-mail address."))
            return
        try:
            _validate_email(email)
        except ValidationError:
            yield self._problem(row, "email", _("This is no e-mail address."))
            return
        first = self._emails.setdefault(email, row.line)
        if first != row.line:
            reason = _("Line %(line)s has this address already; capitals make no difference.") % {"line": first}
            yield self._problem(row, "email", reason)

    def _kind(self, row: Row) -> tuple[str, list[Problem]]:
        given = row.get("kind")
        if not given:
            return "", []
        known = kind_of(given)
        if known:
            return known, []
        labels = ", ".join(str(label) for label in User.Kind.labels)
        reason = _("This kind is not known and is not taken. Possible are: %(kinds)s.") % {"kinds": labels}
        return "", [self._problem(row, "kind", reason, is_left_out=False)]

    def _hired_on(self, row: Row) -> tuple[date | None, list[Problem]]:
        given = row.get("hired_on")
        if not given:
            return None, []
        try:
            day = parse_date(given, self.dates)
        except ValueError:
            form = DirectoryImport.Dates(self.dates).label
            reason = _("There is no such day. Dates are read like %(form)s.") % {"form": form}
            return None, [self._problem(row, "hired_on", reason)]
        if not FIRST_YEAR <= day.year <= self.today.year + AHEAD_YEARS:
            return None, [self._problem(row, "hired_on", _("Nobody who works here was hired in that year."))]
        return day, []

    def _department(self, row: Row) -> Row:
        found = []
        bad = {problem.column for problem in row.problems}
        code = row.get("department_code")
        if not code and self._name("department_code") not in bad:
            found.append(self._problem(row, "department_code", _("There is no code.")))
        if not row.get("department_name") and self._name("department_name") not in bad:
            found.append(self._problem(row, "department_name", _("There is no name.")))
        first = self._numbers.setdefault(code, row.line) if code else row.line
        if first != row.line:
            reason = _("Line %(line)s has this code already.") % {"line": first}
            found.append(self._problem(row, "department_code", reason))
        return replace(row, problems=[*row.problems, *found])


def kind_of(text: str) -> str:
    """Our kind for what somebody else calls it; empty where it fits none, or more than one."""
    words = plain(text)
    if words in _KIND_OF:
        return _KIND_OF[words]
    told = {_KIND_OF[word] for word in words.split() if word in _KIND_OF}
    return told.pop() if len(told) == 1 else ""


def _holds_line(cell: str, separators: int) -> bool:
    """Whether a line within the cell looks like one of the table: an address, and so many signs between cells."""
    below = cell.split("\n")[1:]
    return any("@" in line and any(line.count(each) >= separators for each in ",;\t|") for line in below)


def _tidy(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


def parse_date(text: str, dates: str) -> date:
    """Raises ValueError for what is no day of the calendar.

    A year in front, the name of a month and Excel's own numbers are understood whatever `dates` says.
    """
    if found := _COMPACT.fullmatch(text):
        return date(*map(int, found.groups()))
    if _SERIAL.fullmatch(text):
        return _SERIAL_START + timedelta(days=int(text))
    if found := _DAY_AND_NAME.fullmatch(text):
        return date(_year(found[3]), _month(found[2]), int(found[1]))
    if found := _NAME_AND_DAY.fullmatch(text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    return _in_numbers(text, dates)


def _in_numbers(text: str, dates: str) -> date:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    one, two = int(match[1]), int(match[2])
    if len(match[1]) == 4:
        return date(one, two, int(match[3]))
    if len(match[3]) not in {2, 4} or dates == DirectoryImport.Dates.ISO:
        raise ValueError(text)
    year = _year(match[3])
    return date(year, one, two) if dates == DirectoryImport.Dates.MONTH_FIRST else date(year, two, one)


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= LAST_CENTURY_FROM else 2000)


def _month(name: str) -> int:
    """Raises ValueError."""
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise ValueError(name)
    return number

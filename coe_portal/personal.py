"""What an app says about the data it keeps: whose they are, how long they stay, and how a text leaves for good.

The privacy pages work from these lists alone: own-data export, erasure, retention and purge know no app by name.
A test fails when a model points at a person and no list says what becomes of it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile, is_zipfile

from django.apps import apps
from django.db.models import Field, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coe_portal.people.models import User

Text = str | Promise
Rows = QuerySet[Any]


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)


def field_of(label: str, lookup: str) -> Field[Any, Any]:
    """The field that a lookup such as `source__uploaded_at` leads to."""
    *way, last = lookup.split("__")
    model: Any = model_of(label)
    for name in way:
        model = model._meta.get_field(name).related_model
    found: Field[Any, Any] = model._meta.get_field(last)
    return found


def rows_of(label: str) -> Rows:
    """All of them, whatever a manager leaves out."""
    return QuerySet(model_of(label))


@dataclass(frozen=True)
class PersonalRecords:
    """The rows of a model that point at a person by one field.

    `columns` are the lookups that the person's own export shows; without any, `why` says why it shows none. `erased`
    rows go with the person's name, the others stay under the pseudonym. `seen` narrows the rows to those about things
    that the person may read today; in the others the columns of `titles` are left empty. `only` narrows a
    field that names other things, too.
    """

    model: str
    person: str
    label: Text
    columns: Sequence[str] = ()
    why: Text = ""
    erased: bool = False
    titles: Sequence[str] = ()
    only: Q = field(default_factory=Q)
    seen: Callable[[Rows, User], Rows] | None = None

    def rows(self, person_id: int) -> Rows:
        return rows_of(self.model).filter(self.only, **{self.person: person_id})


def work_of(model: str, *fields: str) -> list[PersonalRecords]:
    """What people do in a role: it stays under the pseudonym, and their own export has it in the trail."""
    why = _("Work in a role; the entries of the trail list each act.")
    return [PersonalRecords(model, field, _("Work in a role"), why=why) for field in fields]


@dataclass(frozen=True)
class PersonalFile:
    """A file of the export, made when it is asked for."""

    name: str
    content: Callable[[], bytes]


@dataclass(frozen=True)
class Retention:
    """How long a kind of data stays. `moment` is the date it counts from, `person` whose hold keeps it.

    The night's removal knows nothing else: whatever holds data of people and becomes old is a line here.

    `least` days cannot be undercut. `kept` says which rows a hold keeps beside those of `person`. `remove` takes the
    old rows and says how many it dealt with; without it they are deleted in batches. `run` is for what is not a matter
    of rows and takes the limit itself.
    """

    key: str
    label: Text
    what: Text
    days: int
    basis: Text
    model: str = ""
    moment: str = ""
    person: str = ""
    only: Q = field(default_factory=Q)
    least: int = 1
    remove: Callable[[Rows], int] | None = None
    kept: Callable[[date], Q] | None = None
    count: Callable[[datetime], int] | None = None
    run: Callable[[datetime], int] | None = None


@dataclass(frozen=True)
class Purgeable:
    """A kind of text that can be removed for good. `texts` is None where there is no such object.

    `redact` puts the given words in place of the text, in the row, its earlier versions and whatever else belongs to
    it; copies elsewhere are found by the words that must not remain. Without `redact` the text as a whole stays, and
    only those words leave it.
    """

    label: Text
    texts: Callable[[int], Sequence[tuple[Text, str]] | None]
    redact: Callable[[int, str], None] | None
    person_ids: Callable[[int], Iterable[int]]
    url: Callable[[int], str]


LARGEST_PART = 100 * 1024 * 1024


def _texts_of(content: bytes) -> Iterator[str]:
    """Of a spreadsheet each of its parts, of another file its text in the encodings that programs write."""
    if is_zipfile(BytesIO(content)):
        with ZipFile(BytesIO(content)) as archive:
            for part in archive.infolist():
                if part.file_size <= LARGEST_PART:
                    yield unescape(archive.read(part).decode("utf-8", "ignore"))
        return
    for encoding in ("utf-8", "utf-16", "latin-1"):
        yield content.decode(encoding, "ignore")


MARKUP = re.compile(r"<[^<>]*>|\*+|~~|__+")


@dataclass(frozen=True)
class Removal:
    """Words that must not remain, and the purge or the erasure that says who decided it, when and why.

    `pattern` and `slug_pattern` are regular expressions that Python and PostgreSQL read alike, for upper and lower
    case: the words as they stand in texts, and as they stand in addresses.
    """

    words: Sequence[str]
    pattern: str
    slug_pattern: str
    instead: str
    purge_id: int | None = None
    erasure_id: int | None = None

    def replace(self, text: str) -> str:
        return re.sub(self.pattern, self._instead_of, text, flags=re.IGNORECASE)

    def _instead_of(self, found: re.Match[str]) -> str:
        """With the tags and marks that stood between the words: what they open or close is beyond them."""
        between = "".join(part for part in found.groups() if part)
        return self.instead + "".join(MARKUP.findall(between))

    def is_in_file(self, content: bytes) -> bool:
        """Whether the words stand in a file that was handed in, as text or within a spreadsheet."""
        return any(re.search(self.pattern, text, re.IGNORECASE) for text in _texts_of(content))

    def replace_in_address(self, address: str, instead: str) -> str:
        return re.sub(f"{self.pattern}|{self.slug_pattern}", instead, address, flags=re.IGNORECASE)


COMPUTED = "The portal works it out: a hash, a code, a number."
CHOSEN = "One of the portal's own words: a kind, a key, a setting out of a list."
SECRET = "Encrypted or hashed, a secret of a system or of a person; nobody writes a text in it."  # noqa: S105
FRAMEWORK = "Written by the code of a library, never by a person."
TRAIL = "The trail holds figures and ids; a reason that is typed for it is refused where the guard sees a patient."


@dataclass(frozen=True)
class Columns:
    """The columns of a model that can hold a text, names parted by spaces, each in one of the lists.

    From `swept` any purge takes the words, whoever wrote them. `own` is what its app takes them from by itself, since
    no pattern finds them in there: files, sessions. `never` gives the reason why a patient cannot stand in the others.
    """

    swept: str = ""
    never: Mapping[str, str] = field(default_factory=dict)
    own: str = ""


@dataclass(frozen=True)
class Personal:
    """One app's share. `forget` takes a person and their pseudonym, and sees to what the sweep over all tables cannot.

    `redact` removes words from tables that the database protects from changes; it says in how many rows of each model.
    The sweep over all tables comes after it. `texts` says of every column that can hold a text, under the name of its
    model, how a purge reaches it.
    """

    records: Sequence[PersonalRecords] = ()
    files: Callable[[User], Iterable[PersonalFile]] | None = None
    forget: Callable[[User, str], int] | None = None
    retentions: Sequence[Retention] = ()
    purgeables: dict[str, Purgeable] = field(default_factory=dict)
    redact: Callable[[Removal], Mapping[str, int]] | None = None
    texts: Mapping[str, Columns] = field(default_factory=dict)

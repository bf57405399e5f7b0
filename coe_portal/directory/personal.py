"""What directory files and SCIM have told of a person."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coe_portal.directory.models import DirectoryImport
from coe_portal.personal import (
    CHOSEN,
    COMPUTED,
    Columns,
    Personal,
    PersonalRecords,
    Removal,
    Retention,
    Rows,
    work_of,
)

State = DirectoryImport.State
OPEN = (State.COLUMNS, State.CHECKED, State.FAILED)
DAYS_OF_LINES = 90
IS_OVER = Q(source__state__in=[State.DONE, State.FAILED, State.DISCARDED])


def forget_files(rows: Rows) -> int:
    """The bytes and the rows shown of them; what was never brought in is not brought in any more."""
    rows.filter(state__in=OPEN).update(state=State.DISCARDED)
    return rows.update(content=b"", sample=[])


def redact(removal: Removal) -> dict[str, int]:
    """A file that was handed in cannot be changed in part: it goes as a whole, and its import with it."""
    files = DirectoryImport.objects.exclude(content=b"")
    named = [each.pk for each in files.iterator(chunk_size=10) if removal.is_in_file(bytes(each.content))]
    forget_files(DirectoryImport.objects.filter(pk__in=named))
    return {"directory.directoryimport": len(named)} if named else {}


personal = Personal(
    redact=redact,
    records=[
        *work_of("directory.directoryimport", "by"),
        PersonalRecords(
            "directory.importrow",
            "person",
            _("Lines in directory files"),
            ["employee_number", "email", "name", "job_title", "location", "hired_on", "department_code", "outcome"],
            erased=True,
        ),
        PersonalRecords(
            "directory.providedperson", "person", _("What the identity provider told"), ["attributes"], erased=True
        ),
    ],
    retentions=[
        Retention(
            key="directory.files",
            label=_("Files of the directory"),
            what=_("The file as it was handed in; what it changed stays"),
            days=7,
            basis=_("Needed only until it is brought in"),
            model="directory.directoryimport",
            moment="uploaded_at",
            person="by",
            only=~Q(content=b"") & ~Q(state__in=[State.CHECKING, State.APPLYING]),
            remove=forget_files,
        ),
        Retention(
            key="directory.lines",
            label=_("Lines of directory files"),
            what=_("Whom a file brought in, moved, changed or left out; the numbers stay"),
            days=DAYS_OF_LINES,
            least=8,
            basis=_("Long enough to find out why somebody came, moved or left"),
            model="directory.importrow",
            moment="source__uploaded_at",
            person="person",
            only=IS_OVER,
        ),
        Retention(
            key="directory.problems",
            label=_("Faulty cells of directory files"),
            what=_("What stood in the cell, and what is wrong with it"),
            days=DAYS_OF_LINES,
            least=8,
            basis=_("Long enough to mend it where the file comes from"),
            model="directory.importproblem",
            moment="source__uploaded_at",
            only=IS_OVER,
        ),
    ],
    texts={
        "directory.directoryimport": Columns(
            "name header sample columns error", never={COMPUTED: "sha256 counts"}, own="content"
        ),
        "directory.importrow": Columns(
            "employee_number email name job_title location department_code manager_key changed",
            never={CHOSEN: "kind"},
        ),
        "directory.importdepartment": Columns("name parent_code location code changed", never={CHOSEN: "outcome"}),
        "directory.importproblem": Columns("column value reason"),
        "directory.rememberedcolumn": Columns("name", never={CHOSEN: "field"}),
        "directory.providedperson": Columns("user_name attributes known"),
    },
)

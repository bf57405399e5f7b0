"""What directory files and SCIM have told of a person."""

from django.utils.translation import gettext_lazy as _

from coe_portal.directory.models import DirectoryImport
from coe_portal.personal import CHOSEN, COMPUTED, Columns, Personal, PersonalRecords, Removal, work_of

OPEN = (DirectoryImport.State.COLUMNS, DirectoryImport.State.CHECKED, DirectoryImport.State.FAILED)


def redact(removal: Removal) -> dict[str, int]:
    """A file that was handed in cannot be changed in part: it goes as a whole, and its import with it."""
    files = DirectoryImport.objects.exclude(content=b"")
    named = [each.pk for each in files.iterator(chunk_size=10) if removal.is_in_file(bytes(each.content))]
    DirectoryImport.objects.filter(pk__in=named).update(content=b"")
    DirectoryImport.objects.filter(pk__in=named, state__in=OPEN).update(state=DirectoryImport.State.DISCARDED)
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

from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.directory import actions
from coe_portal.directory.models import DirectoryImport


@job("directory.check_import", atomic=False)
def check_import(import_id: int) -> None:
    source = _source(import_id, DirectoryImport.State.CHECKING)
    if source:
        actions.run_check(source=source, on=timezone.localdate())


@job("directory.apply_import", atomic=False)
def apply_import(import_id: int) -> None:
    source = _source(import_id, DirectoryImport.State.APPLYING)
    if source:
        actions.run_apply(source=source, at=timezone.now(), on=timezone.localdate())


def _source(import_id: int, state: str) -> DirectoryImport | None:
    return DirectoryImport.objects.select_related("by").filter(pk=import_id, state=state).first()

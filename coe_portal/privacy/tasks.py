from django.utils import timezone

from coe_portal.core.jobs import job
from coe_portal.privacy import caches
from coe_portal.privacy.actions import erasing, exporting, purging, retaining, watching


@job("privacy.export", atomic=False)
def export(export_id: int) -> None:
    exporting.put_together(export_id=export_id)


@job(erasing.JOB)
def erase(erasure_id: int) -> None:
    erasing.carry_out(erasure_id=erasure_id, at=timezone.now())


@job("privacy.purge", atomic=False)
def purge(purge_id: int) -> None:
    purging.carry_out(purge_id=purge_id)


@job("privacy.empty_caches", atomic=False)
def empty_caches() -> None:
    caches.empty()


@job("privacy.remove_old", atomic=False)
def remove_old() -> None:
    retaining.remove_old(at=timezone.now())


@job("privacy.verify_audit")
def verify_audit(person_id: int | None = None) -> None:
    watching.verify(person_id=person_id)

"""Turn a person into a pseudonym: an administrator proposes, a privacy officer confirms, a job does it.

Who left so long ago that the table of retention periods has them due is not proposed by anybody: the night begins it.
"""

import json
import secrets
from datetime import datetime

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.contributions import contributions
from coe_portal.core.crypto import decrypt, encrypt
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue, retry
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from coe_portal.people.actions import deactivate, pseudonymise
from coe_portal.people.models import User
from coe_portal.personal import Rows
from coe_portal.privacy import caches, files
from coe_portal.privacy.actions.holding import Held
from coe_portal.privacy.models import DataExport, Erasure, LegalHold, SealedName
from coe_portal.privacy.permissions import may_decide
from coe_portal.privacy.queries.catalogue import affected_by_erasure, records, retentions
from coe_portal.privacy.queries.holds import blocking
from coe_portal.privacy.queries.retaining import limit_of
from coe_portal.privacy.sweeping import removal_of, sweep

JOB = "privacy.erase"
SHORTEST_NUMBER = 6
State = Erasure.State


@transaction.atomic
def propose(*, by: User, person: User, reason: str, at: datetime) -> Erasure:
    """A second proposal while one waits is the first one."""
    found, made = Erasure.objects.get_or_create(
        person=person, state=State.PROPOSED, defaults={"reason": reason, "proposed_by": by, "proposed_at": at}
    )
    if made:
        audit.record(by=by, verb="erasure.proposed", on=person, details={"erasure": found.pk})
        officers = User.objects.active().with_role(Role.PRIVACY_OFFICER, on=timezone.localdate(at)).exclude(pk=by.pk)
        notify(
            person_ids=list(officers.values_list("pk", flat=True)),
            kind="privacy_erasure",
            subject=_("Somebody is to be erased: please confirm or decline"),
            url=reverse("privacy:erasure", args=[found.pk]),
            key=f"privacy_erasure:{found.pk}",
        )
    return found


@transaction.atomic
def decline(*, by: User, erasure: Erasure, answer: str, at: datetime) -> None:
    locked = _locked(by, erasure)
    if locked is None:
        return
    Erasure.objects.filter(pk=locked.pk).update(state=State.DECLINED, decided_by=by, decided_at=at, answer=answer)
    audit.record(by=by, verb="erasure.declined", on=locked.person, details={"erasure": locked.pk})


@transaction.atomic
def confirm(*, by: User, erasure: Erasure, at: datetime) -> None:
    """A job does it as soon as a worker is free. Raises Held when a hold covers the person or what would be deleted.

    Confirmed once more it sets a job going that has stopped.
    """
    locked = _locked(by, erasure)
    if locked is None:
        for job in QueuedJob.objects.parked().filter(key=erasure.job_key):
            retry(job=job)
        return
    if blocking([locked.person_id], timezone.localdate(at)):
        raise Held
    Erasure.objects.filter(pk=locked.pk).update(state=State.WAITING, decided_by=by, decided_at=at)
    audit.record(by=by, verb="erasure.confirmed", on=locked.person, details={"erasure": locked.pk})
    _begin(locked)


def erase_leavers(rows: Rows) -> int:
    """Those whose time is over, each by a job of its own: what fails for one keeps no other. Returns how many."""
    now, reason = timezone.now(), str(_("Left, and the time to keep the records under the name is over"))
    begun = [
        Erasure(person=person, reason=reason, state=State.WAITING, proposed_at=now, decided_at=now)
        for person in rows.order_by("pk")
    ]
    for each in Erasure.objects.bulk_create(begun):
        _begin(each)
    audit.record_many(
        by=None,
        verb="erasure.due",
        on=[each.person for each in begun],
        details=[{"erasure": each.pk} for each in begun],
    )
    return len(begun)


def _begin(erasure: Erasure) -> None:
    """A job that was stopped by a hold is begun anew when that is gone, so its key is free again."""
    QueuedJob.objects.filter(key=erasure.job_key, state=QueuedJob.State.DONE).delete()
    enqueue(JOB, {"erasure_id": erasure.pk}, key=erasure.job_key)


@transaction.atomic
def carry_out(*, erasure_id: int, at: datetime) -> None:
    """Safe to run twice, and to be killed: all of it happens, or nothing of it."""
    locked = Erasure.objects.select_for_update(of=("self",)).filter(pk=erasure_id, state=State.WAITING).first()
    if locked is None:
        return
    person = User.objects.select_for_update().get(pk=locked.person_id)
    if blocking([person.pk], timezone.localdate(at)):
        _stop(locked, person)
        return
    by, pseudonym = locked.decided_by, _pseudonym()
    done = {str(each.label): each.number for each in affected_by_erasure(person)}
    _seal_name(locked, person, at)
    if person.is_active:
        deactivate(by=by, person=person)
    names = [person.name, person.email, person.employee_number, person.external_id]
    failed = _forget(locked, names, pseudonym)
    pseudonymise(by=by, person=person, pseudonym=pseudonym)
    Erasure.objects.filter(pk=locked.pk).update(
        state=State.DONE, done_at=at, pseudonym=pseudonym, records=done, failed=failed
    )
    audit.record(by=by, verb="erasure.done", on=person, details={"erasure": locked.pk, "pseudonym": pseudonym})
    transaction.on_commit(cache.clear, robust=True)
    enqueue("privacy.empty_caches", key=f"privacy.empty_caches:erasure:{locked.pk}", due=at + caches.PAGES_END_WITHIN)
    _tell(locked)


def _stop(erasure: Erasure, person: User) -> None:
    """A hold came between: what somebody proposed waits for the officer again, what was due waits for the night."""
    audit.record(by=None, verb="erasure.stopped", on=person, details={"erasure": erasure.pk})
    if erasure.proposed_by_id:
        Erasure.objects.filter(pk=erasure.pk).update(state=State.PROPOSED, decided_by=None, decided_at=None)
    else:
        Erasure.objects.filter(pk=erasure.pk).delete()


def _tell(erasure: Erasure) -> None:
    officer = erasure.decided_by
    if officer is None:
        return
    with translation.override(officer.language):
        notify(
            person_ids=[officer.pk],
            kind="privacy_erasure",
            subject=_("An erasure is done"),
            url=reverse("privacy:erasure", args=[erasure.pk]),
            key=f"privacy_erasure_done:{erasure.pk}",
        )


def _locked(by: User, erasure: Erasure) -> Erasure | None:
    found = Erasure.objects.select_for_update(of=("self",)).select_related("person").filter(pk=erasure.pk).first()
    if found is None or found.state != State.PROPOSED:
        return None
    if not may_decide(by, found):
        raise PermissionDenied
    return found


def _pseudonym() -> str:
    while True:
        found = f"Former employee {secrets.token_hex(3).upper()}"
        if not Erasure.objects.filter(pseudonym=found).exists():
            return found


def _seal_name(erasure: Erasure, person: User, at: datetime) -> None:
    """Unless the time that it would be kept for is over already."""
    left = timezone.localdate(person.left_at or at)
    if left < timezone.localdate(limit_of(retentions()["privacy.sealed_names"], at)):
        return
    known = {"name": person.name, "email": person.email, "employee_number": person.employee_number}
    SealedName.objects.create(erasure=erasure, sealed=encrypt(json.dumps(known)), counts_from=left)


def _forget(erasure: Erasure, names: list[str], pseudonym: str) -> list[str]:
    """What is the person's alone goes, then the name wherever others wrote it. Where that failed, if anywhere."""
    person = erasure.person
    files.drop_files(DataExport.objects.filter(person=person).exclude(file=""))
    for each in records():
        if each.erased:
            each.rows(person.pk).delete()
    QueuedJob.objects.filter(arguments__person_id=person.pk).delete()
    for one in contributions():
        if one.personal.forget:
            one.personal.forget(person, pseudonym)
    # Somebody else of the same name keeps it: then only what names nobody else is replaced everywhere.
    shared = User.objects.filter(name__iexact=person.name).exclude(pk=person.pk).exists()
    unique = [name for name in names if _tells(name) and not (shared and name == person.name)]
    return sweep(removal_of(unique, pseudonym, erasure_id=erasure.pk), but=[User, LegalHold]).failed


def _tells(name: str) -> bool:
    """A short number is a year or a count wherever else it stands; the rows that say whose it is are gone by then."""
    return bool(name) and not (name.isdigit() and len(name) < SHORTEST_NUMBER)


@transaction.atomic
def release_name(*, by: User, erasure: Erasure, reason: str) -> dict[str, str]:
    """Who was behind the pseudonym; that somebody asked, and why, is in the trail for ever."""
    known: dict[str, str] = json.loads(decrypt(SealedName.objects.get(erasure=erasure).sealed))
    audit.record(by=by, verb="erasure.name_released", on=erasure, details={"reason": reason})
    return known

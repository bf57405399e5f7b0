"""Turn a person into a pseudonym: an administrator proposes, a privacy officer confirms."""

import json
import secrets
from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.contributions import contributions
from coe_portal.core.crypto import decrypt, encrypt
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from coe_portal.people.actions import deactivate, pseudonymise
from coe_portal.people.models import User
from coe_portal.privacy import caches, files
from coe_portal.privacy.actions.holding import Held
from coe_portal.privacy.models import DataExport, Erasure, LegalHold, SealedName
from coe_portal.privacy.permissions import may_decide
from coe_portal.privacy.queries.catalogue import affected_by_erasure, records
from coe_portal.privacy.queries.holds import blocking
from coe_portal.privacy.sweeping import removal_of, sweep

# The records under the pseudonym stay for six years after the employment; the key to it goes with the last of them.
NAME_IS_KEPT_FOR = timedelta(days=2_192)
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
    """Raises Held when a legal hold covers the person or what would be deleted."""
    locked = _locked(by, erasure)
    if locked is None:
        return
    person = User.objects.select_for_update().get(pk=locked.person_id)
    if blocking([person.pk], timezone.localdate(at)):
        raise Held
    pseudonym = _pseudonym()
    done = {str(each.label): each.number for each in affected_by_erasure(person)}
    _seal_name(locked, person, at)
    if person.is_active:
        deactivate(by=by, person=person)
    names = [person.name, person.email, person.employee_number, person.external_id]
    failed = _forget(locked, names, pseudonym)
    pseudonymise(by=by, person=person, pseudonym=pseudonym)
    Erasure.objects.filter(pk=locked.pk).update(
        state=State.DONE, decided_by=by, decided_at=at, pseudonym=pseudonym, records=done, failed=failed
    )
    audit.record(by=by, verb="erasure.done", on=person, details={"erasure": locked.pk, "pseudonym": pseudonym})
    transaction.on_commit(cache.clear, robust=True)
    enqueue("privacy.empty_caches", key=f"privacy.empty_caches:erasure:{locked.pk}", due=at + caches.PAGES_END_WITHIN)


def _locked(by: User, erasure: Erasure) -> Erasure | None:
    found = Erasure.objects.select_for_update(of=("self",)).select_related("person").filter(pk=erasure.pk).first()
    if found is None or found.state != State.PROPOSED:
        return None
    if not may_decide(by, found):
        raise PermissionDenied
    return found


def _pseudonym() -> str:
    while True:
        found = f"Former employee {secrets.token_hex(2).upper()}"
        if not Erasure.objects.filter(pseudonym=found).exists():
            return found


def _seal_name(erasure: Erasure, person: User, at: datetime) -> None:
    known = {"name": person.name, "email": person.email, "employee_number": person.employee_number}
    sealed = encrypt(json.dumps(known))
    SealedName.objects.create(erasure=erasure, sealed=sealed, destroy_on=timezone.localdate(at + NAME_IS_KEPT_FOR))


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


@transaction.atomic
def destroy_names(*, at: datetime) -> int:
    """Those whose time is over, but for the ones under a hold. Then nobody can tell any more."""
    on = timezone.localdate(at)
    due = SealedName.objects.filter(destroy_on__lte=on).select_related("erasure")
    held = LegalHold.objects.in_force(on).filter(person__isnull=False).values("person")
    number, _models = due.exclude(erasure__person__in=held).delete()
    return number

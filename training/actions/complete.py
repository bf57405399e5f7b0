"""A course is completed, a certificate issued; revoked only with a reason."""

from datetime import datetime
from decimal import Decimal
from secrets import token_urlsafe

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.audit import actions as audit
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.models import User
from training.models import Certificate, Completion, CourseVersion, Enrolment
from training.rules import add_months

CODE_BYTES = 20


def new_code() -> str:
    """160 random bits: nobody guesses the address of a certificate."""
    return token_urlsafe(CODE_BYTES)


@transaction.atomic
def complete(*, enrolment: Enrolment, version: CourseVersion, score: Decimal, at: datetime) -> Completion:
    day = timezone.localdate(at)
    completion: Completion = Completion.objects.create(
        person=enrolment.person,
        course=enrolment.course,
        version=version,
        enrolment=enrolment,
        completed_at=at,
        completed_on=day,
        score=score,
        valid_until=add_months(day, version.valid_months) if version.valid_months else None,
    )
    enrolment.completed_at, enrolment.withdrawn_at = at, None
    enrolment.save(update_fields=["completed_at", "withdrawn_at"])
    _issue(completion)
    audit.record(by=enrolment.person, verb="training.complete", on=completion, details={"score": str(score)})
    bump(f"person:{enrolment.person_id}", "training:records")
    return completion


def _issue(completion: Completion) -> Certificate:
    certificate: Certificate = Certificate.objects.create(
        completion=completion, code=new_code(), holder=completion.person.name, title=completion.version.title
    )
    notify(
        person_ids=[completion.person_id],
        kind="training.certificate",
        subject=_("Your certificate is ready: %(course)s") % {"course": certificate.title},
        url=reverse("training:certificate", args=[certificate.code]),
        key=f"training.certificate:{certificate.pk}",
    )
    return certificate


@transaction.atomic
def revoke(*, by: User, certificate: Certificate, because: str, at: datetime) -> None:
    """The completion stays on record; it no longer counts. A revoked certificate keeps its first reason."""
    changed = Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(
        revoked_at=at, revoked_by=by, revoked_because=because
    )
    if not changed:
        return
    audit.record(by=by, verb="training.revoke", on=certificate, details={"because": because})
    person_id = certificate.completion.person_id
    notify(
        person_ids=[person_id],
        kind="training.certificate",
        subject=_("Your certificate was revoked: %(course)s") % {"course": certificate.title},
        url=reverse("training:certificate", args=[certificate.code]),
        key=f"training.revoked:{certificate.pk}",
    )
    bump(f"person:{person_id}", "training:records")

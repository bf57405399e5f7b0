"""The run of each morning, and who is told of it."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from coe_portal.audit import actions as audit
from coe_portal.notifications.actions import notify
from coe_portal.people.access import Role
from coe_portal.people.actions import refresh_audiences
from coe_portal.people.models import Audience, AudienceReader, AudienceRun, PersonQuerySet, User

CHANGED = "audiences-changed"
FAILED = "audiences-failed"


@transaction.atomic
def evaluate_daily(*, on: date) -> AudienceRun | None:
    """Once a day of the organisation, however often it is asked for; then those who want it are told."""
    if AudienceRun.objects.filter(on=on, is_daily=True).exists():
        return None
    run = refresh_audiences(on=on, is_daily=True)
    audit.record(by=None, verb="audiences.evaluated", on=run, details={"audiences": run.audiences})
    _tell_readers(run)
    return run


def _tell_readers(run: AudienceRun) -> None:
    """Of what moved, who asked for it; of what could not be worked out, everybody who could mend it."""
    changes = run.changes.aggregate(joined=Sum("joined"), left=Sum("left"))
    keepers = User.objects.active().with_role(Role.STRATEGIST, Role.ADMINISTRATOR, on=run.on)
    if changes["joined"] or changes["left"]:
        wanted = keepers.filter(pk__in=AudienceReader.objects.values("person_id"))
        subject = gettext_lazy("Audiences this morning: %(joined)d joined, %(left)d left")
        _tell(run, wanted, CHANGED, subject, changes)
    if failed := run.changes.filter(failed=True).count():
        subject = gettext_lazy("Audiences that could not be worked out this morning: %(n)d")
        _tell(run, keepers, FAILED, subject, {"n": failed})


def _tell(run: AudienceRun, people: PersonQuerySet, kind: str, subject: Promise, numbers: Mapping[str, int]) -> None:
    for language in people.order_by().values_list("language", flat=True).distinct():
        with translation.override(language):
            notify(
                person_ids=list(people.filter(language=language).values_list("pk", flat=True)),
                kind=kind,
                subject=str(subject) % numbers,
                url=reverse("audiences:run", args=[run.pk]),
                key=f"audiences.run:{run.pk}:{kind}",
            )


@transaction.atomic
def follow(*, by: User, wants: bool) -> None:
    """Whether somebody is told each morning what changed."""
    if wants:
        AudienceReader.objects.get_or_create(person=by)
    else:
        AudienceReader.objects.filter(person=by).delete()
    audit.record(by=by, verb="audiences.followed" if wants else "audiences.unfollowed", on=by)


def note_export(*, by: User, audience: Audience, day: date) -> None:
    """Names that leave the portal leave a trace."""
    audit.record(by=by, verb="audience.exported", on=audience, details={"day": day.isoformat()})

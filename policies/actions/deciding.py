"""Approve or send back: by somebody who has not written, on the edition they have read."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.models import User
from policies.actions.drafting import lock, move
from policies.actions.refusals import EditedMeanwhile, Refused
from policies.models import Change, Review, State, Version
from policies.permissions import has_written
from policies.queries.shelf import WORK


@transaction.atomic
def approve(*, by: User, version: Version, edition: int, change: str, comment: str, at: datetime) -> Version:
    """`change` is what the approver confirms; who disagrees with the writer sends the version back."""
    version = _for_decision(by, version, edition)
    if change != version.change:
        raise Refused(
            _("The writer calls this change “{change}”. If you see it differently, send it back and say why.").format(
                change=Change(version.change).label
            )
        )
    _decide(by, version, Review.Decision.APPROVE, change, comment, at)
    if Review.objects.approvals(version).count() >= version.policy.quorum:
        move(version, State.APPROVED)
        version.save(update_fields=["state"])
    return version


@transaction.atomic
def send_back(*, by: User, version: Version, edition: int, comment: str, at: datetime) -> Version:
    if not comment.strip():
        raise Refused(_("Say what should change, so that the writer can do something about it."))
    version = _for_decision(by, version, edition)
    _decide(by, version, Review.Decision.SEND_BACK, "", comment, at)
    move(version, State.DRAFT)
    version.save(update_fields=["state"])
    return version


def _for_decision(by: User, version: Version, edition: int) -> Version:
    version = lock(version.pk)
    if version.edition != edition:
        raise EditedMeanwhile(_("The text was edited after you opened it. Read the new edition first."))
    if version.state != State.IN_REVIEW:
        raise Refused(_("This version is not in review now."))
    if has_written(by, version):
        raise Refused(_("You have written on this version, so somebody else must decide."))
    if Review.objects.filter(version=version, edition=edition, reviewer=by).exists():
        raise Refused(_("You have decided on this edition already."))
    return version


def _decide(by: User, version: Version, decision: Review.Decision, change: str, comment: str, at: datetime) -> None:
    review = Review.objects.create(
        version=version, edition=version.edition, reviewer=by, decision=decision, change=change, comment=comment, at=at
    )
    bump(WORK)
    record(by=by, verb=f"policies.{decision}", on=version, details={"edition": version.edition, "change": change})
    subject = _("Approved: {version}") if decision == Review.Decision.APPROVE else _("Sent back: {version}")
    notify(
        person_ids=list(version.writers.values_list("person_id", flat=True)),
        kind="policy-decided",
        subject=subject.format(version=version),
        url=version.get_absolute_url(),
        key=f"policies.decided:{review.pk}",
    )

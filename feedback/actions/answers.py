"""Accept and verify an answer, point a duplicate to its original, claim a question."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.models import User
from feedback import permissions
from feedback.actions import common
from feedback.models import Post, Topic

CLAIM_LASTS = timedelta(minutes=10)


def _locked(topic: Topic) -> Topic:
    return Topic.objects.select_for_update(no_key=True).get(pk=topic.pk)


@transaction.atomic
def accept(*, by: User, topic: Topic, post: Post, at: datetime) -> None:
    """The author of the answer is told. An earlier answer, and what was verified about it, no longer counts."""
    locked = _locked(topic)
    if not permissions.can_accept(by, locked) or not permissions.can_be_accepted(locked, post):
        raise PermissionDenied
    if locked.accepted_id == post.pk:
        return
    given = {"accepted": post, "accepted_by": by, "accepted_at": at, "claimed_by": None, "claimed_until": None}
    Topic.objects.filter(pk=topic.pk).update(**common.NO_ANSWER | given)
    Post.objects.filter(pk__in=[post.pk, locked.accepted_id]).update(version=F("version") + 1)
    _tell_author(locked, post, by)
    common.record(by=by, verb="accepted", on=locked, post=post.pk)
    common.changed(locked)


def _tell_author(topic: Topic, post: Post, by: User) -> None:
    people = {post.author_id, topic.author_id} - {by.pk}
    notify(
        person_ids=sorted(people),
        kind="feedback.accepted",
        subject=topic.title,
        url=post.get_absolute_url(),
        key=f"feedback.accepted:{post.pk}",
    )


@transaction.atomic
def withdraw_answer(*, by: User, topic: Topic) -> None:
    locked = _locked(topic)
    if not permissions.can_accept(by, locked):
        raise PermissionDenied
    if locked.accepted_id is None:
        return
    common.forget_answer(locked)
    common.record(by=by, verb="withdrew answer", on=locked, post=locked.accepted_id)
    common.changed(locked)


@transaction.atomic
def verify(*, by: User, topic: Topic, until: date) -> None:
    locked = _locked(topic)
    if not permissions.can_verify(by, locked):
        raise PermissionDenied
    Topic.objects.filter(pk=topic.pk).update(verified_until=until, verified_by=by)
    common.record(by=by, verb="verified", on=locked, until=until.isoformat())
    common.changed(locked)


@transaction.atomic
def mark_duplicate(*, by: User, topic: Topic, canonical: Topic) -> None:
    """The asker is told where the answer is. A duplicate of a duplicate points to the same original."""
    locked = _locked(topic)
    if not permissions.can_moderate(by, locked.author_id) or not locked.is_question:
        raise PermissionDenied
    original = canonical.canonical or canonical
    if original.pk == locked.pk or not original.is_question:
        raise ValidationError(_("A question cannot be a duplicate of itself."))
    Topic.objects.filter(pk=topic.pk).update(canonical=original, claimed_by=None, claimed_until=None)
    Topic.objects.filter(canonical=locked).update(canonical=original)
    _count_duplicates({original.pk, locked.pk, *([locked.canonical_id] if locked.canonical_id else [])})
    notify(
        person_ids=[locked.author_id] if locked.author_id != by.pk else [],
        kind="feedback.duplicate",
        subject=locked.title,
        url=original.get_absolute_url(),
        key=f"feedback.duplicate:{locked.pk}:{original.pk}",
    )
    common.record(by=by, verb="marked duplicate", on=locked, canonical=original.pk)
    common.changed(locked)
    common.changed(original)


@transaction.atomic
def unmark_duplicate(*, by: User, topic: Topic) -> None:
    locked = _locked(topic)
    if not permissions.can_moderate(by, locked.author_id):
        raise PermissionDenied
    if locked.canonical is None:
        return
    Topic.objects.filter(pk=topic.pk).update(canonical=None)
    _count_duplicates({locked.canonical.pk})
    common.record(by=by, verb="unmarked duplicate", on=locked, canonical=locked.canonical.pk)
    common.changed(locked)
    common.changed(locked.canonical)


def _count_duplicates(topic_ids: set[int]) -> None:
    for topic_id in topic_ids:
        count = Topic.objects.published().filter(canonical=topic_id).count()
        Topic.objects.filter(pk=topic_id).update(duplicate_count=count)


@transaction.atomic
def claim(*, by: User, topic: Topic, at: datetime) -> None:
    """For ten minutes the others see that somebody is writing the answer; then it is free again by itself."""
    locked = _locked(topic)
    if not permissions.can_claim(by, locked, at):
        raise PermissionDenied
    Topic.objects.filter(pk=topic.pk).update(claimed_by=by, claimed_until=at + CLAIM_LASTS, version=F("version") + 1)
    common.record(by=by, verb="claimed", on=locked)
    bump("feedback")


@transaction.atomic
def give_back(*, by: User, topic: Topic) -> None:
    mine = Topic.objects.filter(pk=topic.pk, claimed_by=by)
    given = mine.update(claimed_by=None, claimed_until=None, version=F("version") + 1)
    if given:
        common.record(by=by, verb="gave back", on=topic)
        bump("feedback")

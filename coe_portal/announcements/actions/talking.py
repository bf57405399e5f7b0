"""Comments: write, change for a while, flag, release, remove."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from coe_portal.announcements.actions.common import COMMENT, Refused
from coe_portal.announcements.models import Announcement, Comment, Flag
from coe_portal.announcements.permissions import may_announce
from coe_portal.audit import actions as audit
from coe_portal.core import markdown
from coe_portal.notifications.actions import notify
from coe_portal.notifications.models import Notification
from coe_portal.people.models import AudienceMember, User


@transaction.atomic
def add_comment(*, by: User, announcement: Announcement, text: str, at: datetime, found: Sequence[str] = ()) -> Comment:
    """`found` names what the guard recognised and the writer denies: then only they and strategists see it."""
    comment = Comment.objects.create(
        announcement=announcement,
        author=by,
        text=text,
        html=markdown.render(text),
        created_at=at,
        is_held=bool(found),
        found=list(found),
    )
    audit.record(by=by, verb="announcement.commented", on=comment, details={"announcement": announcement.pk})
    if not comment.is_held:
        _tell_author(announcement, comment)
    return comment


@transaction.atomic
def edit_comment(*, by: User, comment: Comment, text: str, at: datetime, found: Sequence[str] = ()) -> None:
    comment.text, comment.html, comment.edited_at = text, markdown.render(text), at
    comment.is_held, comment.found = bool(found), list(found)
    comment.save(update_fields=["text", "html", "edited_at", "is_held", "found"])
    audit.record(by=by, verb="announcement.comment_changed", on=comment)


@transaction.atomic
def remove_comment(*, by: User, comment: Comment, reason: str, at: datetime) -> None:
    """It is shown as removed; whoever wrote it is told why."""
    locked = Comment.objects.select_for_update(of=["self"]).select_related("announcement").get(pk=comment.pk)
    if locked.is_removed:
        return
    locked.removed_at, locked.removed_by, locked.removal_reason = at, by, reason
    locked.save(update_fields=["removed_at", "removed_by", "removal_reason"])
    _decide_flags(by, locked, at)
    audit.record(by=by, verb="announcement.comment_removed", on=locked)
    if locked.author_id != by.pk:
        notify(
            person_ids=[locked.author_id],
            kind=COMMENT,
            subject=locked.announcement.title,
            lead=reason,
            url=locked.get_absolute_url(),
            key=f"announcement.comment_removed:{locked.pk}",
        )


@transaction.atomic
def release_comment(*, by: User, comment: Comment) -> None:
    locked = Comment.objects.select_for_update(of=["self"]).select_related("announcement").get(pk=comment.pk)
    if not locked.is_held or locked.is_removed:
        return
    if locked.author_id == by.pk:
        raise Refused
    locked.is_held = False
    locked.save(update_fields=["is_held"])
    audit.record(by=by, verb="announcement.comment_released", on=locked)
    _tell_author(locked.announcement, locked)


@transaction.atomic
def flag_comment(*, by: User, comment: Comment, reason: str, at: datetime) -> None:
    """Once a person; a second flag of the same person changes nothing."""
    _found, made = Flag.objects.get_or_create(comment=comment, person=by, defaults={"reason": reason, "created_at": at})
    if made:
        audit.record(by=by, verb="announcement.comment_flagged", on=comment)


@transaction.atomic
def dismiss_flags(*, by: User, comment: Comment, at: datetime) -> None:
    if _decide_flags(by, comment, at):
        audit.record(by=by, verb="announcement.flags_dismissed", on=comment)


def _decide_flags(by: User, comment: Comment, at: datetime) -> int:
    """How many there were."""
    return comment.flags.filter(decided_at__isnull=True).update(decided_at=at, decided_by=by)


def _tell_author(announcement: Announcement, comment: Comment) -> None:
    """Bundled: as long as the author has not looked at the last message there is no further one."""
    author = announcement.author
    if author.pk == comment.author_id or not _still_sees(author, announcement):
        return
    mine = Notification.objects.visible_to(author).unread()
    if not mine.filter(kind=COMMENT, key__startswith=f"announcement.comments:{announcement.pk}:").exists():
        notify(
            person_ids=[author.pk],
            kind=COMMENT,
            subject=announcement.title,
            url=f"{announcement.get_absolute_url()}#comments",
            key=f"announcement.comments:{announcement.pk}:{comment.pk}",
        )


def _still_sees(author: User, announcement: Announcement) -> bool:
    members = AudienceMember.objects.filter(audience_id=announcement.audience_id, person=author)
    return author.is_active and (may_announce(author) or members.exists())

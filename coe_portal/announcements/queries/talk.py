"""What is said below announcements, and what of it waits for a strategist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coe_portal.announcements.models import Announcement, Comment, Flag
from coe_portal.announcements.models.talking import CommentQuerySet
from coe_portal.announcements.permissions import can_comment, may_change_comment, may_remove_comment
from coe_portal.people.models import User


@dataclass(frozen=True)
class Said:
    """A comment and what its reader may do with it."""

    comment: Comment
    may_change: bool
    may_remove: bool
    may_flag: bool
    shows_reason: bool


def comments_of(announcement: Announcement, person: User) -> CommentQuerySet:
    return Comment.objects.filter(announcement=announcement).shown_to(person).select_related("author", "announcement")


def said(comments: Sequence[Comment], announcement: Announcement, person: User, at: datetime) -> list[Said]:
    """One query, for the flags of the reader."""
    flagged = set(
        Flag.objects.filter(comment__in=[each.pk for each in comments], person=person).values_list(
            "comment_id", flat=True
        )
    )
    is_open = can_comment(person, announcement, at)
    return [_said(each, announcement, person, at, can_flag=is_open and each.pk not in flagged) for each in comments]


def _said(comment: Comment, announcement: Announcement, person: User, at: datetime, *, can_flag: bool) -> Said:
    may_remove = may_remove_comment(person, comment, announcement)
    is_own = comment.author_id == person.pk
    return Said(
        comment,
        may_change=may_change_comment(person, comment, announcement, at),
        may_remove=may_remove,
        may_flag=can_flag and not is_own and not comment.is_removed and not comment.is_held,
        shows_reason=comment.is_removed and (may_remove or is_own),
    )


@dataclass(frozen=True)
class Waiting:
    """A comment for a strategist to look at, and why."""

    comment: Comment
    reasons: Sequence[str]


def to_look_at() -> CommentQuerySet:
    return Comment.objects.to_look_at().select_related("author", "announcement")


def waiting(comments: Sequence[Comment]) -> list[Waiting]:
    reasons: dict[int, list[str]] = {}
    flags = Flag.objects.filter(comment__in=[each.pk for each in comments], decided_at__isnull=True).order_by("pk")
    for comment_id, reason in flags.values_list("comment_id", "reason"):
        reasons.setdefault(comment_id, []).append(reason)
    return [Waiting(each, reasons.get(each.pk, [])) for each in comments]

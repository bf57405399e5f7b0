"""What is said, at the moment of mailing, of announcements that people were told of before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coe_portal.announcements.models import Announcement, Cause, Comment, Receipt
from coe_portal.announcements.queries.texts import Text, all_texts
from coe_portal.contributions import Told
from coe_portal.people.access import Role, today
from coe_portal.people.models import User
from coe_portal.people.queries import members_among

COMMENT = re.compile(r"announcement\.comment_removed:(?P<number>[0-9]+)")
ANY_KEY = re.compile(r"announcement(?:\.comments)?:(?P<number>[0-9]+)(?::.+)?")
# Of a reminder the key is announcement:7:reminder:2026-03-02, of what is asked again announcement:7:2.
KEY = re.compile(r"announcement:(?P<number>[0-9]+)(?P<reminder>:reminder:.+)?(?P<again>:[0-9]+)?")


@dataclass(frozen=True)
class About:
    announcement_id: int
    cause: Cause


def read_key(key: str) -> About | None:
    """What a notification is about, and why it was told."""
    found = KEY.fullmatch(key)
    if found is None:
        return None
    again = Cause.ASKED_AGAIN if found["again"] else Cause.PUBLISHED
    return About(int(found["number"]), Cause.REMINDER if found["reminder"] else again)


def subject(cause: Cause, text: Text, language: str) -> str:
    with translation.override(language):
        words = {
            Cause.PUBLISHED: "%(title)s",
            Cause.WIDENED: "%(title)s",
            Cause.ASKED_AGAIN: _("Changed, please confirm again: %(title)s"),
            Cause.REMINDER: _("Please confirm: %(title)s"),
        }[cause]
    return words % {"title": text.title}


def as_it_is_now(told: Sequence[Told]) -> list[Told | None]:
    """Five queries. Not said any more: what is over or withdrawn, not for the person any more, or confirmed already."""
    abouts = [read_key(each.key) for each in told]
    ids = {about.announcement_id for about in abouts if about}
    current = Announcement.objects.current(timezone.now()).prefetch_related("translations").in_bulk(ids)
    texts = {each.pk: all_texts(each) for each in current.values()}
    people = {each.person_id for each in told}
    receipts = Receipt.objects.filter(announcement__in=current, person__in=people)
    done = set(receipts.acknowledged().values_list("announcement_id", "person_id"))
    members = members_among({each.audience_id for each in current.values()}, people)

    def now(each: Told, about: About | None) -> Told | None:
        if about is None:
            return each
        found = current.get(about.announcement_id)
        if found is None or (found.pk, each.person_id) in done or (found.audience_id, each.person_id) not in members:
            return None
        text = texts[found.pk].get(each.language, texts[found.pk][found.language])
        return replace(each, subject=subject(about.cause, text, each.language), lead=text.lead)

    return [now(*pair) for pair in zip(told, abouts, strict=True)]


def still_seen(told: Sequence[Told]) -> list[bool]:
    """Four queries. Withdrawn ones are named to nobody; the others to their audience, and to those who write them."""
    comments = {each.key: int(found["number"]) for each in told if (found := COMMENT.fullmatch(each.key))}
    removed = dict(Comment.objects.filter(pk__in=comments.values()).values_list("pk", "announcement_id"))
    ids = [_announcement_id(each.key, comments, removed) for each in told]
    audiences = dict(Announcement.objects.published().filter(pk__in=filter(None, ids)).values_list("pk", "audience_id"))
    people = {each.person_id for each, number in zip(told, ids, strict=True) if number in audiences}
    members = members_among(audiences.values(), people)
    writers = set(
        User.objects.with_role(Role.STRATEGIST, on=today()).filter(pk__in=people).values_list("pk", flat=True)
    )
    return [
        number is None
        or (number in audiences and (each.person_id in writers or (audiences[number], each.person_id) in members))
        for each, number in zip(told, ids, strict=True)
    ]


def _announcement_id(key: str, comments: dict[str, int], removed: dict[int, int]) -> int | None:
    """0 where it is gone, None where the key is of another kind."""
    if key in comments:
        return removed.get(comments[key], 0)
    found = ANY_KEY.fullmatch(key)
    return int(found["number"]) if found else None

from collections.abc import Collection, Iterable
from datetime import date
from textwrap import shorten

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.models import Announcement
from coe_portal.announcements.queries.lists import (
    acknowledged_since,
    audience_uses,
    documents,
    newest,
    open_duties,
    unconfirmed,
)
from coe_portal.announcements.queries.told import as_it_is_now, still_seen
from coe_portal.contributions import (
    Contribution,
    Done,
    HomeCard,
    HomeItem,
    NavItem,
    NotificationKind,
    Obligation,
    Statement,
)
from coe_portal.people.models import User

ON_HOME = 4


def obligations(person_ids: Collection[int], on: date) -> Iterable[Obligation]:
    urls: dict[int, str] = {}
    action = _("Read and confirm")
    for duty in open_duties(person_ids, timezone.now()):
        about = duty.announcement
        yield Obligation(
            person_id=duty.person_id,
            kind="announcement",
            title=duty.title,
            url=urls.get(about.pk) or urls.setdefault(about.pk, about.get_absolute_url()),
            due=duty.announcement.due_on,
            action=action,
            key=_key(duty.announcement),
            language=duty.language,
        )


def owed(_on: date) -> Statement:
    return unconfirmed(timezone.now())


def _key(announcement: Announcement) -> str:
    """What is asked again after a change is owed anew."""
    again = announcement.asked_in > 1
    return f"announcement:{announcement.pk}:{announcement.asked_in}" if again else f"announcement:{announcement.pk}"


def done(person: User, since: date) -> Iterable[Done]:
    for receipt in acknowledged_since(person, since):
        about = receipt.announcement
        at = receipt.acknowledged_at or receipt.read_at
        yield Done(about.title, about.get_absolute_url(), _("Confirmed"), at, about.language)


def home_cards(person: User, on: date) -> Iterable[HomeCard]:
    yield HomeCard(
        key="announcements",
        title=_("Announcements"),
        order=10,
        items=[
            HomeItem(
                title=row.text.title,
                url=row.announcement.get_absolute_url(),
                note=shorten(row.text.lead, 150, placeholder="…"),
                at=row.announcement.published_at,
                badge=_("New") if row.is_unread else (_("Pinned") if row.announcement.is_pinned else ""),
                tone="accent" if row.is_unread else "neutral",
                language=row.text.language,
                note_language=row.text.language,
            )
            for row in newest(person, timezone.now(), ON_HOME)
        ],
        more_url=reverse("announcements:index"),
        more_label=_("All announcements"),
        empty=_("There is nothing new at the moment."),
    )


contribution = Contribution(
    app="announcements",
    nav=[NavItem(_("Announcements"), "announcements:index", "announcement", 60)],
    obligations=obligations,
    owed=owed,
    obligation_labels={"announcement": _("Announcement to confirm")},
    done=done,
    home_cards=home_cards,
    home_versions=["announcements"],
    documents={"announcement": documents},
    document_labels={"announcement": _("Announcement")},
    notification_kinds=[
        NotificationKind(
            "announcement", _("Announcement"), chat=True, as_it_is_now=as_it_is_now, still_seen=still_seen
        ),
        NotificationKind(
            "announcement.reminder",
            _("Reminder to confirm an announcement"),
            as_it_is_now=as_it_is_now,
            still_seen=still_seen,
        ),
        NotificationKind("announcement.comment", _("Comments on an announcement"), still_seen=still_seen),
    ],
    audience_uses=audience_uses,
)

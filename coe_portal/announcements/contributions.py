from collections.abc import Collection, Iterable
from datetime import date
from textwrap import shorten

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.announcements.queries import documents, newest, open_duties
from coe_portal.contributions import Contribution, HomeCard, HomeItem, NavItem, NotificationKind, Obligation
from coe_portal.people.models import User

ON_HOME = 4


def obligations(person_ids: Collection[int], on: date) -> Iterable[Obligation]:
    for duty in open_duties(person_ids, timezone.now()):
        yield Obligation(
            person_id=duty.person_id,
            kind="announcement",
            title=duty.announcement.title,
            url=duty.announcement.get_absolute_url(),
            due=duty.announcement.due_on,
            action=_("Read and confirm"),
        )


def home_cards(person: User, on: date) -> Iterable[HomeCard]:
    yield HomeCard(
        key="announcements",
        title=_("Announcements"),
        order=10,
        items=[
            HomeItem(
                title=row.announcement.title,
                url=row.announcement.get_absolute_url(),
                note=shorten(row.announcement.lead, 150, placeholder="…"),
                at=row.announcement.published_at,
                badge=_("New") if row.is_unread else (_("Pinned") if row.announcement.is_pinned else ""),
                tone="accent" if row.is_unread else "neutral",
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
    home_cards=home_cards,
    home_versions=["announcements"],
    documents={"announcement": documents},
    document_labels={"announcement": _("Announcement")},
    notification_kinds=[NotificationKind("announcement", _("Announcement"))],
)

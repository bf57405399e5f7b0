"""How the views find what they act on: always among what the person may see."""

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from coe_portal.announcements.models import Announcement, AnnouncementQuerySet
from coe_portal.announcements.permissions import may_announce
from coe_portal.core.http import PortalRequest
from coe_portal.people.models import User


def readable(person: User) -> AnnouncementQuerySet:
    """Strategists read every one, also drafts; everybody else what is published for them, also past ones."""
    if may_announce(person):
        return Announcement.objects.all()
    return Announcement.objects.published().visible_to(person)


def current(person: User) -> AnnouncementQuerySet:
    return Announcement.objects.current(timezone.now()).visible_to(person)


def tell_it_changed(request: PortalRequest) -> None:
    messages.error(request, _("Somebody else has changed this announcement in the meantime. This is how it is now."))

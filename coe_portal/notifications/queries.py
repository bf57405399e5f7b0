from django.db.models import Max, QuerySet

from coe_portal.core import versions
from coe_portal.core.read_ahead import personal
from coe_portal.notifications.models import Notification
from coe_portal.people.models import User

UNREAD = "unread:{}"
personal(UNREAD)


def unread_count(person: User) -> int:
    mine = Notification.objects.visible_to(person).unread()
    return versions.kept(UNREAD.format(person.pk), [f"person:{person.pk}"], mine.count)


def people_to_mail() -> QuerySet[Notification, tuple[int, int]]:
    """Pairs of a person and the newest notification that waits to be mailed to them."""
    waiting = Notification.objects.unmailed().unread().filter(person__is_active=True)
    return waiting.values("person_id").annotate(newest=Max("pk")).values_list("person_id", "newest")

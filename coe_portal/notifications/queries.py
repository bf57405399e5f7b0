from django.core.cache import cache
from django.db.models import Max, QuerySet

from coe_portal.core import versions
from coe_portal.notifications.models import Notification
from coe_portal.people.models import User


def unread_count(person: User) -> int:
    key = f"unread:{person.pk}:{versions.read(f'person:{person.pk}')}"
    count: int | None = cache.get(key)
    if count is None:
        count = Notification.objects.visible_to(person).unread().count()
        cache.set(key, count)
    return count


def people_to_mail() -> QuerySet[Notification, tuple[int, int]]:
    """Pairs of a person and the newest notification that waits to be mailed to them."""
    waiting = Notification.objects.unmailed().unread().filter(person__is_active=True)
    return waiting.values("person_id").annotate(newest=Max("pk")).values_list("person_id", "newest")

from django.core.cache import cache

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

"""The categories a person can read, from the cache: they change rarely and every page needs them."""

from dataclasses import dataclass, fields
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from coe_portal.core import versions
from coe_portal.people.models import User
from feedback.models import Category, Topic


@dataclass(frozen=True)
class Room:
    """`has_pinned` may still say yes when the last pinned topic has gone; it never says no too long."""

    id: int
    slug: str
    name: str
    description: str
    audience_id: int
    starters: str
    has_pinned: bool


def rooms_of(person: User) -> list[Room]:
    return [room for room in _all_rooms() if room.audience_id in person.access.audience_ids]


def room_of(person: User, slug: str) -> Room | None:
    return next((room for room in rooms_of(person) if room.slug == slug), None)


def _all_rooms() -> list[Room]:
    columns = [field.name for field in fields(Room)]
    # The columns are part of the key, since the cache outlives a release that gives a room more of them.
    key = f"feedback.rooms:{'.'.join(columns)}:{versions.read('feedback.categories')}"
    found: list[Room] | None = cache.get(key)
    if found is None:
        pinned = Exists(Topic.objects.filter(category=OuterRef("pk"), is_pinned=True))
        found = [Room(*row) for row in Category.objects.annotate(has_pinned=pinned).values_list(*columns)]
        cache.set(key, found)
    return found


def digest(rooms: list[Room]) -> str:
    """Short and the same for everybody who can read the same categories."""
    return sha256(",".join(str(room.id) for room in rooms).encode()).hexdigest()[:16]

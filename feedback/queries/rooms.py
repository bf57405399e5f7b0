"""The categories a person can read, from the cache: they change rarely and every page needs them."""

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

from coe_portal.core import versions
from coe_portal.people.models import User
from feedback.models import Category


@dataclass(frozen=True)
class Room:
    id: int
    slug: str
    name: str
    description: str
    audience_id: int
    starters: str

    def may_start(self, person: User) -> bool:
        return person.is_strategist or self.starters == Category.Starters.EVERYONE


def rooms_of(person: User) -> list[Room]:
    return [room for room in _all_rooms() if room.audience_id in person.access.audience_ids]


def _all_rooms() -> list[Room]:
    key = f"feedback.rooms:{versions.read('feedback.categories')}"
    found: list[Room] | None = cache.get(key)
    if found is None:
        columns = ("id", "slug", "name", "description", "audience_id", "starters")
        found = [Room(*row) for row in Category.objects.values_list(*columns)]
        cache.set(key, found)
    return found


def digest(rooms: list[Room]) -> str:
    """Short and the same for everybody who can read the same categories."""
    return sha256(",".join(str(room.id) for room in rooms).encode()).hexdigest()[:16]

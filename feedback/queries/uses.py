"""Which categories of the forum are for an audience."""

from collections.abc import Collection, Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from coe_portal.contributions import AudienceUse
from coe_portal.people.models import User
from coe_portal.people.permissions import may_read_audit_trail
from coe_portal.people.queries import for_audiences
from feedback.models import Category

CATEGORIES = _("Categories")


def audience_uses(audience_ids: Collection[int], on: date | None, reader: User) -> Iterator[AudienceUse]:
    """Nobody learns of a room that is not theirs, but those who answer for the trail.

    Since when a room is there is not known, so it counts as there on every day.
    """
    then = for_audiences(Category, audience_ids, on)
    rooms = Category.objects.filter(then.condition)
    for room in rooms if may_read_audit_trail(reader) else rooms.visible_to(reader):
        yield AudienceUse(then.audience_of(room), CATEGORIES, room.name, room.get_absolute_url())

"""Which chat rooms the portal posts to. An address is kept encrypted and is never shown again."""

from collections.abc import Collection
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coe_portal.core.crypto import encrypt
from coe_portal.notifications import chat
from coe_portal.notifications.actions.chatting import post_to_chat
from coe_portal.notifications.models import ChatDestination
from coe_portal.people.facts import tell
from coe_portal.people.models import User


@transaction.atomic
def add_room(*, by: User, name: str, url: str, audience_note: str, kinds: Collection[str]) -> ChatDestination:
    """Raises chat.ChatRefused for an address that is none of a service that is allowed."""
    address = chat.read_address(url)
    room = ChatDestination.objects.create(
        name=name,
        service=address.service,
        host=address.host,
        secret=encrypt(url),
        audience_note=audience_note,
        kinds=sorted(kinds),
    )
    tell(by=by, verb="chat.added", on=room, details={"service": room.service, "host": room.host})
    return room


@transaction.atomic
def change_room(
    *, by: User, room: ChatDestination, name: str, audience_note: str, kinds: Collection[str], url: str = ""
) -> None:
    """An empty address leaves the one that is kept. Raises chat.ChatRefused as for a new one."""
    if url:
        address = chat.read_address(url)
        room.service, room.host, room.secret = address.service, address.host, encrypt(url)
        room.last_success_at, room.last_error, room.last_error_at = None, "", None
    room.name, room.audience_note, room.kinds = name, audience_note, sorted(kinds)
    room.save()
    tell(by=by, verb="chat.changed", on=room, details={"kinds": room.kinds, "new_address": bool(url)})


@transaction.atomic
def switch_room(*, by: User, room: ChatDestination, enabled: bool) -> None:
    room.enabled = enabled
    room.save(update_fields=["enabled"])
    tell(by=by, verb="chat.switched", on=room, details={"enabled": enabled})


@transaction.atomic
def remove_room(*, by: User, room: ChatDestination) -> None:
    """The address is gone with it; what waits to be posted there is not."""
    tell(by=by, verb="chat.removed", on=room)
    room.delete()


@transaction.atomic
def try_room(*, by: User, room: ChatDestination) -> None:
    """A message that says who sent it, the way every message goes."""
    post_to_chat(
        destination_ids=[room.pk],
        title=_("A test from the Social Media Center of Excellence"),
        text=_("%(name)s tries whether messages arrive here.") % {"name": by.name},
        url=settings.PUBLIC_URL + reverse("home:index"),
        key=f"test:{uuid4()}",
    )
    tell(by=by, verb="chat.tried", on=room)

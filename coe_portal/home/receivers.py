"""Who hands a role on and who has it then are both told."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Model
from django.dispatch import receiver
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coe_portal.notifications.actions import notify
from coe_portal.people.access import Role
from coe_portal.people.facts import happened
from coe_portal.people.models import User

KIND = "role-handed-on"


@receiver(happened, dispatch_uid="home.delegations")
def tell_both(*, verb: str, on: Sequence[Model], details: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
    if verb in ("role.delegated", "role.delegation_ended"):
        for each in details:
            _tell(verb, each)


def _tell(verb: str, fact: Mapping[str, Any]) -> None:
    people = User.objects.in_bulk([fact["from"], fact["to"]])
    giver, holder = people[fact["from"]], people[fact["to"]]
    for reader in (giver, holder):
        with translation.override(reader.language):
            notify(
                person_ids=[reader.pk],
                kind=KIND,
                subject=_begun(reader, giver, holder, fact)
                if verb == "role.delegated"
                else _over(reader, giver, holder),
                url=reverse("home:delegations"),
                key=f"{verb}:{fact['grant']}",
            )


def _begun(reader: User, giver: User, holder: User, fact: Mapping[str, Any]) -> str:
    words = {
        "role": dict(Role.choices)[fact["role"]],
        "giver": giver.name,
        "holder": holder.name,
        "starts": date_format(date.fromisoformat(fact["starts"])),
        "ends": date_format(date.fromisoformat(fact["ends"])),
    }
    if reader == holder:
        return _("You stand in for %(giver)s: %(role)s, from %(starts)s until %(ends)s") % words
    return _("%(holder)s stands in for you: %(role)s, from %(starts)s until %(ends)s") % words


def _over(reader: User, giver: User, holder: User) -> str:
    if reader == holder:
        return _("You no longer stand in for %(giver)s") % {"giver": giver.name}
    return _("%(holder)s no longer stands in for you") % {"holder": holder.name}

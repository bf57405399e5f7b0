from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.dispatch import receiver
from django.utils import timezone

from coe_portal.channels import actions
from coe_portal.people.facts import happened
from coe_portal.people.models import User


@receiver(happened, dispatch_uid="channels.contacts")
def contacts_come_and_go(*, verb: str, on: Sequence[Model], **kwargs: Any) -> None:
    if verb in {"person.deactivated", "person.reactivated"}:
        actions.contacts_changed(person_ids=[person.pk for person in on])


@receiver(happened, dispatch_uid="channels.people")
def leavers_publish_no_more(*, by: User | None, verb: str, on: Sequence[Model], **kwargs: Any) -> None:
    if verb == "person.deactivated":
        actions.end_publishers_of(by=by, person_ids=[person.pk for person in on], on=timezone.localdate())

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.dispatch import receiver
from django.utils import timezone

from coe_portal.people.facts import happened
from coe_portal.people.models import User
from coe_portal.tokens import actions


@receiver(happened, dispatch_uid="tokens.people")
def leavers_lose_their_tokens(*, by: User | None, verb: str, on: Sequence[Model], **kwargs: Any) -> None:
    if verb == "person.deactivated":
        actions.revoke_tokens_of(by=by, owner_ids=[person.pk for person in on], at=timezone.now())

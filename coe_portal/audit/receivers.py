from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Model
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from coe_portal.audit import actions
from coe_portal.audit.actions.arriving import note_access, person_of
from coe_portal.audit.models import Access
from coe_portal.core.http import client_address
from coe_portal.people.facts import happened
from coe_portal.people.models import User


@receiver(happened, dispatch_uid="audit.people")
def note_what_happened(
    *, by: User | None, verb: str, on: Sequence[Model], details: Sequence[Mapping[str, Any]], **kwargs: Any
) -> None:
    """People stand below the audit trail and cannot call it, so they tell and it writes."""
    actions.record_many(by=by, verb=verb, on=on, details=details)


@receiver(user_logged_in, dispatch_uid="audit.signed_in")
def note_sign_in(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    _note_access(Access.Event.SIGNED_IN, request, user.pk)


@receiver(user_logged_out, dispatch_uid="audit.signed_out")
def note_sign_out(*, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _note_access(Access.Event.SIGNED_OUT, request, user.pk)


@receiver(user_login_failed, dispatch_uid="audit.failed")
def note_failure(*, credentials: Mapping[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """The person whose address was typed, if there is one; what was typed is not kept."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    _note_access(Access.Event.FAILED, request, person_of(typed) if typed else None)


def _note_access(event: str, request: HttpRequest | None, person_id: int | None) -> None:
    """Without a request nobody came in by a page: a command or a test signed somebody in."""
    if request is not None and hasattr(request, "META") and request.META.get("REMOTE_ADDR"):
        address, path = client_address(request), request.path.replace("\x00", "")
        note_access(event=event, person_id=person_id, address=address, path=path, at=timezone.now())

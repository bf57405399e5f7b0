import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record, record_many
from coe_portal.notifications.actions import Mail, notify
from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.tokens.models import AccessToken
from coe_portal.tokens.queries import MARK, digest_of

KIND = "token-ended"
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(
    *, by: User, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[AccessToken, str]:
    """The token and its secret, which nobody sees again."""
    secret = MARK + secrets.token_urlsafe(32)
    token: AccessToken = AccessToken.objects.create(
        name=name, owner=by, scopes=list(scopes), digest=digest_of(secret), hint=secret[-4:], expires_at=expires_at
    )
    until = expires_at.isoformat() if expires_at else None
    record(by=by, verb="token.made", on=token, details={"scopes": list(scopes), "expires_at": until})
    return token, secret


@transaction.atomic
def revoke_token(*, by: User, token: AccessToken, at: datetime) -> None:
    if AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        record(by=by, verb="token.revoked", on=token)


@transaction.atomic
def revoke_tokens_of(*, by: User | None, owner_ids: Collection[int], at: datetime) -> None:
    """All that these people, who have left, made. Of those that still opened something administrators are told."""
    found = AccessToken.objects.filter(owner_id__in=owner_ids, revoked_at=None)
    tokens = list(found.select_related("owner").select_for_update(of=("self",)))
    AccessToken.objects.filter(pk__in=[token.pk for token in tokens]).update(revoked_at=at, owner_left=True)
    record_many(by=by, verb="token.revoked", on=tokens, details=[{"owner_left": token.owner_id} for token in tokens])
    for token in tokens:
        if token.expires_at is None or token.expires_at > at:
            _tell_administrators(token, at)


def _tell_administrators(token: AccessToken, at: datetime) -> None:
    """The program stands still without a word: somebody has to make it another one."""
    readers = User.objects.active().with_role(Role.ADMINISTRATOR, on=timezone.localdate(at))
    for language in readers.order_by().values_list("language", flat=True).distinct():
        with translation.override(language):
            subject = _("“%(token)s” opens nothing any more: %(name)s, who made it, has left")
            notify(
                person_ids=list(readers.filter(language=language).values_list("pk", flat=True)),
                kind=KIND,
                subject=subject % {"token": token.name, "name": token.owner.name},
                lead=_("If the program is still needed, make it another token and enter that there."),
                url=reverse("tokens:index"),
                key=f"{KIND}:{token.pk}",
                mail=Mail.NOW,
            )


def note_use(*, token: AccessToken, at: datetime) -> None:
    """Once a minute is exact enough, and spares a write a request."""
    if token.last_used_at is None or at - token.last_used_at >= NOTED_EVERY:
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=at)

from datetime import timedelta

import pytest
from django.utils import timezone

from coe_portal.audit.models import AuditEntry
from coe_portal.people.actions import deactivate
from coe_portal.people.models import User
from coe_portal.tokens import actions
from coe_portal.tokens.models import AccessToken
from coe_portal.tokens.queries import token_of

pytestmark = pytest.mark.django_db


def test_the_secret_is_not_kept(administrator: User):
    token, secret = actions.make_token(by=administrator, name="Entra ID", scopes=["scim"])

    kept = AccessToken.objects.filter(pk=token.pk).values().get()
    assert not [value for value in kept.values() if secret in str(value)]
    assert kept["hint"] == secret[-4:]
    assert secret not in str(list(AuditEntry.objects.values()))


def test_a_token_is_found_by_its_secret_until_it_ends(administrator: User):
    now = timezone.now()
    token, secret = actions.make_token(by=administrator, name="a", scopes=[], expires_at=now + timedelta(days=1))

    assert token_of(f"Bearer {secret}", now) == token
    assert token_of(f"bearer {secret}", now) == token
    assert token_of(f"Bearer {secret}", now + timedelta(days=1)) is None
    assert token_of(f"Basic {secret}", now) is None
    assert token_of(f"Bearer {secret}x", now) is None
    assert token_of("Bearer ", now) is None


def test_a_revoked_token_opens_nothing_and_is_noted_once(administrator: User):
    token, secret = actions.make_token(by=administrator, name="a", scopes=["scim"])

    for _twice in range(2):
        actions.revoke_token(by=administrator, token=token, at=timezone.now())

    assert token_of(f"Bearer {secret}", timezone.now()) is None
    assert list(AuditEntry.objects.values_list("verb", flat=True).order_by("pk")) == ["token.made", "token.revoked"]


def test_leavers_lose_their_tokens_for_good(administrator: User, approver: User):
    _token, secret = actions.make_token(by=administrator, name="a", scopes=["scim"])
    other, others_secret = actions.make_token(by=approver, name="b", scopes=["scim"])

    deactivate(by=approver, person=administrator)
    User.objects.filter(pk=administrator.pk).update(is_active=True)

    assert token_of(f"Bearer {secret}", timezone.now()) is None
    assert token_of(f"Bearer {others_secret}", timezone.now()) == other
    assert AuditEntry.objects.filter(verb="token.revoked", actor=approver).count() == 1


def test_the_last_use_is_noted_once_a_minute(administrator: User):
    token, _secret = actions.make_token(by=administrator, name="a", scopes=[])
    first = timezone.now()

    actions.note_use(token=token, at=first)
    token.refresh_from_db()
    actions.note_use(token=token, at=first + timedelta(seconds=59))
    assert AccessToken.objects.get(pk=token.pk).last_used_at == first
    actions.note_use(token=token, at=first + timedelta(seconds=60))

    assert AccessToken.objects.get(pk=token.pk).last_used_at == first + timedelta(seconds=60)

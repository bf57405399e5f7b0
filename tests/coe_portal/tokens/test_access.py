import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from coe_portal.people.models import User
from coe_portal.tokens.access import BAD_TRIES_AT_MOST, TokenRequest, token_required
from coe_portal.tokens.actions import revoke_token
from tests.factories.tokens import token_for

pytestmark = pytest.mark.django_db


@token_required("reading")
def shelf(request: TokenRequest) -> HttpResponse:
    return HttpResponse(f"read by {request.user.name}")


def ask(headers: dict[str, str] | None = None, address: str = "192.0.2.1") -> HttpResponse:
    request = RequestFactory().get("/", headers=headers or {}, REMOTE_ADDR=address)
    request.user = AnonymousUser()
    return shelf(request)


def test_a_token_with_the_scope_acts_for_its_owner(administrator: User):
    token, headers = token_for(administrator, "reading")

    answer = ask(headers)

    assert answer.content.decode() == f"read by {administrator.name}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    token.refresh_from_db()
    assert token.last_used_at is not None


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer coe_wrong", "Basic YTpi", "Bearer coe_" + "a" * 1_000_000])
def test_what_is_no_token_is_refused(shown: str):
    answer = ask({"Authorization": shown} if shown else None)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "detail" in json.loads(answer.content)


def test_another_scope_is_refused(administrator: User):
    _token, headers = token_for(administrator, "writing")

    answer = ask(headers)

    assert answer.status_code == 403
    assert 'scope="reading"' in answer.headers["WWW-Authenticate"]


def test_a_revoked_token_is_refused(administrator: User):
    token, headers = token_for(administrator, "reading")
    revoke_token(by=administrator, token=token, at=timezone.now())

    assert ask(headers).status_code == 401


def test_bad_tokens_are_slowed_down_by_address(administrator: User, django_assert_num_queries):
    _token, headers = token_for(administrator, "reading")
    for _try in range(BAD_TRIES_AT_MOST):
        assert ask({"Authorization": "Bearer coe_wrong"}).status_code == 401

    with django_assert_num_queries(0):
        answer = ask(headers)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert ask(headers, address="192.0.2.2").status_code == 200

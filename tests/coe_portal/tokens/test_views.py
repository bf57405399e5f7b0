from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coe_portal.people.models import User
from coe_portal.tokens.models import AccessToken
from coe_portal.tokens.queries import token_of
from tests.factories.tokens import token_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["tokens:index", "tokens:add"])
def test_only_administrators_see_tokens(name: str, strategist: User, administrator: User, sign_in):
    assert sign_in(strategist).get(reverse(name)).status_code == 403
    assert sign_in(administrator).get(reverse(name)).status_code == 200


def test_only_administrators_make_and_revoke(strategist: User, administrator: User, sign_in):
    token, _headers = token_for(administrator, "scim")
    client = sign_in(strategist)

    assert client.post(reverse("tokens:add"), {"name": "a", "scopes": ["scim"], "lasting": "90"}).status_code == 403
    assert client.post(reverse("tokens:revoke", args=[token.pk])).status_code == 403
    assert AccessToken.objects.filter(revoked_at=None).count() == 1


def test_the_secret_is_shown_once(administrator: User, sign_in):
    client = sign_in(administrator)

    made = client.post(reverse("tokens:add"), {"name": "Entra ID", "scopes": ["scim"], "lasting": "90"})

    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert made.headers["Cache-Control"] == "private, no-store"
    token = token_of(f"Bearer {secret}", timezone.now())
    assert token is not None
    assert timedelta(days=89) < token.expires_at - timezone.now() < timedelta(days=91)
    listed = client.get(reverse("tokens:index")).content.decode()
    assert secret not in listed
    assert f"…{secret[-4:]}" in listed


def test_a_form_without_a_scope_keeps_what_was_typed(administrator: User, sign_in):
    answer = sign_in(administrator).post(reverse("tokens:add"), {"name": "Entra ID", "lasting": "90"})

    assert answer.status_code == 422
    assert 'value="Entra ID"' in answer.content.decode()
    assert not AccessToken.objects.exists()


def test_revoke_leaves_the_row_and_says_so(administrator: User, sign_in):
    token, headers = token_for(administrator, "scim")
    client = sign_in(administrator)

    answer = client.post(reverse("tokens:revoke", args=[token.pk]), follow=True)

    assert "opens nothing any more" in answer.content.decode()
    assert token_of(headers["Authorization"], timezone.now()) is None


def test_the_list_is_constant_in_tokens(administrator: User, sign_in, django_assert_num_queries):
    client = sign_in(administrator)
    token_for(administrator, "scim")
    client.get(reverse("tokens:index"))
    with django_assert_num_queries(1):
        client.get(reverse("tokens:index"))
    token_for(administrator, "scim")
    token_for(administrator, "scim")

    with django_assert_num_queries(1):
        client.get(reverse("tokens:index"))

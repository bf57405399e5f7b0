from collections.abc import Mapping
from datetime import date
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from coe_portal.people.models import PersonQuerySet, User
from coe_portal.people.queries.departments import branch_ids


def people_filtered(chosen: Mapping[str, Any], on: date) -> PersonQuerySet:
    """The people of the administrator's list; what is missing or empty does not narrow it."""
    found: PersonQuerySet = User.objects.all()
    if chosen.get("state") != "all":
        found = found.filter(is_active=chosen.get("state") != "left")
    if chosen.get("text"):
        text = chosen["text"]
        found = found.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(employee_number=text))
    if chosen.get("role"):
        found = found.with_role(chosen["role"], on=on)
    if chosen.get("department"):
        found = found.in_departments(branch_ids([chosen["department"].pk], on), on)
    return found


def password_link(person: User) -> str:
    """A link that lets the person choose a password once."""
    where = [user_pk_to_url_str(person), default_token_generator.make_token(person)]
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", args=where)

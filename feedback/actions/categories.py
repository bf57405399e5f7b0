"""Lay out the rooms of the forum."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from coe_portal.core.versions import bump
from coe_portal.people.models import User
from coe_portal.search import actions as search
from feedback import permissions
from feedback.actions import common
from feedback.models import Category, Topic


@transaction.atomic
def save(*, by: User, category: Category) -> Category:
    """Create or change. Another audience counts at once for everything in the category, in search too."""
    if not permissions.can_manage_categories(by):
        raise PermissionDenied
    verb = "changed" if category.pk else "created"
    category.save()
    common.record(by=by, verb=verb, on=category, audience=category.audience_id)
    _index_again(category)
    bump("feedback", "feedback.categories")
    return category


def _index_again(category: Category) -> None:
    for kind, name in ((Topic.Kind.QUESTION, "question"), (Topic.Kind.DISCUSSION, "topic")):
        ids = list(Topic.objects.filter(category=category, kind=kind).values_list("pk", flat=True))
        search.refresh(name, ids)

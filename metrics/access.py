"""Who gets a page of figures at all: everybody else is told that there is no such page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from coe_portal.core.http import PortalRequest
from coe_portal.people.access import Reach
from coe_portal.people.models import User
from coe_portal.people.queries import branch_names

View = Callable[..., HttpResponse]


def only(allowed: Callable[[User], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not allowed(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def branch_in_words(reach: Reach) -> str:
    """Whose figures a page shows, where they are not the whole organisation's."""
    names = branch_names(reach)
    return _("Figures of: %(departments)s and below") % {"departments": ", ".join(names)} if names else ""


def reach_key(*reaches: Reach) -> str:
    """The same for all readers who are shown the same: for the key of a fragment."""
    return ";".join("all" if each is None else ",".join(map(str, sorted(each))) for each in reaches)


def choose_among(form: forms.Form | forms.ModelForm[Any], name: str, rows: QuerySet[Any], reach: Reach) -> None:
    """Whose role is for a branch chooses among what is the branch's, and has to choose: nothing is everybody's."""
    field: Any = form.fields[name]
    field.queryset = rows
    if reach is not None:
        field.required = True
        field.help_text = _("Your role is for a branch. Choose what belongs to it.")

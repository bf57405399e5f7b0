"""While I am away: roles handed on to a colleague for some days, and those that others handed on to me."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coe_portal.core.http import PortalRequest, go
from coe_portal.home.forms import DelegationForm
from coe_portal.people.access import today
from coe_portal.people.actions import RoleRefused, delegate
from coe_portal.people.actions import end_delegation as end
from coe_portal.people.models import RoleGrant
from coe_portal.people.queries import delegable_grants, delegations_of


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: PortalRequest) -> HttpResponse:
    form = DelegationForm(request.POST or None, grants=delegable_grants(request.user, today()))
    if request.method == "POST" and form.is_valid():
        try:
            given = delegate(by=request.user, **form.cleaned_data)
        except RoleRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s stands in for you then, and is told.") % {"name": given.person.name})
            return go(request, "home:delegations")
    given_on, had = delegations_of(request.user, today())
    context = {"form": form, "given": given_on, "had": had, "today": today(), "may_give": form.grants.exists()}
    return render(request, "home/delegations.html", context)


@require_POST
def end_delegation(request: PortalRequest, grant_id: int) -> HttpResponse:
    mine = Q(person=request.user) | Q(delegated_from__person=request.user)
    found = RoleGrant.objects.open_on(today()).filter(mine, delegated_from__isnull=False)
    end(by=request.user, grant=get_object_or_404(found, pk=grant_id), on=today())
    messages.success(request, _("It has ended."))
    return go(request, "home:delegations")

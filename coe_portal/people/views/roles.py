"""Roles are given and ended, and listed: who has what where."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.people import actions, queries
from coe_portal.people.access import today
from coe_portal.people.actions import RoleRefused
from coe_portal.people.forms import EndForm, GrantForm, MembershipForm, RoleFilterForm
from coe_portal.people.models import RoleGrant, User
from coe_portal.people.permissions import may_administer, may_see_all_roles
from coe_portal.people.views.members import person_page


@require_safe
@only(may_see_all_roles)
def roles(request: PortalRequest) -> HttpResponse:
    form = RoleFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    context = {
        "form": form,
        "page": page_by_key(request, queries.grants_filtered(chosen, today()), by="starts"),
        "query": request.GET.urlencode(),
        "day": chosen.get("day") or today(),
        "today": today(),
        "may_administer": may_administer(request.user),
    }
    return render(request, "people/all_roles.html", context)


@require_safe
@only(may_see_all_roles)
def export_roles(request: PortalRequest) -> HttpResponseBase:
    form = RoleFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    header = [_("Name"), _("E-mail"), _("Role"), _("For"), _("From"), _("Until"), _("Handed on by")]
    lines = queries.grant_lines(queries.grants_filtered(chosen, today()))
    name = f"roles-{(chosen.get('day') or today()).isoformat()}"
    as_file = xlsx_response if request.GET.get("form") == "xlsx" else csv_response
    return as_file(name, header, lines)


@require_POST
@only(may_administer)
@recently_authenticated()
def grant_role(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id)
    form = GrantForm(request.POST, person=shown)
    if form.is_valid():
        try:
            actions.grant_role(by=request.user, person=shown, **form.cleaned_data)
        except RoleRefused as refused:
            form.add_error("role", str(refused))
        else:
            messages.success(request, _("The role is given."))
            return go(request, "people:person", shown.pk)
    return person_page(request, shown, form, MembershipForm(person=shown))


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
@recently_authenticated()
def edit_role(request: PortalRequest, grant_id: int) -> HttpResponse:
    """Another end."""
    grant = get_object_or_404(RoleGrant.objects.open_on(today()).select_related("person", "branch"), pk=grant_id)
    form = EndForm(request.POST or None, starts=grant.starts, initial={"ends": grant.ends})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_end(by=request.user, grant=grant, ends=form.cleaned_data["ends"])
        except RoleRefused as refused:
            form.add_error("ends", str(refused))
        else:
            messages.success(request, _("The end of the role is changed."))
            return go(request, "people:person", grant.person_id)
    return render(request, "people/edit_role.html", {"form": form, "grant": grant})


@require_POST
@only(may_administer)
@recently_authenticated()
def end_role(request: PortalRequest, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant.objects.open_on(today()).select_related("person"), pk=grant_id)
    if grant.person_id == request.user.pk and grant.role == "administrator":
        messages.error(request, _("Nobody takes the administrator's role from themselves. Ask another administrator."))
        return go(request, "people:person", grant.person_id)
    try:
        if grant.delegated_from_id:
            actions.end_delegation(by=request.user, grant=grant, on=today())
        else:
            actions.end_role(by=request.user, grant=grant, on=today())
        messages.success(request, _("The role has ended."))
    except RoleRefused as refused:
        messages.error(request, str(refused))
    return go(request, "people:person", grant.person_id)

"""The administrator's list of people and the page of one of them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.people import actions, queries
from coe_portal.people.forms import FilterForm, GrantForm, MembershipForm, PersonForm
from coe_portal.people.models import Membership, RoleGrant, User
from coe_portal.people.permissions import may_administer, may_deactivate


@require_safe
@only(may_administer)
def index(request: PortalRequest) -> HttpResponse:
    form, today = FilterForm(request.GET), timezone.localdate()
    chosen = form.cleaned_data if form.is_valid() else {}
    page = page_by_key(request, queries.people_filtered(chosen, today), by="name", ascending=True)
    ids = [person.pk for person in page.rows]
    departments, roles = queries.department_names(ids, today), queries.role_labels(ids, today)
    rows = [(person, departments.get(person.pk, ""), roles.get(person.pk, [])) for person in page.rows]
    return render(request, "people/index.html", {"form": form, "page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def add(request: PortalRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/add.html", {"form": form})
    data, today = form.cleaned_data, timezone.localdate()
    department = data.pop("department")
    person = actions.add_person(by=request.user, on=today, department=department, **data)
    messages.success(request, _("Done. Send them the link below, it lets them choose a password."))
    return go(request, "people:person", person.pk)


@require_safe
@only(may_administer)
def person(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User.objects.select_related("manager", "merged_into"), pk=person_id)
    return person_page(request, shown, GrantForm(person=shown), MembershipForm(person=shown))


@require_POST
@only(may_administer)
def deactivate(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User.objects.active(), pk=person_id)
    if not may_deactivate(request.user, shown):
        raise Http404
    actions.deactivate(by=request.user, person=shown)
    messages.success(request, _("%(name)s can no longer sign in and is signed out everywhere.") % {"name": shown.name})
    return go(request, "people:person", shown.pk)


@require_POST
@only(may_administer)
def reactivate(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User.objects.filter(is_active=False, merged_into=None), pk=person_id)
    actions.reactivate(by=request.user, person=shown)
    messages.success(request, _("%(name)s can sign in again.") % {"name": shown.name})
    return go(request, "people:person", shown.pk)


def person_page(request: PortalRequest, shown: User, grant: GrantForm, membership: MembershipForm) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "shown": shown,
        "today": today,
        "grants": RoleGrant.objects.filter(person=shown)
        .select_related("branch", "delegated_from__person")
        .order_by("-starts", "-pk"),
        "memberships": Membership.objects.filter(person=shown).select_related("department").order_by("-starts", "-pk"),
        "grant_form": grant,
        "membership_form": membership,
        "may_deactivate": may_deactivate(request.user, shown),
        "merged_accounts": shown.merged_accounts.order_by("pk"),
        "merged_url": reverse("people:person", args=[shown.merged_into_id]) if shown.merged_into_id else "",
        "password_link": queries.password_link(shown) if shown.is_active and not shown.last_login else "",
    }
    return render(request, "people/person.html", context)

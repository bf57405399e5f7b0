"""Pages of the administrator: people, departments, roles, audiences."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.people import actions, queries
from coe_portal.people.forms import AudienceForm, DepartmentForm, FilterForm, GrantForm, MembershipForm, PersonForm
from coe_portal.people.models import Audience, Department, Membership, RoleGrant, User
from coe_portal.people.permissions import may_administer, may_deactivate, may_manage_audiences


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
    shown = get_object_or_404(User, pk=person_id)
    return _person_page(request, shown, GrantForm(person=shown), MembershipForm(person=shown))


@require_POST
@only(may_administer)
def grant_role(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id)
    form = GrantForm(request.POST, person=shown)
    if not form.is_valid():
        return _person_page(request, shown, form, MembershipForm(person=shown))
    actions.grant_role(by=request.user, person=shown, **form.cleaned_data)
    messages.success(request, _("The role is given."))
    return go(request, "people:person", shown.pk)


@require_POST
@only(may_administer)
def join_department(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id)
    form = MembershipForm(request.POST, person=shown)
    if not form.is_valid():
        return _person_page(request, shown, GrantForm(person=shown), form)
    actions.join_department(by=request.user, person=shown, **form.cleaned_data)
    messages.success(request, _("The department is added."))
    return go(request, "people:person", shown.pk)


@require_POST
@only(may_administer)
def end_role(request: PortalRequest, grant_id: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant.objects.open_on(timezone.localdate()), pk=grant_id)
    if grant.person_id == request.user.pk and grant.role == "administrator":
        messages.error(request, _("Nobody takes the administrator's role from themselves. Ask another administrator."))
    else:
        actions.end_role(by=request.user, grant=grant, on=timezone.localdate())
        messages.success(request, _("The role has ended."))
    return go(request, "people:person", grant.person_id)


@require_POST
@only(may_administer)
def leave_department(request: PortalRequest, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.open_on(timezone.localdate()), pk=membership_id)
    actions.leave_department(by=request.user, membership=membership, on=timezone.localdate())
    messages.success(request, _("The membership has ended."))
    return go(request, "people:person", membership.person_id)


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
    shown = get_object_or_404(User.objects.filter(is_active=False), pk=person_id)
    actions.reactivate(by=request.user, person=shown)
    messages.success(request, _("%(name)s can sign in again.") % {"name": shown.name})
    return go(request, "people:person", shown.pk)


@require_safe
@only(may_administer)
def departments(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    there = Q(memberships__starts__lte=today) & (Q(memberships__ends=None) | Q(memberships__ends__gt=today))
    sizes = dict(Department.objects.annotate(n=Count("memberships", filter=there)).values_list("pk", "n"))
    rows = [(each, sizes[each.pk]) for each in Department.objects.with_tree_fields()]
    return render(request, "people/departments.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def add_department(request: PortalRequest) -> HttpResponse:
    form = DepartmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_department(by=request.user, **form.cleaned_data)
        messages.success(request, _("The department is added."))
        return go(request, "people:departments")
    return render(request, "people/add_department.html", {"form": form})


@require_safe
@only(may_manage_audiences)
def audiences(request: PortalRequest) -> HttpResponse:
    return render(request, "people/audiences.html", {"rows": queries.audience_rows()})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_audiences)
def add_audience(request: PortalRequest) -> HttpResponse:
    return _audience_page(request, Audience())


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_audiences)
def edit_audience(request: PortalRequest, audience_id: int) -> HttpResponse:
    return _audience_page(request, get_object_or_404(Audience.objects.filter(is_everyone=False), pk=audience_id))


def _audience_page(request: PortalRequest, audience: Audience) -> HttpResponse:
    form = AudienceForm(request.POST or None, instance=audience)
    if request.method == "POST" and form.is_valid():
        branches = form.cleaned_data["branches"]
        actions.save_audience(by=request.user, audience=audience, branches=branches, on=timezone.localdate())
        messages.success(request, _("The audience is saved and counted."))
        return go(request, "people:audiences")
    return render(request, "people/audience.html", {"form": form, "audience": audience})


def _person_page(request: PortalRequest, shown: User, grant: GrantForm, membership: MembershipForm) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "shown": shown,
        "today": today,
        "grants": RoleGrant.objects.filter(person=shown).select_related("branch").order_by("-starts", "-pk"),
        "memberships": Membership.objects.filter(person=shown).select_related("department").order_by("-starts", "-pk"),
        "grant_form": grant,
        "membership_form": membership,
        "may_deactivate": may_deactivate(request.user, shown),
        "password_link": queries.password_link(shown) if shown.is_active and not shown.last_login else "",
    }
    return render(request, "people/person.html", context)

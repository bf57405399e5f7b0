from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.people import actions
from coe_portal.people.forms import DepartmentForm, GrantForm, MembershipForm
from coe_portal.people.models import Department, Membership, User
from coe_portal.people.permissions import may_administer
from coe_portal.people.views.members import person_page


@require_safe
@only(may_administer)
def departments(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    there = Q(memberships__starts__lte=today) & (Q(memberships__ends=None) | Q(memberships__ends__gt=today))
    there &= Q(memberships__person__is_active=True)
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


@require_POST
@only(may_administer)
def join_department(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id)
    form = MembershipForm(request.POST, person=shown)
    if not form.is_valid():
        return person_page(request, shown, GrantForm(person=shown), form)
    actions.join_department(by=request.user, person=shown, **form.cleaned_data)
    messages.success(request, _("The department is added."))
    return go(request, "people:person", shown.pk)


@require_POST
@only(may_administer)
def leave_department(request: PortalRequest, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(Membership.objects.open_on(timezone.localdate()), pk=membership_id)
    actions.leave_department(by=request.user, membership=membership, on=timezone.localdate())
    messages.success(request, _("The membership has ended."))
    return go(request, "people:person", membership.person_id)

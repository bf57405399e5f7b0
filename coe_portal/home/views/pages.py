from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coe_portal.contributions import done_since, home_cards, home_versions, open_obligations
from coe_portal.core import versions
from coe_portal.core.fragments import fragment
from coe_portal.core.http import PortalRequest
from coe_portal.home.health import audit_state, health
from coe_portal.home.queries import due_groups, is_overdue
from coe_portal.people.models import Membership, RoleGrant, User
from coe_portal.people.permissions import may_see_roles

OBLIGATIONS_ON_HOME = 5
DONE_LATELY = timedelta(days=90)
DONE_AT_MOST = 8


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    parts = health()
    well = set(parts.values()) == {"ok"}
    body = {"status": "ok" if well else "missing parts", **parts, "audit": audit_state()}
    return JsonResponse(body, status=200 if well else 503)


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    person, today = request.user, timezone.localdate()
    names = [f"person:{person.pk}", *home_versions()]

    def what_is_new() -> dict[str, object]:
        obligations = open_obligations([person.pk], today)
        return {
            "obligations": obligations[:OBLIGATIONS_ON_HOME],
            "number": len(obligations),
            "cards": home_cards(person, today),
            "today": today,
        }

    body = fragment("home/body.html", [person.pk, today, person.time_zone, versions.read(*names)], what_is_new)
    return render(request, "home/index.html", {"body": body})


@require_safe
def my(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    owed = open_obligations([request.user.pk], today)
    context = {
        "groups": due_groups(owed, today),
        "number": len(owed),
        "overdue": sum(1 for each in owed if is_overdue(each, today)),
        "next": next((each for each in owed if each.due and each.due >= today), None),
        "done": done_since(request.user, today - DONE_LATELY)[:DONE_AT_MOST],
        "has_team": User.objects.active().filter(manager=request.user).exists(),
        "today": today,
    }
    return render(request, "home/my.html", context)


@require_safe
def person(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User.objects.active(), pk=person_id)
    today = timezone.localdate()
    context = {
        "shown": shown,
        "memberships": Membership.objects.on(today).filter(person=shown).select_related("department"),
        "grants": RoleGrant.objects.on(today).filter(person=shown).select_related("branch", "delegated_from__person")
        if may_see_roles(request.user)
        else None,
        "is_self": shown.pk == request.user.pk,
    }
    return render(request, "home/person.html", context)

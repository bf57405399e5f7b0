"""Pages that belong to no app, built from what the apps contribute."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coe_portal.contributions import home_cards, open_obligations
from coe_portal.core.http import PortalRequest
from coe_portal.home.health import health
from coe_portal.people.models import User


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    parts = health()
    well = set(parts.values()) == {"ok"}
    return JsonResponse({"status": "ok" if well else "missing parts", **parts}, status=200 if well else 503)


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "obligations": open_obligations([request.user.pk], today),
        "cards": home_cards(request.user, today),
    }
    return render(request, "home/index.html", context)


@require_safe
def my(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    return render(request, "home/my.html", {"obligations": open_obligations([request.user.pk], today), "today": today})


@require_safe
def person(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User.objects.active(), pk=person_id)
    return render(request, "home/person.html", {"shown": shown})

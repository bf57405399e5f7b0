from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go
from coe_portal.core.paging import page_by_key
from coe_portal.notifications import actions, unsubscribing
from coe_portal.notifications.models import Notification
from coe_portal.notifications.queries import kind_of, shown


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    page = page_by_key(request, Notification.objects.visible_to(request.user), by="created_at")
    rows = shown(page.rows, request.user)
    return render(request, "notifications/index.html", {"page": page, "rows": rows})


@require_POST
def mark_read(request: PortalRequest) -> HttpResponse:
    """All of them, or the one that is then opened."""
    chosen = request.POST.get("notification", "")
    if not chosen:
        actions.mark_read(person=request.user, at=timezone.now())
        return go(request, "notifications:index")
    opened = get_object_or_404(
        Notification.objects.visible_to(request.user), pk=int(chosen) if chosen.isdecimal() else None
    )
    actions.mark_read(person=request.user, at=timezone.now(), notification_id=opened.pk)
    # An address can say as much as a title.
    if not shown([opened], request.user)[0].is_seen:
        return go(request, "notifications:index")
    return HttpResponseRedirect(opened.url)


@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A scanner that opens the link changes nothing; a mail program that posts, as RFC 8058 says, has no session."""
    asked = unsubscribing.read(token)
    if asked is None:
        return render(request, "notifications/unsubscribe.html", {"state": "invalid"}, status=404)
    kind = None if asked.kind == unsubscribing.ALL_KINDS else kind_of(asked.kind)
    if request.method == "POST":
        actions.unsubscribe(asked=asked)
    state = "done" if request.method == "POST" else "ask"
    return render(request, "notifications/unsubscribe.html", {"state": state, "kind": kind})

"""The privacy officer's pages: what waits, holds, retention."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.contributions import home_cards
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.privacy.actions import holding, retaining
from coe_portal.privacy.forms import HoldForm, PeriodForm
from coe_portal.privacy.models import LegalHold
from coe_portal.privacy.permissions import may_look_after_privacy
from coe_portal.privacy.queries.catalogue import retentions
from coe_portal.privacy.queries.holds import kinds
from coe_portal.privacy.queries.overview import overview
from coe_portal.privacy.queries.retaining import days_of, effect_of, periods


@require_safe
@only(may_look_after_privacy)
def index(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    waiting = [item for card in home_cards(request.user, today) for item in card.items if "review" in item.url]
    return render(request, "privacy/index.html", {"overview": overview(today), "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_look_after_privacy)
def holds(request: PortalRequest) -> HttpResponse:
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        holding.place(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The hold is in force. What it covers is not deleted."))
        return go(request, "privacy:holds")
    today = timezone.localdate()
    found = LegalHold.objects.select_related("person", "placed_by", "released_by").order_by("-placed_at")[:200]
    words = dict(kinds())
    rows = [(hold, words.get(hold.kind, hold.kind), hold.is_in_force(today)) for hold in found]
    context = {"form": form, "rows": sorted(rows, key=lambda row: not row[2])}
    return render(request, "privacy/holds.html", context, status=422 if form.errors else 200)


@require_POST
@only(may_look_after_privacy)
def release_hold(request: PortalRequest, hold_id: int) -> HttpResponse:
    hold = get_object_or_404(LegalHold, pk=hold_id)
    holding.release(by=request.user, hold=hold, at=timezone.now())
    messages.success(request, _("The hold is released. The next night may delete what it kept."))
    return go(request, "privacy:holds")


@require_safe
@only(may_look_after_privacy)
def retention(request: PortalRequest) -> HttpResponse:
    return render(request, "privacy/retention.html", {"periods": periods(timezone.now(), timezone.localdate())})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_look_after_privacy)
def change_period(request: PortalRequest, key: str) -> HttpResponse:
    """A shorter period is saved only once it was shown what it removes: `seen` says for which days that was."""
    rule = retentions().get(key)
    if rule is None:
        raise Http404
    form, now = PeriodForm(request.POST or None, rule=rule, initial={"days": days_of(rule)}), timezone.now()
    effect = None
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["days"]
        if days >= days_of(rule) or request.POST.get("seen") == str(days):
            retaining.change_period(by=request.user, rule=rule, days=days, at=now)
            messages.success(request, _("Changed. It counts from the coming night."))
            return go(request, "privacy:retention")
        effect = effect_of(rule, days, now, timezone.localdate(now))
    context = {"form": form, "rule": rule, "effect": effect}
    return render(request, "privacy/period.html", context, status=422 if form.errors else 200)

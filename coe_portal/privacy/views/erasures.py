"""Propose, look at, confirm or decline the erasure of a person; the sealed name."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.privacy.actions import erasing
from coe_portal.privacy.actions.holding import Held
from coe_portal.privacy.forms import AnswerForm, ProposalForm, ReleaseForm
from coe_portal.privacy.models import Erasure, SealedName
from coe_portal.privacy.permissions import (
    may_decide,
    may_look_after_privacy,
    may_propose_erasures,
    may_see_erasures,
)
from coe_portal.privacy.queries.catalogue import affected_by_erasure
from coe_portal.privacy.queries.erasing import sealed_until, stopped_job
from coe_portal.privacy.queries.holds import blocking

BACKUPS_END_AFTER = timedelta(days=35)


@require_safe
@only(may_see_erasures)
def erasures(request: PortalRequest) -> HttpResponse:
    found = Erasure.objects.select_related("person", "proposed_by", "decided_by").order_by("-proposed_at")[:200]
    context = {"erasures": found, "may_propose": may_propose_erasures(request.user)}
    return render(request, "privacy/erasures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_propose_erasures)
def propose(request: PortalRequest) -> HttpResponse:
    form = ProposalForm(request.POST or None, initial={"person": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        if person.pk == request.user.pk:
            form.add_error("person", _("You cannot erase yourself: ask another administrator."))
        else:
            found = erasing.propose(
                by=request.user, person=person, reason=form.cleaned_data["reason"], at=timezone.now()
            )
            messages.success(request, _("Proposed. A privacy officer confirms or declines it."))
            return go(request, "privacy:erasure", found.pk)
    return render(request, "privacy/propose.html", {"form": form}, status=422 if form.errors else 200)


def _page(request: PortalRequest, found: Erasure, **more: object) -> HttpResponse:
    is_open = found.state == Erasure.State.PROPOSED
    sealed = SealedName.objects.filter(erasure=found).first()
    context = {
        "erasure": found,
        "is_open": is_open,
        "affected": affected_by_erasure(found.person) if is_open else None,
        "holds": blocking([found.person_id], timezone.localdate()) if is_open else [],
        "may_decide": is_open and may_decide(request.user, found),
        "answer_form": AnswerForm(),
        "release_form": ReleaseForm(),
        "stopped": stopped_job(found),
        "sealed": sealed,
        "sealed_until": sealed_until(sealed) if sealed else None,
        "may_release": may_look_after_privacy(request.user),
        "backups_end": found.done_at + BACKUPS_END_AFTER if found.done_at else None,
        **more,
    }
    response = render(request, "privacy/erasure.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _found(erasure_id: int) -> Erasure:
    rows = Erasure.objects.select_related("person", "proposed_by", "decided_by")
    return get_object_or_404(rows, pk=erasure_id)


@require_safe
@only(may_see_erasures)
def erasure(request: PortalRequest, erasure_id: int) -> HttpResponse:
    return _page(request, _found(erasure_id))


@require_POST
@only(may_look_after_privacy)
@recently_authenticated()
def confirm(request: PortalRequest, erasure_id: int) -> HttpResponse:
    found = _found(erasure_id)
    try:
        erasing.confirm(by=request.user, erasure=found, at=timezone.now())
    except Held:
        messages.error(request, _("A legal hold covers this person: release it first, or decline."))
    else:
        messages.success(request, _("Confirmed. The person is being erased; you will be told when it is done."))
    return go(request, "privacy:erasure", erasure_id)


@require_POST
@only(may_look_after_privacy)
def decline(request: PortalRequest, erasure_id: int) -> HttpResponse:
    found, form = _found(erasure_id), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, answer_form=form)
    erasing.decline(by=request.user, erasure=found, answer=form.cleaned_data["answer"], at=timezone.now())
    messages.success(request, _("Declined. Nothing was changed."))
    return go(request, "privacy:erasure", erasure_id)


@require_POST
@only(may_look_after_privacy)
@recently_authenticated()
def release_name(request: PortalRequest, erasure_id: int) -> HttpResponse:
    found, form = _found(erasure_id), ReleaseForm(request.POST)
    if not SealedName.objects.filter(erasure=found).exists():
        raise Http404
    if not form.is_valid():
        return _page(request, found, release_form=form)
    known = erasing.release_name(by=request.user, erasure=found, reason=form.cleaned_data["reason"])
    return _page(request, found, known=known)

"""Pages for every reader: the list, a policy, signing it, its history, its clauses."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core import versions
from coe_portal.core.http import PortalRequest, client_address, go
from policies import pages
from policies.actions.acknowledging import acknowledge as acknowledge_version
from policies.actions.acknowledging import consent_to
from policies.actions.refusals import Refused
from policies.forms import FilterForm
from policies.models import Acknowledgement, Policy, State, Topic, Version
from policies.permissions import can_compare, can_purge, can_see_signatures, can_write, is_asked_to_acknowledge
from policies.queries.history import chain_for, life_of, removed_from
from policies.queries.shelf import SHELF, Reading, in_force_for, reading_of, readings_of, signatures_of


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    chosen = form.chosen()
    readings = [each for each in readings_of(request.user) if _matches(each, chosen)]
    owed = sorted((each for each in readings if each.is_to_sign), key=lambda each: (each.due, each.policy.title))
    context = {
        "filter": pages.filter_html(form, chosen),
        "is_filtered": any(chosen.values()),
        "to_sign": pages.row_pieces(owed),
        "topics": _by_topic([each for each in readings if not each.is_to_sign]),
        "number_to_sign": len(owed),
        "can_write": can_write(request.user),
    }
    return render(request, "policies/index.html", context)


def _matches(reading: Reading, chosen: dict[str, str]) -> bool:
    policy, words = reading.policy, chosen["q"].casefold().split()
    text = f"{policy.title} {policy.summary}".casefold()
    return (
        all(word in text for word in words)
        and chosen["topic"] in {"", policy.topic}
        and chosen["state"] in {"", reading.status}
    )


def _by_topic(readings: list[Reading]) -> list[dict[str, object]]:
    order = list(Topic.values)
    ordered = sorted(readings, key=lambda each: (order.index(each.policy.topic), each.policy.title))
    return [
        {"label": Topic(topic).label, "id": f"topic-{topic}", "rows": pages.row_pieces(list(rows))}
        for topic, rows in groupby(ordered, key=lambda each: each.policy.topic)
    ]


@require_safe
def policy(request: PortalRequest, slug: str) -> HttpResponse:
    in_force = in_force_for(request.user, slug)
    if in_force is None:
        get_object_or_404(Policy.objects.visible_to(request.user), slug=slug)
        return redirect("policies:history", slug)
    signature = signatures_of(request.user).get(in_force.policy_id)
    reading = reading_of(request.user, in_force, signature)
    context = {
        "policy": in_force,
        "reading": reading,
        "is_late": reading.is_late(timezone.localdate()),
        "consent": consent_to(in_force.title, in_force.number),
        "changes": pages.changes_html(signature.version_id, in_force.version_id, in_force.as_of)
        if signature and reading.changed_since
        else "",
        "can_write": can_write(request.user),
        "can_see_signatures": can_see_signatures(request.user) and in_force.must_acknowledge,
        "can_purge": can_purge(request.user),
        "parts": pages.policy_parts(in_force),
    }
    return render(request, "policies/policy.html", context)


@require_POST
def acknowledge(request: PortalRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Policy.objects.visible_to(request.user), slug=slug)
    number = request.POST.get("version", "")
    version = get_object_or_404(
        Version.objects.final().filter(policy=found), pk=int(number) if number.isdecimal() and len(number) < 19 else 0
    )
    if not is_asked_to_acknowledge(request.user, found):
        raise Http404
    if request.POST.get("consent") != "yes":
        messages.error(request, _("Tick the sentence above the button first: it is what you sign."))
        return go(request, f"{found.get_absolute_url()}#acknowledge")
    try:
        receipt, created = acknowledge_version(
            by=request.user,
            version=version,
            address=client_address(request),
            user_agent=request.headers.get("User-Agent", ""),
            at=timezone.now(),
        )
    except Refused as refused:
        messages.warning(request, str(refused))
        return go(request, found)
    if created:
        messages.success(request, _("Signed. Thank you for reading it."))
    return go(request, "policies:receipt", receipt.reference)


@require_safe
def receipt(request: PortalRequest, reference: str) -> HttpResponse:
    found = get_object_or_404(
        Acknowledgement.objects.visible_to(request.user).select_related("version__policy", "person"),
        reference=reference,
    )
    left = [each for each in readings_of(request.user) if each.is_to_sign]
    context = {
        "receipt": found,
        "version": found.version,
        "left": left,
        "is_mine": found.person_id == request.user.pk,
        "redactions": [each for each in removed_from([found.version_id]) if each.at > found.at],
    }
    return render(request, "policies/receipt.html", context)


@require_safe
def history(request: PortalRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Policy.objects.visible_to(request.user).select_related("owner"), slug=slug)
    chain = chain_for(request.user, found)
    readable = set(Version.objects.filter(policy=found).readable_by(request.user).values_list("pk", flat=True))
    signed = set(
        Acknowledgement.objects.filter(person=request.user, version__policy=found).values_list("version_id", flat=True)
    )
    rows = [{"version": each, "is_readable": each.pk in readable, "is_signed": each.pk in signed} for each in chain]
    comparable = [each for each in chain if each.pk in readable]
    context = {"policy": found, "rows": rows, "comparable": comparable, "can_write": can_write(request.user)}
    return render(request, "policies/history.html", context)


@require_safe
def version(request: PortalRequest, slug: str, number: str) -> HttpResponse:
    shown = _readable_version(request, slug, number)
    if shown.state == State.PUBLISHED:
        return redirect(shown.policy)
    clauses = pages.shown_clauses(slug, shown.title, list(shown.clauses.order_by("number")))
    context = {
        "policy": shown.policy,
        "version": shown,
        "clauses": clauses,
        "can_write": can_write(request.user),
        "can_purge": can_purge(request.user),
        "redactions": removed_from([shown.pk]),
    }
    return render(request, "policies/version.html", context)


def _readable_version(request: PortalRequest, slug: str, number: str) -> Version:
    """A number that is none, one never written and one not for this reader are the same 404."""
    major, _dot, minor = number.partition(".")
    if not (major.isdecimal() and minor.isdecimal() and len(number) <= 9):
        raise Http404
    rows = Version.objects.readable_by(request.user).select_related("policy__owner")
    return get_object_or_404(rows, policy__slug=slug, major=int(major), minor=int(minor))


@require_safe
def compare(request: PortalRequest, slug: str) -> HttpResponse:
    old = _readable_version(request, slug, request.GET.get("from", ""))
    new = _readable_version(request, slug, request.GET.get("to", ""))
    if not can_compare(request.user, old, new):
        raise Http404
    if old.is_open or new.is_open:
        changes = pages.changes_context(old.pk, new.pk)
    else:
        changes = {"html": pages.changes_html(old.pk, new.pk, versions.read(SHELF))}
    context = {
        "policy": new.policy,
        "old": old,
        "new": new,
        "changes": changes,
        "redactions": removed_from([old.pk, new.pk]),
    }
    return render(request, "policies/compare.html", context)


@require_safe
def clause(request: PortalRequest, slug: str, anchor: str) -> HttpResponse:
    """The permanent address of a clause: what it says now, or what became of it."""
    found = get_object_or_404(Policy.objects.visible_to(request.user), slug=slug)
    life = life_of(found, anchor)
    if life is None:
        raise Http404
    shown = pages.shown_clauses(slug, found.title, [life.current])[0] if life.current else None
    context = {"policy": found, "life": life, "shown": shown, "in_force": in_force_for(request.user, slug)}
    return render(request, "policies/clause.html", context)

"""Writing a rule: nothing is saved until it is said what saving would change."""

from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coe_portal.audiences.forms.builder import Builder
from coe_portal.audiences.forms.conditions import FORMS, vocabulary_for
from coe_portal.audiences.permissions import may_change
from coe_portal.audiences.queries.reach import Impact, Reach, impact_of, reach_of, with_rule
from coe_portal.core.http import PortalRequest, go, only, render_part
from coe_portal.people.access import today
from coe_portal.people.actions import save_audience
from coe_portal.people.models import Audience
from coe_portal.people.permissions import may_manage_audiences
from coe_portal.people.queries import names_for, rule_in_words
from coe_portal.people.rules import Rule, RuleError


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_audiences)
def add(request: PortalRequest) -> HttpResponse:
    return _build(request, Audience())


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_audiences)
def edit(request: PortalRequest, audience_id: int) -> HttpResponse:
    audience = get_object_or_404(Audience.objects.filter(is_everyone=False), pk=audience_id)
    if not may_change(request.user, audience):
        raise PermissionDenied
    return _build(request, audience)


def _build(request: PortalRequest, audience: Audience) -> HttpResponse:
    builder = Builder(audience, vocabulary_for(audience), request.POST if request.method == "POST" else None)
    do = request.POST.get("do", "")
    rule = builder.check() if do in ("save", "review") else None
    impact = None
    is_new = audience.pk is None
    if rule and do == "save" and (is_new or request.POST.get("reviewed") == _digest(rule)):
        if _saved(request, builder, rule):
            return go(request, "audiences:audience", audience.pk)
    elif rule and not is_new:
        impact = _impact(request, builder, rule)
    elif not rule:
        builder.press(do)
    return render_part(request, "audiences/edit.html", "builder", _context(request, builder, rule, impact, do))


def _saved(request: PortalRequest, builder: Builder, rule: Rule) -> bool:
    """False when somebody else was faster, or the rule cannot be worked out; what was typed is kept."""
    audience = builder.audience
    is_new = audience.pk is None
    if not is_new and builder.naming.cleaned_data["edition"] != audience.edition:
        builder.error = _(
            "Somebody changed this audience meanwhile. Your rule is kept here; look at theirs, then decide."
        )
        return False
    before = audience.name, audience.rule, audience.edition, audience.made_by
    audience.name, audience.rule = builder.naming.cleaned_data["name"], rule.as_data()
    try:
        save_audience(by=request.user, audience=audience, on=today())
    except RuleError as error:
        builder.error = str(error)
        audience.name, audience.rule, audience.edition, audience.made_by = before
        if is_new:
            audience.pk = None
        return False
    messages.success(request, _("The audience is saved and counted."))
    return True


def _impact(request: PortalRequest, builder: Builder, rule: Rule) -> Impact | None:
    try:
        return impact_of(builder.audience, rule, request.user, on=today())
    except RuleError as error:
        builder.error = str(error)
        return None


def _reach(request: PortalRequest, builder: Builder, rule: Rule) -> Reach | None:
    if rule.is_empty:
        return None
    do, search = request.POST.get("do", ""), request.POST.get("q", "")[:100].replace("\x00", "")
    after = do.partition(":")[2].replace("\x00", "") if do.startswith("more:") else ""
    try:
        return reach_of(with_rule(builder.audience, rule), request.user, on=today(), search=search, after=after)
    except RuleError as error:
        builder.error = str(error)
        return None


def _context(
    request: PortalRequest, builder: Builder, rule: Rule | None, impact: Impact | None, do: str
) -> dict[str, Any]:
    so_far = rule or builder.so_far()
    reach = _reach(request, builder, so_far)
    return {
        "audience": builder.audience,
        "builder": builder,
        "node": builder.node(),
        "naming": builder.shown_naming,
        "abouts": [(about, form.label) for about, form in FORMS.items()],
        "words": "" if so_far.is_empty else rule_in_words(so_far, names_for([so_far])),
        "reach": reach,
        "search": request.POST.get("q", ""),
        "is_continued": do.startswith("more:"),
        "impact": impact,
        "has_exceptions": bool(so_far.also or so_far.never or builder.naming.errors.keys() & {"also", "never"}),
        "reviewed": _digest(rule) if rule and impact else "",
    }


def _digest(rule: Rule) -> str:
    return sha256(dumps(rule.as_data(), sort_keys=True).encode()).hexdigest()

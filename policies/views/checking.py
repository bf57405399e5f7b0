"""Check my post: a draft comes in, marks go out, nothing stays."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coe_portal.core.http import PortalRequest, go
from coe_portal.guard.engine import Post, find, mark
from policies.actions.checking import set_rules
from policies.forms import CheckForm, RulesForm
from policies.pages import ASK_URL
from policies.permissions import can_write
from policies.queries.rules import chosen_clauses, clauses_for


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: PortalRequest) -> HttpResponse:
    form = CheckForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "can_write": can_write(request.user), "ask_url": ASK_URL}
    if form.is_bound and form.is_valid():
        context |= _result(request, form.cleaned_data)
    template = "policies/check.html#result" if request.htmx and "findings" in context else "policies/check.html"
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response


def _result(request: PortalRequest, data: dict[str, Any]) -> dict[str, Any]:
    text = data["text"]
    answers = data["answer"] or data["network"] == "review"
    findings = find(text, Post(official=data["author"] == "official", paid=data["paid"], answer=answers))
    clauses = clauses_for(request.user, {each.kind for each in findings})
    rows = [
        {"finding": each, "words": text[each.start : each.end], "clause": clauses.get(each.kind)} for each in findings
    ]
    return {"findings": rows, "marked": mark(text, findings), "sure": sum(each.is_sure for each in findings)}


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: PortalRequest) -> HttpResponse:
    if not can_write(request.user):
        raise Http404
    form = RulesForm(request.POST or None, initial=chosen_clauses())
    if request.method == "POST" and form.is_valid():
        set_rules(by=request.user, chosen=form.chosen())
        messages.success(request, _("Saved."))
        return go(request, "policies:check")
    return render(request, "policies/rules.html", {"form": form})

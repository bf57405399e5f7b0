"""The strategists' desk: drafts, the editor, decisions, publishing. For everybody else none of it exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core import markdown
from coe_portal.core.http import PortalRequest, go
from policies import pages
from policies.actions import deciding, drafting, publishing
from policies.actions.drafting import Wording, clauses_of
from policies.actions.refusals import Refused
from policies.forms import DecisionForm, PolicyForm, PublishForm, WordingForm
from policies.models import Change, KeptText, Policy, Review, State, Version
from policies.permissions import can_decide, can_publish, can_retire, can_write, has_written
from policies.queries.shelf import in_force_for
from policies.queries.signatures import audience_size
from policies.queries.workspace import Cost, workspace_of
from policies.text import parse, with_anchors

View = Callable[..., HttpResponse]


def for_writers(view: View) -> View:
    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_write(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _open_version(request: PortalRequest, slug: str) -> Version:
    rows = Version.objects.open().select_related("policy__owner", "policy__audience", "previous")
    return get_object_or_404(rows, policy__in=Policy.objects.visible_to(request.user), policy__slug=slug)


@require_safe
@for_writers
def workspace(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    return render(request, "policies/workspace.html", {"workspace": workspace_of(request.user, today), "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def new(request: PortalRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None, initial={"owner": request.user.pk})
    if request.method == "POST" and form.is_valid():
        version = drafting.create_policy(by=request.user, at=timezone.now(), **form.cleaned_data)
        return go(request, "policies:edit", version.policy.slug)
    return render(request, "policies/settings.html", {"form": form, "policy": None})


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def settings(request: PortalRequest, slug: str) -> HttpResponse:
    policy = get_object_or_404(Policy.objects.visible_to(request.user), slug=slug)
    form = PolicyForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        drafting.change_settings(by=request.user, policy=policy, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return go(request, policy)
    return render(request, "policies/settings.html", {"form": form, "policy": policy})


@require_POST
@for_writers
def start(request: PortalRequest, slug: str) -> HttpResponse:
    policy = get_object_or_404(Policy.objects.visible_to(request.user), slug=slug)
    drafting.start_version(by=request.user, policy=policy, at=timezone.now())
    return go(request, "policies:edit", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def edit(request: PortalRequest, slug: str) -> HttpResponse:
    version = _open_version(request, slug)
    kept = KeptText.objects.filter(version=version, person=request.user).first()
    form = WordingForm(request.POST or None, instance=version, initial=_initial(version, kept))
    if request.method == "POST" and form.is_valid():
        try:
            drafting.save_wording(
                by=request.user,
                version=version,
                wording=_wording(form),
                edition=form.cleaned_data["edition"],
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return go(request, "policies:edit", slug)
    return render(request, "policies/edit.html", _editor(request, version, form, kept))


def _initial(version: Version, kept: KeptText | None) -> dict[str, Any]:
    fields = kept.fields if kept else {}
    return {"edition": version.edition, **fields}


def _wording(form: WordingForm) -> Wording:
    data = form.cleaned_data
    change, note = data.get("change", Change.MATERIAL), data.get("change_note", "")
    return Wording(data["title"], data["summary"], data["text"], change, note)


def _editor(request: PortalRequest, version: Version, form: WordingForm, kept: KeptText | None) -> dict[str, Any]:
    text = form["text"].value() or ""
    return {
        "policy": version.policy,
        "version": version,
        "form": form,
        "kept": kept,
        "was_edited_since": kept is not None and kept.edition != version.edition,
        "clauses": _preview(version, text),
        "intro_html": markdown.render(parse(text).intro),
        "reviews": version.reviews.select_related("reviewer"),
        "in_force": in_force_for(request.user, version.policy.slug),
    }


def _preview(version: Version, text: str) -> list[pages.ShownClause]:
    parsed = parse(with_anchors(text))
    return pages.shown_clauses(version.policy.slug, version.title, clauses_of(version, parsed.clauses))


@require_POST
@for_writers
def preview(request: PortalRequest, slug: str) -> HttpResponse:
    """What is typed, as readers would see it; it is kept aside on the way, and nothing is decided or published."""
    version = _open_version(request, slug)
    form = WordingForm(request.POST, instance=version)
    fields = {name: request.POST.get(name, "").replace("\x00", "") for name in form.fields if name != "edition"}
    edition = request.POST.get("edition", "")
    drafting.keep_text(
        by=request.user,
        version=version,
        fields=fields,
        edition=int(edition) if edition.isdecimal() and len(edition) < 10 else version.edition,
        at=timezone.now(),
    )
    context = {
        "policy": version.policy,
        "version": version,
        "clauses": _preview(version, fields["text"]),
        "intro_html": markdown.render(parse(fields["text"]).intro),
        "kept_at": timezone.now(),
        "title": fields["title"],
        "summary": fields["summary"],
    }
    template = "policies/parts/preview.html" if request.htmx else "policies/preview.html"
    return render(request, template, context)


@require_POST
@for_writers
def forget(request: PortalRequest, slug: str) -> HttpResponse:
    drafting.forget_kept_text(by=request.user, version=_open_version(request, slug))
    return go(request, "policies:edit", slug)


@require_POST
@for_writers
def submit(request: PortalRequest, slug: str) -> HttpResponse:
    version = _open_version(request, slug)
    try:
        drafting.submit(by=request.user, version=version, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return go(request, "policies:edit", slug)
    messages.success(request, _("Handed in. The other strategists have been asked to decide."))
    return go(request, "policies:review", slug)


@require_POST
@for_writers
def discard(request: PortalRequest, slug: str) -> HttpResponse:
    version = _open_version(request, slug)
    try:
        drafting.discard(by=request.user, version=version)
    except Refused as refused:
        messages.error(request, str(refused))
        return go(request, "policies:edit", slug)
    messages.success(request, _("The draft is gone."))
    return go(request, "policies:workspace")


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def review(request: PortalRequest, slug: str) -> HttpResponse:
    version = _open_version(request, slug)
    form = DecisionForm(request.POST or None, initial={"edition": version.edition, "change": ""})
    if request.method == "POST" and form.is_valid():
        try:
            version = _decide(request, version, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your decision is kept, and the writers have been told."))
            return go(request, "policies:review" if version.state != State.DRAFT else "policies:edit", slug)
    return render(request, "policies/review.html", _review_context(request, version, form))


def _decide(request: PortalRequest, version: Version, form: DecisionForm) -> Version:
    data = form.cleaned_data
    if request.POST.get("decision") == Review.Decision.SEND_BACK:
        return deciding.send_back(
            by=request.user, version=version, edition=data["edition"], comment=data["comment"], at=timezone.now()
        )
    return deciding.approve(
        by=request.user,
        version=version,
        edition=data["edition"],
        change=data["change"],
        comment=data["comment"],
        at=timezone.now(),
    )


def _review_context(request: PortalRequest, version: Version, form: DecisionForm) -> dict[str, Any]:
    clauses = list(version.clauses.order_by("number"))
    reviews = list(version.reviews.select_related("reviewer"))
    decided = any(each.reviewer_id == request.user.pk and each.edition == version.edition for each in reviews)
    return {
        "policy": version.policy,
        "version": version,
        "form": form,
        "clauses": pages.shown_clauses(version.policy.slug, version.title, clauses),
        "changes": pages.changes_context(version.previous_id, version.pk) if version.previous_id else None,
        "reviews": reviews,
        "approvals": Review.objects.approvals(version).count(),
        "writers": version.writers.select_related("person"),
        "cost": Cost(audience_size(version.policy), version.minutes),
        "can_decide": can_decide(request.user, version) and not decided,
        "has_written": has_written(request.user, version),
        "has_decided": decided,
        "can_publish": can_publish(request.user, version),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def publish(request: PortalRequest, slug: str) -> HttpResponse:
    version = _open_version(request, slug)
    if not can_publish(request.user, version):
        raise Http404
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.publish(
                by=request.user, version=version, acknowledge_by=form.cleaned_data["acknowledge_by"], at=timezone.now()
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return go(request, "policies:review", slug)
        messages.success(request, _("Published. Everybody it is for will be told."))
        return go(request, version.policy)
    cost = Cost(audience_size(version.policy), version.minutes)
    return render(
        request, "policies/publish.html", {"policy": version.policy, "version": version, "form": form, "cost": cost}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def retire(request: PortalRequest, slug: str) -> HttpResponse:
    rows = Version.objects.published().select_related("policy")
    version = get_object_or_404(rows, policy__in=Policy.objects.visible_to(request.user), policy__slug=slug)
    if not can_retire(request.user, version):
        raise Http404
    if request.method == "POST":
        publishing.retire(by=request.user, version=version, at=timezone.now())
        messages.success(request, _("The policy is no longer in force. Its history and every signature stay."))
        return go(request, "policies:history", slug)
    people = audience_size(version.policy)
    return render(request, "policies/retire.html", {"policy": version.policy, "version": version, "people": people})

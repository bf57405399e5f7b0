"""The strategists' desk: drafts, the editor with its preview, publishing, the history."""

from datetime import datetime
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.announcements import actions
from coe_portal.announcements.actions.common import KIND
from coe_portal.announcements.forms import AnnouncementForm, other_language
from coe_portal.announcements.models import Announcement, Edition, KeptText, Receipt
from coe_portal.announcements.permissions import can_edit, may_announce
from coe_portal.announcements.queries.texts import Text
from coe_portal.announcements.views.common import tell_it_changed
from coe_portal.core import markdown
from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.text import first_words
from coe_portal.notifications import composing
from coe_portal.people.models import AudienceMember

# A mail brings its own styles, and nothing else.
OF_A_MAIL = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF], "sandbox": True}
with_mail = csp_update({"frame-src": [SELF]})


@require_safe
@only(may_announce)
def unpublished(request: PortalRequest) -> HttpResponse:
    found = Announcement.objects.unpublished().select_related("audience", "author").order_by("publish_at", "-pk")
    context = {
        "announcements": found,
        "kept": _kept(request, None),
    }
    return render(request, "announcements/unpublished.html", context)


@with_mail
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_announce)
def new(request: PortalRequest) -> HttpResponse:
    return _written(request, None)


@with_mail
@require_http_methods(["GET", "HEAD", "POST"])
@only(may_announce)
def edit(request: PortalRequest, announcement_id: int) -> HttpResponse:
    return _written(request, _editable(announcement_id))


@with_mail
@require_POST
@only(may_announce)
def preview(request: PortalRequest, announcement_id: int | None = None) -> HttpResponse:
    """What is typed, as readers will see it in the portal and by mail; it is kept on the way."""
    written = _editable(announcement_id) if announcement_id else None
    form = _form(request, written)
    fields: dict[str, Any] = {name: request.POST.get(name, "") for name in form.fields if name != "rooms"}
    fields["rooms"] = request.POST.getlist("rooms")
    actions.keep_text(by=request.user, announcement=written, fields=fields, at=timezone.now())
    context = {**_shown(request.POST), "announcement": written, "kept_at": timezone.now()}
    template = "announcements/preview_part.html" if request.htmx else "announcements/preview.html"
    return render(request, template, context)


@csp(OF_A_MAIL)
@xframe_options_sameorigin
@require_safe
@only(may_announce)
def preview_mail(request: PortalRequest, language: str, announcement_id: int | None = None) -> HttpResponse:
    """The mail that somebody gets who is told at once: the real one, for a frame in the preview."""
    written = _editable(announcement_id) if announcement_id else None
    typed = _typed(_form(request, written, _kept(request, written)))
    text = next((each for each in _texts(typed) if each.language == language), None)
    if text is None:
        raise Http404
    address = written.get_absolute_url() if written else reverse("announcements:index")
    return HttpResponse(
        composing.sample(
            request.user, kind=KIND, subject=text.title or "…", lead=text.lead, url=address, language=language
        )
    )


@require_POST
@only(may_announce)
def forget(request: PortalRequest, announcement_id: int | None = None) -> HttpResponse:
    written = _editable(announcement_id) if announcement_id else None
    actions.forget_text(by=request.user, announcement=written)
    return go(request, "announcements:edit", written.pk) if written else go(request, "announcements:new")


@require_POST
@only(may_announce)
def publish(request: PortalRequest, announcement_id: int) -> HttpResponse:
    """Now, or at the time that the announcement names."""
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    at_once, now = "now" in request.POST or chosen.publish_at is None, timezone.now()
    if passed := _passed(chosen, now, at_once=at_once):
        messages.error(request, passed)
        return go(request, chosen)
    try:
        if at_once:
            actions.publish(by=request.user, announcement=chosen, at=now)
            messages.success(request, _("The announcement is published. Its audience is being told."))
        else:
            actions.schedule(by=request.user, announcement=chosen)
            messages.success(request, _("The announcement is scheduled."))
    except actions.WrongState:
        tell_it_changed(request)
    return go(request, chosen)


def _passed(announcement: Announcement, now: datetime, *, at_once: bool) -> str:
    """What cannot be, because a draft has been lying about longer than its times."""
    if announcement.is_expired(now):
        return _("The time at which it is taken down has passed. Change it first.")
    if not at_once and announcement.publish_at and announcement.publish_at <= now:
        return _("The time at which it is to be published has passed. Choose a later one, or publish it now.")
    return ""


@require_POST
@only(may_announce)
def unschedule(request: PortalRequest, announcement_id: int) -> HttpResponse:
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    try:
        actions.unschedule(by=request.user, announcement=chosen)
        messages.success(request, _("The announcement is a draft again."))
    except actions.WrongState:
        tell_it_changed(request)
    return go(request, chosen)


@require_POST
@only(may_announce)
def withdraw(request: PortalRequest, announcement_id: int) -> HttpResponse:
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    try:
        actions.withdraw(by=request.user, announcement=chosen)
        messages.success(request, _("The announcement is withdrawn. Nobody sees it any more."))
    except actions.WrongState:
        tell_it_changed(request)
    return go(request, chosen)


@require_safe
@only(may_announce)
def history(request: PortalRequest, announcement_id: int) -> HttpResponse:
    chosen = get_object_or_404(Announcement, pk=announcement_id)
    editions = Edition.objects.filter(announcement=chosen).select_related("by")
    return render(request, "announcements/history.html", {"announcement": chosen, "editions": editions})


def _editable(announcement_id: int) -> Announcement:
    found = get_object_or_404(Announcement, pk=announcement_id)
    if not can_edit(found):
        raise Http404
    return found


def _form(request: PortalRequest, written: Announcement | None, kept: KeptText | None = None) -> AnnouncementForm:
    initial: dict[str, Any] = {}
    confirmed_by = 0
    if written:
        other = written.translations.filter(language=other_language(written.language)).first()
        initial = {"other_title": other.title, "other_text": other.text} if other else {}
        initial["rooms"] = list(written.chat_destinations.values_list("pk", flat=True))
        confirmed_by = Receipt.objects.acknowledged().filter(announcement=written).count()
    instance = Announcement.objects.get(pk=written.pk) if written else Announcement()
    initial |= kept.fields if kept else {}
    return AnnouncementForm(request.POST or None, instance=instance, initial=initial, confirmed_by=confirmed_by)


def _written(request: PortalRequest, written: Announcement | None) -> HttpResponse:
    kept = _kept(request, written)
    form = _form(request, written, kept)
    if request.method == "POST" and form.is_valid():
        try:
            return go(request, _save(request, written, form))
        except actions.WrongState:
            form.add_error(None, _("It was published or taken back meanwhile. Look at what it is now, and save again."))
    context = {"form": form, "announcement": written, "kept": kept, **_shown(request.POST or _typed(form))}
    return render(request, "announcements/form.html", context)


def _save(request: PortalRequest, written: Announcement | None, form: AnnouncementForm) -> Announcement:
    data = form.cleaned_data
    saved = actions.save(
        by=request.user,
        announcement=written or Announcement(),
        fields=form.own_fields,
        at=timezone.now(),
        translations=form.translations,
        rooms=data.get("rooms") if "rooms" in form.fields else None,
        change=actions.Change(data.get("note", ""), bool(data.get("ask_again"))),
        found=form.found,
    )
    actions.forget_text(by=request.user, announcement=written)
    return saved


def _kept(request: PortalRequest, written: Announcement | None) -> KeptText | None:
    return KeptText.objects.filter(person=request.user, announcement=written).first()


def _typed(form: AnnouncementForm) -> dict[str, Any]:
    return {name: form[name].value() or "" for name in form.fields}


def _shown(typed: Any) -> dict[str, Any]:
    """The texts as they will be read, and the number of readers of the audience."""
    texts = _texts(typed)
    audience = str(typed.get("audience") or "")
    members = AudienceMember.objects.filter(audience_id=audience) if audience.isdecimal() else None
    return {
        "texts": texts,
        "people": members.filter(person__is_active=True).count() if members is not None else None,
        "minutes": Announcement(text=str(typed.get("text") or "")).minutes,
        "has_translation": len(texts) > 1,
    }


def _texts(typed: Any) -> list[Text]:
    language = typed.get("language") or "en"
    texts = [_text(language, typed.get("title"), typed.get("text"))]
    if typed.get("other_title") or typed.get("other_text"):
        texts.append(_text(other_language(language), typed.get("other_title"), typed.get("other_text")))
    return texts


def _text(language: str, title: Any, text: Any) -> Text:
    html = markdown.render(str(text or ""))
    return Text(language, str(title or ""), first_words(html, 280), html)

"""What changes the register."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coe_portal.channels import actions
from coe_portal.channels.forms import ChannelForm, DecisionForm, PublisherForm, RequestForm
from coe_portal.channels.models import Channel, Publisher
from coe_portal.channels.permissions import can_keep, can_keep_register, can_validate
from coe_portal.channels.views.reading import channel_context
from coe_portal.core.http import PortalRequest, go
from coe_portal.people.models import User


def _kept_channel(person: User, channel_id: int) -> Channel:
    channel: Channel = get_object_or_404(Channel.objects.visible_to(person), pk=channel_id)
    if not can_keep(person, channel.department_id):
        raise Http404
    return channel


@require_http_methods(["GET", "HEAD", "POST"])
def request_account(request: PortalRequest) -> HttpResponse:
    form = RequestForm(
        request.POST or None, initial={"department": min(request.user.access.department_ids, default=None)}
    )
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        why = fields.pop("why_not_existing")
        channel = actions.request_channel(by=request.user, fields=fields, why_not_existing=why, on=timezone.localdate())
        messages.success(request, _("Your request is in. A strategist looks at it, and you are told what was decided."))
        return go(request, channel)
    return render(request, "channels/request.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PortalRequest) -> HttpResponse:
    if not can_keep_register(request.user):
        raise PermissionDenied
    form = ChannelForm(request.POST or None, keeper=request.user)
    if request.method == "POST" and form.is_valid():
        channel = actions.add_channel(by=request.user, fields=form.cleaned_data)
        messages.success(request, _("%(name)s is in the register.") % {"name": channel.name})
        return go(request, channel)
    return render(request, "channels/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = _kept_channel(request.user, channel_id)
    form = ChannelForm(request.POST or None, instance=channel, keeper=request.user)
    if request.method == "POST" and form.is_valid():
        actions.edit_channel(by=request.user, channel=channel, fields=form.cleaned_data)
        messages.success(request, _("Saved."))
        return go(request, channel)
    return render(request, "channels/form.html", {"form": form, "channel": channel}, status=422 if form.errors else 200)


@require_POST
def validate(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=channel_id)
    if not can_validate(request.user, channel):
        raise PermissionDenied
    return _try(request, channel, actions.validate_channel, on=timezone.localdate())


@require_POST
def review(request: PortalRequest, channel_id: int) -> HttpResponse:
    return _try(request, _kept_channel(request.user, channel_id), actions.start_review)


@require_POST
def move(request: PortalRequest, channel_id: int) -> HttpResponse:
    to = request.POST.get("to", "")
    if to not in Channel.State.values:
        raise Http404
    return _try(request, _kept_channel(request.user, channel_id), actions.move_channel, to=to)


@require_POST
def decide(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = _kept_channel(request.user, channel_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page_with(request, channel, decision_form=form)
    approve = request.POST.get("decision") == "approve"
    reason = form.cleaned_data["reason"]
    return _try(request, channel, actions.decide, approve=approve, reason=reason, at=timezone.now())


@require_POST
def add_publisher(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = _kept_channel(request.user, channel_id)
    form = PublisherForm(request.POST)
    if not form.is_valid():
        return _page_with(request, channel, publisher_form=form)
    return _try(
        request, channel, actions.add_publisher, person=form.cleaned_data["person"], starts=timezone.localdate()
    )


@require_POST
def end_publisher(request: PortalRequest, channel_id: int, publisher_id: int) -> HttpResponse:
    channel = _kept_channel(request.user, channel_id)
    publisher = get_object_or_404(Publisher.objects.current().filter(channel=channel), pk=publisher_id)
    actions.end_publisher(by=request.user, publisher=publisher, ends=timezone.localdate())
    messages.success(request, _("%(name)s no longer publishes here.") % {"name": publisher.person.name})
    return go(request, channel)


def _try(request: PortalRequest, channel: Channel, verb: Any, **values: Any) -> HttpResponse:
    try:
        verb(by=request.user, channel=channel, **values)
    except actions.WrongState as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Done."))
    return go(request, channel)


def _page_with(request: PortalRequest, channel: Channel, **forms: Any) -> HttpResponse:
    """The account's page again, with the form that was not right and what was typed in it."""
    context = {**channel_context(request.user, channel), **forms, "form": next(iter(forms.values()))}
    return render(request, "channels/channel.html", context, status=422)

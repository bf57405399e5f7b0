"""Chat rooms that the portal posts to, kept by administrators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.notifications import actions
from coe_portal.notifications.chat import ChatRefused
from coe_portal.notifications.forms import RoomForm
from coe_portal.notifications.models import ChatDestination
from coe_portal.people.permissions import may_administer


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def rooms(request: PortalRequest) -> HttpResponse:
    form = RoomForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            room = actions.add_room(by=request.user, **form.cleaned_data)
        except ChatRefused as refused:
            form.add_error("url", str(refused))
        else:
            messages.success(
                request, _("“%(room)s” is added. Send a test message to see whether it arrives.") % {"room": room}
            )
            return go(request, "home:chat_rooms")
    return render(request, "home/chat_rooms.html", {"rooms": ChatDestination.objects.all(), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_administer)
def room(request: PortalRequest, room_id: int) -> HttpResponse:
    found = get_object_or_404(ChatDestination, pk=room_id)
    form = RoomForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_room(by=request.user, room=found, **form.cleaned_data)
        except ChatRefused as refused:
            form.add_error("url", str(refused))
        else:
            messages.success(request, _("The chat room is saved."))
            return go(request, "home:chat_rooms")
    return render(request, "home/chat_room.html", {"room": found, "form": form})


@require_POST
@only(may_administer)
def try_room(request: PortalRequest, room_id: int) -> HttpResponse:
    actions.try_room(by=request.user, room=get_object_or_404(ChatDestination.objects.enabled(), pk=room_id))
    messages.success(
        request, _("The test message is on its way. Load this page again in a moment to see whether it arrived.")
    )
    return go(request, "home:chat_rooms")


@require_POST
@only(may_administer)
def switch_room(request: PortalRequest, room_id: int) -> HttpResponse:
    found = get_object_or_404(ChatDestination, pk=room_id)
    actions.switch_room(by=request.user, room=found, enabled=not found.enabled)
    return go(request, "home:chat_rooms")


@require_POST
@only(may_administer)
def remove_room(request: PortalRequest, room_id: int) -> HttpResponse:
    found = get_object_or_404(ChatDestination, pk=room_id)
    actions.remove_room(by=request.user, room=found)
    messages.success(request, _("“%(room)s” is removed. Its address is not kept.") % {"room": found})
    return go(request, "home:chat_rooms")

"""The register and one account's page."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zlib import crc32

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from coe_portal.channels.forms import DecisionForm, PublisherForm
from coe_portal.channels.models import Channel, ChannelRequest, Network
from coe_portal.channels.permissions import (
    can_keep,
    can_keep_register,
    can_see_figures,
    can_see_request,
    can_see_safety,
    can_validate,
)
from coe_portal.channels.queries import events, filtered, publisher_rows
from coe_portal.contributions import Text
from coe_portal.core.fragments import fragments
from coe_portal.core.http import PortalRequest, render_part
from coe_portal.core.paging import page_by_key
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.people.models import Department, User

FILTERS = ("q", "network", "state", "department", "relation", "stale", "left")
EXPORT_HEADER = (
    gettext_lazy("Name"),
    gettext_lazy("Network"),
    gettext_lazy("Handle"),
    gettext_lazy("Address"),
    gettext_lazy("Whose"),
    gettext_lazy("Department"),
    gettext_lazy("Status"),
    gettext_lazy("Validated"),
)


@require_safe
def index(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = filtered(_register(request.user), request.GET, today)
    page = page_by_key(request, rows, by="name", ascending=True)
    context = {
        "page": page,
        "rows": _row_pieces(page.rows, today),
        "networks": Network.choices,
        "states": Channel.State.choices,
        "departments": Department.objects.order_by("name"),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
        "can_keep_register": can_keep_register(request.user),
        "query": request.GET.urlencode(),
    }
    return render_part(request, "channels/index.html", "register", context)


def _register(person: User) -> Any:
    return Channel.objects.visible_to(person).select_related("department")


def _row_pieces(channels: Sequence[Channel], today: date) -> list[SafeString]:
    by_id = {channel.pk: channel for channel in channels}
    keys = {
        pk: (pk, channel.changed_at.timestamp(), crc32(str(channel.department).encode()), channel.is_stale(today))
        for pk, channel in by_id.items()
    }
    pieces = fragments(
        "channels/row.html",
        keys,
        lambda ids: {pk: {"channel": by_id[pk], "is_stale": by_id[pk].is_stale(today)} for pk in ids},
    )
    return [pieces[pk] for pk in by_id]


@require_safe
def export(request: PortalRequest, kind: str) -> HttpResponseBase:
    """The register as the filters show it, without what would help an attacker."""
    answer = {"csv": csv_response, "xlsx": xlsx_response}.get(kind)
    if answer is None:
        raise Http404
    header = [str(each) for each in EXPORT_HEADER]
    rows = filtered(_register(request.user), request.GET, timezone.localdate()).order_by("name", "pk")
    return answer("accounts", header, (_export_row(channel) for channel in rows))


def _export_row(channel: Channel) -> list[object]:
    return [
        channel.name,
        channel.get_network_display(),
        channel.handle,
        channel.url,
        channel.get_relation_display(),
        channel.department.name if channel.department else "",
        channel.get_state_display(),
        channel.validated_on,
    ]


@require_safe
def channel(request: PortalRequest, channel_id: int) -> HttpResponse:
    found = Channel.objects.visible_to(request.user).select_related("department", "first_contact", "second_contact")
    shown = get_object_or_404(found, pk=channel_id)
    return render(request, "channels/channel.html", channel_context(request.user, shown))


def channel_context(person: User, shown: Channel) -> dict[str, Any]:
    today = timezone.localdate()
    keeps = can_keep(person, shown.department_id)
    asked = ChannelRequest.objects.filter(channel=shown).select_related("requested_by", "decided_by").first()
    return {
        "channel": shown,
        "is_stale": shown.is_stale(today),
        "asked": asked if asked and can_see_request(person, shown) else None,
        "publishers": publisher_rows(shown, today),
        "events": events(shown) if can_validate(person, shown) else [],
        "can_keep_register": keeps,
        "can_validate": can_validate(person, shown) and shown.state in {"active", "dormant"} and not shown.is_peer,
        "can_see_safety": can_see_safety(person, shown),
        "can_see_figures": can_see_figures(person, shown),
        "decision_form": DecisionForm() if keeps and asked and asked.is_open else None,
        "publisher_form": PublisherForm() if keeps and not shown.is_peer else None,
        "moves": _moves(shown, asked) if keeps else [],
    }


MOVES: dict[str, tuple[Text, str]] = {
    Channel.State.ACTIVE: (gettext_lazy("Take it back into use"), "refresh"),
    Channel.State.DORMANT: (gettext_lazy("Put it to rest"), "clock"),
    Channel.State.ARCHIVED: (gettext_lazy("Archive"), "file"),
}


def _moves(shown: Channel, asked: ChannelRequest | None) -> list[tuple[str, Text, str]]:
    """The steps a strategist may take now: state, words, icon."""
    declined = asked is not None and asked.decision == ChannelRequest.Decision.DECLINED
    if declined or not shown.is_listed:
        return []
    return [(str(state), *MOVES[state]) for state in Channel.LISTED if state in Channel.NEXT[shown.state]]

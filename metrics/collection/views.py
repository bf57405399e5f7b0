"""Pages about how figures come in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.channels.models import Channel
from coe_portal.core.http import PortalRequest, go, render_part
from coe_portal.core.paging import page_by_key
from coe_portal.people.models import User
from metrics.collection import actions
from metrics.collection.forms import FigureForm
from metrics.collection.health import StreamRow, collection_of, stream_counts
from metrics.collection.models import Stream
from metrics.collection.permissions import can_collect_now, can_enter_figures, can_see_collection
from metrics.collectors import COLLECTORS


@require_safe
def collection(request: PortalRequest) -> HttpResponse:
    if not can_see_collection(request.user):
        raise Http404
    now = timezone.now()
    visible = Stream.objects.visible_to(request.user)
    streams = visible.select_related("channel")
    in_trouble = request.GET.get("show") == "trouble"
    page = page_by_key(
        request, streams.in_trouble(now) if in_trouble else streams, by="next_due_at", size=50, ascending=True
    )
    context = {
        "page": page,
        "rows": [StreamRow(stream, now) for stream in page.rows],
        "counts": stream_counts(visible, now),
        "in_trouble": in_trouble,
        "shows_all": not in_trouble,
    }
    return render(request, "metrics/collection/index.html", context)


@require_safe
def channel_collection(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = _channel(request.user, channel_id)
    can_collect = can_collect_now(request.user, channel) and channel.network in COLLECTORS
    context = {
        "channel": channel,
        "collection": collection_of(channel, timezone.now()),
        "can_collect": can_collect and channel.state == Channel.State.ACTIVE,
        "can_enter": can_enter_figures(request.user, channel),
        "has_collector": channel.network in COLLECTORS,
    }
    return render_part(request, "metrics/collection/channel.html", "collection", context)


@require_POST
def collect_now(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = _channel(request.user, channel_id)
    if not can_collect_now(request.user, channel) or channel.network not in COLLECTORS:
        raise Http404
    number = actions.ask_now(by=request.user, channel=channel, at=timezone.now())
    told = ngettext("%(n)s stream is read now.", "%(n)s streams are read now.", number) % {"n": number}
    messages.success(request, told)
    return go(request, "metrics:channel_collection", channel.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def enter_figure(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel = _channel(request.user, channel_id)
    if not can_enter_figures(request.user, channel):
        raise Http404
    form = FigureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        recorded = actions.enter_figure(
            by=request.user,
            channel=channel,
            metric=typed["metric"].key,
            day=typed["day"],
            value=typed["value"],
            evidence_url=typed["evidence_url"],
            at=timezone.now(),
        )
        kept = _("Kept, but the network's own figure for this day is shown: it is believed first.")
        messages.success(request, kept if recorded.kept else _("The figure is in."))
        return go(request, "metrics:channel_collection", channel.pk)
    context = {"form": form, "channel": channel}
    return render(request, "metrics/collection/enter.html", context, status=422 if form.errors else 200)


def _channel(person: User, channel_id: int) -> Channel:
    channel: Channel = get_object_or_404(Channel.objects.with_figures_for(person), pk=channel_id)
    return channel

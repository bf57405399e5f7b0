from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.channels.models import Channel, Network
from coe_portal.core.fragments import fragment
from coe_portal.core.http import PortalRequest, go
from coe_portal.core.spreadsheets import csv_response, xlsx_response
from coe_portal.core.versions import read
from metrics.access import only, reach_key
from metrics.collection.dictionary import ENTRIES
from metrics.collection.models import Gap, Metric, Source
from metrics.collection.queries import daily
from metrics.dashboards import actions
from metrics.dashboards.account import METRICS, Span, dashboard, span_asked
from metrics.dashboards.forms import EventNoteForm
from metrics.dashboards.models import EventNote
from metrics.dashboards.overview import network_overview, overview
from metrics.dashboards.permissions import can_see_all_figures, can_see_figures, can_write_notes
from metrics.dashboards.queries import samples_of
from metrics.dashboards.rates import formula
from metrics.periods import add_months, month_of
from metrics.returns.permissions import recorded_by

VERSIONS = ("metrics", "metrics.events", "metrics.returns", "channels")
FORMATS: dict[str, Callable[..., HttpResponseBase]] = {"csv": csv_response, "xlsx": xlsx_response}


@require_safe
@only(can_see_figures)
def index(request: PortalRequest) -> HttpResponse:
    month = _month(request)
    everything = can_see_all_figures(request.user)
    who = "all" if everything else f"person-{request.user.pk}-{read(f'person:{request.user.pk}')}"
    key = [read(*VERSIONS), month, who, request.user.is_strategist, reach_key(recorded_by(request.user))]
    body = fragment("metrics/dashboards/_index.html", key, lambda: overview(request.user, month))
    return render(request, "metrics/dashboards/index.html", {"body": body, "month": month})


@require_safe
@only(can_see_all_figures)
def network(request: PortalRequest, network: str) -> HttpResponse:
    """Figures of a whole network are the organisation's: coordinators have those of their branch on the overview."""
    if network not in Network.values:
        raise Http404
    month = _month(request)
    key = [network, read(*VERSIONS), month]
    body = fragment("metrics/dashboards/_network.html", key, lambda: network_overview(network, month))
    return render(
        request, "metrics/dashboards/network.html", {"body": body, "network": Network(network), "month": month}
    )


def _month(request: PortalRequest) -> date:
    """The month asked for, else the last that is over."""
    this = timezone.localdate().replace(day=1)
    asked = month_of(request.GET.get("month", ""))
    return asked if asked and asked <= this else add_months(this, -1)


def _channel(request: PortalRequest, channel_id: int) -> Channel:
    channel: Channel = get_object_or_404(
        Channel.objects.with_figures_for(request.user).select_related("department"), pk=channel_id
    )
    return channel


@require_safe
def account(request: PortalRequest, channel_id: int) -> HttpResponse:
    channel, span = _channel(request, channel_id), span_asked(request.GET, timezone.localdate())
    key = [channel.pk, read(f"metrics:{channel.pk}", "metrics.events", f"channel:{channel.pk}"), span.query]
    body = fragment("metrics/dashboards/_account.html", key, lambda: dashboard(channel, span))
    context = {"channel": channel, "span": span, "body": body, "ranges": _ranges()}
    return render(request, "metrics/dashboards/account.html", context)


def _ranges() -> list[tuple[int, Span]]:
    end = timezone.localdate() - timedelta(days=1)
    return [(days, Span(end - timedelta(days=days - 1), end)) for days in (30, 90, 365, 730)]


@require_safe
def days(request: PortalRequest, channel_id: int) -> HttpResponse:
    """Day by day, a month at a time, gaps with their reason."""
    channel, month = _channel(request, channel_id), _month_of_days(request)
    end = min(add_months(month, 1) - timedelta(days=1), timezone.localdate())
    rows = _day_rows(channel, month, end)
    context = {
        "channel": channel,
        "month": month,
        "metrics": [entry for entry in ENTRIES if entry.key in METRICS],
        "rows": sorted(rows.items(), reverse=True),
        "older": add_months(month, -1),
        "newer": add_months(month, 1) if add_months(month, 1) <= timezone.localdate() else None,
        "states": dict(Gap.State.choices),
    }
    return render(request, "metrics/dashboards/days.html", context)


def _month_of_days(request: PortalRequest) -> date:
    asked = month_of(request.GET.get("month", "")) or month_of(request.GET.get("to", "")[:7])
    return asked or (timezone.localdate() - timedelta(days=1)).replace(day=1)


def _day_rows(channel: Channel, start: date, end: date) -> dict[date, list[Any]]:
    keys = [entry.key for entry in ENTRIES if entry.key in METRICS]
    rows: dict[date, list[Any]] = {}
    for row in daily([channel.pk], keys, start, end):
        rows.setdefault(row.day, []).append(row)
    return rows


@require_safe
def samples(request: PortalRequest, channel_id: int, day: str) -> HttpResponse:
    """Where the figures of a day come from: every sample, its source, its age and what corrected it."""
    channel = _channel(request, channel_id)
    try:
        shown = date.fromisoformat(day)
    except ValueError as error:
        raise Http404 from error
    found = samples_of(channel, shown, request.GET.get("metric", ""))
    context = {"channel": channel, "day": shown, "samples": found, "demo_source": Source.DEMO}
    return render(request, "metrics/dashboards/samples.html", context)


@require_safe
def export(request: PortalRequest, channel_id: int, kind: str) -> HttpResponseBase:
    """A row a day. A day without a figure has an empty cell, never a 0."""
    if kind not in FORMATS:
        raise Http404
    channel, span = _channel(request, channel_id), span_asked(request.GET, timezone.localdate())
    keys = [entry.key for entry in ENTRIES if entry.key in METRICS]
    name = f"{channel.network}-{channel.pk}-{span.start}-{span.end}"
    return FORMATS[kind](name, ["day", *keys], _export_rows(channel, span))


def _export_rows(channel: Channel, span: Span) -> Iterator[list[object]]:
    for day, row in _day_rows(channel, span.start, span.end).items():
        yield [day.isoformat(), *(None if each.value is None else float(each.value) for each in row)]


@require_safe
def dictionary(request: PortalRequest) -> HttpResponse:
    """Definitions are for everybody: whoever is told a figure may look up what it means."""
    metrics = Metric.objects.prefetch_related("native", "breaks")
    rates = [(network.label, formula(network.value)) for network in Network if formula(network.value)]
    context = {
        "metrics": metrics,
        "networks": dict(Network.choices),
        "rates": rates,
        "has_dashboards": can_see_figures(request.user),
    }
    return render(request, "metrics/dashboards/dictionary.html", context)


@require_safe
@only(can_see_figures)
def events(request: PortalRequest) -> HttpResponse:
    visible = EventNote.objects.visible_to(request.user).select_related("channel", "written_by")[:200]
    return render(
        request, "metrics/dashboards/events.html", {"events": visible, "may_write": can_write_notes(request.user)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(can_write_notes)
def event_add(request: PortalRequest) -> HttpResponse:
    initial = {"day": timezone.localdate(), "channel": request.GET.get("channel")}
    form = EventNoteForm(request.POST or None, initial=initial, reach=recorded_by(request.user))
    if request.method == "POST" and form.is_valid():
        actions.write_note(by=request.user, note=form.save(commit=False))
        return go(request, "metrics:events")
    context = {"form": form, "title": form.heading, "lead": form.lead, "back": "metrics:events"}
    return render(request, "metrics/form.html", context)

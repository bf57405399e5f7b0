"""What the style guide shows: a form with every kind of field, a chart, a moment."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ExampleForm(forms.Form):
    headline = forms.CharField(label=_("Headline"), help_text=_("Say the news in one line."), max_length=120)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 5, "maxlength": 600}), required=False)
    network = forms.ChoiceField(
        label=_("Network"), choices=[("bluesky", "Bluesky"), ("mastodon", "Mastodon"), ("youtube", "YouTube")]
    )
    due = forms.DateField(label=_("Publish on"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(
        label=_("A patient writes a thank-you note on our page. What do you do first?"),
        widget=forms.RadioSelect,
        choices=[
            ("share", _("Share it with the patient's name")),
            ("thank", _("Thank them without confirming that they are a patient")),
            ("delete", _("Delete it")),
        ],
    )
    audience = forms.MultipleChoiceField(
        label=_("Who should see it"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("nurses", _("Nurses")), ("physicians", _("Physicians")), ("volunteers", _("Volunteers"))],
    )
    picture = forms.FileField(label=_("Picture"), help_text=_("PNG or JPEG, at most 5 MB."), required=False)
    consent = forms.BooleanField(label=_("The patient signed the authorisation"))


@dataclass(frozen=True)
class ExampleChart:
    """The shape that <c-chart> draws; apps build their own from their figures."""

    id: str
    title: str
    finding: str
    spec: dict[str, Any]
    alt: str
    source: str
    source_url: str = ""
    age: str = ""
    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    demo: bool = True


FOLLOWERS = [
    ("2026-01", 18200, 6100),
    ("2026-02", 18900, 6500),
    ("2026-03", 19400, 7300),
    ("2026-04", None, 8000),
    ("2026-05", 20900, 8600),
    ("2026-06", 21300, 9900),
    ("2026-07", 21800, 11200),
]


def example_chart() -> ExampleChart:
    values = [
        {"month": f"{month}-01", "network": network, "followers": count}
        for month, facebook, bluesky in FOLLOWERS
        for network, count in (("Facebook", facebook), ("Bluesky", bluesky))
    ]
    encoding = {
        "x": {
            "field": "month",
            "type": "temporal",
            "timeUnit": "utcyearmonth",
            "title": None,
            "scale": {"type": "utc"},
        },
        "y": {"field": "followers", "type": "quantitative", "title": "Followers"},
        "color": {"field": "network", "type": "nominal", "title": None},
        "strokeDash": {"field": "network", "type": "nominal", "title": None},
        "tooltip": [
            {"field": "network", "title": "Network"},
            {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "title": "Month"},
            {"field": "followers", "type": "quantitative", "format": ",", "title": "Followers"},
        ],
    }
    return ExampleChart(
        id="chart-followers",
        title=str(_("Bluesky nearly doubled in half a year")),
        finding=str(_("Followers by network, month ends, January to July 2026")),
        spec={"data": {"values": values}, "mark": {"type": "line", "point": True}, "encoding": encoding, "height": 240},
        alt=str(_("Facebook rose from 18,200 to 21,800, Bluesky from 6,100 to 11,200. April is missing for Facebook.")),
        source=str(_("Public profile figures")),
        age=str(_("2 hours old")),
        columns=[str(_("Month")), "Facebook", "Bluesky"],
        rows=[[month, f"{a:,}" if a else str(_("not known")), f"{b:,}"] for month, a, b in FOLLOWERS],
    )


def example_when() -> datetime:
    return datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def icon_names() -> list[str]:
    return sorted(json.loads((settings.BASE_DIR / "static/src/icons.json").read_text()))

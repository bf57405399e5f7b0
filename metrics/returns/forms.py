"""What strategists enter. An empty cost is one that nobody knows yet; nothing spent is a 0."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Reach, within
from coe_portal.people.models import Department
from metrics.access import choose_among
from metrics.returns.models import (
    Activity,
    Assumption,
    AttributionRule,
    Campaign,
    Goal,
    GoalTarget,
    OutcomeCount,
    OutcomeValue,
)

MAX_FILE_BYTES = 2 * 1024 * 1024


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class MonthField(forms.DateField):
    """A month, kept as its first day."""

    widget = forms.DateInput(format="%Y-%m", attrs={"type": "month"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("For example 2026-10."))
        super().__init__(input_formats=["%Y-%m"], **kwargs)


class CampaignForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Campaign
        fields: ClassVar[list[str]] = ["name", "slug", "purpose", "department", "starts", "ends"]
        widgets: ClassVar[dict[str, Any]] = {
            "starts": day_input(),
            "ends": day_input(),
            "purpose": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "slug": _("Lower-case letters, digits and hyphens; tracked links carry it as utm_campaign."),
            "purpose": _("What is to be different when it is over, in one or two sentences."),
        }

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "department", within(Department.objects.all(), reach, "pk"), reach)


class ActivityForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Activity
        fields: ClassVar[list[str]] = ["name", "campaign", "kind", "day", "hours", "rate", "media", "tools"]
        widgets: ClassVar[dict[str, Any]] = {"day": day_input()}
        help_texts: ClassVar[dict[str, Any]] = {
            "hours": _("Leave empty what is not known yet. Nothing spent is 0."),
            "media": _("Without advertising that is imported from Ads Manager: that is counted already."),
        }

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_among(self, "campaign", Campaign.objects.of(reach), reach)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("hours", "rate", "media", "tools"):
            value = cleaned.get(name)
            if value is not None and value < 0:
                self.add_error(name, _("A cost cannot be less than 0."))
        return cleaned


class OutcomeForm(forms.ModelForm):  # type: ignore[type-arg]
    month = MonthField(label=_("Month"))

    class Meta:
        model = OutcomeCount
        fields: ClassVar[list[str]] = ["month", "kind", "count", "campaign", "network", "rule", "source_note"]
        help_texts: ClassVar[dict[str, Any]] = {
            "count": _("The total of the month. Never enter anything about one patient."),
            "source_note": _("For example: appointment system, report of 3 November."),
        }

    def __init__(self, *args: Any, today: date, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choose_among(self, "campaign", Campaign.objects.of(reach), reach)

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        if month > self.today:
            raise forms.ValidationError(_("This month has not begun yet."))
        return month

    def validate_unique(self) -> None:
        """A second count of the same month is a correction, which the action knows how to keep."""


class OutcomeFileForm(forms.Form):
    file = forms.FileField(label=_("CSV file"), required=False)
    text = forms.CharField(widget=forms.HiddenInput, required=False)
    rule = forms.ChoiceField(
        label=_("Attribution, where the file names none"),
        choices=AttributionRule.choices,
        initial=AttributionRule.LAST_TOUCH,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload:
            cleaned["text"] = self._read(upload)
        elif not cleaned.get("text"):
            self.add_error("file", _("Choose a file."))
        return cleaned

    def _read(self, upload: Any) -> str:
        if upload.size > MAX_FILE_BYTES:
            self.add_error("file", _("The file is larger than 2 MB."))
            return ""
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not text in UTF-8. Save it from the spreadsheet as “CSV UTF-8”."))
            return ""


class ValueForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = OutcomeValue
        fields: ClassVar[list[str]] = ["kind", "low", "likely", "high", "starts", "agreed_on", "agreed_by", "basis"]
        widgets: ClassVar[dict[str, Any]] = {
            "starts": day_input(),
            "agreed_on": day_input(),
            "basis": forms.Textarea(attrs={"rows": 4}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, likely, high = (cleaned.get(name) for name in ("low", "likely", "high"))
        if low is not None and likely is not None and likely < low:
            self.add_error("likely", _("The likely value cannot be less than the lowest."))
        if likely is not None and high is not None and high < likely:
            self.add_error("high", _("The highest value cannot be less than the likely one."))
        return cleaned


class AssumptionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Assumption
        fields: ClassVar[list[str]] = ["key", "value", "statement", "reason", "starts"]
        widgets: ClassVar[dict[str, Any]] = {
            "starts": day_input(),
            "statement": forms.Textarea(attrs={"rows": 3}),
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "value": _("For the attribution rule one of: last_touch, first_touch, linear, position."),
            "statement": _("The sentence that readers of the return see."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        attribution = cleaned.get("key") == Assumption.Key.ATTRIBUTION
        if attribution and cleaned.get("value") not in AttributionRule.values:
            self.add_error("value", _("Name one of: last_touch, first_touch, linear, position."))
        return cleaned


class GoalForm(forms.ModelForm):  # type: ignore[type-arg]
    baseline_month = MonthField(label=_("Month of the baseline"))
    target = forms.DecimalField(label=_("Target"), max_digits=20, decimal_places=2)
    due = forms.DateField(label=_("Due"), widget=day_input())

    class Meta:
        model = Goal
        fields: ClassVar[list[str]] = [
            "title",
            "metric",
            "scope",
            "department",
            "network",
            "baseline",
            "baseline_month",
        ]

    def __init__(self, *args: Any, metrics: list[tuple[str, str]], reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"] = forms.ChoiceField(label=_("Metric"), choices=metrics)
        choose_among(self, "department", within(Department.objects.all(), reach, "pk"), None)
        if reach is not None:
            of_branch = [(Goal.Scope.DEPARTMENT.value, Goal.Scope.DEPARTMENT.label)]
            self.fields["scope"] = forms.ChoiceField(label=_("of"), choices=of_branch)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        scope = cleaned.get("scope")
        if scope == Goal.Scope.DEPARTMENT and not cleaned.get("department"):
            self.add_error("department", _("Choose the department."))
        if scope == Goal.Scope.NETWORK and not cleaned.get("network"):
            self.add_error("network", _("Choose the network."))
        if scope != Goal.Scope.DEPARTMENT:
            cleaned["department"] = None
        if scope != Goal.Scope.NETWORK:
            cleaned["network"] = ""
        return cleaned


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = GoalTarget
        fields: ClassVar[list[str]] = ["value", "due", "reason"]
        widgets: ClassVar[dict[str, Any]] = {"due": day_input()}
        help_texts: ClassVar[dict[str, Any]] = {"reason": _("The earlier target stays visible beside this reason.")}

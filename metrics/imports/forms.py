from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.channels.models import Channel, ChannelRequest
from coe_portal.core.sheets import BYTES_AT_MOST
from coe_portal.people.models import User
from metrics.collection.permissions import can_enter_figures
from metrics.imports.models import Upload

ACCEPTED = ".csv,.tsv,.txt,.xlsx"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Export file"),
        help_text=_("CSV or Excel, as the network gave it: do not open and save it before. At most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > BYTES_AT_MOST:
            raise forms.ValidationError(_("The file is larger than 20 MB. Export a shorter period."))
        return file


class CheckForm(forms.Form):
    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("Channel"))
    exported_on = forms.DateField(
        label=_("Exported on"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Of two files that disagree, the one exported later is believed."),
    )

    def __init__(self, *args: Any, person: User, upload: Upload, networks: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = writable_channels(person, networks)  # type: ignore[attr-defined]
        self.initial = {"channel": upload.channel_id, "exported_on": upload.exported_on, **self.initial}

    def clean_exported_on(self) -> date:
        day: date = self.cleaned_data["exported_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def writable_channels(person: User, networks: list[str]) -> Any:
    """The channels of these networks that the person may bring figures in for."""
    channels = Channel.objects.with_figures_for(person).listed().filter(network__in=networks)
    channels = channels.exclude(request__decision=ChannelRequest.Decision.DECLINED)
    ids = [channel.pk for channel in channels if can_enter_figures(person, channel)]
    return Channel.objects.filter(pk__in=ids).order_by("name")

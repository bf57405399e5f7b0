from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.reminders import actions
from coe_portal.reminders.forms import ThresholdsForm
from coe_portal.reminders.permissions import may_set_thresholds
from coe_portal.reminders.queries import thresholds


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_set_thresholds)
def settings(request: PortalRequest) -> HttpResponse:
    form = ThresholdsForm(request.POST or None, instance=thresholds())
    if request.method == "POST" and form.is_valid():
        actions.set_thresholds(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds from the next run on, tonight."))
        return go(request, "reminders:settings")
    return render(request, "reminders/settings.html", {"form": form})

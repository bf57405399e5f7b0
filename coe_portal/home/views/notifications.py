"""What a person hears of, how and when. The page stands with the account, the choices belong to the notifications."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coe_portal.core.http import PortalRequest, go
from coe_portal.notifications import actions
from coe_portal.notifications.forms import TimesForm, WaysForm
from coe_portal.notifications.models import MailTimes
from coe_portal.notifications.queries import chosen_ways, kind_groups


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: PortalRequest) -> HttpResponse:
    ways = WaysForm(request.POST or None, groups=kind_groups(request.user), chosen=chosen_ways(request.user))
    if request.method == "POST" and ways.is_valid():
        actions.choose(by=request.user, ways=ways.ways)
        messages.success(request, _("Your choice is saved. It holds for what waits to be mailed, too."))
        return go(request, "home:notifications")
    return _page(request, ways, TimesForm(instance=_times(request)))


@require_POST
def mail_times(request: PortalRequest) -> HttpResponse:
    form = TimesForm(request.POST, instance=_times(request))
    if form.is_valid():
        actions.choose_times(by=request.user, **form.cleaned_data)
        messages.success(request, _("Your times are saved."))
        return go(request, "home:notifications")
    return _page(request, WaysForm(groups=kind_groups(request.user), chosen=chosen_ways(request.user)), form)


def _times(request: PortalRequest) -> MailTimes:
    return MailTimes.objects.filter(person=request.user).first() or MailTimes(person=request.user)


def _page(request: PortalRequest, ways: WaysForm, times: TimesForm) -> HttpResponse:
    return render(request, "home/notifications.html", {"ways": ways, "form": times})

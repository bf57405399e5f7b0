from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coe_portal.core.http import PortalRequest, go
from coe_portal.home.forms import SettingsForm
from coe_portal.home.queries import security_of
from coe_portal.people import actions
from coe_portal.people.models import Membership, RoleGrant


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: PortalRequest) -> HttpResponse:
    person = request.user
    form = SettingsForm(request.POST or None, initial={"language": person.language, "time_zone": person.time_zone})
    if request.method == "POST" and form.is_valid():
        actions.update_settings(by=person, **form.cleaned_data)
        with translation.override(person.language):
            messages.success(request, _("Your settings are saved."))
        return go(request, "home:account")
    today = timezone.localdate()
    context = {
        "form": form,
        "memberships": Membership.objects.on(today).filter(person=person).select_related("department"),
        "grants": RoleGrant.objects.on(today).filter(person=person).select_related("branch", "delegated_from__person"),
        "security": security_of(person),
    }
    return render(request, "home/account.html", context)

from datetime import timedelta

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only
from coe_portal.core.paging import page_by_key
from coe_portal.notifications import actions
from coe_portal.notifications.models import OutgoingMail
from coe_portal.notifications.queries import mail_state
from coe_portal.people.permissions import may_administer

A_DAY = timedelta(days=1)


@require_safe
@only(may_administer)
def mails(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "page": page_by_key(request, OutgoingMail.objects.parked(), by="created_at"),
        "mail": mail_state(now, now - A_DAY),
    }
    return render(request, "home/mails.html", context)


@require_POST
@only(may_administer)
def send_again(request: PortalRequest, mail_id: int) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail.objects.parked(), pk=mail_id)
    actions.send_again(by=request.user, mail=mail, at=timezone.now())
    messages.success(request, _("The mail is sent again. If it is refused again it comes back here."))
    return go(request, "home:mails")


@require_POST
@only(may_administer)
def send_all_again(request: PortalRequest) -> HttpResponse:
    number = actions.send_all_again(by=request.user, at=timezone.now())
    text = ngettext("%(n)s mail is sent again.", "%(n)s mails are sent again.", number)
    messages.success(request, text % {"n": intcomma(number)})
    return go(request, "home:mails")


@require_POST
@only(may_administer)
def give_up(request: PortalRequest, mail_id: int) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail.objects.parked(), pk=mail_id)
    actions.give_up(by=request.user, mail=mail)
    messages.success(request, _("The mail is given up. New mails to the address are sent as usual."))
    return go(request, "home:mails")

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
from coe_portal.home import actions
from coe_portal.home.health import PART_LABELS, health
from coe_portal.home.job_words import job_in_words
from coe_portal.notifications.queries import mail_state
from coe_portal.outbox import queries
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.permissions import may_administer


@require_safe
@only(may_administer)
def jobs(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    waiting = QueuedJob.objects.due(now)
    page = page_by_key(request, QueuedJob.objects.parked(), by="finished_at")
    context = {
        "page": page,
        "parked_jobs": [(each, job_in_words(each.name)) for each in page.rows],
        "scheduled": [(each, job_in_words(each.name), each.is_late(now)) for each in queries.scheduled_jobs()],
        "parked": QueuedJob.objects.parked().count(),
        "due": waiting.count(),
        "later": QueuedJob.objects.waiting().filter(due_at__gt=now).count(),
        "parts": [(PART_LABELS[part], state) for part, state in health().items()],
        "mail": mail_state(now, now - timedelta(days=1)),
        "oldest": waiting.order_by("due_at").first(),
    }
    return render(request, "home/jobs.html", context)


@require_POST
@only(may_administer)
def run_again(request: PortalRequest, job_id: int) -> HttpResponse:
    parked = get_object_or_404(QueuedJob.objects.parked(), pk=job_id)
    actions.run_again(by=request.user, job=parked)
    messages.success(request, _("The job runs again. If it fails three times more it comes back here."))
    return go(request, "home:jobs")


@require_POST
@only(may_administer)
def run_all_again(request: PortalRequest) -> HttpResponse:
    number = actions.run_all_again(by=request.user)
    text = ngettext("%(n)s job runs again.", "%(n)s jobs run again.", number)
    messages.success(request, text % {"n": intcomma(number)})
    return go(request, "home:jobs")

"""How one person signs in, for the administrator who helps them."""

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.identity.actions import people as actions
from coe_portal.identity.actions.sign_in import unlink
from coe_portal.identity.forms.people import ResetFactorsForm
from coe_portal.identity.permissions import may_manage_sign_in
from coe_portal.identity.queries.sessions import factor_counts, linked_accounts, open_sessions
from coe_portal.people.models import User


@require_safe
@only(may_manage_sign_in)
def person(request: PortalRequest, person_id: int) -> HttpResponse:
    return _person_page(request, get_object_or_404(User, pk=person_id), ResetFactorsForm())


def _person_page(request: PortalRequest, shown: User, form: ResetFactorsForm) -> HttpResponse:
    context = {
        "shown": shown,
        "sessions": open_sessions(shown, timezone.now()),
        "factors": factor_counts(shown),
        "linked": linked_accounts(shown),
        "form": form,
        "is_self": shown.pk == request.user.pk,
    }
    return render(request, "identity/person.html", context)


@require_POST
@only(may_manage_sign_in)
def end_sessions(request: PortalRequest, person_id: int) -> HttpResponse:
    shown = get_object_or_404(User, pk=person_id)
    actions.end_all_sessions(by=request.user, person=shown)
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": shown.name})
    return go(request, "identity:person", shown.pk)


@require_POST
@only(may_manage_sign_in)
def end_session(request: PortalRequest, session_id: int) -> HttpResponse:
    session = get_object_or_404(UserSession.objects.select_related("user"), pk=session_id)
    actions.end_session(by=request.user, session=session)
    messages.success(request, _("That browser is signed out."))
    return go(request, "identity:person", session.user_id)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def reset_factors(request: PortalRequest, person_id: int) -> HttpResponse:
    """Nobody takes their own second step off this way: their own pages ask for it first."""
    shown = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=person_id)
    form = ResetFactorsForm(request.POST)
    if not form.is_valid():
        return _person_page(request, shown, form)
    actions.reset_factors(by=request.user, person=shown, reason=form.cleaned_data["reason"])
    text = _("The second step of %(name)s is taken off. They set a new one up when they sign in.")
    messages.success(request, text % {"name": shown.name})
    return go(request, "identity:person", shown.pk)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def remove_link(request: PortalRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(SocialAccount.objects.select_related("user"), pk=account_id)
    unlink(by=request.user, account=account)
    messages.success(request, _("The link to the provider is removed."))
    return go(request, "identity:person", account.user_id)

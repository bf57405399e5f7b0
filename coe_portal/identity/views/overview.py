"""How people sign in, on one page, and the rules that hold for all."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.identity.actions import policy as actions
from coe_portal.identity.forms.policy import LimitsForm, SecondFactorForm
from coe_portal.identity.models import IdentityProvider, Invitation
from coe_portal.identity.permissions import may_manage_sign_in
from coe_portal.identity.queries.policy import people_without_second_factor, stored_policy
from coe_portal.identity.queries.sessions import administrators_with_passkey
from coe_portal.people.access import Role


@require_safe
@only(may_manage_sign_in)
def sign_in(request: PortalRequest) -> HttpResponse:
    policy, labels = stored_policy(), dict(Role.choices)
    context = {
        "policy": policy,
        "role_labels": [labels[role] for role in Role.values if role in policy.second_factor_roles],
        "without_factor": people_without_second_factor(policy.second_factor_roles),
        "providers": IdentityProvider.objects.all(),
        "waiting": Invitation.objects.usable(timezone.now()).count(),
        "keys": administrators_with_passkey(),
        "may_close": _may_close(),
    }
    return render(request, "identity/sign_in.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_sign_in)
@recently_authenticated()
def second_step(request: PortalRequest) -> HttpResponse:
    policy = stored_policy()
    form = SecondFactorForm(request.POST or None, policy=policy)
    if request.method == "POST" and form.is_valid():
        actions.change_second_factor(by=request.user, **form.cleaned_data)
        messages.success(request, _("The rule is saved and holds from now on."))
        return go(request, "identity:sign_in")
    without = people_without_second_factor(policy.second_factor_roles)
    return render(request, "identity/second_step.html", {"form": form, "without_factor": without})


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_sign_in)
@recently_authenticated()
def limits(request: PortalRequest) -> HttpResponse:
    form = LimitsForm(request.POST or None, policy=stored_policy())
    if request.method == "POST" and form.is_valid():
        actions.change_limits(by=request.user, limits=form.limits)
        messages.success(request, _("The limits are saved and hold for every open session, too."))
        return go(request, "identity:sign_in")
    return render(request, "identity/limits.html", {"form": form})


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def ways_in(request: PortalRequest) -> HttpResponse:
    """Closes or opens every way in but the providers. It cannot lock everybody out."""
    close = request.POST.get("close") == "1"
    if close and not _may_close():
        messages.error(request, _("First put a tested provider on the page, and let an administrator add a passkey."))
        return go(request, "identity:sign_in")
    actions.change_ways_in(by=request.user, sso_only=close)
    done = (
        _("Passwords are closed. Sign in through a provider from now on.") if close else _("Passwords are open again.")
    )
    messages.success(request, done)
    return go(request, "identity:sign_in")


def _may_close() -> bool:
    tested = IdentityProvider.objects.enabled().filter(tested_at__isnull=False)
    return tested.exists() and administrators_with_passkey() > 0

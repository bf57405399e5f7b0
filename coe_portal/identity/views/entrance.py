"""Pages for somebody who is not signed in yet, or not any more."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.views import LoginView, LogoutView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coe_portal.core.http import PortalRequest, forgets
from coe_portal.identity.actions.invitations import NotUsable, accept
from coe_portal.identity.forms.accounts import PortalLoginForm
from coe_portal.identity.forms.invitations import AcceptForm
from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.queries.invitations import usable_invitation
from coe_portal.identity.queries.links import providers_of
from coe_portal.identity.queries.policy import rules
from coe_portal.identity.safe_urls import own_path
from coe_portal.identity.views.csp import forms_may_lead_to


@method_decorator(login_not_required, name="dispatch")
class SignInPage(LoginView):  # type: ignore[misc]
    """allauth's page with the providers on it, whose hosts its forms may lead to."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.providers = list(IdentityProvider.objects.enabled())
        return forms_may_lead_to(super().dispatch(request, *args, **kwargs), self.providers)

    def form_invalid(self, form: PortalLoginForm) -> HttpResponse:
        """The page as it is, and for proxies and watchers the number that says that somebody tries too often."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = {"providers": self.providers, "sso_only": rules().sso_only, "back": own_path(self.request, "next")}
        return {**super().get_context_data(**kwargs), **here}


sign_in_page = SignInPage.as_view()


class SignOut(LogoutView):  # type: ignore[misc]
    """allauth's, after which the browser keeps nothing of what was read: not for the next one at a shared computer."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return forgets(super().post(*args, **kwargs))


sign_out = SignOut.as_view()


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Looking uses nothing up: mail scanners look. What the invitation says is read from it alone, never sent along."""
    found = usable_invitation(token, timezone.now())
    if found is None or rules().sso_only:
        return _not_usable(request)
    form = AcceptForm(request.POST or None, invitation=found)
    if request.method != "POST" or not form.is_valid():
        return render(request, "identity/invitation.html", {"form": form, "invitation": found})
    try:
        person = accept(token=token, password=form.cleaned_data["password"], at=timezone.now())
    except NotUsable:
        return _not_usable(request)
    messages.success(request, _("Welcome. This is your home page: what is yours to do is here."))
    login = Login(user=person, redirect_url="/")
    return perform_password_login(request, {"email": person.email}, login)  # type: ignore[no-any-return]


def _not_usable(request: HttpRequest) -> HttpResponse:
    return render(request, "identity/invitation_over.html", status=410)


@never_cache
@login_not_required
@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    back = own_path(request, "next")
    if request.user.is_authenticated:
        return HttpResponseRedirect(back)
    return render(request, "identity/signed_out.html", {"back": back, "elsewhere": "elsewhere" in request.GET})


@never_cache
@require_safe
def confirm(request: PortalRequest) -> HttpResponse:
    """Is it still you? Your organisation's account says so."""
    found = providers_of(request.user)
    if not found:
        raise PermissionDenied
    context = {"providers": found, "back": own_path(request, "next"), "login_url": reverse("account_login")}
    return forms_may_lead_to(render(request, "identity/confirm.html", context), found)

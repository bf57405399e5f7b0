"""The administrator's pages of identity providers: what they are, what came in the test, what their groups give."""

from allauth.socialaccount.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coe_portal.core.http import PortalRequest, go, only, recently_authenticated
from coe_portal.identity import arrivals
from coe_portal.identity.actions import providers as actions
from coe_portal.identity.actions import watching
from coe_portal.identity.forms.providers import OIDCForm, RuleForm, SAMLForm
from coe_portal.identity.models import IdentityProvider, MappingRule
from coe_portal.identity.oidc.provider import callback_url
from coe_portal.identity.permissions import may_manage_sign_in
from coe_portal.identity.queries.certificates import our_certificates, their_certificates
from coe_portal.identity.queries.mapping import rules_of
from coe_portal.identity.queries.providers import is_in_use
from coe_portal.identity.queries.tests import newest_test, outcome_of
from coe_portal.identity.saml.config import acs_url, metadata_address, portal_metadata
from coe_portal.identity.views.csp import forms_may_lead_to
from coe_portal.identity.views.providers import depart

FORMS = {IdentityProvider.Kind.OIDC: OIDCForm, IdentityProvider.Kind.SAML: SAMLForm}
KINDS = {"openid-connect": IdentityProvider.Kind.OIDC, "saml": IdentityProvider.Kind.SAML}


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_sign_in)
@recently_authenticated(secrets=["secret_text"])
def add_provider(request: PortalRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    return _provider_form(request, IdentityProvider(kind=KINDS[kind]))


@require_http_methods(["GET", "HEAD", "POST"])
@only(may_manage_sign_in)
@recently_authenticated(secrets=["secret_text"])
def change_provider(request: PortalRequest, provider_id: int) -> HttpResponse:
    return _provider_form(request, get_object_or_404(IdentityProvider, pk=provider_id))


def _provider_form(request: PortalRequest, provider: IdentityProvider) -> HttpResponse:
    form_class = FORMS[IdentityProvider.Kind(provider.kind)]
    form = form_class(request.POST or None, request.FILES or None, instance=provider)
    if request.method == "POST" and form.is_valid():
        secret = form.cleaned_data.get("secret_text", "")
        saved = actions.save_provider(by=request.user, provider=form.save(commit=False), secret=secret)
        messages.success(request, _("Saved. Make a test now: it shows what the provider sends, and signs nobody in."))
        return go(request, "identity:provider", saved.pk)
    shown = IdentityProvider.objects.filter(pk=provider.pk).first() or provider
    return render(request, "identity/provider_form.html", {"form": form, "provider": shown})


@require_safe
@only(may_manage_sign_in)
def provider(request: PortalRequest, provider_id: int) -> HttpResponse:
    return _provider_page(request, get_object_or_404(IdentityProvider, pk=provider_id), RuleForm())


def _provider_page(request: PortalRequest, shown: IdentityProvider, form: RuleForm) -> HttpResponse:
    test, rules = newest_test(shown), rules_of(shown)
    context = {
        "provider": shown,
        "rules": rules,
        "rule_form": form,
        "test": test,
        # Kept in English, as the audit trail has it.
        "problem": _(test.problem) if test and test.problem else "",
        "read_problem": _(shown.read_problem) if shown.read_problem else "",
        "outcome": outcome_of(shown, test, rules) if test and not test.problem else None,
        "callback": callback_url(shown.key),
        "may_go": not is_in_use(shown),
    }
    if not shown.is_oidc:
        context |= {"acs": acs_url(shown.key), "metadata_address": metadata_address(shown.key)}
        now = timezone.now()
        context |= {"metadata": portal_metadata(shown), "ours": our_certificates(shown, now)}
        context |= {"theirs": their_certificates(shown, now)}
    return forms_may_lead_to(render(request, "identity/provider.html", context), [shown])


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def test_provider(request: PortalRequest, provider_id: int) -> HttpResponse:
    """Away to the provider and back; nobody is signed in by it, whoever comes back."""
    tested = get_object_or_404(IdentityProvider, pk=provider_id)
    request.session[arrivals.TESTING] = tested.pk
    return depart(request, get_adapter().get_provider(request, tested.key), arrivals.TEST, "/")


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def read_again(request: PortalRequest, provider_id: int) -> HttpResponse:
    shown = get_object_or_404(IdentityProvider, pk=provider_id)
    if watching.read_again(provider=shown, at=timezone.now(), by=request.user):
        messages.success(request, _("It is read: what you see here is what the provider says of itself now."))
    else:
        messages.error(request, _("It could not be read. The last good one is still used."))
    return go(request, "identity:provider", shown.pk)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def enable_provider(request: PortalRequest, provider_id: int) -> HttpResponse:
    shown = get_object_or_404(IdentityProvider, pk=provider_id)
    untested = shown.tested_at is None
    if untested and request.POST.get("untested") != "1":
        messages.error(request, _("Make a test that works first, or say that it may go on the page untested."))
        return go(request, "identity:provider", shown.pk)
    actions.enable(by=request.user, provider=shown, untested=untested)
    messages.success(request, _("“%(name)s” is on the sign-in page now.") % {"name": shown.name})
    return go(request, "identity:provider", shown.pk)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def disable_provider(request: PortalRequest, provider_id: int) -> HttpResponse:
    shown = get_object_or_404(IdentityProvider, pk=provider_id)
    actions.disable(by=request.user, provider=shown)
    messages.success(request, _("“%(name)s” is off the sign-in page.") % {"name": shown.name})
    return go(request, "identity:provider", shown.pk)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def remove_provider(request: PortalRequest, provider_id: int) -> HttpResponse:
    shown = get_object_or_404(IdentityProvider, pk=provider_id)
    try:
        actions.remove(by=request.user, provider=shown)
    except actions.InUse:
        messages.error(request, _("People have come in by it, or it is on the sign-in page: it stays."))
        return go(request, "identity:provider", shown.pk)
    messages.success(request, _("“%(name)s” is removed.") % {"name": shown.name})
    return go(request, "identity:sign_in")


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def add_rule(request: PortalRequest, provider_id: int) -> HttpResponse:
    shown = get_object_or_404(IdentityProvider, pk=provider_id)
    form = RuleForm(request.POST, instance=MappingRule(provider=shown))
    if not form.is_valid():
        return _provider_page(request, shown, form)
    actions.add_rule(by=request.user, rule=form.save(commit=False))
    messages.success(request, _("The rule is added. It works at the next sign-in of each person."))
    return go(request, "identity:provider", shown.pk)


@require_POST
@only(may_manage_sign_in)
@recently_authenticated()
def remove_rule(request: PortalRequest, rule_id: int) -> HttpResponse:
    rule = get_object_or_404(MappingRule.objects.select_related("provider"), pk=rule_id)
    actions.remove_rule(by=request.user, rule=rule)
    messages.success(request, _("The rule is removed. What it gave ends at the next sign-in of each person."))
    return go(request, "identity:provider", rule.provider_id)

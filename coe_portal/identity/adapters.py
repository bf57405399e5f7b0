"""How allauth behaves here: nobody signs up by themselves, and second factors are encrypted at rest."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from coe_portal.core import crypto
from coe_portal.design.templatetags.design import browser
from coe_portal.identity import arrivals
from coe_portal.identity.actions.sign_in import note_break_glass, note_refused
from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.network import guarded_session
from coe_portal.identity.places import NoPlace
from coe_portal.identity.queries.policy import rules
from coe_portal.identity.queries.providers import app_of
from coe_portal.identity.safe_urls import is_own_path
from coe_portal.people.models import User


def display_name(person: User) -> str:
    return person.name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("The e-mail address and the password do not belong together."),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries failed. Wait five minutes, or sign in with a passkey or your organisation's account."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person it is for; the page that asks for it may be in another."""
        person = context.get("user")
        with translation.override(person.language if isinstance(person, User) else translation.get_language()):
            super().send_mail(template_prefix, email, context)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """A password that nobody had time to check is no wrong one."""
        try:
            person: User | None = super().authenticate(request, **credentials)
        except NoPlace:
            self._rollback_login_failed_rl_usage()
            raise
        return person

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Every way in comes through here, whatever page it began on."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response is None and rules().sso_only and not _came_through_provider(request, user):
            return _only_break_glass(request, user)
        return response

    def is_safe_url(self, url: str) -> bool:
        return is_own_path(url)

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "coe_portal.identity.stages.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and SocialAccount.objects.filter(user=user).exists():
            way = {"id": "provider", "description": _("Use your organisation's account")}
            methods.append({**way, "url": reverse("identity:confirm")})
        return methods


def _came_through_provider(request: HttpRequest, person: User) -> bool:
    records = get_authentication_records(request, person)
    return bool(records) and records[-1]["method"] == "socialaccount"


def _only_break_glass(request: HttpRequest, person: User) -> HttpResponse | None:
    """An administrator with a passkey gets in when the provider is down, and it is written down."""
    records = get_authentication_records(request, person)
    passkey = (
        bool(records) and records[-1].get("type") == Authenticator.Type.WEBAUTHN and records[-1].get("passwordless")
    )
    if passkey and person.is_administrator:
        note_break_glass(person=person)
        return None
    note_refused(person=person, why="sso_only")
    messages.error(request, _("Passwords are not used here. Sign in with your organisation's account."))
    return HttpResponseRedirect(reverse("account_login"))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """The device that somebody sits at is the likeliest name; they may write another."""
        return browser(context.request.headers.get("User-Agent", ""))[:100]

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Social Media Center of Excellence"}


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Providers come from our pages, answers go through `arrivals`, and nothing is read past the guard."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        chosen = IdentityProvider.objects.filter(key=provider) if provider else IdentityProvider.objects.enabled()
        return [app_of(each) for each in chosen if client_id in {None, each.client_id, each.key}]

    def get_requests_session(self) -> Session:
        return guarded_session()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """An address alone signs nobody in: `arrivals` decides who is linked."""
        return

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        response = arrivals.receive(request, sociallogin)
        if response is not None:
            raise ImmediateHttpResponse(response)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        raise ImmediateHttpResponse(arrivals.failed(request, provider, error, exception, extra_context or {}))

"""Identity providers as allauth and the pages see them."""

from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount, SocialApp

from coe_portal.core import crypto
from coe_portal.identity.models import IdentityProvider


def app_of(provider: IdentityProvider) -> SocialApp:
    """The provider in allauth's words; never stored there."""
    return SocialApp(
        provider=provider.kind,
        provider_id=provider.key,
        name=provider.name,
        client_id=provider.client_id if provider.is_oidc else provider.key,
        secret=crypto.decrypt(provider.secret) if provider.secret else "",
        settings={"row": provider.pk},
    )


def row_of(app: SocialApp) -> IdentityProvider:
    found: IdentityProvider = IdentityProvider.objects.get(pk=app.settings["row"])
    return found


def is_in_use(provider: IdentityProvider) -> bool:
    known = SocialAccount.objects.filter(provider=provider.key).exists()
    return bool(provider.enabled or known or provider.given.exists())


def sign_in_origins(provider: IdentityProvider) -> list[str]:
    """Where a browser is sent to sign in: the only hosts beside our own that a form may lead to."""
    first = provider.discovery.get("authorization_endpoint", "") if provider.is_oidc else provider.sso_url
    return sorted({*filter(None, [origin(first)]), *provider.further_origins.split()})


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""

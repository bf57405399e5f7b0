"""What providers say of themselves is read again every day, and administrators hear of what changes or ends."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from requests import RequestException

from coe_portal.audit import actions as audit
from coe_portal.identity.models import IdentityProvider
from coe_portal.identity.oidc.tokens import read_discovery
from coe_portal.identity.queries.certificates import Watched, our_certificates, their_certificates
from coe_portal.identity.saml.certificates import read_certificate
from coe_portal.identity.saml.metadata import MetadataError, fetch_metadata
from coe_portal.notifications.actions import Mail, notify
from coe_portal.people.access import Role
from coe_portal.people.models import User

log = logging.getLogger(__name__)

KIND = "provider_watch"
# A provider that is away for a night is no news.
TELL_OF_FAILURE_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class News:
    """What administrators are told, once per key; said in the language of each."""

    key: str
    subject: Callable[[], str]
    lead: Callable[[], str]


def watch(*, at: datetime) -> None:
    """One provider that goes wrong keeps no other from being watched."""
    for provider in IdentityProvider.objects.all():
        try:
            read_again(provider=provider, at=at)
            provider.refresh_from_db()
            _tell_of_ends(provider, at)
        except Exception:
            log.exception("The provider %s could not be watched.", provider.key)


def read_again(*, provider: IdentityProvider, at: datetime, by: User | None = None) -> bool:
    """Whether it could be read; if not, the last good one stays. Somebody may have changed the address meanwhile."""
    if not provider.description_url:
        return True
    try:
        found = _read(provider)
    except (MetadataError, OAuth2Error, RequestException) as error:
        _note_failure(provider, str(error), at)
        return False
    _take_over(provider, found, at, by)
    return True


def _read(provider: IdentityProvider) -> dict[str, Any]:
    if provider.is_oidc:
        return {"discovery": read_discovery(provider.issuer)}
    found = fetch_metadata(provider.metadata_url)
    if found.entity_id != provider.entity_id:
        raise MetadataError(_("The metadata describe another provider now: %(name)s") % {"name": found.entity_id})
    return {name: value for name, value in asdict(found).items() if name != "entity_id"}


@transaction.atomic
def _note_failure(provider: IdentityProvider, problem: str, at: datetime) -> None:
    same = _locked_if_same(provider)
    if same is None:
        return
    same.read_problem, same.failing_since = problem[:500], same.failing_since or at
    same.save(update_fields=["read_problem", "failing_since"])
    if at - same.failing_since >= TELL_OF_FAILURE_AFTER:
        _tell(same, _failing(same, same.failing_since))


@transaction.atomic
def _take_over(provider: IdentityProvider, found: dict[str, Any], at: datetime, by: User | None) -> None:
    same = _locked_if_same(provider)
    if same is None:
        return
    before = {name: _without_time(getattr(same, name)) for name in found}
    changed = sorted(name for name in found if before[name] != _without_time(found[name]))
    for name, value in found.items():
        setattr(same, name, value)
    same.read_at, same.read_problem, same.failing_since = at, "", None
    same.save(update_fields=[*found, "read_at", "read_problem", "failing_since"])
    if changed:
        details = {"key": same.key, "changed": changed, **_fingerprints(before, found)}
        audit.record(by=by, verb="provider.description_changed", on=same, details=details)
        _tell(same, _changed(same, changed, at))


def _locked_if_same(provider: IdentityProvider) -> IdentityProvider | None:
    """Unless it has been given another address since it was read."""
    found: IdentityProvider = IdentityProvider.objects.select_for_update().get(pk=provider.pk)
    return found if found.description_url == provider.description_url else None


def _without_time(value: Any) -> Any:
    """A description of OpenID Connect notes when it was read, which is no change."""
    return {name: each for name, each in value.items() if name != "read_at"} if isinstance(value, dict) else value


def _fingerprints(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    states = {"certificates_before": before, "certificates_after": after}
    return {
        name: [read_certificate(each).fingerprint for each in state["certificates"]]
        for name, state in states.items()
        if "certificates" in state
    }


def _tell_of_ends(provider: IdentityProvider, at: datetime) -> None:
    """Theirs: the one that lasts longest; one that ends beside its successor is no news. Ours: the one that signs."""
    theirs = sorted(their_certificates(provider, at), key=lambda each: each.certificate.expires_at)[-1:]
    for each in theirs:
        if each.soon or each.over:
            _tell(provider, _their_end(provider, each))
    for each in our_certificates(provider, at)[:1]:
        if each.soon or each.over:
            _tell(provider, _our_end(provider, each))


def _tell(provider: IdentityProvider, news: News) -> None:
    readers = User.objects.active().with_role(Role.ADMINISTRATOR, on=timezone.localdate())
    for language in readers.order_by().values_list("language", flat=True).distinct():
        with translation.override(language):
            notify(
                person_ids=list(readers.filter(language=language).values_list("pk", flat=True)),
                kind=KIND, subject=news.subject()[:200], lead=news.lead()[:300],
                url=reverse("identity:provider", args=[provider.pk]), key=news.key, mail=Mail.NOW,
            )  # fmt: skip


def _changed(provider: IdentityProvider, changed: list[str], at: datetime) -> News:
    def subject() -> str:
        if "certificates" in changed:
            return _("%(provider)s signs with another certificate now") % {"provider": provider.name}
        return _("%(provider)s has changed its addresses") % {"provider": provider.name}

    return News(
        f"provider_changed:{provider.pk}:{at.isoformat()}",
        subject,
        lambda: _("The portal has taken it over. If nobody there knows of a change, take it off the sign-in page."),
    )


def _failing(provider: IdentityProvider, since: datetime) -> News:
    return News(
        f"provider_failing:{provider.pk}:{since.isoformat()}",
        lambda: (
            _("What %(provider)s says of itself cannot be read since %(day)s")
            % {"provider": provider.name, "day": _day(since)}
        ),
        lambda: _("The last good one is used meanwhile. Why it cannot be read stands on its page."),
    )


def _their_end(provider: IdentityProvider, each: Watched) -> News:
    return News(
        _key_of_end(provider, each),
        lambda: (
            (
                _("The signing certificate of %(provider)s expired on %(day)s")
                if each.over
                else _("The signing certificate of %(provider)s expires on %(day)s")
            )
            % {"provider": provider.name, "day": _day(each.certificate.expires_at)}
        ),
        lambda: (
            _("Its metadata are read every day: a new one is taken over by itself. Ask there when it comes.")
            if provider.metadata_url
            else _("Ask there for the new metadata and enter them on its page: they are not read by themselves.")
        ),
    )


def _our_end(provider: IdentityProvider, each: Watched) -> News:
    return News(
        _key_of_end(provider, each),
        lambda: (
            (
                _("Our certificate for %(provider)s expired on %(day)s")
                if each.over
                else _("Our certificate for %(provider)s expires on %(day)s")
            )
            % {"provider": provider.name, "day": _day(each.certificate.expires_at)}
        ),
        lambda: _("Renew the key pair on its page, then give the provider our metadata."),
    )


def _key_of_end(provider: IdentityProvider, each: Watched) -> str:
    """Once when it is near, once when it is over."""
    return f"provider_certificate:{provider.pk}:{each.certificate.fingerprint}:{'over' if each.over else 'soon'}"


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")

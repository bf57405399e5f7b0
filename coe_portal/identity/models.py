"""How people may sign in, who is invited, and which identity providers vouch for whom."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coe_portal.people.access import Role
from coe_portal.people.models import Department, Membership, RoleGrant, User

INVITATION_LASTS = timedelta(hours=72)
# Minutes without a click, hours in all, browsers at once.
EVERYBODY = ""
DEFAULT_LIMITS: dict[str, list[int]] = {
    EVERYBODY: [8 * 60, 7 * 24, 5],
    Role.ADMINISTRATOR.value: [30, 12, 3],
    Role.PRIVACY_OFFICER.value: [30, 12, 3],
}
DEFAULT_SECOND_FACTOR_ROLES = [Role.STRATEGIST.value, Role.PRIVACY_OFFICER.value, Role.ADMINISTRATOR.value]


def default_limits() -> dict[str, list[int]]:
    return {role: list(limits) for role, limits in DEFAULT_LIMITS.items()}


def default_roles() -> list[str]:
    return list(DEFAULT_SECOND_FACTOR_ROLES)


class SignInPolicy(models.Model):
    """The one row of rules for signing in."""

    second_factor_roles = models.JSONField(_("roles that need a second step"), default=default_roles, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("days to set it up"), default=14)
    # Nobody's days begin before the rule was made.
    required_since = models.DateTimeField(default=timezone.now, editable=False)
    session_limits = models.JSONField(_("limits of a session"), default=default_limits)
    sso_only = models.BooleanField(_("sign-in through identity providers alone"), default=False)

    class Meta:
        verbose_name = _("sign-in policy")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_sign_in_policy")]

    def __str__(self) -> str:
        return "sign-in"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, person: User) -> Self:
        """An administrator sees all, a strategist those of employees without a role."""
        if person.is_administrator:
            return self
        return self.filter(roles=[]) if person.is_strategist else self.none()

    def open(self) -> Self:
        """Neither used nor taken back; their time may be over."""
        return self.filter(accepted_at=None, revoked_at=None)

    def usable(self, at: datetime) -> Self:
        return self.open().filter(expires_at__gt=at)


class Invitation(models.Model):
    """A place kept for somebody who may come in once. Of its link only a digest is stored."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=200)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    kind = models.CharField(_("kind of employee"), max_length=20, choices=User.Kind.choices, default=User.Kind.OFFICE)
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="invitations", verbose_name=_("department")
    )  # fmt: skip
    roles = models.JSONField(_("roles"), default=list, blank=True)
    branch = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )  # fmt: skip
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent")
    invited_at = models.DateTimeField(_("invited"), auto_now_add=True)
    # The job that sends the link makes it, so that not even the queue holds it.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="invitations")
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["-invited_at"])]
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="invitation_digest_once"),
            models.UniqueConstraint(
                fields=["email"], condition=Q(accepted_at=None, revoked_at=None), name="invitation_open_once"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_accepted_or_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class ProviderQuerySet(models.QuerySet["IdentityProvider"]):
    def enabled(self) -> Self:
        return self.filter(enabled=True)


class IdentityProvider(models.Model):
    """A service of the organisation that vouches for people: OpenID Connect or SAML."""

    class Kind(models.TextChoices):
        OIDC = "openid_connect", _("OpenID Connect")
        SAML = "saml", _("SAML 2.0")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name on the button"), max_length=80)
    key = models.SlugField(_("key in the address"), max_length=40, unique=True)
    enabled = models.BooleanField(_("on the sign-in page"), default=False)
    # OpenID Connect
    issuer = models.CharField(_("issuer"), max_length=150, blank=True)
    client_id = models.CharField(_("client id"), max_length=200, blank=True)
    secret = models.TextField(_("client secret"), blank=True, editable=False)
    scopes = models.CharField(_("scopes"), max_length=200, default="openid profile email", blank=True)
    discovery = models.JSONField(default=dict, editable=False)
    # SAML; of the metadata only what is needed is kept.
    metadata_url = models.URLField(_("address of the metadata"), max_length=500, blank=True)
    entity_id = models.CharField(_("entity id"), max_length=150, blank=True, editable=False)
    sso_url = models.URLField(_("sign-in address"), max_length=500, blank=True, editable=False)
    certificates = models.JSONField(_("signing certificates"), default=list, editable=False)
    signs_requests = models.BooleanField(_("our requests are signed"), default=False)
    wants_encryption = models.BooleanField(_("only encrypted assertions are accepted"), default=False)
    # What it says of itself, read again every day
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    read_problem = models.CharField(max_length=500, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    # What its attributes mean
    email_attribute = models.CharField(_("attribute with the e-mail address"), max_length=200, blank=True)
    name_attribute = models.CharField(_("attribute with the name"), max_length=200, blank=True)
    number_attribute = models.CharField(_("attribute with the employee number"), max_length=200, blank=True)
    # Trust
    trusts_email = models.BooleanField(_("its e-mail addresses are trusted"), default=False)
    creates_people = models.BooleanField(_("people are created on their first sign-in"), default=False)
    mfa_values = models.CharField(_("values that prove a second step"), max_length=300, blank=True)
    further_origins = models.CharField(_("further sign-in hosts"), max_length=500, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    # A change of anything above asks for a new test.
    tested_at = models.DateTimeField(_("tested"), null=True, editable=False)

    objects: ClassVar[Any] = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity provider")
        verbose_name_plural = _("identity providers")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["openid_connect", "saml"]), name="provider_kind_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_oidc(self) -> bool:
        return self.kind == self.Kind.OIDC

    @property
    def authority(self) -> str:
        """Who vouches: with the subject it says who somebody is."""
        return self.issuer if self.is_oidc else self.entity_id

    @property
    def description_url(self) -> str:
        """Where it says who it is; empty where its metadata were pasted."""
        return self.issuer if self.is_oidc else self.metadata_url


class KeyPair(models.Model):
    """Ours at a SAML provider. What it encrypts for us is read with any of them; of two, the older one still signs."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="key_pairs")
    certificate = models.TextField(_("certificate"))
    # Encrypted by core.crypto.
    private_key = models.TextField()
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"))

    class Meta:
        verbose_name = _("key pair")
        verbose_name_plural = _("key pairs")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"key pair {self.pk} of {self.provider_id}"


class MappingRule(models.Model):
    """Who comes with this value of an attribute gets a department, a role or both for as long as they come with it."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="rules")
    attribute = models.CharField(_("attribute"), max_length=200)
    value = models.CharField(_("value or group"), max_length=300)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    branch = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role for")
    )

    class Meta:
        verbose_name = _("mapping rule")
        verbose_name_plural = _("mapping rules")
        ordering = ["attribute", "value", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(department=None, role=""), name="mapping_rule_gives_something"),
            models.CheckConstraint(condition=Q(branch=None) | ~Q(role=""), name="mapping_rule_branch_with_role"),
        ]

    def __str__(self) -> str:
        return f"{self.attribute} = {self.value}"


class Given(models.Model):
    """What a provider's mapping gave somebody: the only things it may take away again."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="given")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    grant = models.OneToOneField(RoleGrant, models.CASCADE, null=True, related_name="given")
    membership = models.OneToOneField(Membership, models.CASCADE, null=True, related_name="given")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["person", "provider"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(grant=None, membership__isnull=False) | Q(grant__isnull=False, membership=None),
                name="given_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} gave {self.person_id}"


class ProviderTest(models.Model):
    """A round trip that an administrator made to see what a provider sends. Nobody was signed in by it."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="tests")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    subject = models.CharField(max_length=300, blank=True)
    attributes = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"test of {self.provider_id}"


class SeenAssertion(models.Model):
    """An assertion is good for one sign-in: its id is kept until it would have expired anyway."""

    provider = models.ForeignKey(IdentityProvider, models.CASCADE, related_name="+")
    # A digest, so that an id of any length fits.
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "digest"], name="assertion_once")]

    def __str__(self) -> str:
        return self.digest

"""People, departments, who belongs where and who may do what, from when until when."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Lower, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from tree_queries.models import OrderableTreeNode
from tree_queries.query import TreeQuerySet

from coe_portal.people.access import Access, Role
from coe_portal.people.cache import forget

SESSION_SALT = "coe_portal.people.session"


class DatedQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Self:
        return self.filter(Q(ends__isnull=True) | Q(ends__gt=day), starts__lte=day)

    def open_on(self, day: date) -> Self:
        """Those that are not over, begun or not."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gt=day))


class Department(OrderableTreeNode):  # type: ignore[misc]
    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=50, unique=True)
    location = models.CharField(_("location"), max_length=200, blank=True)
    external_id = models.CharField(
        _("id at the identity provider"), max_length=255, blank=True, default="", db_default=""
    )
    # Its history stays when a department is closed; nobody can join it any more.
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True, db_default=Now())
    changed_at = models.DateTimeField(_("changed"), auto_now=True, db_default=Now())

    objects: ClassVar[Any] = TreeQuerySet.as_manager(with_tree_fields=False)

    class Meta(OrderableTreeNode.Meta):  # type: ignore[misc]
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        indexes = [models.Index(fields=["external_id"], condition=~Q(external_id=""), name="department_external_id")]

    def __str__(self) -> str:
        return self.name


class EarlierParent(models.Model):
    """Where a department stood in the tree until it was moved; `parent` is empty for one that stood at the top.

    Written by the database whenever `parent_id` changes, so that no way of writing it can be forgotten.
    """

    department = models.ForeignKey(Department, models.CASCADE, related_name="+", db_index=False)
    parent = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", db_index=False)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="earlier_parent")]

    def __str__(self) -> str:
        return f"{self.department_id} under {self.parent_id} until {self.until}"


class PersonQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def in_departments(self, department_ids: Iterable[int], on: date) -> Self:
        members = Membership.objects.on(on).filter(department_id__in=department_ids)
        return self.filter(pk__in=members.values("person_id"))

    def with_role(self, *roles: str, on: date) -> Self:
        return self.filter(pk__in=RoleGrant.objects.on(on).filter(role__in=roles).values("person_id"))

    def within(self, reach: Collection[int] | None, on: date) -> Self:
        """As far as roles reach: see Access.reach."""
        return self if reach is None else self.in_departments(reach, on)


class PersonManager(BaseUserManager["User"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        person: User = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)  # type: ignore[no-any-return]


class User(AbstractBaseUser):
    """A person who works for the organisation. The e-mail address is the name to sign in with."""

    class Kind(models.TextChoices):
        NURSE = "nurse", _("Nursing")
        PHYSICIAN = "physician", _("Physician")
        ALLIED = "allied", _("Allied health")
        OFFICE = "office", _("Office and support")
        VOLUNTEER = "volunteer", _("Volunteer")
        CONTRACTOR = "contractor", _("Contractor")

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    kind = models.CharField(_("kind of employee"), max_length=20, choices=Kind.choices, default=Kind.OFFICE)
    location = models.CharField(_("location"), max_length=200, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(_("time zone"), max_length=50, default="America/New_York")
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    # What must be kept for years after the employment counts from here.
    left_at = models.DateTimeField(_("left"), null=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True, db_default=Now())
    # The directory's key: who has none was added by hand, and an import leaves them alone.
    employee_number = models.CharField(_("employee number"), max_length=50, blank=True, default="", db_default="")
    external_id = models.CharField(
        _("id at the identity provider"), max_length=255, blank=True, default="", db_default=""
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_accounts"
    )
    # Part of every session's signature: one more, and no session from before is good any longer.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower_case"),
            models.UniqueConstraint(
                fields=["employee_number"],
                condition=~Q(employee_number=""),
                name="person_employee_number_once",
                violation_error_message=_("Somebody has this employee number already."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_active=False), name="person_merged_is_not_active"
            ),
        ]
        indexes = [models.Index(fields=["external_id"], condition=~Q(external_id=""), name="person_external_id")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The person kept in the cache is forgotten with every save, whoever saves: allauth does, too."""
        if self.is_active:
            self.left_at = None
        else:
            self.left_at = self.left_at or timezone.now()
        fields = kwargs.get("update_fields")
        if fields is not None and set(fields) == {"last_login"}:
            super().save(*args, **kwargs)
            return
        if fields is not None:
            kwargs["update_fields"] = {*fields, "changed_at", *({"left_at"} if "is_active" in fields else ())}
        super().save(*args, **kwargs)
        forget([self.pk])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions end with a new password, and with a new epoch: those that are being saved this moment, too."""
        signed = f"{self.password}{self.session_epoch or ''}"
        return salted_hmac(SESSION_SALT, signed, secret=secret, algorithm="sha256").hexdigest()

    def get_absolute_url(self) -> str:
        return reverse("home:person", args=[self.pk])

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @cached_property
    def access(self) -> Access:
        """Roles, departments and audiences of today."""
        from coe_portal.people.queries.access import access_today

        return access_today(self)

    @property
    def is_strategist(self) -> bool:
        return self.access.has(Role.STRATEGIST)

    @property
    def is_coordinator(self) -> bool:
        return self.access.has(Role.COORDINATOR)

    @property
    def is_executive(self) -> bool:
        return self.access.has(Role.EXECUTIVE)

    @property
    def is_privacy_officer(self) -> bool:
        return self.access.has(Role.PRIVACY_OFFICER)

    @property
    def is_administrator(self) -> bool:
        return self.access.has(Role.ADMINISTRATOR)


class Period(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


_PERIOD = Period(F("starts"), F("ends"), RangeBoundary())
_PERIOD_IN_ORDER = Q(ends__isnull=True) | Q(ends__gt=F("starts"))


class Membership(models.Model):
    """A person belongs to a department from `starts` until the day before `ends`."""

    person = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    department = models.ForeignKey(Department, models.PROTECT, related_name="memberships")
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), null=True, blank=True)
    # The directory moves people between the departments it put them in; one added by hand is for a person to end.
    from_directory = models.BooleanField(_("from the directory"), default=False, db_default=False)

    objects: ClassVar[Any] = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_PERIOD_IN_ORDER, name="membership_period_in_order"),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.department_id} from {self.starts}"


class RoleGrant(models.Model):
    """A role from `starts` until the day before `ends`, in a branch of the departments or everywhere.

    `delegated_from` is the role of somebody who is away, whose holder gave it for a while.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    branch = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="role_grants")
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), null=True, blank=True)
    delegated_from = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="delegations")

    objects: ClassVar[Any] = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_PERIOD_IN_ORDER, name="role_period_in_order"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
            models.CheckConstraint(
                condition=Q(delegated_from=None) | Q(ends__isnull=False) & ~Q(role=Role.ADMINISTRATOR),
                name="role_delegated_for_a_while",
            ),
            ExclusionConstraint(
                name="role_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("branch", 0), RangeOperators.EQUAL),
                    (_PERIOD, RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["role", "person"])]

    def __str__(self) -> str:
        return f"{self.role} of {self.person_id} from {self.starts}"

"""People, departments, who belongs where and who may do what, from when until when."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from tree_queries.models import OrderableTreeNode
from tree_queries.query import TreeQuerySet

from coe_portal.people.access import Access, Role
from coe_portal.people.cache import forget


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

    objects: ClassVar[Any] = TreeQuerySet.as_manager(with_tree_fields=False)

    class Meta(OrderableTreeNode.Meta):  # type: ignore[misc]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def in_departments(self, department_ids: Iterable[int], on: date) -> Self:
        members = Membership.objects.on(on).filter(department_id__in=department_ids)
        return self.filter(pk__in=members.values("person_id"))

    def with_role(self, *roles: str, on: date) -> Self:
        return self.filter(pk__in=RoleGrant.objects.on(on).filter(role__in=roles).values("person_id"))

    def seen_by_coordinator(self, person: "User", on: date) -> Self:
        """The people of the departments whose coordinator the person is."""
        branch = person.access.branches.get(Role.COORDINATOR, frozenset())
        return self if branch is None else self.in_departments(branch, on)


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

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="person_email_lower_case")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The person kept in the cache is forgotten with every save, whoever saves: allauth does, too."""
        super().save(*args, **kwargs)
        if set(kwargs.get("update_fields") or ["all"]) != {"last_login"}:
            forget([self.pk])

    def get_absolute_url(self) -> str:
        return reverse("home:person", args=[self.pk])

    @property
    def initials(self) -> str:
        words = self.name.split() or [self.email]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()

    @cached_property
    def access(self) -> Access:
        """Roles, departments and audiences of today."""
        from coe_portal.people.queries import access_today

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
    """A role from `starts` until the day before `ends`, in a branch of the departments or everywhere."""

    person = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    branch = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="role_grants")
    starts = models.DateField(_("starts"))
    ends = models.DateField(_("ends"), null=True, blank=True)

    objects: ClassVar[Any] = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_PERIOD_IN_ORDER, name="role_period_in_order"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_known"),
        ]
        indexes = [models.Index(fields=["role", "person"])]

    def __str__(self) -> str:
        return f"{self.role} of {self.person_id} from {self.starts}"


class AudienceQuerySet(models.QuerySet["Audience"]):
    def everyone(self) -> "Audience":
        return self.get(is_everyone=True)


class Audience(models.Model):
    """A saved rule that says whom something is for, and the people it hit when it was last evaluated.

    All parts of a rule that are set must hold; within a part any value does. A rule with no part hits everyone.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    roles = models.JSONField(_("roles"), default=list, blank=True)
    kinds = models.JSONField(_("kinds of employee"), default=list, blank=True)
    branches = models.ManyToManyField(Department, blank=True, related_name="audiences")
    is_everyone = models.BooleanField(default=False, editable=False)
    people = models.ManyToManyField(User, through="AudienceMember", related_name="audiences")

    objects: ClassVar[Any] = AudienceQuerySet.as_manager()

    class Meta:
        ordering = ["-is_everyone", "name"]
        constraints = [
            models.UniqueConstraint(fields=["is_everyone"], condition=Q(is_everyone=True), name="one_everyone")
        ]

    def __str__(self) -> str:
        return self.name


class AudienceMember(models.Model):
    audience = models.ForeignKey(Audience, models.CASCADE)
    person = models.ForeignKey(User, models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "audience"], name="audience_member_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.audience_id}"

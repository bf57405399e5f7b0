"""Policies, their versions and clauses, who decided, and who has acknowledged what."""

from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coe_portal.people.access import Role, today
from coe_portal.people.models import Audience, User


class Topic(models.TextChoices):
    PATIENTS = "patients", _("Patients and privacy")
    PERSONAL = "personal", _("Personal accounts")
    OFFICIAL = "official", _("Official accounts")
    POSTS = "posts", _("Making good posts")
    EMERGENCIES = "emergencies", _("When it matters most")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", pgettext_lazy("policy", "Published")
    RETIRED = "retired", _("Retired")


NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.IN_REVIEW}),
    State.IN_REVIEW: frozenset({State.DRAFT, State.APPROVED}),
    State.APPROVED: frozenset({State.DRAFT, State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.RETIRED}),
    State.RETIRED: frozenset(),
}
OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED)
FINAL = (State.PUBLISHED, State.RETIRED)


class Change(models.TextChoices):
    """A material change asks everybody to sign again; after a minor one earlier acknowledgements still count."""

    MATERIAL = "material", _("Material")
    MINOR = "minor", _("Minor")


class PolicyQuerySet(models.QuerySet["Policy"]):
    def published(self) -> Self:
        return self.filter(versions__state=State.PUBLISHED)

    def visible_to(self, person: User) -> Self:
        """Strategists see every policy, everybody else what is published for them."""
        if person.is_strategist:
            return self
        return self.published().filter(audience_id__in=person.access.audience_ids)

    def review_due(self, on: date) -> Self:
        return self.published().filter(review_due__lte=on)


class Policy(models.Model):
    """A set of rules under one name; what it says is in its versions."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    topic = models.CharField(_("topic"), max_length=20, choices=Topic.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    audience = models.ForeignKey(Audience, models.PROTECT, related_name="+", verbose_name=_("audience"))
    must_acknowledge = models.BooleanField(_("must be acknowledged"), default=True)
    days_to_acknowledge = models.PositiveSmallIntegerField(
        _("days to acknowledge"), default=14, validators=[MinValueValidator(1)]
    )
    quorum = models.PositiveSmallIntegerField(_("approvals needed"), default=1, validators=[MinValueValidator(1)])
    review_due = models.DateField(_("review due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(quorum__gte=1), name="policy_quorum_at_least_one"),
            models.CheckConstraint(condition=Q(days_to_acknowledge__gte=1), name="policy_days_at_least_one"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="policy_topic_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("policies:policy", args=[self.slug])


class VersionQuerySet(models.QuerySet["Version"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def final(self) -> Self:
        return self.filter(state__in=FINAL)

    def newest_first(self) -> Self:
        return self.order_by("-major", "-minor")

    def readable_by(self, person: User) -> Self:
        """Readers see what is in force for them, and for ever what they have signed."""
        if person.is_strategist:
            return self
        in_force = Q(state=State.PUBLISHED, policy__audience_id__in=person.access.audience_ids)
        signed = Q(state__in=FINAL, pk__in=Acknowledgement.objects.filter(person=person).values("version_id"))
        return self.filter(in_force | signed)

    def written_by(self, person: User) -> Self:
        return self.filter(pk__in=Writer.objects.filter(person=person).values("version_id"))

    def awaiting(self, person: User) -> Self:
        """In review, and this person may still decide: has not written it, nor decided on this edition."""
        decided = Review.objects.filter(
            version=models.OuterRef("pk"), edition=models.OuterRef("edition"), reviewer=person
        )
        wrote = Writer.objects.filter(version=models.OuterRef("pk"), person=person)
        return self.filter(~models.Exists(decided), ~models.Exists(wrote), state=State.IN_REVIEW)


class Version(models.Model):
    """One text of a policy. It can change until it is published, and never after."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions")
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    major = models.PositiveSmallIntegerField(_("major"))
    minor = models.PositiveSmallIntegerField(_("minor"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    change = models.CharField(_("kind of change"), max_length=10, choices=Change.choices, default=Change.MATERIAL)
    change_note = models.TextField(_("what changed"), blank=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("in plain language"), blank=True)
    text = models.TextField(_("text"), blank=True)
    intro_html = models.TextField(blank=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    edition = models.PositiveIntegerField(_("edition"), default=1)
    acknowledge_by = models.DateField(_("acknowledge by"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["policy", "major", "minor"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "major", "minor"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(state=State.PUBLISHED), name="version_one_published_a_policy"
            ),
            models.UniqueConstraint(fields=["policy"], condition=Q(state__in=OPEN), name="version_one_open_a_policy"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="version_state_known"),
            models.CheckConstraint(condition=Q(change__in=Change.values), name="version_change_known"),
            models.CheckConstraint(
                condition=~Q(state__in=FINAL) | (Q(published_at__isnull=False) & ~Q(sha256="")),
                name="version_published_with_date_and_hash",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETIRED) | Q(retired_at__isnull=False), name="version_retired_with_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("policies:version", args=[self.policy.slug, self.number])

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def minutes(self) -> int:
        """At 230 words a minute, a usual pace for adults reading plain English."""
        return max(1, -(-self.words // 230))

    @property
    def reading(self) -> str:
        """Exactly what a reader acknowledges; its SHA-256 is kept with every acknowledgement.

        After a redaction this is what is left; `sha256` stays that of the text as it was published.
        """
        return "\n\n".join([f"{self.title} {self.number}", self.summary, self.text])


class ClauseQuerySet(models.QuerySet["Clause"]):
    def in_force(self) -> Self:
        return self.filter(version__state=State.PUBLISHED)


class Clause(models.Model):
    """A rule with an address of its own. The anchor is for ever; number and wording may change with each version."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="clauses")
    anchor = models.SlugField(_("permanent address"), max_length=80)
    number = models.PositiveSmallIntegerField(_("number"))
    part = models.CharField(_("part"), max_length=200, blank=True)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    examples = models.JSONField(_("examples"), default=list)
    sources = models.JSONField(_("sources"), default=list)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "anchor"], name="clause_anchor_once"),
            models.UniqueConstraint(fields=["version", "number"], name="clause_number_once"),
        ]
        indexes = [models.Index(fields=["anchor"])]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def dos(self) -> list[str]:
        return [each["html"] for each in self.examples if each["do"]]

    @property
    def donts(self) -> list[str]:
        return [each["html"] for each in self.examples if not each["do"]]


class Writer(models.Model):
    """Somebody who has written on a version, whose own approval therefore never counts for it."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="writers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="writer_once")]

    def __str__(self) -> str:
        return f"{self.person_id} wrote {self.version_id}"


class ReviewQuerySet(models.QuerySet["Review"]):
    def approvals(self, version: Version) -> Self:
        """Those that count: of this edition, and not of a writer."""
        writers = Writer.objects.filter(version=version).values("person_id")
        rows = self.filter(version=version, edition=version.edition, decision=Review.Decision.APPROVE)
        return rows.exclude(reviewer_id__in=writers)


class Review(models.Model):
    """One decision on one edition of a version. An edit makes a new edition, for which no earlier approval counts."""

    class Decision(models.TextChoices):
        APPROVE = "approve", _("Approved")
        SEND_BACK = "send_back", _("Sent back")

    version = models.ForeignKey(Version, models.PROTECT, related_name="reviews")
    edition = models.PositiveIntegerField(_("edition"))
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    change = models.CharField(_("confirmed kind of change"), max_length=10, choices=Change.choices, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("at"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "edition", "reviewer"], name="review_once_an_edition"),
            models.CheckConstraint(
                condition=Q(decision="approve", change__in=Change.values) | (Q(decision="send_back") & ~Q(comment="")),
                name="review_approval_confirms_rejection_explains",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} of {self.version_id} edition {self.edition}"


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def visible_to(self, person: User) -> Self:
        """One's own, and a strategist's those of the people the role reaches."""
        reach = person.access.reach(Role.STRATEGIST)
        own = self.filter(person=person)
        return own if reach == frozenset() else own | self.of_people(reach, today())

    def of_people(self, reach: Collection[int] | None, on: date) -> Self:
        """Of those that roles reach."""
        return self if reach is None else self.filter(person__in=User.objects.within(reach, on).values("pk"))

    def counting_for(self, version: Version) -> Self:
        """A minor change keeps earlier acknowledgements, and a material one begins a new major number."""
        return self.filter(version__policy_id=version.policy_id, version__major=version.major)


class Acknowledgement(models.Model):
    """That a person has read exactly this version and agreed to it, with the evidence. Never changed, never removed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="acknowledgements")
    at = models.DateTimeField(_("at"))
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    consent = models.TextField(_("what was agreed to"))
    sha256 = models.CharField("SHA-256", max_length=64)
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    # That the last part of the address is gone: the one thing that time takes from the evidence.
    is_shortened = models.BooleanField(_("address is shortened"), default=False, db_default=False)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = [
            models.UniqueConstraint(fields=["person", "version"], name="acknowledgement_once"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="acknowledgement_hash_whole"),
        ]
        indexes = [
            models.Index(fields=["version", "-at"]),
            models.Index(fields=["id"], condition=Q(is_shortened=False), name="whole_address"),
        ]

    def __str__(self) -> str:
        return self.reference


class Redaction(models.Model):
    """Words were removed from a version for privacy, whatever its state: the one change a published text allows.

    The database fills in the hash of the text before and the transaction; in that transaction alone, and only while
    the purge or the erasure is under way, it lets words be replaced, and checks the hash of what is left. Who asked
    for it, when and why is with the purge or the erasure.
    """

    append_only = True

    version = models.ForeignKey(Version, models.PROTECT, related_name="redactions")
    purge = models.ForeignKey("privacy.Purge", models.PROTECT, null=True, related_name="+")
    erasure = models.ForeignKey("privacy.Erasure", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    before = models.CharField(_("SHA-256 before"), max_length=64)
    after = models.CharField(_("SHA-256 since"), max_length=64)
    transaction = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("note of what was removed from a version")
        verbose_name_plural = _("notes of what was removed from a version")
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(purge__isnull=False, erasure__isnull=True) | Q(purge__isnull=True, erasure__isnull=False),
                name="redaction_has_one_reason",
            )
        ]

    def __str__(self) -> str:
        return f"redaction of version {self.version_id}"


class KeptText(models.Model):
    """What somebody has typed into the editor and not saved yet, kept so that nothing is lost."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="kept_texts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    edition = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="kept_text_once")]

    def __str__(self) -> str:
        return f"text of {self.person_id} for {self.version_id}"


class GuardRule(models.Model):
    """Which clause a finding of the guard is about."""

    kind = models.CharField(_("kind of finding"), max_length=30, unique=True)
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="+")
    anchor = models.SlugField(_("permanent address of the clause"), max_length=80)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("clause for a finding")
        verbose_name_plural = _("clauses for findings")

    def __str__(self) -> str:
        return f"{self.kind}: {self.policy_id}#{self.anchor}"

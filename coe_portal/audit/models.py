"""The trail, the seals that bind it into a chain, what was verified, and the log of who came in."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """Who did what to what, when. The database refuses to change or remove an entry, and computes its digest."""

    append_only = True

    at = models.DateTimeField(_("at"), auto_now_add=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(_("verb"), max_length=60)
    kind = models.CharField(_("kind of object"), max_length=60)
    object_id = models.BigIntegerField(_("object"), null=True)
    summary = models.CharField(_("summary"), max_length=300)
    details = models.JSONField(_("details"), default=dict)
    digest = models.BinaryField(_("digest"), null=True, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["kind", "object_id", "-at"]),
            models.Index(fields=["-at"]),
            models.Index(fields=["verb", "-at"], name="audit_verb_newest"),
            GinIndex(OpClass(Upper("summary"), name="gin_trgm_ops"), name="audit_words"),
        ]

    def __str__(self) -> str:
        return self.summary


class Seal(models.Model):
    """A link of the chain: what the entries of a range of ids contained when nobody could add to the range any more.

    `seen_id` and `seen_transaction` are the mark that the next seal ends at: every entry up to that id was written by
    a transaction with a smaller number, so the range is whole once all of those are over.
    """

    append_only = True

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("at"))
    after = models.BigIntegerField(_("after entry"))
    upto = models.BigIntegerField(_("up to entry"))
    entries = models.PositiveIntegerField(_("entries"))
    content = models.CharField(_("SHA-256 of the entries"), max_length=64)
    previous = models.CharField(_("hash of the seal before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    signature = models.CharField(_("signature"), max_length=64)
    seen_id = models.BigIntegerField(_("newest entry seen"))
    seen_transaction = models.BigIntegerField(_("newest transaction seen"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [models.CheckConstraint(condition=Q(upto__gte=models.F("after")), name="seal_range_in_order")]

    def __str__(self) -> str:
        return f"seal {self.number}"


class Pruning(models.Model):
    """Entries up to this one were removed when their time was over; their seals stay."""

    append_only = True

    at = models.DateTimeField(_("at"))
    upto = models.BigIntegerField(_("up to entry"))
    entries = models.PositiveIntegerField(_("entries"))

    class Meta:
        verbose_name = _("removal of old entries")
        verbose_name_plural = _("removals of old entries")

    def __str__(self) -> str:
        return f"up to {self.upto}"


class Verification(models.Model):
    """The chain was worked out again from the entries: what came of it. `broken_entry` is the first that is wrong."""

    append_only = True

    class Problem(models.TextChoices):
        CHANGED = "changed", _("An entry was changed")
        MISSING = "missing", _("Entries are missing")
        ADDED = "added", _("Entries were added afterwards")
        REPLACED = "replaced", _("Entries were changed, and their digests with them")
        CHAIN = "chain", _("The chain of seals was changed")
        SIGNATURE = "signature", _("The newest seal was not made by this portal")
        SHORTER = "shorter", _("The chain is shorter than it was")

    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entries = models.PositiveBigIntegerField(_("entries"))
    seals = models.PositiveBigIntegerField(_("seals"))
    head = models.CharField(_("hash of the newest seal"), max_length=64, blank=True)
    problem = models.CharField(_("problem"), max_length=10, choices=Problem.choices, blank=True)
    broken_entry = models.BigIntegerField(_("first broken entry"), null=True)
    seconds = models.FloatField(_("seconds"))

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = [models.Index(fields=["-at"])]

    def __str__(self) -> str:
        return self.problem or "whole"

    @property
    def is_whole(self) -> bool:
        return not self.problem


class Access(models.Model):
    """Somebody came in, or tried to. Kept apart from the trail, since addresses are forgotten long before it ends."""

    class Event(models.TextChoices):
        SIGNED_IN = "signed_in", _("Signed in")
        FAILED = "failed", _("Sign-in failed")
        SIGNED_OUT = "signed_out", _("Signed out")
        DENIED = "denied", _("Page refused")

    at = models.DateTimeField(_("at"))
    event = models.CharField(_("event"), max_length=12, choices=Event.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.GenericIPAddressField(_("network address"), null=True)
    # Without its query: that may hold what somebody typed.
    path = models.CharField(_("page"), max_length=300, blank=True)
    is_shortened = models.BooleanField(_("address shortened"), default=False)

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        indexes = [
            models.Index(fields=["-at", "-id"], name="access_newest"),
            models.Index(fields=["person", "-at"], name="access_of_person"),
            models.Index(fields=["at"], condition=Q(is_shortened=False), name="access_with_address"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.person_id}"

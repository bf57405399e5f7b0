"""Story ideas from all over the organisation, on their way to being published."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coe_portal.people.access import Role, within
from coe_portal.people.models import Department, User


class StoryQuerySet(models.QuerySet["Story"]):
    def visible_to(self, person: User) -> Self:
        """A submitter sees their own; strategists everything of their branch that is not held."""
        mine = Q(submitter=person)
        if not person.is_strategist:
            return self.filter(mine)
        reach = person.access.reach(Role.STRATEGIST)
        theirs = Q(is_held=False) if reach is None else Q(is_held=False, department__in=reach)
        return self.filter(mine | theirs)

    def looked_after_by(self, person: User) -> Self:
        """A story belongs to the department where it happened."""
        return within(self, person.access.reach(Role.STRATEGIST))

    def on_the_board(self) -> Self:
        return self.filter(is_held=False)


class Story(models.Model):
    class State(models.TextChoices):
        IDEA = "idea", _("Idea")
        SHORTLISTED = "shortlisted", _("Shortlisted")
        AUTHORISATION = "authorisation", _("Authorisation")
        SCHEDULED = "scheduled", pgettext_lazy("story", "Scheduled")
        PUBLISHED = "published", pgettext_lazy("story", "Published")
        DECLINED = "declined", _("Declined")

    title = models.CharField(_("title"), max_length=160)
    source = models.TextField(_("what happened"), max_length=10_000)
    html = models.TextField(_("rendered text"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("department"))
    contact = models.CharField(_("whom to talk to"), max_length=200)
    shows_patient = models.BooleanField(_("a patient is shown or named"), default=False)
    submitter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.UUIDField(_("key of the form it came with"))
    created_at = models.DateTimeField(_("handed in"))
    moved_at = models.DateTimeField(_("last moved"))
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.IDEA)
    is_held = models.BooleanField(_("held"), default=False)
    scheduled_for = models.DateField(_("planned for"), null=True, blank=True)
    published_url = models.URLField(_("where it was published"), max_length=300, blank=True)
    declined_reason = models.CharField(_("why it was declined"), max_length=300, blank=True)

    objects: ClassVar[Any] = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        constraints = [
            models.UniqueConstraint(fields=["submitter", "key"], name="story_sent_once"),
            models.CheckConstraint(
                condition=Q(state__in=["idea", "shortlisted", "authorisation", "scheduled", "published", "declined"]),
                name="story_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(declined_reason=""), name="story_declined_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(scheduled_for__isnull=False), name="story_scheduled_with_date"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(published_url=""), name="story_published_with_link"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-moved_at", "-id"], name="story_board"),
            models.Index(fields=["submitter", "-moved_at"], name="story_mine"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("feedback:story", args=[self.pk])


# Where a story may go next. Nothing leaves "published"; a declined idea can be taken up again.
NEXT: dict[str, tuple[str, ...]] = {
    Story.State.IDEA: (Story.State.SHORTLISTED, Story.State.DECLINED),
    Story.State.SHORTLISTED: (
        Story.State.AUTHORISATION,
        Story.State.SCHEDULED,
        Story.State.IDEA,
        Story.State.DECLINED,
    ),
    Story.State.AUTHORISATION: (Story.State.SCHEDULED, Story.State.SHORTLISTED, Story.State.DECLINED),
    Story.State.SCHEDULED: (Story.State.PUBLISHED, Story.State.SHORTLISTED, Story.State.DECLINED),
    Story.State.PUBLISHED: (),
    Story.State.DECLINED: (Story.State.IDEA,),
}


class StoryMove(models.Model):
    """One step of a story, kept for ever. The first has no `before`."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="moves")
    before = models.CharField(_("from"), max_length=14, blank=True)
    after = models.CharField(_("to"), max_length=14, choices=Story.State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note for the submitter"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["story", "at"], name="story_move_order")]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"

    @property
    def state(self) -> str:
        return str(Story.State(self.after).label)


class AuthorisationQuerySet(models.QuerySet["Authorisation"]):
    def valid(self, on: date) -> Self:
        return self.filter(revoked_on__isnull=True, expires_on__gte=on)


class Authorisation(models.Model):
    """A patient's signed permission. It names the signed form, not the patient."""

    class Signer(models.TextChoices):
        PATIENT = "patient", _("The patient")
        PARENT = "parent", _("A parent or guardian")
        REPRESENTATIVE = "representative", _("A personal representative")

    story = models.ForeignKey(Story, models.CASCADE, related_name="authorisations")
    signer = models.CharField(_("who signed"), max_length=14, choices=Signer.choices)
    reference = models.CharField(_("number of the signed form"), max_length=60)
    scope = models.CharField(_("what may be shown, and where"), max_length=300)
    expires_on = models.DateField(_("valid until"))
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    objects: ClassVar[Any] = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(signer__in=["patient", "parent", "representative"]), name="authorisation_signer_known"
            )
        ]

    def __str__(self) -> str:
        return self.reference

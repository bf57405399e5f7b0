"""Hand in a story, move it over the board, record the patient's permission."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from coe_portal.core import markdown
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.models import Department, User
from feedback import permissions
from feedback.actions import common, drafts
from feedback.actions.topics import Text
from feedback.models import Authorisation, Story, StoryMove


@dataclass(frozen=True)
class Idea:
    title: str
    department: Department
    contact: str
    shows_patient: bool


@transaction.atomic
def hand_in(*, by: User, idea: Idea, text: Text, at: datetime) -> Story:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # a second sending waits here for the first
    already = Story.objects.filter(submitter=by, key=text.key).first()
    if already:
        return already
    story = Story.objects.create(
        title=idea.title,
        department=idea.department,
        contact=idea.contact,
        shows_patient=idea.shows_patient,
        source=text.source,
        html=markdown.render(text.source),
        submitter=by,
        key=text.key,
        created_at=at,
        moved_at=at,
        is_held=bool(text.found),
    )
    StoryMove.objects.create(story=story, after=Story.State.IDEA, by=by, at=at)
    if story.is_held:
        common.hold_story(story, text.found, at)
    drafts.drop(by=by, place="story")
    common.record(by=by, verb="handed in", on=story, held=story.is_held)
    bump("feedback.stories", f"person:{by.pk}")
    return story


@dataclass(frozen=True)
class Step:
    """Where a story goes and what the new state needs to be known."""

    state: str
    note: str = ""
    scheduled_for: date | None = None
    published_url: str = ""


@transaction.atomic
def move(*, by: User, story: Story, step: Step, at: datetime) -> None:
    """Raises ValidationError where the state cannot be next or something it needs is missing."""
    if not permissions.can_move(by, story):
        raise PermissionDenied
    locked = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    if locked.state == step.state:
        return
    if locked.is_held or not permissions.may_go_to(locked, step.state):
        raise ValidationError(_("The story cannot go there from where it is now."))
    before = locked.state
    _enter(locked, step, at)
    StoryMove.objects.create(story=locked, before=before, after=step.state, by=by, at=at, note=step.note)
    _tell_submitter(locked, by, at)
    common.record(by=by, verb="moved", on=locked, before=before, after=step.state)
    bump("feedback.stories", f"person:{locked.submitter_id}")


def _enter(story: Story, step: Step, at: datetime) -> None:
    if step.state == Story.State.SCHEDULED:
        _schedule(story, step)
    if step.state == Story.State.PUBLISHED:
        _publish(story, step, at)
    if step.state == Story.State.DECLINED:
        if not step.note:
            raise ValidationError(_("Say why, so that the submitter learns from it."))
        story.declined_reason = step.note
    story.state = step.state
    story.moved_at = at
    story.save()


def _schedule(story: Story, step: Step) -> None:
    if step.scheduled_for is None:
        raise ValidationError(_("Choose the day on which it is to appear."))
    if not permissions.is_authorised(story, step.scheduled_for):
        raise ValidationError(_("A patient is shown: record an authorisation that is valid on that day first."))
    story.scheduled_for = step.scheduled_for


def _publish(story: Story, step: Step, at: datetime) -> None:
    if not step.published_url:
        raise ValidationError(_("Give the address where it was published."))
    if not permissions.is_authorised(story, at.date()):
        raise ValidationError(_("The authorisation is no longer valid: record a new one first."))
    story.published_url = step.published_url


def _tell_submitter(story: Story, by: User, at: datetime) -> None:
    notify(
        person_ids=[story.submitter_id] if story.submitter_id != by.pk else [],
        kind="feedback.story_moved",
        subject=_("%(title)s: %(state)s") % {"title": story.title[:150], "state": Story.State(story.state).label},
        url=story.get_absolute_url(),
        key=f"feedback.story_moved:{story.pk}:{at.isoformat()}",
    )


@transaction.atomic
def authorise(*, by: User, story: Story, authorisation: Authorisation, at: datetime) -> Authorisation:
    if not permissions.can_move(by, story):
        raise PermissionDenied
    authorisation.story = story
    authorisation.recorded_by = by
    authorisation.recorded_at = at
    authorisation.save()
    common.record(by=by, verb="recorded", on=authorisation, story=story.pk)
    bump("feedback.stories")
    return authorisation


@transaction.atomic
def revoke(*, by: User, authorisation: Authorisation, on: date) -> None:
    """What was published stays listed with the story, so that it can be taken down."""
    if not permissions.can_move(by, authorisation.story):
        raise PermissionDenied
    Authorisation.objects.filter(pk=authorisation.pk, revoked_on__isnull=True).update(revoked_on=on)
    common.record(by=by, verb="revoked", on=authorisation, story=authorisation.story_id)
    bump("feedback.stories")

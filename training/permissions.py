"""One answer a question: who may do what in training."""

from collections.abc import Sequence
from datetime import date, datetime

from coe_portal.people.models import PersonQuerySet, User
from training.models import Attempt, Enrolment
from training.rules import Permit, attempt_permit


def may_author(person: User) -> bool:
    return person.is_strategist


def may_enrol_others(person: User) -> bool:
    return person.is_strategist


def may_revoke(person: User) -> bool:
    return person.is_strategist


def may_oversee(person: User) -> bool:
    return person.is_coordinator or person.is_strategist


def people_overseen(person: User, on: date) -> PersonQuerySet:
    """Everybody for a strategist, the people of the branch for a coordinator, nobody for anybody else."""
    people: PersonQuerySet = User.objects.active()
    return people if person.is_strategist else people.seen_by_coordinator(person, on)


def may_start_attempt(enrolment: Enrolment, attempts: Sequence[Attempt], at: datetime) -> Permit:
    """By the rules of the version that people see now."""
    version = enrolment.course.current
    if version is None:
        raise ValueError(f"Course {enrolment.course_id} was never published.")
    return attempt_permit(
        allowed=version.attempts_allowed,
        extra=enrolment.extra_attempts,
        cool_down_hours=version.cool_down_hours,
        handed_in=[attempt.submitted_at for attempt in attempts if attempt.submitted_at],
        at=at,
    )

"""One answer a question: who may do what in training."""

from collections.abc import Sequence
from datetime import date, datetime

from coe_portal.people.access import Role
from coe_portal.people.models import PersonQuerySet, User
from training.models import Attempt, Certificate, Enrolment
from training.rules import Permit, attempt_permit


def may_author(person: User) -> bool:
    return person.is_strategist


def may_enrol_others(person: User) -> bool:
    return person.is_strategist


def may_revoke(person: User, certificate: Certificate, on: date) -> bool:
    holder = User.objects.filter(pk=certificate.completion.person_id)
    return person.is_strategist and holder.within(person.access.reach(Role.STRATEGIST), on).exists()


def may_oversee(person: User) -> bool:
    return person.is_coordinator or person.is_strategist


def people_overseen(person: User, on: date) -> PersonQuerySet:
    """The people of the branches of strategists and coordinators, nobody for anybody else."""
    people: PersonQuerySet = User.objects.active()
    return people.within(reach_of(person), on)


def reach_of(person: User) -> frozenset[int] | None:
    """The departments whose people's records a person may see; None is all of them."""
    return person.access.reach(Role.STRATEGIST, Role.COORDINATOR)


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

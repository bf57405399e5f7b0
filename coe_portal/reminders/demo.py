"""Reminders, mails and choices that make the pages of a demo look lived in."""

from datetime import time, timedelta

from django.utils import timezone

from coe_portal.contributions import Way, open_obligations
from coe_portal.core.crypto import encrypt
from coe_portal.notifications.actions import choose, choose_times
from coe_portal.notifications.models import ChatDestination, OutgoingMail
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import Department, User
from coe_portal.people.queries import branch_ids
from coe_portal.reminders.actions import remind
from coe_portal.reminders.models import Reminder
from coe_portal.reminders.stages import asked_stage, days_late

REPORTS = 7
REFUSED = "550 5.1.1 The email account that you tried to reach does not exist."


def build(organisation: DemoOrganisation) -> None:
    branch = list(_people_of(organisation.departments["Riverbend Medical Center"], organisation))
    _managers(organisation, branch)
    _reminders(organisation, branch)
    _choices(organisation.sign_ins["employee"])
    _mails(organisation)
    ChatDestination.objects.create(
        name="Social media leads",
        service="Slack",
        host="",
        secret=encrypt("slack://DemoWorkspace/DemoRoom/DemoSecret"),
        audience_note="The 14 people who run our channels",
        last_success_at=timezone.now() - timedelta(days=2),
    )


def _people_of(department: Department, organisation: DemoOrganisation) -> "list[User]":
    found = User.objects.active().in_departments(branch_ids([department.pk]), organisation.today)
    return list(found.order_by("pk"))


def _managers(organisation: DemoOrganisation, branch: list[User]) -> None:
    boss = organisation.sign_ins["coordinator"]
    reports = [each.pk for each in branch if each.pk != boss.pk][:REPORTS]
    User.objects.filter(pk__in=reports).update(manager=boss)


def _reminders(organisation: DemoOrganisation, branch: list[User]) -> None:
    """The automatic ones of today for the sign-ins, and a coordinator's of some days ago for who was late then."""
    now, today = timezone.now(), organisation.today
    remind({each.pk: each.language for each in organisation.sign_ins.values()}, on=today, at=now)
    owed = open_obligations([each.pk for each in branch], today)
    late = sorted({each.person_id for each in owed if days_late(each.due, today) > 3})
    asked = now - timedelta(days=3)
    Reminder.objects.bulk_create(
        Reminder(
            person_id=person_id,
            stage=asked_stage(organisation.days_ago(3)),
            by=organisation.sign_ins["coordinator"],
            sent_at=asked,
        )
        for person_id in late[::2]
    )


def _choices(employee: User) -> None:
    choose(by=employee, ways={"feedback.accepted": Way.AT_ONCE, "policy-published": Way.PORTAL})
    choose_times(by=employee, digest_at=time(7, 30), quiet_from=time(19), quiet_until=time(7), quiet_weekends=True)


def _mails(organisation: DemoOrganisation) -> None:
    """Last night's digests: nearly all taken, two addresses that do not exist, one that was sent twice perhaps."""
    at, states = timezone.now() - timedelta(hours=3), OutgoingMail.State
    people = [each for each in organisation.people if each.pk % 3]
    mails = [
        OutgoingMail(
            person=each,
            address=each.email,
            purpose=OutgoingMail.Purpose.DIGEST,
            key=f"digest:{each.pk}:{organisation.days_ago(1)}",
            state=states.ACCEPTED,
            due_at=at,
            accepted_at=at,
            ambiguous=number == 40,
        )
        for number, each in enumerate(people)
    ]
    for refused in mails[-2:]:
        refused.state, refused.accepted_at, refused.error, refused.attempts = states.PARKED, None, REFUSED, 1
    OutgoingMail.objects.bulk_create(mails, batch_size=1_000)

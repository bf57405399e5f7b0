"""The audiences of the demo, from one kind of employee to rules over other audiences, and how they came and went."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from coe_portal.people.access import Role
from coe_portal.people.actions import refresh_audiences
from coe_portal.people.models import (
    Audience,
    AudienceChange,
    AudienceMember,
    AudienceReader,
    AudienceRun,
    AudienceVersion,
    Department,
    PastMember,
    User,
)
from coe_portal.people.rules import ALL, ANY, NONE, Condition, Group, Rule, rule_of

NEW_FOR_DAYS = 90
DAYS_OF_RUNS = 10
AGO = timedelta(days=400)


def build_audiences(
    departments: Mapping[str, Department], sign_ins: Mapping[str, User], today: date
) -> dict[str, Audience]:
    """The four that the apps' demos are for; the others are there to be looked at and used."""
    clinical = [User.Kind.NURSE.value, User.Kind.PHYSICIAN.value, User.Kind.ALLIED.value]
    roles = [Role.COORDINATOR.value, Role.STRATEGIST.value]
    branch = departments["Communications and Marketing"]
    chosen = {
        "everyone": Audience.objects.everyone(),
        "clinicians": _audience("Clinical staff", rule_of(kinds=clinical)),
        "coordinators": _audience("Coordinators and strategists", rule_of(roles=roles)),
        "communications": _audience(branch.name, rule_of(departments=[branch.pk])),
    }
    new = _others(departments, sign_ins, chosen, today)
    refresh_audiences(on=today)
    _stays(today)
    _runs(new, today)
    _versions(sign_ins)
    AudienceReader.objects.create(person=sign_ins["strategist"])
    return chosen


def _audience(name: str, rule: Rule) -> Audience:
    audience: Audience = Audience.objects.create(name=name, rule=rule.as_data(), edition=1)
    return audience


def _others(
    departments: Mapping[str, Department], sign_ins: Mapping[str, User], chosen: Mapping[str, Audience], today: date
) -> Audience:
    def below(*names: str) -> Condition:
        return Condition("department", tuple(departments[name].pk for name in names))

    def members(key: str) -> Condition:
        return Condition("audience", (chosen[key].pk,))

    nurses, physicians = Condition("kind", ("nurse",)), Condition("kind", ("physician",))
    years = Condition("hired", (date(today.year - 5, 1, 1).isoformat(),), how="before")
    coordinator = Condition("role", ("coordinator",))
    team = tuple(sign_ins[key].pk for key in ("strategist", "approver", "privacy", "executive"))
    emergency = ("Emergency Department", "Lakeside Emergency", "Pediatric Emergency", "Northfield Emergency")
    rules = {
        "Nurses at Lakeside": Rule(Group(ALL, (below("Lakeside Hospital"), nurses))),
        "Emergency departments": Rule(Group(ALL, (below(*emergency),))),
        "Residents": Rule(Group(ALL, (physicians, Condition("title", ("resident",))))),
        "Volunteers and contractors": Rule(Group(ALL, (Condition("kind", ("volunteer", "contractor")),))),
        "Veterans of five years": Rule(Group(ALL, (years, Group(NONE, (Condition("kind", ("contractor",)),))))),
        "Clinical staff outside the medical center": Rule(
            Group(ALL, (members("clinicians"), Group(NONE, (below("Riverbend Medical Center"),))))
        ),
        "Those who may post for us": Rule(
            Group(ANY, (members("communications"), Group(ALL, (coordinator, Group(NONE, (physicians,))))))
        ),
        "Crisis team": Rule(Group(ANY, (Condition("role", ("executive",)),)), also=team),
    }
    for name, rule in rules.items():
        _audience(name, rule)
    return _audience("New colleagues", Rule(Group(ALL, (Condition("hired", (NEW_FOR_DAYS,), how="within"),))))


def _stays(today: date) -> None:
    """Everybody is in their audiences since they were hired, and not since the demo was built."""
    hired = User.objects.filter(pk=OuterRef("person")).values("hired_on")[:1]
    AudienceMember.objects.update(joined_on=Coalesce(Subquery(hired), today - AGO))
    AudienceRun.objects.update(on=today - AGO, at=timezone.now() - AGO)


def _runs(new: Audience, today: date) -> None:
    """Each morning some stop being new colleagues, and others have begun."""
    over = User.objects.filter(hired_on__lte=today - timedelta(days=NEW_FOR_DAYS), hired_on__gt=today - AGO)
    ends = timedelta(days=NEW_FOR_DAYS)
    PastMember.objects.bulk_create(
        PastMember(audience=new, person_id=pk, joined_on=hired, left_on=hired + ends)
        for pk, hired in over.values_list("pk", "hired_on")
    )
    joined = Counter(AudienceMember.objects.filter(audience=new).values_list("joined_on", flat=True))
    left = Counter(PastMember.objects.filter(audience=new).values_list("left_on", flat=True))
    mornings = [today - timedelta(days=n) for n in range(DAYS_OF_RUNS)]
    number = Audience.objects.count()
    runs = AudienceRun.objects.bulk_create(
        AudienceRun(on=day, at=_at(day), is_daily=True, audiences=number, milliseconds=40 + 3 * n)
        for n, day in enumerate(mornings)
    )
    AudienceChange.objects.bulk_create(
        AudienceChange(run=run, audience=new, joined=joined[run.on], left=left[run.on])
        for run in runs
        if joined[run.on] or left[run.on]
    )


def _versions(sign_ins: Mapping[str, User]) -> None:
    made = Audience.objects.filter(is_everyone=False)
    made.update(made_by=sign_ins["strategist"], edition=F("edition"))
    AudienceVersion.objects.bulk_create(
        AudienceVersion(
            audience=each, number=1, name=each.name, rule=each.rule, by=sign_ins["strategist"],
            at=timezone.now() - AGO, joined=each.size,
        )
        for each in made.with_sizes()
    )  # fmt: skip


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0, 12)), timezone.get_default_timezone())

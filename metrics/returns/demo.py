"""Two years of campaigns, what they cost, what they brought, and what finance said that is worth. All made up."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from coe_portal.people.demo import DemoOrganisation
from metrics.periods import add_months
from metrics.returns.models import (
    Activity,
    Assumption,
    AttributionRule,
    Campaign,
    Goal,
    GoalTarget,
    OutcomeCount,
    OutcomeKind,
    OutcomeValue,
)

MONTHS = 24
RATE = Decimal(54)


@dataclass(frozen=True)
class Story:
    """A campaign: when, for how long, its outcomes a month at full strength, and what it spends on media."""

    name: str
    slug: str
    department: str
    purpose: str
    days_ago: int
    length: int | None
    outcomes: dict[OutcomeKind, int]
    media: int
    work: tuple[str, ...]


STORIES = (
    Story(
        "Flu shots last season", "flu-shots-last-season", "Primary Care East",
        "Fill the walk-in vaccination hours before Thanksgiving.",
        410, 60, {OutcomeKind.APPOINTMENT: 260, OutcomeKind.CALL: 120}, 1_400,
        ("Film the vaccination clinic", "Answer questions about side effects", "Reminder posts in Spanish"),
    ),
    Story(
        "Flu shots", "flu-shots", "Primary Care East",
        "A third more appointments than last season, half of them booked online.",
        45, 60, {OutcomeKind.APPOINTMENT: 340, OutcomeKind.CALL: 140}, 1_900,
        ("Film the drive-through clinic", "Answer questions about the new vaccine", "Nurses say why they get theirs"),
    ),
    Story(
        "Breast cancer awareness", "breast-cancer-awareness", "Women's Health",
        "Bring women who have put it off to a mammogram.",
        420, 31, {OutcomeKind.APPOINTMENT: 150, OutcomeKind.REFERRAL: 40, OutcomeKind.DONATION: 25}, 900,
        ("Survivors tell their stories", "Live session with the imaging team"),
    ),
    Story(
        "Breast cancer awareness, second year", "breast-cancer-awareness-2", "Women's Health",
        "Reach the neighborhoods with the lowest screening rate.",
        52, 31, {OutcomeKind.APPOINTMENT: 190, OutcomeKind.REFERRAL: 55, OutcomeKind.DONATION: 40}, 1_050,
        ("A technologist shows what happens", "Live session with the imaging team", "Posts with the churches"),
    ),
    Story(
        "Nurse hiring", "nurse-hiring", "Human Resources",
        "Forty applications a month from nurses with experience in acute care.",
        320, 270, {OutcomeKind.APPLICANT: 46}, 700,
        ("A day on the night shift", "Answer applicants' questions", "New graduates introduce themselves"),
    ),
    Story(
        "New pediatric clinic", "new-pediatric-clinic", "Pediatric Clinics",
        "Families on the east side know that we have opened.",
        150, 120, {OutcomeKind.APPOINTMENT: 110, OutcomeKind.SIGN_UP: 36, OutcomeKind.CALL: 60}, 1_200,
        ("Tour of the clinic with Child Life", "Opening day", "Parents ask, a pediatrician answers"),
    ),
    Story(
        "Heart month", "heart-month", "Cardiology",
        "People over fifty know their blood pressure.",
        285, 28, {OutcomeKind.SIGN_UP: 140, OutcomeKind.REFERRAL: 30}, 800,
        ("Cardiologists answer live", "Blood pressure day at the market"),
    ),
    Story(
        "Charity run", "charity-run", "Riverbend Foundation",
        "Five hundred runners and their sponsors.",
        80, 24, {OutcomeKind.DONATION: 210, OutcomeKind.SIGN_UP: 180}, 350,
        ("Runners introduce themselves", "Photographs of the day"),
    ),
)  # fmt: skip

# Low, likely and high, as first agreed and as agreed a year later.
VALUES = {
    OutcomeKind.APPOINTMENT: (
        (28, 42, 66),
        (31, 46, 70),
        "Contribution of a first visit times the share that is kept.",
    ),
    OutcomeKind.CALL: ((4, 7, 12), (5, 8, 13), "Share of calls that end in a visit."),
    OutcomeKind.SIGN_UP: (
        (6, 11, 20),
        (6, 12, 22),
        "Fee of a class after its costs; free classes at the cost of a letter.",
    ),
    OutcomeKind.REFERRAL: ((60, 110, 190), (65, 120, 205), "Contribution of a referred visit, half of it ours."),
    OutcomeKind.APPLICANT: (
        (35, 70, 130),
        (40, 80, 140),
        "Cost of an applicant through an agency that we did not pay.",
    ),
}


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("returns")  # noqa: S311 - made-up figures
    campaigns = _campaigns(organisation)
    Activity.objects.bulk_create(_activities(chance, organisation, campaigns))
    OutcomeCount.objects.bulk_create(_outcomes(chance, organisation, campaigns))
    _values(organisation)
    _assumptions(organisation)
    _goals(organisation)


def _campaigns(organisation: DemoOrganisation) -> dict[str, Campaign]:
    rows = [
        Campaign(
            name=story.name,
            slug=story.slug,
            purpose=story.purpose,
            department=organisation.departments[story.department],
            starts=organisation.days_ago(story.days_ago),
            ends=_last_day(story, organisation.today),
            recorded_by=organisation.sign_ins["strategist"],
            is_demo=True,
        )
        for story in STORIES
    ]
    return {campaign.slug: campaign for campaign in Campaign.objects.bulk_create(rows)}


def _last_day(story: Story, today: date) -> date | None:
    return today - timedelta(days=story.days_ago - story.length) if story.length else None


def _activities(
    chance: random.Random, organisation: DemoOrganisation, campaigns: dict[str, Campaign]
) -> list[Activity]:
    by = organisation.sign_ins["strategist"]
    rows = []
    for story in STORIES:
        campaign = campaigns[story.slug]
        for position, name in enumerate(story.work):
            kind = Activity.Kind.COMMUNITY if name.startswith("Answer") else Activity.Kind.CONTENT
            day = min(campaign.starts + timedelta(days=4 + 9 * position), organisation.today)
            hours, media = Decimal(chance.randint(14, 46)), Decimal(story.media if position == 0 else 0)
            rows.append(_activity(campaign, name, kind, day, hours, media, Decimal(0)))
    for number in range(MONTHS):
        month = add_months(organisation.today, -number)
        rows.append(
            _activity(
                None,
                "Answering and moderating",
                Activity.Kind.COMMUNITY,
                month,
                Decimal(chance.randint(38, 52)),
                Decimal(0),
                Decimal(0),
            )
        )
        rows.append(
            _activity(
                None, "Publishing and listening tools", Activity.Kind.TOOLS, month, Decimal(0), Decimal(0), Decimal(640)
            )
        )
    for row in rows:
        row.recorded_by = by
    return rows


def _activity(
    campaign: Campaign | None, name: str, kind: str, day: date, hours: Decimal, media: Decimal, tools: Decimal
) -> Activity:
    return Activity(
        campaign=campaign, name=name, kind=kind, day=day, hours=hours, rate=RATE, media=media, tools=tools, is_demo=True
    )


def _outcomes(
    chance: random.Random, organisation: DemoOrganisation, campaigns: dict[str, Campaign]
) -> list[OutcomeCount]:
    """Counted by two rules, as the analytics of the website report them; last touch finds a little less."""
    rows = []
    for month in (add_months(organisation.today, -number) for number in range(1, MONTHS + 1)):
        for story in STORIES:
            share = _share_of_month(campaigns[story.slug], month)
            for kind, full in story.outcomes.items():
                count = round(full * share * chance.uniform(0.85, 1.15))
                if count:
                    rows.append(_count(campaigns[story.slug], kind, AttributionRule.LAST_TOUCH, month, count))
                    rows.append(_count(campaigns[story.slug], kind, AttributionRule.LINEAR, month, count * 1.08))
        for kind, full in ((OutcomeKind.APPOINTMENT, 35), (OutcomeKind.CALL, 60), (OutcomeKind.SIGN_UP, 12)):
            count = round(full * chance.uniform(0.8, 1.2))
            rows += [
                _count(None, kind, rule, month, count) for rule in (AttributionRule.LAST_TOUCH, AttributionRule.LINEAR)
            ]
    for row in rows:
        row.recorded_by = organisation.sign_ins["strategist"]
    return rows


def _share_of_month(campaign: Campaign, month: date) -> float:
    """How much of a month's strength falls into it; a campaign is felt two weeks longer than it runs."""
    end = (campaign.ends or month + timedelta(days=60)) + timedelta(days=14)
    first, last = max(campaign.starts, month), min(end, add_months(month, 1) - timedelta(days=1))
    return max(0, (last - first).days + 1) / 30


def _count(
    campaign: Campaign | None, kind: OutcomeKind, rule: AttributionRule, month: date, count: float
) -> OutcomeCount:
    return OutcomeCount(
        campaign=campaign,
        kind=kind,
        rule=rule,
        month=month,
        count=Decimal(f"{count:.2f}"),
        source=OutcomeCount.Source.DEMO,
        source_note="Made up for the demo",
        is_demo=True,
    )


def _values(organisation: DemoOrganisation) -> None:
    """Nobody has agreed on what a donation is worth beyond its amount, so donations stay without a value."""
    first, second = add_months(organisation.today, -MONTHS), add_months(organisation.today, -10)
    OutcomeValue.objects.bulk_create(
        OutcomeValue(
            kind=kind,
            low=agreed[0],
            likely=agreed[1],
            high=agreed[2],
            starts=starts,
            agreed_on=starts - timedelta(days=12),
            agreed_by="Dana Ortiz, controller",
            basis=basis,
            recorded_by=organisation.sign_ins["strategist"],
            is_demo=True,
        )
        for kind, (early, late, basis) in VALUES.items()
        for starts, agreed in ((first, early), (second, late))
    )


def _assumptions(organisation: DemoOrganisation) -> None:
    start = add_months(organisation.today, -MONTHS)
    rows = (
        (
            Assumption.Key.ATTRIBUTION, AttributionRule.LAST_TOUCH, start,
            "The last contact before somebody acts gets the whole credit.",
            "It is the only rule that the appointment system and the website can both follow.",
        ),
        (
            Assumption.Key.RATE, "54", start, "An hour of work costs $54, benefits included.",
            "Mean of the team's pay bands, from finance.",
        ),
        (
            Assumption.Key.COSTS, "", start,
            "Working hours, paid media and tools count as costs; rooms, computers and the people filmed do not.",
            "They would be paid for without social media, too.",
        ),
        (
            Assumption.Key.DELAY, "", start,
            "An outcome counts in the month in which it happened, not the month of payment.",
            "Payment takes up to nine months, and would be set against the wrong costs.",
        ),
    )  # fmt: skip
    Assumption.objects.bulk_create(
        Assumption(
            key=key, value=value, starts=starts, statement=statement, reason=reason, is_demo=True,
            recorded_by=organisation.sign_ins["strategist"],
        )
        for key, value, starts, statement, reason in rows
    )  # fmt: skip


def _goals(organisation: DemoOrganisation) -> None:
    strategist, today = organisation.sign_ins["strategist"], organisation.today
    rows = (
        ("Followers of all accounts", "followers", 245_000, 12, ((290_000, 200, -300, ""),)),
        (
            "Engagements a month", "engagements", 165_000, 12,
            (
                (200_000, 60, -330, ""),
                (240_000, 150, -120, "Reached early: the spring campaigns were stronger than planned."),
            ),
        ),
    )  # fmt: skip
    for title, metric, baseline, months, targets in rows:
        goal = Goal.objects.create(
            title=title,
            metric=metric,
            baseline=baseline,
            baseline_month=add_months(today, -months),
            recorded_by=strategist,
            is_demo=True,
        )
        GoalTarget.objects.bulk_create(
            GoalTarget(
                goal=goal, value=value, due=today + timedelta(days=due), set_on=today + timedelta(days=set_on),
                reason=reason, recorded_by=strategist, is_demo=True,
            )
            for value, due, set_on, reason in targets
        )  # fmt: skip

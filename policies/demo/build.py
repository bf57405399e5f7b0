"""Policies, versions and signatures, written in bulk."""

import random
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import timezone

from coe_portal.core import markdown
from coe_portal.notifications.actions import notify
from coe_portal.people.demo import DemoOrganisation
from coe_portal.people.models import Audience, AudienceMember, User
from policies.actions.acknowledging import LETTERS, consent_to
from policies.actions.drafting import clauses_of
from policies.actions.publishing import seal
from policies.demo.library import POLICIES, RULES, DemoPolicy, Step, next_text_of, text_of
from policies.models import Acknowledgement, Change, Clause, GuardRule, Policy, Review, State, Version, Writer
from policies.text import parse, word_count

BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile Safari",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome",
    "Mozilla/5.0 (Linux; Android 16) Mobile Chrome",
)
# What the people one can sign in as have not signed, so that there is something to see.
LEFT_OPEN = {
    "employee": {("social-media", 2), ("personal-accounts-and-disclosure", 1)},
    "coordinator": {("official-accounts", 2)},
    "executive": {("personal-accounts-and-disclosure", 1)},
}


def build(organisation: DemoOrganisation) -> None:
    chance = random.Random("policies")  # noqa: S311 - made-up signatures
    policies = _policies(organisation)
    versions = _published(organisation, policies)
    drafts = _open_versions(organisation, policies, versions)
    everything = [*(version for chain in versions.values() for version in chain), *drafts]
    _clauses(everything)
    _decisions(organisation, versions)
    _signatures(chance, organisation, versions)
    GuardRule.objects.bulk_create(
        GuardRule(kind=kind, policy=policies[slug], anchor=anchor) for kind, (slug, anchor) in RULES.items()
    )
    _notifications(organisation, drafts[0])


def _at(organisation: DemoOrganisation, days_ago: int, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(organisation.days_ago(days_ago), time(hour)))


def _policies(organisation: DemoOrganisation) -> dict[str, Policy]:
    audiences: dict[str, Audience] = {
        "everyone": organisation.everyone,
        "clinicians": organisation.clinicians,
        "coordinators": organisation.coordinators,
    }
    rows = Policy.objects.bulk_create(
        Policy(
            slug=each.slug,
            title=each.title,
            topic=each.topic,
            owner=organisation.sign_ins[each.owner],
            audience=audiences[each.audience],
            must_acknowledge=each.must_acknowledge,
            days_to_acknowledge=each.days_to_acknowledge,
            review_due=organisation.today + timedelta(days=each.review_in),
        )
        for each in POLICIES
    )
    return {row.slug: row for row in rows}


def _version(policy: Policy, text: str, summary: str, at: datetime, **fields: object) -> Version:
    version = Version(
        policy=policy, title=policy.title, summary=summary, text=text, created_at=at, changed_at=at, **fields
    )
    version.intro_html = markdown.render(parse(text).intro)
    version.words = word_count(text)
    return version


def _published(organisation: DemoOrganisation, policies: dict[str, Policy]) -> dict[str, list[Version]]:
    """Per policy its versions, oldest first."""
    chains: dict[str, list[Version]] = {each.slug: [] for each in POLICIES}
    for place in range(max(len(each.steps) for each in POLICIES)):
        rows = [
            _published_version(organisation, policies[each.slug], each, place, chains[each.slug])
            for each in POLICIES
            if place < len(each.steps)
        ]
        for row in Version.objects.bulk_create(rows):
            chains[row.policy.slug].append(row)
    return chains


def _published_version(
    organisation: DemoOrganisation, policy: Policy, demo: DemoPolicy, place: int, before: list[Version]
) -> Version:
    step = demo.steps[place]
    at = _at(organisation, step.days_ago)
    version = _version(
        policy,
        step.text(demo.slug),
        demo.summary,
        at - timedelta(days=12),
        major=step.major,
        minor=step.minor,
        change=step.change,
        change_note=step.note,
        previous=before[-1] if before else None,
        submitted_at=at - timedelta(days=6),
        published_at=at,
        acknowledge_by=at.date() + timedelta(days=step.sign_within) if step.sign_within else None,
    )
    is_last = place == len(demo.steps) - 1
    version.state = State.PUBLISHED if is_last else State.RETIRED
    version.retired_at = None if is_last else _next_at(organisation, demo.steps[place + 1])
    version.sha256 = seal(version)
    return version


def _next_at(organisation: DemoOrganisation, step: Step) -> datetime:
    return _at(organisation, step.days_ago)


def _open_versions(
    organisation: DemoOrganisation, policies: dict[str, Policy], versions: dict[str, list[Version]]
) -> list[Version]:
    """One waits for the approver's decision, one is the approver's own draft."""
    photos, crisis = versions["photos-video-and-authorisation"][-1], versions["crisis-communication"][-1]
    in_review = _version(
        photos.policy,
        next_text_of(photos.policy.slug),
        photos.summary,
        _at(organisation, 9),
        major=2,
        minor=0,
        change=Change.MATERIAL,
        previous=photos,
        state=State.IN_REVIEW,
        submitted_at=_at(organisation, 2, 16),
        change_note="E-signature in the patient portal, authorisations of at most two years, and no live streams from "
        "places where patients are treated.",
    )
    draft = _version(
        crisis.policy,
        text_of(crisis.policy.slug).replace(
            "Twice a year, once without notice, the center practises",
            "Three times a year, once at night and once without notice, the center practises",
        ),
        crisis.summary,
        _at(organisation, 4),
        major=1,
        minor=1,
        change=Change.MINOR,
        previous=crisis,
        change_note="One more exercise a year.",
    )
    rows: list[Version] = Version.objects.bulk_create([in_review, draft])
    people = organisation.sign_ins
    Writer.objects.bulk_create(
        [Writer(version=rows[0], person=people["strategist"]), Writer(version=rows[1], person=people["approver"])]
    )
    return rows


def _clauses(versions: Iterable[Version]) -> None:
    Clause.objects.bulk_create(
        clause for version in versions for clause in clauses_of(version, parse(version.text).clauses)
    )


def _decisions(organisation: DemoOrganisation, versions: dict[str, list[Version]]) -> None:
    """What is in force was written by one strategist and approved by the other."""
    people = organisation.sign_ins
    published = [version for chain in versions.values() for version in chain]
    Writer.objects.bulk_create(Writer(version=version, person=people["strategist"]) for version in published)
    Review.objects.bulk_create(
        Review(
            version=version,
            edition=1,
            reviewer=people["approver"],
            decision=Review.Decision.APPROVE,
            change=version.change,
            comment="Read with Compliance and with Legal." if version.minor == 0 else "",
            at=version.published_at - timedelta(days=2),
        )
        for version in published
        if version.published_at
    )


def _signatures(chance: random.Random, organisation: DemoOrganisation, versions: dict[str, list[Version]]) -> None:
    people = {person.pk: person for person in organisation.people}
    keys = {person.pk: key for key, person in organisation.sign_ins.items()}
    members: dict[int, list[int]] = {}
    for audience_id, person_id in AudienceMember.objects.order_by("person_id").values_list("audience_id", "person_id"):
        members.setdefault(audience_id, []).append(person_id)
    rows = [
        row
        for demo in POLICIES
        if demo.must_acknowledge
        for version in versions[demo.slug]
        for person_id in members.get(version.policy.audience_id, [])
        if (row := _signature(chance, organisation, demo, version, people[person_id], keys.get(person_id, "")))
    ]
    Acknowledgement.objects.bulk_create(rows, batch_size=4_000)


def _signature(
    chance: random.Random,
    organisation: DemoOrganisation,
    demo: DemoPolicy,
    version: Version,
    person: User,
    key: str,
) -> Acknowledgement | None:
    published = version.published_at or version.created_at
    ends = version.retired_at or _at(organisation, 0, 6)
    starts = max(published, _start_of(person, published))
    if starts >= ends or not _has_signed(chance, demo, version, key):
        return None
    days = (ends - starts).total_seconds() / 86_400
    delay = min(chance.expovariate(1 / 5), days * chance.random())
    return Acknowledgement(
        person=person,
        version=version,
        at=starts + timedelta(days=delay),
        address=f"10.20.{chance.randrange(256)}.{chance.randrange(1, 255)}",
        user_agent=chance.choice(BROWSERS),
        consent=consent_to(version.title, version.number),
        sha256=version.sha256,
        reference=_reference(chance),
    )


def _start_of(person: User, otherwise: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(person.hired_on, time(8))) if person.hired_on else otherwise


def _has_signed(chance: random.Random, demo: DemoPolicy, version: Version, key: str) -> bool:
    """A minor version is signed only by those who come to it new."""
    if key:
        return version.minor == 0 and (demo.slug, version.major) not in LEFT_OPEN.get(key, set())
    return chance.random() < (0.06 if version.minor else demo.signed)


def _reference(chance: random.Random) -> str:
    letters = "".join(chance.choices(LETTERS, k=12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _notifications(organisation: DemoOrganisation, in_review: Version) -> None:
    people = organisation.sign_ins
    for slug, title in (("social-media", POLICIES[0].title), ("personal-accounts-and-disclosure", POLICIES[2].title)):
        notify(
            person_ids=[person.pk for person in people.values()],
            kind="policy-published",
            subject=f"Please read and sign: {title}",
            url=f"/policies/{slug}/",
            key=f"policies.demo:{slug}",
        )
    notify(
        person_ids=[people["approver"].pk],
        kind="policy-review",
        subject=f"Please review: {in_review}",
        url="/policies/photos-video-and-authorisation/review/",
        key="policies.demo:review",
    )

"""What is in force, as every page of every reader needs it: small, the same for all, kept in the cache."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zlib import crc32

from django.core.cache import cache
from django.urls import reverse

from coe_portal.core import versions
from coe_portal.people.models import User
from policies.models import Acknowledgement, State, Topic, Version

SHELF = "policies"  # bumped when what is in force changes
WORK = "policies.work"  # bumped when something begins or ends to wait for a strategist


@dataclass(frozen=True)
class InForce:
    """The published version of one policy, without its text."""

    policy_id: int
    slug: str
    topic: str
    audience_id: int
    must_acknowledge: bool
    days_to_acknowledge: int
    owner_id: int
    owner_name: str
    review_due: date | None
    version_id: int
    major: int
    minor: int
    title: str
    summary: str
    change_note: str
    is_first: bool
    words: int
    published_at: datetime
    acknowledge_by: date | None
    as_of: str  # the version of the shelf it was read from, for the keys of fragments

    @property
    def url(self) -> str:
        return reverse("policies:policy", args=[self.slug])

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def minutes(self) -> int:
        return max(1, -(-self.words // 230))

    @property
    def topic_label(self) -> str:
        return str(Topic(self.topic).label)

    def due_for(self, hired_on: date | None, joined_on: date | None = None) -> date:
        """The campaign's date, or so many days from publishing; for who came later, so many days from coming.

        Somebody comes when they are hired, or when they move to where the policy is for them.
        """
        days = timedelta(days=self.days_to_acknowledge)
        campaign = self.acknowledge_by or self.published_at.date() + days
        return max([campaign, *(day + days for day in (hired_on, joined_on) if day)])


# Rows that an older release left in the cache have other fields and are not found.
SHAPE = crc32(repr(InForce.__annotations__).encode())


@dataclass(frozen=True)
class Signature:
    """The latest version of a policy that a person has acknowledged."""

    version_id: int
    major: int
    minor: int
    at: datetime
    reference: str

    @property
    def number(self) -> str:
        return f"{self.major}.{self.minor}"

    def counts_for(self, policy: InForce) -> bool:
        return self.major == policy.major


# The shelf this process used last, by its key: reading it again costs only the question for its version.
_kept: dict[str, Mapping[str, InForce]] = {}


def shelf() -> Mapping[str, InForce]:
    """Every published policy by its slug, in the order of their titles."""
    as_of = versions.read(SHELF)
    key = f"policies:shelf:{SHAPE}:{as_of}"
    found = _kept.get(key)
    if found is None:
        found = _shelf(key, as_of)
        _kept.clear()
        _kept[key] = found
    return found


def _shelf(key: str, as_of: str) -> Mapping[str, InForce]:
    found: dict[str, InForce] | None = cache.get(key)
    if found is None:
        found = {each.policy.slug: _in_force(each, as_of) for each in _published()}
        cache.set(key, found)
    return found


def _published() -> list[Version]:
    rows = Version.objects.filter(state=State.PUBLISHED).select_related("policy__owner").defer("text", "intro_html")
    return list(rows.order_by("title"))


def _in_force(version: Version, as_of: str) -> InForce:
    policy = version.policy
    assert version.published_at  # noqa: S101 - a constraint of the database
    return InForce(
        policy_id=policy.pk,
        slug=policy.slug,
        topic=policy.topic,
        audience_id=policy.audience_id,
        must_acknowledge=policy.must_acknowledge,
        days_to_acknowledge=policy.days_to_acknowledge,
        owner_id=policy.owner_id,
        owner_name=policy.owner.name,
        review_due=policy.review_due,
        version_id=version.pk,
        major=version.major,
        minor=version.minor,
        title=version.title,
        summary=version.summary,
        change_note=version.change_note,
        is_first=version.previous_id is None,
        words=version.words,
        published_at=version.published_at,
        acknowledge_by=version.acknowledge_by,
        as_of=as_of,
    )


def shelf_for(person: User) -> list[InForce]:
    """What this person may read; strategists read everything."""
    audiences = person.access.audience_ids
    return [each for each in shelf().values() if person.is_strategist or each.audience_id in audiences]


def in_force_for(person: User, slug: str) -> InForce | None:
    found = shelf().get(slug)
    if found and (person.is_strategist or found.audience_id in person.access.audience_ids):
        return found
    return None


def signatures_of(person: User) -> dict[int, Signature]:
    """Per policy the highest version the person has acknowledged."""
    return versions.kept(f"policies:signatures:{person.pk}", [f"person:{person.pk}"], lambda: _signatures_of(person))


def _signatures_of(person: User) -> dict[int, Signature]:
    rows = Acknowledgement.objects.filter(person=person)
    found = rows.order_by("version__major", "version__minor").values_list(
        "version__policy_id", "version_id", "version__major", "version__minor", "at", "reference"
    )
    return {row[0]: Signature(*row[1:]) for row in found}


@dataclass(frozen=True)
class Reading:
    """A policy as one reader meets it."""

    policy: InForce
    signature: Signature | None
    asked: bool
    due: date

    @property
    def is_signed(self) -> bool:
        return self.signature is not None and self.signature.counts_for(self.policy)

    @property
    def is_to_sign(self) -> bool:
        return self.asked and not self.is_signed

    @property
    def changed_since(self) -> bool:
        """Signed once, in another version than the one in force."""
        return self.signature is not None and self.signature.version_id != self.policy.version_id

    @property
    def status(self) -> str:
        return "to-sign" if self.is_to_sign else "signed" if self.is_signed else "to-read"

    def is_late(self, on: date) -> bool:
        return self.is_to_sign and self.due < on


def reading_of(person: User, policy: InForce, signature: Signature | None) -> Reading:
    asked = policy.must_acknowledge and policy.audience_id in person.access.audience_ids
    joined_on = person.access.joined_on.get(policy.audience_id)
    return Reading(policy, signature, asked, policy.due_for(person.hired_on, joined_on))


def readings_of(person: User) -> list[Reading]:
    signatures = signatures_of(person)
    return [reading_of(person, each, signatures.get(each.policy_id)) for each in shelf_for(person)]

"""Write: a new policy, a new version, its text, its settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.core import markdown
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.people.access import Role
from coe_portal.people.models import User
from coe_portal.search.actions import refresh
from policies.actions.refusals import EditedMeanwhile, Refused
from policies.models import NEXT, Change, Clause, KeptText, Policy, State, Version, Writer
from policies.queries.shelf import SHELF, WORK
from policies.text import ParsedClause, parse, with_anchors, word_count


@dataclass(frozen=True)
class Wording:
    """What a writer fills in."""

    title: str
    summary: str
    text: str
    change: str
    change_note: str


def move(version: Version, to: State) -> None:
    """Raises Refused where the table of states has no such step."""
    if to not in NEXT[State(version.state)]:
        raise Refused(_("This version is “{state}” now. Look at it again.").format(state=version.get_state_display()))
    version.state = to


def lock(version_id: int) -> Version:
    return Version.objects.select_for_update(of=("self",)).select_related("policy").get(pk=version_id)


@transaction.atomic
def create_policy(*, by: User, at: datetime, **settings: Any) -> Version:
    """A policy begins with its first version as a draft."""
    policy = Policy.objects.create(**settings)
    version = Version.objects.create(
        policy=policy, major=1, minor=0, title=policy.title, created_at=at, changed_at=at, change=Change.MATERIAL
    )
    Writer.objects.create(version=version, person=by)
    record(by=by, verb="policies.create", on=policy)
    return version


@transaction.atomic
def change_settings(*, by: User, policy: Policy, **settings: Any) -> None:
    for name, value in settings.items():
        setattr(policy, name, value)
    policy.save(update_fields=list(settings))
    record(by=by, verb="policies.change_settings", on=policy, details={"changed": sorted(settings)})
    refresh("policy", [policy.pk])
    refresh("clause", list(Clause.objects.in_force().filter(version__policy=policy).values_list("pk", flat=True)))
    bump(SHELF, WORK)


@transaction.atomic
def start_version(*, by: User, policy: Policy, at: datetime) -> Version:
    """A draft that begins as a copy of what is in force. There is one open version at a time."""
    Policy.objects.select_for_update().get(pk=policy.pk)
    if already := Version.objects.open().filter(policy=policy).first():
        return already
    base = Version.objects.filter(policy=policy).final().newest_first().first()
    version = Version(policy=policy, previous=base, title=policy.title, created_at=at, changed_at=at)
    version.change = Change.MINOR if base else Change.MATERIAL
    if base:
        version.title, version.summary, version.text = base.title, base.summary, base.text
    version.major, version.minor = _next_number(version)
    _set_text(version, version.text)
    version.save()
    _write_clauses(version)
    Writer.objects.create(version=version, person=by)
    record(by=by, verb="policies.start_version", on=version)
    return version


@transaction.atomic
def save_wording(*, by: User, version: Version, wording: Wording, edition: int, at: datetime) -> Version:
    """Voids what was approved before: a new edition, and back to draft."""
    version = lock(version.pk)
    if version.edition != edition:
        raise EditedMeanwhile(_("Somebody has saved this text since you opened it."))
    if version.state != State.DRAFT:
        move(version, State.DRAFT)
    version.title, version.summary = wording.title, wording.summary
    version.change, version.change_note = wording.change, wording.change_note
    version.major, version.minor = _next_number(version)
    version.edition += 1
    version.changed_at = at
    _set_text(version, wording.text)
    version.save()
    _write_clauses(version)
    Writer.objects.get_or_create(version=version, person=by)
    KeptText.objects.filter(version=version, person=by).delete()
    bump(WORK)
    record(
        by=by, verb="policies.save_wording", on=version, details={"edition": version.edition, "words": version.words}
    )
    return version


def _next_number(version: Version) -> tuple[int, int]:
    """A material change begins a new major number. Without a version before it, it is 1.0."""
    base = version.previous
    if base is None:
        return 1, 0
    others = Version.objects.filter(policy_id=version.policy_id).exclude(pk=version.pk)
    if version.change == Change.MATERIAL:
        highest = others.aggregate(highest=Max("major"))["highest"]
        return highest + 1, 0
    return base.major, others.filter(major=base.major).aggregate(highest=Max("minor"))["highest"] + 1


def _set_text(version: Version, text: str) -> None:
    taken = Clause.objects.filter(version__policy_id=version.policy_id).values_list("anchor", flat=True)
    version.text = with_anchors(text, set(taken))
    parsed = parse(version.text)
    version.intro_html = markdown.render(parsed.intro)
    version.words = word_count(version.text)


def _write_clauses(version: Version) -> None:
    version.clauses.all().delete()
    Clause.objects.bulk_create(clauses_of(version, parse(version.text).clauses))


def clauses_of(version: Version, parsed: Iterable[ParsedClause]) -> list[Clause]:
    """Rows not saved yet: the same for a stored version and for a preview."""
    return [
        Clause(
            version=version,
            anchor=each.anchor,
            number=each.number,
            part=each.part,
            title=each.title,
            text=each.text,
            html=markdown.render(each.text),
            examples=each.examples,
            sources=each.sources,
        )
        for each in parsed
    ]


@transaction.atomic
def keep_text(*, by: User, version: Version, fields: dict[str, str], edition: int, at: datetime) -> None:
    """Typed and not saved: kept aside, so that a lost connection costs nothing. No decision is touched by it."""
    KeptText.objects.update_or_create(
        version=version, person=by, defaults={"fields": fields, "edition": edition, "at": at}
    )


@transaction.atomic
def forget_kept_text(*, by: User, version: Version) -> None:
    KeptText.objects.filter(version=version, person=by).delete()


@transaction.atomic
def submit(*, by: User, version: Version, at: datetime) -> None:
    """Ask the other strategists to decide."""
    version = lock(version.pk)
    if not version.clauses.exists() or not version.summary.strip():
        raise Refused(_("Write at least one clause and the plain-language summary first."))
    if version.previous_id and not version.change_note.strip():
        raise Refused(_("Say what has changed first: readers and approvers will ask."))
    move(version, State.IN_REVIEW)
    version.submitted_at = at
    version.save(update_fields=["state", "submitted_at"])
    bump(WORK)
    record(by=by, verb="policies.submit", on=version, details={"edition": version.edition, "change": version.change})
    notify(
        person_ids=_approvers(version, at.date()),
        kind="policy-review",
        subject=_("Please review: {version}").format(version=version),
        url=version.get_absolute_url(),
        key=f"policies.review:{version.pk}:{version.edition}",
    )


def _approvers(version: Version, on: date) -> list[int]:
    people = User.objects.active().with_role(Role.STRATEGIST, on=on)
    return list(people.exclude(pk__in=version.writers.values("person_id")).values_list("pk", flat=True))


@transaction.atomic
def discard(*, by: User, version: Version) -> None:
    """Throw a draft away that nobody has decided on; decisions are kept, and with them what they were about."""
    version = lock(version.pk)
    if version.state != State.DRAFT or version.reviews.exists():
        raise Refused(_("Only a draft that nobody has decided on can be thrown away."))
    bump(WORK)
    record(by=by, verb="policies.discard", on=version)
    policy = version.policy
    version.delete()
    if not policy.versions.exists():
        record(by=by, verb="policies.discard", on=policy)
        policy.delete()

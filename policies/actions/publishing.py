"""Put a version in force, tell its audience, retire it; ask for the next review in time."""

from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from coe_portal.audit.actions import record
from coe_portal.core.versions import bump
from coe_portal.notifications.actions import notify
from coe_portal.outbox.actions import enqueue
from coe_portal.people.access import Role
from coe_portal.people.models import AudienceMember, User
from coe_portal.search.actions import refresh
from policies.actions.drafting import lock, move
from policies.models import Acknowledgement, Change, Clause, Policy, State, Version
from policies.queries.shelf import SHELF, WORK

REMIND_BEFORE = timedelta(days=30)


def seal(version: Version) -> str:
    return sha256(version.reading.encode()).hexdigest()


@transaction.atomic
def publish(*, by: User, version: Version, acknowledge_by: date | None, at: datetime) -> Version:
    """The version before it retires in the same moment; the audience is told by a job."""
    version = lock(version.pk)
    move(version, State.PUBLISHED)
    before = Version.objects.select_for_update().filter(policy=version.policy).published().first()
    if before:
        _retire(before, at)
    version.published_at, version.acknowledge_by, version.sha256 = at, acknowledge_by, seal(version)
    version.save(update_fields=["state", "published_at", "acknowledge_by", "sha256"])
    Policy.objects.filter(pk=version.policy_id).update(title=version.title)
    record(by=by, verb="policies.publish", on=version, details={"change": version.change, "sha256": version.sha256})
    _refresh_search(version, before)
    bump(SHELF, WORK)
    enqueue("policies.announce", {"version_id": version.pk}, key=f"policies.announce:{version.pk}")
    return version


@transaction.atomic
def retire(*, by: User, version: Version, at: datetime) -> Version:
    """Nothing takes its place: the policy is no longer in force, and every record of it stays."""
    version = lock(version.pk)
    _retire(version, at)
    record(by=by, verb="policies.retire", on=version)
    _refresh_search(version, None)
    bump(SHELF, WORK)
    return version


def _retire(version: Version, at: datetime) -> None:
    move(version, State.RETIRED)
    version.retired_at = at
    version.save(update_fields=["state", "retired_at"])


def _refresh_search(*versions: Version | None) -> None:
    changed = [each for each in versions if each]
    refresh("policy", {each.policy_id for each in changed})
    refresh("clause", list(Clause.objects.filter(version__in=changed).values_list("pk", flat=True)))


@transaction.atomic
def announce(*, version: Version) -> None:
    """Tell the whole audience, each person once. Nobody is told of a version that another has replaced meanwhile."""
    if version.state != State.PUBLISHED:
        return
    people = AudienceMember.objects.filter(audience_id=version.policy.audience_id, person__is_active=True)
    notify(
        person_ids=list(people.values_list("person_id", flat=True)),
        kind="policy-published",
        subject=_announcement(version),
        url=version.policy.get_absolute_url(),
        key=f"policies.published:{version.pk}",
    )


@transaction.atomic
def welcome(*, audience_id: int, on: date) -> None:
    """Tell who joined the audience that day what they are asked to sign; nobody hears of a version twice."""
    joined = AudienceMember.objects.filter(audience_id=audience_id, joined_on=on, person__is_active=True)
    asked = Version.objects.published().filter(policy__audience=audience_id, policy__must_acknowledge=True)
    for version in asked.select_related("policy"):
        signed = Acknowledgement.objects.counting_for(version).values("person_id")
        notify(
            person_ids=list(joined.exclude(person__in=signed).values_list("person_id", flat=True)),
            kind="policy-published",
            subject=_("Please read and sign: {title}").format(title=version.title),
            url=version.policy.get_absolute_url(),
            key=f"policies.published:{version.pk}",
        )


def _announcement(version: Version) -> str:
    if version.policy.must_acknowledge and version.change == Change.MATERIAL:
        return _("Please read and sign: {title}").format(title=version.title)
    if version.previous_id:
        return _("Changed: {title}").format(title=version.title)
    return _("New: {title}").format(title=version.title)


@transaction.atomic
def remind_of_reviews(*, on: date) -> None:
    """Owners and strategists hear of each review date once, a month before."""
    strategists = set(User.objects.active().with_role(Role.STRATEGIST, on=on).values_list("pk", flat=True))
    for policy in Policy.objects.review_due(on + REMIND_BEFORE):
        notify(
            person_ids=strategists | {policy.owner_id},
            kind="policy-review-due",
            subject=_("Review due: {title}").format(title=policy.title),
            url=policy.get_absolute_url(),
            key=f"policies.review-due:{policy.pk}:{policy.review_due}",
        )

"""What policies add to the pages that all apps share."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coe_portal.contributions import (
    Contribution,
    Document,
    Done,
    HomeCard,
    HomeItem,
    Measurement,
    NavItem,
    NotificationKind,
    Obligation,
    Standing,
    content_language,
)
from coe_portal.people.models import AudienceMember, User
from policies.differences import paragraphs, plain
from policies.models import Acknowledgement, Clause, State, Version
from policies.permissions import can_write
from policies.personal import personal
from policies.queries.duties import duties_of, unsigned
from policies.queries.shelf import SHELF, WORK, shelf, shelf_for
from policies.queries.told import still_seen
from policies.queries.uses import audience_uses
from policies.queries.workspace import workspace_of

LATELY = timedelta(days=60)
SHOWN = 4
# Lazy: what is owed is looked up for many people at once, and said to each in their language.
READ, READ_CHANGES = gettext_lazy("Read and sign"), gettext_lazy("Read what changed and sign")


def obligations(person_ids: Collection[int], on: date) -> Iterator[Obligation]:
    urls: dict[int, str] = {}
    for duty in duties_of(person_ids):
        if not duty.is_signed:
            action = READ_CHANGES if duty.has_signed_before else READ
            key = f"policy:{duty.policy.policy_id}:{duty.policy.major}"
            url = urls.get(duty.policy.policy_id) or urls.setdefault(duty.policy.policy_id, duty.policy.url)
            yield Obligation(duty.person_id, "policy", duty.policy.title, url, duty.due, action, key)


def done(person: User, since: date) -> Iterator[Done]:
    signed = Acknowledgement.objects.filter(person=person, at__date__gte=since).select_related("version__policy")
    for each in signed.order_by("-at")[: SHOWN * 2]:
        url = each.version.policy.get_absolute_url()
        yield Done(each.version.title, url, gettext_lazy("Signed"), each.at)


def standings(person_ids: Collection[int], on: date) -> Mapping[int, Sequence[Standing]]:
    """One condition of the licence to post per policy that binds the person."""
    found: dict[int, list[Standing]] = {person_id: [] for person_id in person_ids}
    for duty in duties_of(person_ids):
        label = _("“{title}” acknowledged").format(title=duty.policy.title)
        found[duty.person_id].append(Standing(duty.is_signed, label, duty.policy.url))
    return found


def home_cards(person: User, on: date) -> Iterator[HomeCard]:
    if person.is_strategist:
        yield from _strategist_cards(person, on)
    lately = sorted(
        (each for each in shelf_for(person) if each.published_at.date() >= on - LATELY),
        key=lambda each: each.published_at,
        reverse=True,
    )
    if lately:
        items = [
            HomeItem(
                title=each.title,
                language=content_language(),
                url=each.url,
                note=each.summary if each.is_first else each.change_note,
                note_language=content_language(),
                at=each.published_at,
                badge=_("New") if each.is_first else _("Version {number}").format(number=each.number),
            )
            for each in lately[:SHOWN]
        ]
        url = reverse("policies:index")
        yield HomeCard("policies-lately", _("Policies: what changed"), 60, items, url, _("All policies"))


def _strategist_cards(person: User, on: date) -> Iterator[HomeCard]:
    workspace = workspace_of(person, on)
    items = [
        HomeItem(
            title=str(each),
            language=content_language(),
            url=reverse("policies:review", args=[each.policy.slug]),
            note=each.get_change_display(),
            at=each.submitted_at,
            badge=_("Your approval"),
            tone="accent",
        )
        for each in workspace.awaiting
    ]
    items += [
        HomeItem(
            title=each.title,
            language=content_language(),
            url=each.get_absolute_url(),
            note=_("Owner: {name}").format(name=each.owner.name),
            badge=_("Review overdue") if each.review_due and each.review_due < on else _("Review due"),
            tone="warn",
        )
        for each in workspace.due
    ]
    if items:
        url = reverse("policies:workspace")
        yield HomeCard(
            "policies-work", _("Policies that wait for you"), 20, items[:SHOWN], url, _("Open the workspace")
        )


# The names of its clauses say what a policy is about.
CLAUSE_TITLE = re.compile(r"^## (.+?)[ \t]*(?:\{#.*)?$", re.MULTILINE)


def policy_documents(policy_ids: Collection[int] | None) -> Iterator[Document]:
    versions = Version.objects.published().select_related("policy")
    if policy_ids is not None:
        versions = versions.filter(policy_id__in=policy_ids)
    for version in versions:
        yield Document(
            kind="policy",
            object_id=version.policy_id,
            title=version.title,
            lead=version.summary,
            body=plain("\n\n".join([version.text.partition("\n## ")[0], *CLAUSE_TITLE.findall(version.text)])),
            url=version.policy.get_absolute_url(),
            audience_id=version.policy.audience_id,
            changed_at=version.published_at or version.changed_at,
            weight=2.0,
        )


def clause_documents(clause_ids: Collection[int] | None) -> Iterator[Document]:
    clauses = Clause.objects.in_force().select_related("version__policy")
    if clause_ids is not None:
        clauses = clauses.filter(pk__in=clause_ids)
    for clause in clauses:
        blocks = paragraphs(clause.text)
        examples = [plain(each["text"]) for each in clause.examples]
        sources = [each["title"] for each in clause.sources]
        yield Document(
            kind="clause",
            object_id=clause.pk,
            title=clause.title,
            lead=Truncator(blocks[0] if blocks else "").chars(300),
            body=" ".join([*blocks[1:], *examples, *sources, clause.version.title]),
            url=f"{clause.version.policy.get_absolute_url()}#{clause.anchor}",
            audience_id=clause.version.policy.audience_id,
            changed_at=clause.version.published_at or clause.version.changed_at,
            weight=1.4,
        )


def measurements(start: date, end: date) -> Iterable[Measurement]:
    """`end` is not included. The share is that of today, over every person and policy asked for."""
    signed = Acknowledgement.objects.filter(at__date__gte=start, at__date__lt=end).count()
    url = reverse("policies:index")
    return [
        Measurement("policies.acknowledged", gettext_lazy("Policies acknowledged"), Decimal(signed), "", url),
        Measurement("policies.acknowledged_share", gettext_lazy("Share acknowledged"), _share(), "%", url),
    ]


def _share() -> Decimal | None:
    policies = [each for each in shelf().values() if each.must_acknowledge]
    sizes = dict(
        AudienceMember.objects.filter(audience_id__in={each.audience_id for each in policies})
        .values_list("audience_id")
        .annotate(size=Count("pk"))
    )
    asked: int = sum(sizes.get(each.audience_id, 0) for each in policies)
    if not asked:
        return None
    signed = sum(_signed_now(each.policy_id, each.major, each.audience_id) for each in policies)
    return Decimal(100 * signed / asked).quantize(Decimal("0.1"))


def _signed_now(policy_id: int, major: int, audience_id: int) -> int:
    members = AudienceMember.objects.filter(audience_id=audience_id).values("person_id")
    rows = Acknowledgement.objects.filter(
        version__policy_id=policy_id, version__major=major, version__state__in=[State.PUBLISHED, State.RETIRED]
    )
    return rows.filter(person_id__in=members).values("person_id").distinct().count()


contribution = Contribution(
    app="policies",
    personal=personal,
    nav=[NavItem(gettext_lazy("Policies"), "policies:index", "policy", 20)],
    obligations=obligations,
    owed=unsigned,
    obligation_labels={"policy": gettext_lazy("Policy to sign")},
    done=done,
    home_cards=home_cards,
    home_versions=[SHELF, WORK],
    documents={"policy": policy_documents, "clause": clause_documents},
    document_labels={"policy": gettext_lazy("Policy"), "clause": gettext_lazy("Clause")},
    notification_kinds=[
        NotificationKind(
            "policy-published", gettext_lazy("A policy of mine was published or changed"), still_seen=still_seen
        ),
        NotificationKind(
            "policy-review", gettext_lazy("A policy waits for my decision"), visible=can_write, still_seen=still_seen
        ),
        NotificationKind(
            "policy-decided",
            gettext_lazy("Somebody decided on a policy I wrote"),
            visible=can_write,
            still_seen=still_seen,
        ),
        NotificationKind(
            "policy-review-due", gettext_lazy("A policy is due for review"), visible=can_write, still_seen=still_seen
        ),
    ],
    measurements=measurements,
    standings=standings,
    audience_uses=audience_uses,
)

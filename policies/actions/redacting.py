"""Take words out of every version, published ones too, with a note that the database checks."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import F, Func, Min, Q, QuerySet, Value
from django.utils import timezone

from coe_portal.core import markdown
from coe_portal.core.versions import bump
from coe_portal.personal import Removal
from coe_portal.search.actions import refresh
from policies.actions.drafting import clauses_of
from policies.models import Acknowledgement, Clause, GuardRule, Redaction, Review, Version
from policies.queries.shelf import SHELF, WORK
from policies.text import parse, rewritten, word_count

ADDRESS_INSTEAD = "removed-for-privacy-{}"
WORDING = ("title", "summary", "text", "change_note")
LONGEST_TITLE = 200

# Of one policy, the new address of each clause whose address names somebody.
Addresses = dict[str, str]


@transaction.atomic
def redact(removal: Removal) -> dict[str, int]:
    """In how many rows of each kind something was replaced.

    Whatever the state of a version: an approver's comment on a draft is as protected as a published text.
    """
    versions = list(_touched(removal).select_for_update(of=("self",)).order_by("pk"))
    addresses = _new_addresses({each.policy_id for each in versions}, removal)
    found: dict[str, int] = {}
    for version in versions:
        for label, number in _redact_version(version, removal, addresses.get(version.policy_id, {})).items():
            found[label] = found.get(label, 0) + number
    if versions:
        refresh("policy", {each.policy_id for each in versions})
        refresh("clause", list(Clause.objects.filter(version__in=versions).values_list("pk", flat=True)))
        bump(SHELF, WORK)
    return found


def _touched(removal: Removal) -> QuerySet[Version]:
    """Versions in which, in whose clauses, decisions or signatures, the words stand."""
    in_clauses = Clause.objects.filter(
        _says(removal.pattern, "part", "title", "text", "html", "examples", "sources")
        | _says(removal.slug_pattern, "anchor")
    )
    in_decisions = Review.objects.filter(_says(removal.pattern, "comment"))
    signed = Acknowledgement.objects.filter(_says(removal.pattern, "consent", "user_agent"))
    others = [Q(pk__in=rows.values("version_id")) for rows in (in_clauses, in_decisions, signed)]
    return Version.objects.filter(Q(_says(removal.pattern, *WORDING, "intro_html"), *others, _connector=Q.OR))


def _says(pattern: str, *names: str) -> Q:
    return Q(*(Q(**{f"{name}__iregex": pattern}) for name in names), _connector=Q.OR)


def _new_addresses(policy_ids: set[int], removal: Removal) -> dict[int, Addresses]:
    """The same in every version of a policy, so that the history of a clause holds together."""
    clauses = Clause.objects.filter(_says(removal.slug_pattern, "anchor"), version__policy__in=policy_ids)
    found: dict[int, Addresses] = {}
    for policy_id, anchor, number in clauses.values_list("version__policy_id", "anchor").annotate(number=Min("pk")):
        instead = ADDRESS_INSTEAD.format(number)
        found.setdefault(policy_id, {})[anchor] = instead
        GuardRule.objects.filter(policy=policy_id, anchor=anchor).update(anchor=instead)
    return found


def _redact_version(version: Version, removal: Removal, addresses: Addresses) -> dict[str, int]:
    """The note comes first: the database asks for it with every change that follows."""
    before = _wording(version)
    _reword(version, removal, addresses)
    Redaction.objects.create(
        version=version,
        purge_id=removal.purge_id,
        erasure_id=removal.erasure_id,
        at=timezone.now(),
        after=sha256(version.reading.encode()).hexdigest(),
    )
    version.save(update_fields=[*WORDING, "intro_html", "words"])
    signed = Acknowledgement.objects.filter(version=version)
    found = {
        "policies.version": int(_wording(version) != before),
        "policies.clause": _rewrite_clauses(version, removal, addresses),
        "policies.review": _replace(Review.objects.filter(version=version), "comment", removal),
        "policies.acknowledgement": _replace(signed, "consent", removal) + _replace(signed, "user_agent", removal),
    }
    return {label: number for label, number in found.items() if number}


def _wording(version: Version) -> Sequence[str]:
    return [getattr(version, name) for name in WORDING]


def _reword(version: Version, removal: Removal, addresses: Addresses) -> None:
    def anchor(found: str) -> str:
        return addresses.get(found, found)

    def url(found: str) -> str:
        return removal.replace_in_address(found, ADDRESS_INSTEAD.format(0))

    version.title = _title(version.title, removal)
    version.summary, version.change_note = removal.replace(version.summary), removal.replace(version.change_note)
    version.text = rewritten(version.text, removal.replace, anchor, url)
    version.intro_html = markdown.render(parse(version.text).intro)
    version.words = word_count(version.text)


def _title(title: str, removal: Removal) -> str:
    """A marker longer than what it stands for may not fit; then it stands for all of it."""
    replaced = removal.replace(title)
    return replaced if len(replaced) <= LONGEST_TITLE else removal.instead


def _rewrite_clauses(version: Version, removal: Removal, addresses: Addresses) -> int:
    """The rows stay, so that what points at them still does."""
    rows = list(version.clauses.order_by("number"))
    changed = []
    for row, new in zip(rows, clauses_of(version, parse(version.text).clauses), strict=True):
        was = _content(row)
        row.anchor, row.part, row.title = (
            addresses.get(row.anchor, row.anchor), _title(row.part, removal), _title(row.title, removal),
        )  # fmt: skip
        row.text, row.html, row.examples, row.sources = new.text, new.html, new.examples, new.sources
        if _content(row) != was:
            changed.append(row)
    Clause.objects.bulk_update(changed, ["anchor", "part", "title", "text", "html", "examples", "sources"])
    return len(changed)


def _content(clause: Clause) -> Sequence[object]:
    return [clause.anchor, clause.part, clause.title, clause.text, clause.html, clause.examples, clause.sources]


def _replace(rows: QuerySet[Any], name: str, removal: Removal) -> int:
    longest = rows.model._meta.get_field(name).max_length or 1_000_000
    replaced = Func(F(name), Value(removal.pattern), Value(removal.instead), Value("gi"), function="regexp_replace")
    shortened = Func(replaced, Value(longest), function="left")
    return rows.filter(_says(removal.pattern, name)).update(**{name: shortened})

"""The rendered pieces of policy pages that are the same for many readers, kept by what they show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from coe_portal.core.fragments import fragment, fragments
from policies.differences import compare, only_changes
from policies.forms import FilterForm
from policies.models import Clause, Version
from policies.queries.history import removed_from
from policies.queries.shelf import InForce, Reading

# Questions belong to another app: this is an address, as a reader would type it.
ASK_URL = "/feedback/ask/"
PARTS = ("header", "outline", "text", "aside")


@dataclass(frozen=True)
class ShownClause:
    clause: Clause
    url: str
    ask_url: str


def shown_clauses(slug: str, title: str, clauses: Sequence[Clause]) -> list[ShownClause]:
    return [_shown(slug, title, each) for each in clauses]


def _shown(slug: str, title: str, clause: Clause) -> ShownClause:
    url = reverse("policies:clause", args=[slug, clause.anchor])
    about = _("{policy}, clause {number}: {title}").format(policy=title, number=clause.number, title=clause.title)
    return ShownClause(clause, url, f"{ASK_URL}?{urlencode({'about': about, 'url': url})}")


def policy_parts(policy: InForce) -> dict[str, SafeString]:
    """Everything of a policy's page that does not depend on who reads it; one round trip when warm."""
    keys = {part: (policy.version_id, policy.as_of, part) for part in PARTS}
    return fragments("policies/parts/policy.html", keys, lambda missing: _part_contexts(policy, missing))


def _part_contexts(policy: InForce, missing: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    version = Version.objects.get(pk=policy.version_id)
    clauses = shown_clauses(policy.slug, version.title, list(version.clauses.order_by("number")))
    shared = {"policy": policy, "version": version, "clauses": clauses, "redactions": removed_from([version.pk])}
    return {part: {**shared, "part": part} for part in missing}


def changes_html(old_id: int, new_id: int, as_of: str) -> SafeString:
    """What changed from one version to another, clause by clause; both are final, so it is made once.

    `as_of` is the version of the shelf, which a redaction changes, too.
    """
    return fragment("policies/parts/changes.html", (old_id, new_id, as_of), lambda: changes_context(old_id, new_id))


def changes_context(old_id: int, new_id: int) -> dict[str, Any]:
    clauses = Clause.objects.filter(version_id__in=[old_id, new_id]).order_by("number")
    old = [each for each in clauses if each.version_id == old_id]
    new = [each for each in clauses if each.version_id == new_id]
    differences = compare(old, new)
    changed = only_changes(differences)
    return {"differences": changed, "unchanged": len(differences) - len(changed)}


def filter_html(form: FilterForm, chosen: dict[str, str]) -> SafeString:
    """Choices make few different forms; one with words in it is somebody's own and is not kept."""
    if chosen["q"]:
        return SafeString(render_to_string("policies/parts/filter.html", {"form": form, "is_filtered": True}))
    context = {"form": form, "is_filtered": any(chosen.values())}
    return fragment("policies/parts/filter.html", (chosen["topic"], chosen["state"]), lambda: context)


def row_pieces(readings: Sequence[Reading]) -> list[SafeString]:
    """The rows of the list, in order."""
    by_slug = {each.policy.slug: each for each in readings}
    keys = {
        slug: (
            each.policy.version_id,
            each.policy.as_of,
            each.status,
            each.due if each.is_to_sign else "",
            each.changed_since,
        )
        for slug, each in by_slug.items()
    }
    found = fragments(
        "policies/parts/row.html", keys, lambda missing: {slug: {"reading": by_slug[slug]} for slug in missing}
    )
    return [found[each.policy.slug] for each in readings]

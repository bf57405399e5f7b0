"""Policies and their versions."""

from django.utils import timezone

from coe_portal.people.models import Audience
from policies.actions import publishing
from policies.models import GuardRule, Version
from tests.permissions.changes.kinds import NEW, Change, Page, as_shown, one, send
from tests.permissions.samples import Arguments, any_of, approved, in_review, in_work, person

VERSION = "policies.version"


def open_version(given: Arguments) -> int:
    return int(Version.objects.filter(policy__slug=given["slug"]).order_by("-pk").first().pk)


def in_force(given: Arguments) -> int:
    return int(Version.objects.published().get(policy__slug=given["slug"]).pk)


def policy(given: Arguments) -> int:
    return int(Version.objects.published().get(policy__slug=given["slug"]).policy_id)


def ready_to_submit() -> Arguments:
    version = in_work()
    Version.objects.filter(pk=version.pk).update(change_note="Clearer words.")
    return {"slug": version.policy.slug}


def published_anew() -> Arguments:
    version = publishing.publish(by=person("approver"), version=approved(), acknowledge_by=None, at=timezone.now())
    return {"slug": version.policy.slug}


def newest_version(page: Page) -> dict[str, object]:
    return {"version": in_force(page.arguments), "consent": "yes"}


def a_pointer() -> GuardRule:
    return any_of(GuardRule)


def one_pointer_less(page: Page) -> dict[str, object]:
    """Even the last kind that points to a policy leaves an entry when it no longer does."""
    return {kind: clause for kind, clause in page.as_shown().items() if kind != a_pointer().kind}


CHANGES: dict[str, Change] = {
    "policies:new": one(
        "strategist", "policies.create", "policies.policy", NEW,
        fields=lambda page: page.as_shown(
            title="Quokkas", slug="quokkas", topic="posts", audience=Audience.objects.everyone().pk
        ),
    ),
    "policies:settings": one(
        "strategist", "policies.change_settings", "policies.policy", policy, fields=as_shown(quorum="2")
    ),
    "policies:start": one("strategist", "policies.start_version", VERSION, NEW),
    "policies:edit": one("strategist", "policies.save_wording", VERSION, open_version, fields=as_shown(title="Newer")),
    "policies:submit": one("strategist", "policies.submit", VERSION, open_version, arguments=ready_to_submit),
    "policies:review": one(
        "approver", "policies.approve", VERSION, open_version,
        arguments=lambda: {"slug": in_review().policy.slug},
        fields=lambda page: page.as_shown(change=Version.objects.get(pk=open_version(page.arguments)).change),
    ),
    "policies:publish": one(
        "approver", "policies.publish", VERSION, open_version, arguments=lambda: {"slug": approved().policy.slug},
        fields=send(acknowledge_by=""),
    ),
    "policies:retire": one("strategist", "policies.retire", VERSION, in_force),
    "policies:discard": one("strategist", "policies.discard", VERSION, open_version),
    "policies:acknowledge": one(
        "employee", "policies.acknowledge", "policies.acknowledgement", NEW, arguments=published_anew,
        fields=newest_version,
    ),
    "policies:rules": one("strategist", "policies.set_rules", "policies.policy", lambda given: a_pointer().policy_id,
        fields=one_pointer_less,
    ),
}  # fmt: skip

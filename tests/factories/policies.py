"""Policies as readers and writers find them. Nothing is published unless a test asks for it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from coe_portal.people.models import Audience, User
from policies.actions.deciding import approve
from policies.actions.drafting import Wording, create_policy, save_wording, start_version, submit
from policies.actions.publishing import publish
from policies.models import Change, Policy, Version

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TEXT = """What everybody should know.

# Being yourself

## Say whom you work for {#say-whom-you-work-for}

Write it in the post itself.

Do: "I work for Riverbend."
Don't: Rely on your profile.
Source: [16 CFR 255.5](https://www.ecfr.gov/current/title-16/section-255.5), checked 2026-10-12

## Never name a patient {#never-name-a-patient}

Not even with a nickname.
"""


def wording(**changes: Any) -> Wording:
    fields = {
        "title": "Social media", "summary": "Be kind, be clear.", "text": TEXT, "change": Change.MATERIAL,
        "change_note": "",
    }  # fmt: skip
    return Wording(**{**fields, **changes})


def draft(*, writer: User, slug: str = "social-media", audience: Audience | None = None, **settings: Any) -> Version:
    settings = {"topic": "personal", "days_to_acknowledge": 14, "title": "Social media", "owner": writer, **settings}
    everyone = audience or Audience.objects.get_or_create(is_everyone=True, defaults={"name": "Everyone"})[0]
    version = create_policy(by=writer, at=AT, slug=slug, audience=everyone, **settings)
    title = settings["title"]
    return save_wording(by=writer, version=version, wording=wording(title=title), edition=1, at=AT)


def published(
    *, writer: User, approver: User, at: datetime = AT, acknowledge_by: date | None = None, **settings: Any
) -> Version:
    return put_in_force(
        draft(writer=writer, **settings), writer=writer, approver=approver, at=at, by_day=acknowledge_by
    )


def next_version(
    policy: Policy, *, writer: User, approver: User, at: datetime | None = None, **changes: Any
) -> Version:
    version = start_version(by=writer, policy=policy, at=AT)
    changes = {"change_note": "Clearer words.", "title": policy.title, **changes}
    version = save_wording(by=writer, version=version, wording=wording(**changes), edition=1, at=AT)
    return put_in_force(version, writer=writer, approver=approver, at=at or AT + timedelta(days=1))


def put_in_force(
    version: Version, *, writer: User, approver: User, at: datetime = AT, by_day: date | None = None
) -> Version:
    submit(by=writer, version=version, at=at)
    approve(by=approver, version=version, edition=version.edition, change=version.change, comment="", at=at)
    return publish(by=writer, version=version, acknowledge_by=by_day, at=at)

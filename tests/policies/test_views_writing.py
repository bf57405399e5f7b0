from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coe_portal.people.models import Audience, User
from policies.models import KeptText, Policy, State, Version
from tests.factories.policies import TEXT, draft

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def fields(version: Version, **changes: object) -> dict[str, object]:
    return {
        "title": version.title, "summary": "Be kind, be clear.", "text": TEXT, "edition": version.edition, **changes,
    }  # fmt: skip


def test_from_an_idea_to_readers(
    everyone: Audience, strategist: User, approver: User, employee: User, sign_in: SignIn
) -> None:
    """The whole way through pages: two strategists, no shortcut."""
    writer, second = sign_in(strategist), sign_in(approver)
    created = writer.post(
        "/policies/new/",
        {
            "title": "Kindness", "slug": "kindness", "topic": "posts", "owner": strategist.pk, "audience": everyone.pk,
            "must_acknowledge": "on", "days_to_acknowledge": 14, "quorum": 1,
        },
    )  # fmt: skip
    assert created.headers["Location"] == "/policies/kindness/edit/"
    version = Version.objects.get()
    saved = writer.post("/policies/kindness/edit/", fields(version))
    assert saved.status_code == 302
    assert writer.post("/policies/kindness/submit/").headers["Location"] == "/policies/kindness/review/"
    assert writer.get("/policies/kindness/publish/").status_code == 404

    version.refresh_from_db()
    decided = second.post(
        "/policies/kindness/review/", {"edition": version.edition, "change": "material", "decision": "approve"}
    )
    assert decided.headers["Location"] == "/policies/kindness/review/"
    day = timezone.localdate() + timedelta(days=10)
    published = second.post("/policies/kindness/publish/", {"acknowledge_by": day.isoformat()})
    assert published.headers["Location"] == "/policies/kindness/"

    version.refresh_from_db()
    assert (version.state, version.acknowledge_by) == (State.PUBLISHED, day)
    assert sign_in(employee).get("/policies/kindness/").context["reading"].due == day


def test_workspace_shows_each_strategist_what_waits(
    secret: Version, strategist: User, approver: User, employee: User, sign_in: SignIn
) -> None:
    sign_in(strategist).post("/policies/secret/submit/")

    mine = sign_in(strategist).get("/policies/workspace/").context["workspace"]
    theirs = sign_in(approver).get("/policies/workspace/").context["workspace"]

    assert ([*mine.mine], [*mine.awaiting]) == ([secret], [])
    assert ([*theirs.mine], [*theirs.awaiting]) == ([], [secret])
    assert sign_in(employee).get("/policies/workspace/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_workspace_has_constant_queries(
    strategist: User, sign_in: SignIn, number: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for each in range(number):
        draft(writer=strategist, slug=f"p{each}", title=f"Policy {each}")
    client = sign_in(strategist)
    client.get("/policies/workspace/")

    with django_assert_num_queries(6):  # type: ignore[attr-defined]
        client.get("/policies/workspace/")


@pytest.mark.parametrize(("field", "value"), [("slug", "check"), ("slug", "Not A Slug"), ("quorum", "0")])
def test_new_refuses_what_cannot_be(
    everyone: Audience, strategist: User, sign_in: SignIn, field: str, value: str
) -> None:
    response = sign_in(strategist).post(
        "/policies/new/",
        {
            "title": "Kindness", "slug": "kindness", "topic": "posts", "owner": strategist.pk, "audience": everyone.pk,
            "days_to_acknowledge": 14, "quorum": 1, field: value,
        },
    )  # fmt: skip

    assert field in response.context["form"].errors
    assert not Policy.objects.exists()


def test_settings_cannot_change_the_address(policy: Policy, strategist: User, sign_in: SignIn) -> None:
    sign_in(strategist).post(
        "/policies/social-media/settings/",
        {
            "topic": "posts", "owner": strategist.pk, "audience": policy.audience_id, "days_to_acknowledge": 7,
            "quorum": 2, "slug": "other", "title": "Other",
        },
    )  # fmt: skip

    policy.refresh_from_db()
    assert (policy.slug, policy.title, policy.quorum, policy.must_acknowledge) == (
        "social-media",
        "Social media",
        2,
        False,
    )


def test_a_text_without_clauses_is_explained(secret: Version, strategist: User, sign_in: SignIn) -> None:
    response = sign_in(strategist).post("/policies/secret/edit/", fields(secret, text="Only words."))

    assert "text" in response.context["form"].errors


def test_an_edition_that_is_not_the_latest_is_refused_and_nothing_typed_is_lost(
    secret: Version, strategist: User, sign_in: SignIn
) -> None:
    response = sign_in(strategist).post(
        "/policies/secret/edit/", fields(secret, edition=secret.edition - 1, summary="Mine")
    )

    assert response.context["form"].non_field_errors() == ["Somebody has saved this text since you opened it."]
    assert response.context["form"]["summary"].value() == "Mine"


def test_preview_keeps_the_text_and_publishes_nothing(secret: Version, strategist: User, sign_in: SignIn) -> None:
    client = sign_in(strategist)
    page = client.post("/policies/secret/edit/preview/", fields(secret, text="## Half a thought"))

    secret.refresh_from_db()
    assert "Half a thought" in page.content.decode()
    assert (secret.text, secret.edition) == (TEXT, 2)
    assert KeptText.objects.get().fields["text"] == "## Half a thought"
    assert "## Half a thought" in client.get("/policies/secret/edit/").content.decode()


def test_preview_for_htmx_is_only_the_part(secret: Version, strategist: User, sign_in: SignIn) -> None:
    page = sign_in(strategist).post("/policies/secret/edit/preview/", fields(secret), headers={"HX-Request": "true"})

    assert "<html" not in page.content.decode()


def test_preview_of_hostile_text_is_harmless(secret: Version, strategist: User, sign_in: SignIn) -> None:
    hostile = "## <script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\nDo: <svg onload=alert(1)>"
    page = sign_in(strategist).post(
        "/policies/secret/edit/preview/",
        fields(secret, text=hostile, title="<script>x</script>", edition="9" * 40),
        headers={"HX-Request": "true"},
    )

    body = page.content.decode()
    assert ("<script" in body, "<img" in body, "<svg onload" in body) == (False, False, False)


def test_what_was_kept_is_somebodys_own(secret: Version, strategist: User, approver: User, sign_in: SignIn) -> None:
    sign_in(strategist).post("/policies/secret/edit/preview/", fields(secret, text="## Private thought"))

    assert "Private thought" not in sign_in(approver).get("/policies/secret/edit/").content.decode()


def test_what_was_kept_can_be_forgotten(secret: Version, strategist: User, sign_in: SignIn) -> None:
    client = sign_in(strategist)
    client.post("/policies/secret/edit/preview/", fields(secret, text="## Half a thought"))

    client.post("/policies/secret/edit/forget/")

    assert "Half a thought" not in client.get("/policies/secret/edit/").content.decode()


def test_a_writer_is_not_offered_a_decision_and_cannot_make_one(
    secret: Version, strategist: User, sign_in: SignIn
) -> None:
    client = sign_in(strategist)
    client.post("/policies/secret/submit/")

    response = client.post(
        "/policies/secret/review/", {"edition": secret.edition, "change": "material", "decision": "approve"}
    )

    secret.refresh_from_db()
    assert (response.context["can_decide"], secret.state) == (False, State.IN_REVIEW)


def test_sending_back_without_a_comment_is_explained(
    secret: Version, strategist: User, approver: User, sign_in: SignIn
) -> None:
    sign_in(strategist).post("/policies/secret/submit/")

    response = sign_in(approver).post(
        "/policies/secret/review/", {"edition": secret.edition, "change": "material", "decision": "send_back"}
    )

    assert len(response.context["form"].non_field_errors()) == 1


def test_sending_back_needs_no_kind_of_change(
    secret: Version, strategist: User, approver: User, sign_in: SignIn
) -> None:
    sign_in(strategist).post("/policies/secret/submit/")

    sign_in(approver).post(
        "/policies/secret/review/", {"edition": secret.edition, "comment": "Shorter", "decision": "send_back"}
    )

    secret.refresh_from_db()
    assert secret.state == State.DRAFT


def test_the_cost_is_shown_before_the_decision(
    secret: Version, strategist: User, approver: User, employee: User, sign_in: SignIn
) -> None:
    cost = sign_in(approver).get("/policies/secret/review/").context["cost"]

    assert (cost.people, cost.minutes, cost.hours) == (3, 1, 0)


def test_a_day_in_the_past_is_no_day_to_sign_by(
    secret: Version, strategist: User, approver: User, sign_in: SignIn
) -> None:
    sign_in(strategist).post("/policies/secret/submit/")
    second = sign_in(approver)
    second.post("/policies/secret/review/", {"edition": secret.edition, "change": "material", "decision": "approve"})

    response = second.post("/policies/secret/publish/", {"acknowledge_by": "2020-01-01"})

    assert "acknowledge_by" in response.context["form"].errors

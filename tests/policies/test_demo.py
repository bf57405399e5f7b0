import pytest

from coe_portal.people.demo import build_organisation
from coe_portal.people.models import User
from policies.actions.publishing import seal
from policies.demo import build
from policies.demo.library import POLICIES, RULES, earlier_text_of
from policies.models import Acknowledgement, GuardRule, Policy, State, Version
from policies.queries.rules import clauses_for
from policies.queries.shelf import readings_of
from policies.text import duplicate_anchors, parse


@pytest.fixture
def employee_of_the_demo(db: None) -> User:
    organisation = build_organisation()
    build(organisation)
    return organisation.sign_ins["employee"]


def test_the_demo_shows_every_state(employee_of_the_demo: User) -> None:
    """One build and many looks, since it takes seconds."""
    states = list(Version.objects.values_list("state", flat=True))
    assert (states.count(State.PUBLISHED), states.count(State.RETIRED)) == (8, 3)
    assert (states.count(State.IN_REVIEW), states.count(State.DRAFT)) == (1, 1)
    assert all(seal(each) == each.sha256 for each in Version.objects.final())
    assert all(10 <= each.clauses.count() <= 18 for each in Version.objects.all())

    readings = {each.policy.slug: each for each in readings_of(employee_of_the_demo)}
    changed = readings["social-media"]
    assert (changed.is_to_sign, changed.changed_since) == (True, True)
    assert readings["personal-accounts-and-disclosure"].signature is None
    assert (readings["patient-privacy-online"].is_signed, readings["patient-privacy-online"].changed_since) == (
        True,
        True,
    )

    for policy in Policy.objects.filter(must_acknowledge=True).exclude(audience__name="Coordinators and strategists"):
        version = policy.versions.get(state=State.PUBLISHED)
        signed = Acknowledgement.objects.counting_for(version).values("person_id").distinct().count()
        assert 0.6 <= signed / policy.audience.people.count() <= 0.95, policy.slug

    assert GuardRule.objects.count() == len(RULES)
    assert set(clauses_for(employee_of_the_demo, set(RULES))) == set(RULES)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.slug)
def test_texts_are_whole(policy: object) -> None:
    for step in policy.steps:  # type: ignore[attr-defined]
        text = step.text(policy.slug)  # type: ignore[attr-defined]
        clauses = parse(text).clauses
        assert duplicate_anchors(text) == []
        assert 10 <= len(clauses) <= 18
        assert all(each.text or each.examples for each in clauses)
        assert any(each.sources for each in clauses)
        assert any(not example["do"] for each in clauses for example in each.examples)


def test_an_earlier_text_keeps_its_parts() -> None:
    clauses = parse(earlier_text_of("social-media")).clauses
    parts = {each.anchor: each.part for each in clauses}

    assert parts["be-decent"] == "Being good company"
    assert parts["if-it-goes-wrong"] == "When something happens"
    assert "artificial-intelligence" not in parts

from metrics.standing.owyang import MODELS
from metrics.standing.scoring import agreement, disagreements, profile, strengths
from metrics.standing.statements import STATEMENTS


def all_answers(model: str, value: int = 4) -> dict[str, int]:
    return {statement.key: value if statement.model == model else 0 for statement in STATEMENTS}


def test_every_model_has_statements():
    assert {statement.model for statement in STATEMENTS} == {model.key for model in MODELS}


def test_strength_is_the_mean_of_what_was_answered():
    found = strengths({"one-publisher": 4, "requests": 1})

    assert found["centralised"] == 0.625
    assert found["dandelion"] is None


def test_an_answer_that_was_not_given_is_no_zero():
    with_all = strengths({"hub-rules": 4, "hub-trains": 4, "hub-figures": 0})
    without = strengths({"hub-rules": 4, "hub-trains": 4})

    assert with_all["hub-and-spoke"] == 2 / 3
    assert without["hub-and-spoke"] == 1


def test_shares_add_up_to_one():
    found = profile([all_answers("dandelion"), all_answers("centralised")])

    assert sum(share for share in found.shares.values() if share is not None) == 1
    assert found.shares["dandelion"] == 0.5


def test_level_at_the_top_is_no_leader():
    assert profile([all_answers("dandelion"), all_answers("centralised")]).leading is None
    assert profile([all_answers("dandelion")]).leading == "dandelion"


def test_nobody_answered_knows_nothing():
    found = profile([])

    assert found.leading is None
    assert set(found.shares.values()) == {None}


def test_agreement_counts_raters_who_see_the_same_leader():
    assert agreement([all_answers("dandelion"), all_answers("dandelion"), all_answers("honeycomb")]) == (2, 3)
    assert agreement([]) == (0, 0)


def test_disagreements_start_with_the_widest():
    found = disagreements(
        {"Executives": [{"everybody": 4, "requests": 2}], "Coordinators": [{"everybody": 0, "requests": 1}]}
    )

    assert [each.statement for each in found] == ["everybody", "requests"]
    assert found[0].means == {"Executives": 4, "Coordinators": 0}
    assert found[0].spread == 2

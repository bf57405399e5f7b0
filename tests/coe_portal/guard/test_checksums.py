import pytest
from hypothesis import given
from hypothesis import strategies as st

from coe_portal.guard.checksums import is_card_number, is_provider_number, is_social_security_number, passes_luhn


@given(st.text("0123456789", min_size=1, max_size=30))
def test_exactly_one_check_digit_passes(digits: str) -> None:
    assert sum(passes_luhn(digits + check) for check in "0123456789") == 1


@given(st.text("0123456789", min_size=2, max_size=20), st.data())
def test_one_wrong_digit_never_passes(digits: str, data: st.DataObject) -> None:
    number = next(digits + check for check in "0123456789" if passes_luhn(digits + check))
    place = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))

    assert not passes_luhn(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("219458832", True),
        ("000458832", False),
        ("666458832", False),
        ("900458832", False),
        ("219008832", False),
        ("219450000", False),
        ("078051120", False),
        ("21945883", False),
    ],
)
def test_social_security_areas(digits: str, expected: bool) -> None:
    assert is_social_security_number(digits) is expected


@pytest.mark.parametrize(("digits", "expected"), [("1234567893", True), ("1234567890", False), ("3234567893", False)])
def test_provider_number(digits: str, expected: bool) -> None:
    assert is_provider_number(digits) is expected


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("4111111111111111", True), ("4111111111111112", False), ("0000000000000000", False), ("9780306406157", False)],
)
def test_card_number(digits: str, expected: bool) -> None:
    assert is_card_number(digits) is expected

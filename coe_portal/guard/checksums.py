"""Arithmetic that tells a real number from one that only looks like it."""

NEVER_ISSUED = {"078051120", "219099999"}  # printed in advertisements, never given to a person


def digits_of(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: every second digit from the right doubled, the sum a multiple of ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return bool(digits) and total % 10 == 0


def is_provider_number(digits: str) -> bool:
    """National Provider Identifier: ten digits, checked as a card number of the issuer 80840 (45 CFR 162.406)."""
    return len(digits) == 10 and digits[0] in "12" and passes_luhn("80840" + digits)


def is_card_number(digits: str) -> bool:
    return 13 <= len(digits) <= 19 and digits[0] in "3456" and len(set(digits)) > 1 and passes_luhn(digits)


def is_social_security_number(digits: str) -> bool:
    """Area 000, 666 and 900-999, group 00 and serial 0000 were never assigned."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    assigned = area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"
    return len(digits) == 9 and assigned and digits not in NEVER_ISSUED

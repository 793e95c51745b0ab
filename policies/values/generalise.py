"""Coarser values that may stand in a record where the identifier stood."""

from __future__ import annotations

import re
from typing import Final

from detectors.findings import Kind
from policies.values import dates

OVER_89: Final = "90+"
"""45 CFR 164.514(b)(2)(i)(C): such ages and elements may be aggregated into one category of age 90 or older."""

ZERO_PREFIXES: Final = frozenset(
    # 2000 census, as in the HHS guidance of 2012
    ("036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890")
).union(
    # the last of that list, then further ones of 20,000 or fewer, or without residents, as of the 2010 census
    ("893", "202", "204", "205", "369", "753", "772")
)
"""Three-digit ZIP areas of 20,000 people or fewer, shown as 000: 45 CFR 164.514(b)(2)(i)(B).

The union of the 2000 census list and of later additions: a prefix too many costs a little use, one too few is a breach.
To be checked again against the 2020 census before the profile's number moves."""

_DATES: Final = (Kind.DATE, Kind.BIRTH_DATE)
_WORDS_OVER_89: Final = ("ninety", "nineti", "hundred", "centenarian", "nonagenarian")
_NUMBER: Final = re.compile(r"\d{1,3}")
_CONFUSED: Final = str.maketrans("OoQIl|SBZ", "000111582")


def generalise(kind: Kind, text: str) -> str | None:
    """The coarser value of an identifier; None where none may be shown."""
    if kind in _DATES:
        found = dates.year(text)
        return str(found) if found is not None and dates.OLDEST_YEAR <= found <= dates.NEWEST_YEAR else None
    if kind is Kind.AGE_OVER_89 or (kind is Kind.AGE and over_89(text)):
        return OVER_89
    if kind is Kind.ZIP:
        return _zip(text)
    return None


def over_89(text: str) -> bool:
    """Whether an age in this text may be over 89. Months and days of infants never come near three digits of years."""
    numbers = [int(n) for n in _NUMBER.findall(text)]
    return any(n > 89 for n in numbers) or any(word in text.casefold() for word in _WORDS_OVER_89)


def is_general(kind: Kind, text: str) -> bool:
    """Whether the text is already as coarse as `generalise` would make it."""
    if kind in _DATES:
        return dates.is_year_alone(text)
    return kind is Kind.AGE_OVER_89 and text.strip() == OVER_89


def _zip(text: str) -> str | None:
    digits = "".join(c for c in text.translate(_CONFUSED) if c.isdigit())
    if len(digits) not in (5, 9):
        return None
    return "000" if digits[:3] in ZERO_PREFIXES else digits[:3]

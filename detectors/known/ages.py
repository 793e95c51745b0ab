"""The ages that a person born on a known day has in the years that a page names."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\d{4})?(?!\d)|(?<=[/.\-])(\d{2})(?!\d|[/.\-]\d)")
"""A year in four digits, of a date in eight as well; or in two, at the end of a date."""
_FIGURE: Final = re.compile(r"\d{1,3}")


def ages_in(text: str, born: date) -> frozenset[int]:
    """Completed years of life, before and after the birthday, in each year that the text names."""
    years = {int(m[1] or f"20{m[2]}") for m in _YEAR.finditer(text)}
    return frozenset(year - born.year - less for year in years for less in (0, 1) if year - less >= born.year)


def figure(text: str) -> int | None:
    """The one number of an age in figures; None for an age in words."""
    numbers = _FIGURE.findall(text)
    return int(numbers[0]) if len(numbers) == 1 else None

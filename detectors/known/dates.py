"""One date, in every shape that people and machines write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

_D: Final = r"[0-9OolIS|]"
_SEP: Final = r"[ .,/\\-]{1,3}"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_NUMERIC: Final = re.compile(
    rf"(?<![0-9])(?!(?<=[A-Za-z])[OolIS])(?:({_D}{{4}}){_SEP}({_D}{{1,2}}){_SEP}({_D}{{1,2}})|({_D}{{1,2}}){_SEP}({_D}{{1,2}}){_SEP}({_D}{{4}}|{_D}{{2}}))(?![0-9])"
)
_WORDED: Final = re.compile(
    rf"(?<![0-9A-Za-z])(?:({_MONTH}){_SEP}?({_D}{{1,2}})(?:st|nd|rd|th)?{_SEP}({_D}{{4}}|'?{_D}{{2}})"
    rf"|({_D}{{1,2}})(?:st|nd|rd|th)?{_SEP}?(?:of )?({_MONTH}){_SEP}?({_D}{{4}}|'?{_D}{{2}}))(?![0-9])",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")
_READ: Final = str.maketrans("OolI|S", "001115", "'")


def dates_equal(text: str, wanted: date) -> Iterator[tuple[int, int]]:
    """Half-open offsets of every writing of `wanted`: either order of day and month, two or four digits of year."""
    y, m, d = wanted.year, wanted.month, wanted.day
    for found in _NUMERIC.finditer(text):
        a, b, c, e, f, g = found.groups()
        if a is not None:
            same = _number(a) == y and (_number(b), _number(c)) in ((m, d), (d, m))
        else:
            same = _year(g, y) and (_number(e), _number(f)) in ((m, d), (d, m))
        if same:
            yield found.span()
    for found in _WORDED.finditer(text):
        month, day, year, day2, month2, year2 = found.groups()
        name, number, long = (month, day, year) if month else (month2, day2, year2)
        if name[:3].lower() == _MONTHS[m - 1] and _number(number) == d and _year(long, y):
            yield found.span()
    compact = {f"{y:04}{m:02}{d:02}", f"{m:02}{d:02}{y:04}", f"{d:02}{m:02}{y:04}"}
    for found in _COMPACT.finditer(text):
        if found[0] in compact:
            yield found.span()


def _number(text: str) -> int:
    digits = text.translate(_READ)
    return int(digits) if digits.isdecimal() else -1


def _year(text: str, wanted: int) -> bool:
    digits = text.translate(_READ)
    return _number(text) == (wanted if len(digits) == 4 else wanted % 100)

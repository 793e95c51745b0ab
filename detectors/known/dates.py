"""One date, in every shape that people and machines write it, and as an engine misreads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from detectors.folding import as_id
from detectors.known.slips import comparable, misread
from detectors.known.spoken import dates_spoken

_D: Final = r"[0-9OolIS|]"
_SEP: Final = r"[ .,/\\-]{1,3}"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_NUMERIC: Final = re.compile(
    rf"(?<![0-9])(?!(?<=[A-Za-z])[OolIS])(?:({_D}{{4}}){_SEP}({_D}{{1,2}}){_SEP}({_D}{{1,2}})|({_D}{{1,2}}){_SEP}({_D}{{1,2}}){_SEP}({_D}{{4}}|{_D}{{2}}))(?![0-9])"
)
_WORDED: Final = re.compile(
    rf"(?:(?<![0-9A-Za-z])|(?-i:(?<=DOB|DoB)(?=[A-Z])))(?:({_MONTH}){_SEP}?({_D}{{1,2}})(?:st|nd|rd|th)?{_SEP}({_D}{{4}}|'?{_D}{{2}})"
    rf"|({_D}{{1,2}})(?:st|nd|rd|th)?{_SEP}?(?:of )?({_MONTH}){_SEP}?({_D}{{4}}|'?{_D}{{2}}))(?![0-9])",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"(?<![0-9])[0-9]{8}(?![0-9])")
_READ: Final = str.maketrans("OolI|S", "001115", "'")
_PIECE: Final = re.compile(r"\S{1,12}")
_FIGURE: Final = re.compile("[0-9]")
_MOST_PIECES: Final = 4
_LONGEST: Final = 24
"""Characters of "September the 28th of 1981", roughly."""
_LEAST_FIGURES: Final = 3
_MORE_FIGURES: Final = str.maketrans("AaEegqTt", "44339977")
"""Likenesses that make too many words numbers elsewhere; here the whole date is compared."""
_NO_DAY: Final = re.compile(r"[\W_]*(?:[^\W_]{1,5}|(?:[^\W_]{1,2}|[^\W\d_]{3,9})[\W_]+[12IilZz|][^\W_]{3})[\W_]*")
"""A year is no day, month and year that were run together: 1924 is not the first of September 1924; nor is a month with
its year, which stand behind another's day: "18 December 1989" is not the 19th of December 1989."""


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
    yield from dates_spoken(text, wanted)
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


def dates_misread(text: str, wanted: date) -> Iterator[tuple[int, int]]:
    """Half-open offsets of what an engine may have made of `wanted`; exact writings are among them.

    The figures of the day and of the year's end must stand there, likenesses granted.
    """
    year, day = f"{wanted.year % 100:02}", f"{wanted.day}"
    pieces = [(m.start(), m.end()) for m in _PIECE.finditer(text)]
    for last in (i for i, (a, b) in enumerate(pieces) if _FIGURE.search(text, a, b) and _has(text[a:b], year)):
        yield from _around(text, pieces[max(0, last - _MOST_PIECES + 1) : last + _MOST_PIECES - 1], day, wanted)


def _around(text: str, pieces: Sequence[tuple[int, int]], day: str, wanted: date) -> Iterator[tuple[int, int]]:
    for first, (start, _) in enumerate(pieces):
        for begun, end in pieces[first : first + _MOST_PIECES]:
            if end - start > _LONGEST or text.count("\n", start, begun) > 1:
                break
            value = text[start:end]
            if len(_FIGURE.findall(value)) < _LEAST_FIGURES or not _has(value, day) or _NO_DAY.fullmatch(value):
                continue
            if _misread(comparable(value), wanted):
                yield start, end
                break


def _has(text: str, figures: str) -> bool:
    return figures in as_id(text) or figures in as_id(text.translate(_MORE_FIGURES))


def _misread(read: str, wanted: date) -> bool:
    return any(misread(read, writing) for writing in _writings(wanted))


@lru_cache(maxsize=8)
def _writings(wanted: date) -> tuple[str, ...]:
    """Every writing of a date in comparable form."""
    month, y = f"{wanted:%B}".casefold(), f"{wanted.year:04}"
    days, months, years = {f"{wanted.day}", f"{wanted.day:02}"}, {f"{wanted.month}", f"{wanted.month:02}"}, (y, y[2:])
    found = {f"{y}{m}{d}" for m in months for d in days}
    for d in days:
        for year in years:
            found |= {f"{a}{b}{year}" for m in {*months, month, month[:3]} for a, b in ((m, d), (d, m))}
    return tuple(sorted(found))

"""Dates as people and scanners write them, read for normalisation and for generalising to the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

TWO_DIGIT_PIVOT: Final = 30
"""Two-digit years below it are of this century: a chart rarely tells of a year before 1930 in two digits."""

OLDEST_YEAR: Final = 1940
"""A year before it is never shown: with any later year of service it may tell an age over 89, and Safe Harbor takes
out "all elements of dates (including year) indicative of such age" (45 CFR 164.514(b)(2)(i)(C)). Good through 2029."""

NEWEST_YEAR: Final = 2099

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_DIGITS: Final = str.maketrans("OoQIl|SBZ", "000111582")
_YEAR_FIRST: Final = re.compile(r"(?<![\d/.\-])(\d{4})\s?[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{1,2}))?(?!\d)")
_YEAR_LAST: Final = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?['’]?(\d{4}|\d{2})(?!\d)")
_COMPACT: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
_MONTH_YEAR: Final = re.compile(r"(?<!\d)(\d{1,2})\s?[-/]\s?(\d{4})(?!\d)")
_FOUR: Final = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_APOSTROPHE: Final = re.compile(r"['’](\d{2})(?!\d)")
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[A-Za-z]+")
_NOT_DIGITS: Final = re.compile(r"[^0-9OoQIl|SBZ]")
_BETWEEN: Final = r"\s{0,2}(?:[-–—/.&]|to\b|and\b|through\b|thru\b|until\b)\s{0,2}"
_FIGURE_BEFORE: Final = re.compile(rf"(?<![:\d])\d{{1,4}}{_BETWEEN}$", re.I)
_FIGURE_BEHIND: Final = re.compile(rf"{_BETWEEN}\d{{1,4}}(?![:\d])", re.I)
_DAYS: Final = re.compile(
    r"(?<![\d:'’])\d{1,2}(?:st|nd|rd|th)?"
    r"(?:\s{0,2}[–—&/]\s{0,2}|\s{0,2}-\s{0,2}|\s(?:to|and|through|thru|until)\s)\d{1,2}(?![\d:])",
    re.I,
)
_MONTH_FIRST: Final = re.compile(r"(?<![^\W\d_])[A-Za-z]{3,9}\.?-\d{1,2}-\d{2}(?!\d)")
"""`Mar-04-19`: the last is the year; `Mar 4-19` may be days."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """What a text says of one date; a part that it does not say is None."""

    year: int | None
    month: int | None
    day: int | None

    @property
    def iso(self) -> str | None:
        """`2021-03-04`, `2021-03`, `2021`, or None without a year."""
        if self.year is None:
            return None
        if self.month is None:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{self.month:02d}" + (f"-{self.day:02d}" if self.day else "")


def parse(text: str) -> PartialDate | None:
    """One date in American order; None where no date can be read, or where the text holds or may hold two.

    `03/04-05/2019` may be two days, two months or a slip of the pen: it is none of them.
    """
    cleaned = _unconfused(text)
    found = set(_candidates(cleaned))
    return found.pop() if len(found) == 1 and len(_full_years(cleaned)) <= 1 else None


def year(text: str) -> int | None:
    """The one year that a text speaks of; None where there is none, or more than one."""
    cleaned = _unconfused(text)
    years = _full_years(cleaned) or {read.year for read in _candidates(cleaned) if read is not None}
    return years.pop() if len(years) == 1 else None


def is_year_alone(text: str) -> bool:
    """Whether the text is a showable year and nothing else."""
    bare = text.strip(" \t\r\n.,;:()")
    return len(bare) == 4 and bare.isascii() and bare.isdigit() and OLDEST_YEAR <= int(bare) <= NEWEST_YEAR


def _unconfused(text: str) -> str:
    """Letters that scanners make of digits turned back, in those words only that hold a digit."""
    parts = re.split(r"([\s,/.\-]+)", text)
    return "".join(
        p.translate(_DIGITS) if any(c.isdigit() for c in p) and not _NOT_DIGITS.search(p) else p for p in parts
    )


def _full_years(text: str) -> set[int | None]:
    return {int(y) for y in _FOUR.findall(text) if 1800 <= int(y) <= NEWEST_YEAR}


def _candidates(text: str) -> list[PartialDate | None]:
    months = {_MONTHS[w.lower()] for w in _WORD.findall(text) if w.lower() in _MONTHS}
    if months:
        return [_named(text, months.pop())] if len(months) == 1 else []
    for pattern, order in ((_YEAR_FIRST, "ymd"), (_COMPACT, "ymd"), (_YEAR_LAST, "mdy"), (_MONTH_YEAR, "my")):
        matches = list(pattern.finditer(text))
        if matches:
            ends = [0, *(m.end() for m in matches)]
            starts = [*(m.start() for m in matches), len(text)]
            return [
                _numeric(dict(zip(order, m.groups(), strict=True)))
                if _whole(text[ends[n] : m.start()], m[0], text[m.end() : starts[n + 1]])
                else None
                for n, m in enumerate(matches)
            ]
    return [PartialDate(y, None, None) for y in _full_years(text)]


def _whole(before: str, found: str, behind: str) -> bool:
    """Whether it is one date, and no piece of a range: no dash among slashes, no figure joined on to either end."""
    joints = set("-/.") & set(found)
    mixed = "-" in joints and len(joints) > 1
    return not (mixed or _FIGURE_BEFORE.search(before) or _FIGURE_BEHIND.match(behind))


def _named(text: str, month: int) -> PartialDate | None:
    """A date whose month is a word: the day is the first short number, a second one is the year of two digits."""
    years = _full_years(text) or {_century(int(y)) for y in _APOSTROPHE.findall(text)}
    if _DAYS.search(text) and not (_MONTH_FIRST.search(text) and not years):
        return None
    days = [int(n) for n in _NUMBER.findall(_APOSTROPHE.sub(" ", text)) if len(n) <= 2]
    if not years and len(days) > 1:
        years = {_century(days[1])}
    if len(years) > 1:
        return None
    return _checked(years.pop() if years else None, month, days[0] if days else None)


def _numeric(parts: dict[str, str]) -> PartialDate | None:
    read_year = int(parts["y"]) if len(parts["y"]) == 4 else _century(int(parts["y"]))
    month = int(parts["m"])
    day = int(parts["d"]) if parts.get("d") else None
    if month > 12 and day is not None and day <= 12:
        month, day = day, month
    return _checked(read_year, month, day)


def _century(two_digits: int) -> int:
    return (2000 if two_digits < TWO_DIGIT_PIVOT else 1900) + two_digits


def _checked(read_year: int | None, month: int, day: int | None) -> PartialDate | None:
    try:
        date(read_year if read_year is not None else 2000, month, day if day is not None else 1)
    except ValueError:
        return None
    return PartialDate(read_year, month, day)

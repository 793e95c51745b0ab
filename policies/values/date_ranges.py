"""Both ends of a range of days that stands as one text: "5/1 - 5/4/2024", "May 4-6, 2024"."""

from __future__ import annotations

import re
from typing import Final

from policies.values.dates import PartialDate, parse

_SPLIT: Final = re.compile(r"\s*(?:[-–—]|(?<![^\W\d_])(?:to|through|thru|until|and)(?![^\W\d_])|&)\s*", re.I)
_NO_YEAR: Final = re.compile(r"\s*\d{1,2}\s?[/.]\s?\d{1,2}\s*")
_DAYS: Final = re.compile(
    r"(?<!\d)(?P<from>\d{1,2})(?:st|nd|rd|th)?\s{0,2}(?:[-–—]|to|and|through|thru|&)\s{0,2}(?P<to>\d{1,2})(?!\d)", re.I
)


def told_by(text: str) -> list[tuple[PartialDate, int]]:
    """The date of a text, or both ends of its range, each with its year; none where one of them cannot be read."""
    one = parse(text)
    if one is not None:
        return [(one, one.year)] if one.year is not None else []
    ends = [(text[: cut.start()], text[cut.end() :]) for cut in _SPLIT.finditer(text)]
    # "05/04-05/2024" may be two days or two months: days alone are told apart beside a month's name only.
    if "/" not in text and (days := _DAYS.search(text)):
        before, behind = text[: days.start()], text[days.end() :]
        ends.append((f"{before}{days['from']}{behind}", f"{before}{days['to']}{behind}"))
    ways = {way for way in (_ends(*pair) for pair in ends) if way is not None}
    if len(ways) != 1:
        return []
    return [(end, end.year) for end in ways.pop() if end.year is not None]


def _ends(first: str, second: str) -> tuple[PartialDate, PartialDate] | None:
    till = parse(second)
    if till is None or till.year is None or till.month is None or till.day is None:
        return None
    since = parse(f"{first.strip()}/{till.year}") if _NO_YEAR.fullmatch(first) else parse(first)
    if since is None or since.year is None or since.month is None or since.day is None:
        return None
    return (since, till) if (since.year, since.month, since.day) <= (till.year, till.month, till.day) else None

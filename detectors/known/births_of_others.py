"""Dates right behind a stranger's name in a list or a household: that person was born on them, though no label says so.

A day of care says little about whoever is named before it; a birth date tells who it is. Only where the event's patient
is known: what is the patient's, and who treats, has an owner by then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from detectors.findings import Kind, Owner, Span
from detectors.text.births import RELATIVE, TREATS

_BEHIND_A_NAME: Final = re.compile(
    rf"[ \t]{{0,24}}[|,/;\u2013-]?[ \t]{{0,24}}(?P<opens>[(\[]?)[ \t]?(?:the )?"
    rf"|[ \t]{{0,2}}[(\[][ \t]?(?P<kin>{RELATIVE})[)\]],?[ \t]{{1,3}}(?:the )?",
    re.I,
)
_OPENS: Final = ("(", "[")
_BEFORE_A_NAME: Final = re.compile(r"[ \t]{0,2}(?::|[ \t][\u2013\u2014-])[ \t]{1,3}")
_NAMED_BEFORE: Final = 8
"""Spans before a date among which its owner may be named."""
_TIME: Final = re.compile(r"[ \t,@]{1,3}(?:at )?\d{1,2}:\d\d")
_NUMBERS: Final = re.compile(r"\d+")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)(?![^\W_])", re.I)
_YEAR: Final = re.compile(
    r"(?<!\d)(?P<full>(?:19|20)\d\d)|(?P<short>\d\d)\W{0,3}\Z|(?P<spoken>nineteen|two thousand)", re.I
)
_COMPACT: Final = re.compile(r"\d{8}")
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")
_THIS_CENTURY: Final = 30
"""Two figures of a year under it are of this century."""
_SPOKEN_YEARS: Final = {"nineteen": 1960, "two thousand": 2005}
"""Near enough."""
_APART: Final = 2
"""Years by which a date is older than the page's newest one, to be no day of care."""
_TITLE_REACH: Final = 24
_CREDENTIAL_REACH: Final = 5
_LEAST_WORDS: Final = 2
"""Of a name: one word before a date may be a rule's mistake."""


def told(text: str, spans: Sequence[Span]) -> list[Span]:
    """The same disjoint spans, in text order; dates behind names of others are birth dates: in brackets, or behind a
    relative's word in brackets; in rows where one of them at least is years older than some date of the page."""
    found = [_before_a_name(text, spans, n) for n in range(len(spans))]
    rows = {n: gap for n in range(1, len(found)) if (gap := _row(text, found, n)) is not None}
    if not rows:
        return found
    years = {n: _year(text[s.start : s.end]) for n, s in enumerate(found) if s.kind is Kind.DATE}
    newest = max(years.values())
    listed = any(0 < years[n] <= newest - _APART for n in rows)
    for n, gap in rows.items():
        if listed or gap["kin"] or gap["opens"] or text[found[n].start] in _OPENS:
            found[n] = replace(found[n], kind=Kind.BIRTH_DATE)
    return found


def _before_a_name(text: str, spans: Sequence[Span], index: int) -> Span:
    """The span; a birth date set before somebody else's name is that person's, though the patient was born then, too:
    "born 3/4/1961: Ana Lopez". Not where the patient is named before it on the line."""
    date, after = spans[index], spans[index + 1] if index + 1 < len(spans) else None
    if date.kind is not Kind.BIRTH_DATE or date.owner is not Owner.PATIENT or after is None:
        return date
    theirs = after.kind is Kind.PERSON and after.owner in (Owner.UNKNOWN, Owner.RELATIVE)
    end = date.start + len(text[date.start : date.end].rstrip(" :"))
    if not theirs or not _BEFORE_A_NAME.fullmatch(text, end, after.start):
        return date
    if TREATS.search(text, end, after.end + _CREDENTIAL_REACH):
        return date
    line = text.rfind("\n", 0, date.start) + 1
    own = any(s.owner is Owner.PATIENT and s.start >= line for s in spans[max(0, index - _NAMED_BEFORE) : index])
    return date if own else replace(date, owner=Owner.UNKNOWN)


def _row(text: str, spans: Sequence[Span], index: int) -> re.Match[str] | None:
    """What stands between somebody else's name and the date right behind it; None where the span is no such date."""
    before, date = spans[index - 1], spans[index]
    if date.kind is not Kind.DATE or before.kind is not Kind.PERSON:
        return None
    if date.owner is not Owner.UNKNOWN or before.owner not in (Owner.UNKNOWN, Owner.RELATIVE):
        return None
    gap = _BEHIND_A_NAME.fullmatch(text, before.end, date.start)
    if gap is None or not _is_whole(text[date.start : date.end]) or _TIME.match(text, date.end):
        return None
    first = _name_begins(text, spans, index - 1)
    if len(_WORDS.findall(text[first : before.end])) < _LEAST_WORDS:
        return None
    return None if TREATS.search(text, max(0, first - _TITLE_REACH), date.start) else gap


def _name_begins(text: str, spans: Sequence[Span], index: int) -> int:
    """Where the first span of the same name begins."""
    while (
        index
        and spans[index - 1].kind is Kind.PERSON
        and not text[spans[index - 1].end : spans[index].start].strip(" ,.")
        and "\n" not in text[spans[index - 1].start : spans[index].start]
    ):
        index -= 1
    return spans[index].start


def _is_whole(value: str) -> bool:
    """Whether a day stands in it, not only a month and year."""
    return len(_NUMBERS.findall(value)) > 1 or bool(_ORDINAL.search(value) or _COMPACT.search(value))


def _year(value: str) -> int:
    """0 where none is told."""
    if compact := _COMPACT.search(value):
        first, last = int(compact[0][:4]), int(compact[0][4:])
        return first if 1900 <= first < 2100 else last
    year = next(iter([*_YEAR.finditer(value)][-1:]), None)
    if year is None:
        return 0
    if year["spoken"]:
        return _SPOKEN_YEARS[year["spoken"].casefold()]
    short = int(year["full"] or year["short"])
    return short if short > 99 else short + (2000 if short < _THIS_CENTURY else 1900)

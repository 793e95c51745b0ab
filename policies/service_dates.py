"""Which pages lie in the range of dates of service that an authorization covers.

A page is dated by what its words call a date of service: of a visit, a stay, an examination, a specimen. Where
nothing is called so, by all its dates but those of birth. A page without any date goes with the dated page before it,
or, at the head of a document, with the one behind it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from detectors.findings import Finding, Kind
from detectors.pages import PageReading
from policies.authorization import Authorization
from policies.dates import PartialDate, parse

_REACH: Final = 40
_SERVICE: Final = re.compile(
    r"(?<![^\W_])(?:date\(?s?\)? of (?:service|visit|admission|discharge|exam\w*|procedure|surgery|operation|encounter"
    r"|study"
    r"|consult\w*|collection)|dos|d\.o\.s\.|admi(?:t|ssion|tted)|discharged?|encounter|visit|service|exam(?:ination)?"
    r"|study|procedure|surgery|collect(?:ed|ion)|drawn|performed|seen|note|consultation)"
    r"(?:\s+(?:dates?|dt|on|in|from|to|time))?\s{0,2}[:#=\-–]?\s{0,3}$",
    re.I,
)
_AND_ON: Final = re.compile(r"\s{0,2}(?:-|–|to|through|thru|until)\s{0,2}$", re.I)


class Covered(StrEnum):
    """How a page lies to the range."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNTOLD = "untold"
    """Dated on both sides, or by nothing: a person looks."""


@dataclass(frozen=True, slots=True)
class _Dated:
    first: date
    last: date
    service: bool


def covered(
    authorization: Authorization | None, readings: Sequence[PageReading], found: Iterable[Finding]
) -> list[Covered]:
    """One answer a page; all are INSIDE where the authorization sets no range."""
    if authorization is None or (authorization.date_from is None and authorization.date_to is None):
        return [Covered.INSIDE] * len(readings)
    dates: list[list[_Dated]] = [[] for _ in readings]
    for finding in sorted(_with_dates(found), key=_place):
        dated = _read(readings[finding.page].text, finding, dates[finding.page])
        if dated is not None:
            dates[finding.page].append(dated)
    first, last = authorization.date_from or date.min, authorization.date_to or date.max
    answers = [_answer(on_page, first, last) for on_page in dates]
    known = [a for a in answers if a is not None]
    if not known:
        return [Covered.UNTOLD] * len(readings)
    before, found_answers = known[0], []
    for answer in answers:
        before = answer or before
        found_answers.append(before)
    return found_answers


def _with_dates(found: Iterable[Finding]) -> Iterable[Finding]:
    return (f for f in found if f.kind is Kind.DATE and f.span is not None)


def _place(finding: Finding) -> tuple[int, int]:
    return finding.page, finding.span.start if finding.span else 0


def _read(text: str, finding: Finding, before: Sequence[_Dated]) -> _Dated | None:
    span = finding.span
    told = parse(text[span.start : span.end]) if span is not None else None
    if span is None or told is None or told.year is None:
        return None
    lead = text[max(0, span.start - _REACH) : span.start]
    # "05/01/2024 - 05/04/2024": what the first is called holds for the second.
    goes_on = bool(before) and before[-1].service and _AND_ON.search(lead) is not None
    return _Dated(*_interval(told, told.year), goes_on or _SERVICE.search(lead) is not None)


def _interval(told: PartialDate, year: int) -> tuple[date, date]:
    """The first and the last day that the text may mean."""
    if told.month is None:
        return date(year, 1, 1), date(year, 12, 31)
    last = calendar.monthrange(year, told.month)[1]
    return date(year, told.month, told.day or 1), date(year, told.month, told.day or last)


def _answer(dates: Sequence[_Dated], first: date, last: date) -> Covered | None:
    """None where the page has no date that tells."""
    called = [d for d in dates if d.service]
    sides = {_side(d, first, last) for d in called or dates} - {None}
    if not sides:
        return None
    if sides == {Covered.OUTSIDE} and not called:
        # Dates of long ago in a history: they need not be the page's own.
        return Covered.UNTOLD
    return Covered.UNTOLD if len(sides) > 1 else sides.pop()


def _side(dated: _Dated, first: date, last: date) -> Covered | None:
    if first <= dated.first and dated.last <= last:
        return Covered.INSIDE
    return Covered.OUTSIDE if dated.last < first or dated.first > last else None

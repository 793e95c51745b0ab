"""Which pages lie in the range of dates of service that an authorization covers.

A page is dated by what its words call a date of service: of a visit, a stay, an examination, a specimen. Where nothing
is called so, by the date at its head; and where that is missing, by all its dates but those of birth. A page without
any date goes with the dated page before it, or, at the head of a document, with the one behind it. A page that has a
date, or a field for one, which cannot be read goes with no other: a person looks.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from detectors.findings import Finding, Kind, Span
from detectors.pages import PageReading
from policies.scope.authorization import Authorization
from policies.scope.letter_date import is_at_the_head, opens_a_letter
from policies.values.date_ranges import told_by
from policies.values.dates import PartialDate

_REACH: Final = 60
_TIMES: Final = r"(?:date\s?/\s?time|dates?|dt|time)"
_SERVICE: Final = (
    r"(?<![^\W_])(?P<called>(?P<date>dates?(?:\(s\))? of (?:service|visit|admission|discharge|exam\w*|procedure|surgery"
    r"|operation|encounter|study|consult\w*|collection)|dos|d\.o\.s\.)"
    r"|admi(?:t|ssion|tted)|discharged?|encounter|visit|service|exam(?:ination)?"
    r"|study|procedure|surgery|collect(?:ed|ion)|drawn|performed|seen|(?P<paper>note|consultation))"
)
_CALLED: Final = re.compile(rf"{_SERVICE}(?:\s+(?:{_TIMES}|on|in|from|to))?\s{{0,2}}[:#=\-–]?\s{{0,3}}$", re.I)
_FIELD: Final = re.compile(
    rf"{_SERVICE}(?P<dated>\s+{_TIMES})?(?:[ \t]{{0,2}}(?P<colon>[:=\-–|])|(?=\s))(?:[ \t]+(?:on|in|from)\b)?"
    r"[ \t]{0,12}\n?[ \t]{0,12}",
    re.I,
)
_VALUE: Final = re.compile(r"(?![^\W\d]+:)\S+(?:[ \t](?![^\W\d]+:)\S+){0,5}")
_CLOCK: Final = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_MONTH: Final = (
    r"(?:jan|feb|f[eé]v|m[aä]r|apr|avr|abr|ma[iy]|jun|juin|jul|juil|aug|ao[uû]|ago|se[pt]|o[ckt]t|nov|d[eé][cz]|ene|dic)"
    r"[^\W\d_]{0,7}"
)
_FIGURE_OR_MONTH: Final = re.compile(rf"\d|(?<![^\W\d_]){_MONTH}(?![^\W\d_])", re.I)
_DAY_OF_MONTH: Final = re.compile(
    r"(?:3[01]|[12]\d|0?[1-9])\s?[-–/.]\s?(?:3[01]|[12]\d|0?[1-9])(?![\d%])|(?:19|20)\d{2}(?!\d)"
)
_LIKE_A_DATE: Final = re.compile(
    r"\d{1,2}\s?[-–/.]\s?\d{1,2}\s?[-–/.]\s?['’]?(?:19|20)?\d\d(?!\d)|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)?\d{2}(?!\d)"
    r"|(?:19|20)\d{2}[-/.]?(?:0[1-9]|1[0-2])[-/.]?(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.)?[-\s]?(?:of |de )?{_MONTH}(?![^\W\d_])|{_MONTH}\.?[-\s]{{0,2}}['’]?\d",
    re.I,
)
_AND_ON: Final = re.compile(r"\s{0,2}(?:-|–|to|through|thru|until)\s{0,2}$", re.I)
_ONWARD: Final = re.compile(r"\s{0,2}(?:-|–|to|through|thru|until)\s{0,2}\d{1,2}(?![\d:])", re.I)
_LAST: Final = r"(?:last|latest|previous|prior|earlier)(?!\s+name)"
_NEXT: Final = (
    r"(?:next|follow(?:ing)?[-\s]?(?:up)?|f/u|return(?:s|ing)?|upcoming|future|scheduled|planned|rescheduled"
    r"|(?:will|to) be|appointment|appt)"
)
_BESIDE: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<last>{_LAST})|(?P<next>{_NEXT}))"
    r"(?:[ :.\-]{1,2}(?:on|by|for|in|at|to|the|date|of|appointment|appt|clinic|office|hospital)){0,4}[ :.\-]{0,3}$",
    re.I,
)
_BESIDE_PAPER: Final = re.compile(rf"(?<![^\W_])(?:(?P<last>{_LAST})|(?P<next>next|upcoming|scheduled)) $", re.I)
_OFFICE: Final = re.compile(
    r"(?<![^\W_])(?:print(?:ed)?|fax(?:ed)?|(?:co-?)?sign(?:ed|ature)?|attested|received|released|requested|transcribed"
    r"|dictated|expir(?:es|y)|copied)(?![^\W_])[^\n]*$",
    re.I,
)
"""What an office does to a paper, often long after the service."""
_ANOTHER_TIME: Final = re.compile(
    rf"(?<![^\W_])(?:{_LAST}|{_NEXT}|rtc|see you|again|expected|anticipated|due|expir\w+|valid|effective)(?![^\W_])"
    r"[^\n]*$",
    re.I,
)


class Covered(StrEnum):
    """How a page lies to the range."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNTOLD = "untold"
    """Dated by nothing. Of this and the others a person looks."""
    UNREAD = "unread"
    """With a date, or a field for one, that could not be read."""
    BOTH = "both"
    """Dated on both sides."""


class _Role(StrEnum):
    SERVICE = "service"
    HEAD = "head"
    """The paper's own."""
    LAST = "last"
    """Of a service before the page's own."""
    NEXT = "next"
    """Of one to come."""
    ASIDE = "aside"
    """Of what the office did, or somewhere behind a word for another time: it cannot put the page inside."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class _Dated:
    """`day`: whether the text names a day, not a month or a year alone."""

    first: date
    last: date
    role: _Role
    day: bool


@dataclass(slots=True)
class _OnPage:
    """`read`: the dates; `spans`: where a date that is read stands; `unread`: where one that is not."""

    read: list[_Dated] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    unread: list[Span | None] = field(default_factory=list)
    unread_service: bool = False
    letter: bool = False


def covered(
    authorization: Authorization | None, readings: Sequence[PageReading], found: Iterable[Finding]
) -> list[Covered]:
    """One answer a page; all are INSIDE where the authorization sets no range."""
    if authorization is None or (authorization.date_from is None and authorization.date_to is None):
        return [Covered.INSIDE] * len(readings)
    pages = [_OnPage() for _ in readings]
    for finding in sorted((f for f in found if f.kind is Kind.DATE), key=_place):
        _take(readings[finding.page].text, finding.span, pages[finding.page])
    for reading, page in zip(readings, pages, strict=True):
        page.unread_service = page.unread_service or _has_an_unread_field(reading.text, page)
    first, last = authorization.date_from or date.min, authorization.date_to or date.max
    answers = [_answer(page, first, last) for page in pages]
    known = [a for a in answers if a is not None]
    if not known:
        return [Covered.UNTOLD] * len(readings)
    before, found_answers = known[0], []
    for answer in answers:
        before = answer or before
        found_answers.append(before)
    return found_answers


def _place(finding: Finding) -> tuple[int, int]:
    return finding.page, finding.span.start if finding.span else 0


def _take(text: str, span: Span | None, page: _OnPage) -> None:
    """Puts the dates of one finding on its page."""
    if span is None:
        page.unread.append(None)
        return
    lead = text[max(0, span.start - _REACH) : span.start]
    role = _role(lead)
    told = told_by(text[span.start : span.end])
    if not told:
        page.unread.append(span)
        page.unread_service = page.unread_service or role is _Role.SERVICE
        return
    if page.spans and _AND_ON.fullmatch(text, page.spans[-1].end, span.start):
        # "05/01/2024 - 05/04/2024": what the first is called holds for the second.
        role = page.read[-1].role
    if role is _Role.OTHER and is_at_the_head(text, span):
        role = _Role.HEAD
        page.letter = page.letter or opens_a_letter(text, span)
    page.spans.append(span)
    page.read += [_Dated(*_interval(one, year), role, one.day is not None) for one, year in told]


def _role(lead: str) -> _Role:
    called = _CALLED.search(lead)
    before = lead[: called.start()] if called is not None else lead
    beside = (_BESIDE_PAPER if called is not None and called["paper"] else _BESIDE).search(before)
    if beside is not None:
        return _Role.LAST if beside["last"] else _Role.NEXT
    if called is not None:
        return _Role.SERVICE
    return _Role.ASIDE if _OFFICE.search(lead) or _ANOTHER_TIME.search(lead) else _Role.OTHER


def _has_an_unread_field(text: str, page: _OnPage) -> bool:
    """Whether something that may be a date stands behind what calls it one of service, and is not read."""
    for hit in _FIELD.finditer(text):
        value = _VALUE.match(text, hit.end())
        if (
            value is None
            or _role(text[max(0, hit.start() - _REACH) : hit.start("called")] + "seen ") is not _Role.SERVICE
        ):
            continue
        spans = [span for span in page.spans if _touches(span, value.start(), value.end())]
        if any(_ONWARD.match(text, span.end) and not _is_next(text, span, spans) for span in spans):
            return True
        told = _CLOCK.sub(" ", text[value.start() : min((value.end(), *(span.start for span in spans)))])
        if hit["date"] or hit["dated"]:
            shapes = (_LIKE_A_DATE.match, _DAY_OF_MONTH.match if "\n" in hit[0] else _FIGURE_OR_MONTH.search)
        else:
            # "Exam 5/5", "seen 2 times": without a colon a day of a month needs more than its shape.
            shapes = (_LIKE_A_DATE.match, *((_DAY_OF_MONTH.match,) if hit["colon"] else ()))
        if any(shape(told) for shape in shapes):
            return True
    return False


def _is_next(text: str, span: Span, spans: Sequence[Span]) -> bool:
    """Whether the other end of a range that is read stands behind it."""
    return any(_AND_ON.fullmatch(text, span.end, other.start) for other in spans if other.start >= span.end)


def _touches(span: Span, start: int, end: int) -> bool:
    return span.start < end and span.end > start


def _interval(told: PartialDate, year: int) -> tuple[date, date]:
    """The first and the last day that the text may mean."""
    if told.month is None:
        return date(year, 1, 1), date(year, 12, 31)
    last = calendar.monthrange(year, told.month)[1]
    return date(year, told.month, told.day or 1), date(year, told.month, told.day or last)


def _answer(page: _OnPage, first: date, last: date) -> Covered | None:
    """None where the page has no date and no field for one."""
    if page.unread_service:
        return Covered.UNREAD
    called = [d for d in page.read if d.role is _Role.SERVICE]
    heads = [d for d in page.read if d.role is _Role.HEAD and d.day]
    if not called and heads and not page.unread:
        return _by_its_head(page, heads, first, last)
    if not called:
        sides = {_side(d, first, last) for d in page.read if not _is_no_own(d, first, last)} - {None}
        if not page.read and not page.unread:
            return None
        # Dates of long ago in a history need not be the page's own: only those inside tell, and where all is read.
        if page.unread:
            return Covered.UNREAD
        return _by_sides(sides)
    sides = {_side(d, first, last) for d in called} - {None}
    if sides == {Covered.OUTSIDE}:
        spans_it = any(d.last < first for d in called) and any(d.first > last for d in called)
        return Covered.BOTH if spans_it else Covered.OUTSIDE
    if sides == {Covered.INSIDE} and any(_speaks_against(d, first, last) for d in page.read):
        return Covered.BOTH
    return _by_sides(sides)


def _by_sides(sides: Set[Covered | None]) -> Covered:
    """Where dates lie that put a page inside, and nothing else speaks against it."""
    if sides == {Covered.INSIDE}:
        return Covered.INSIDE
    return Covered.BOTH if Covered.INSIDE in sides else Covered.UNTOLD


def _by_its_head(page: _OnPage, heads: Sequence[_Dated], first: date, last: date) -> Covered:
    """A print date looks the same, so that any other day on the other side makes a doubt; but in a letter those before
    it, of which it tells."""
    inside = {_side(d, first, last) for d in heads} == {Covered.INSIDE}
    others = [d for d in page.read if d.day and d not in heads]
    if not inside:
        return (
            Covered.BOTH
            if any(_side(d, first, last) is not Covered.OUTSIDE for d in (*heads, *others))
            else Covered.OUTSIDE
        )
    told = [d for d in others if not (page.letter and d.role is _Role.OTHER and d.last < heads[0].first)]
    return Covered.BOTH if any(_speaks_against(d, first, last) for d in told) else Covered.INSIDE


def _is_no_own(dated: _Dated, first: date, last: date) -> bool:
    """Whether it is of another service or of the office, and cannot put the page inside."""
    return dated.role not in (_Role.OTHER, _Role.HEAD) and _side(dated, first, last) is not Covered.OUTSIDE


def _speaks_against(dated: _Dated, first: date, last: date) -> bool:
    """Whether a day outside, which nothing calls anything, makes it doubtful that a service inside is the page's own.

    Years and months alone are of a history; what is said to be before or to come, and what an office does to the paper
    later, lie where they should.
    """
    if not dated.day or _side(dated, first, last) is not Covered.OUTSIDE:
        return False
    if dated.role is _Role.LAST:
        return dated.first > last
    return dated.role in (_Role.OTHER, _Role.HEAD) or dated.last < first


def _side(dated: _Dated, first: date, last: date) -> Covered | None:
    if first <= dated.first and dated.last <= last:
        return Covered.INSIDE
    return Covered.OUTSIDE if dated.last < first or dated.first > last else None

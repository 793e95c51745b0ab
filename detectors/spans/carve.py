"""A span over several values gives way to those of its parts that another detector knows better.

A label's cell holds a whole address, or a doctor and the clinic; a profile may keep the state and burn the street, or
keep the one who treated and burn nobody else. What no part covers keeps the kind of the whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from detectors.findings import Kind, Layer, Span
from detectors.spans.place import placed

_DATES: Final = frozenset({Kind.DATE, Kind.BIRTH_DATE})
_NUMBERS: Final = _DATES | {Kind.PHONE, Kind.FAX, Kind.EMAIL, Kind.SSN, Kind.MRN, Kind.NPI, Kind.DEA}
_CONTACTS: Final = frozenset({Kind.PHONE, Kind.FAX, Kind.EMAIL})
_PARTS: Final = {
    Kind.STREET: frozenset({Kind.CITY, Kind.STATE, Kind.ZIP, *_CONTACTS}),
    Kind.CITY: frozenset({Kind.STATE, Kind.ZIP, *_CONTACTS}),
    Kind.ZIP: frozenset({Kind.STATE, *_CONTACTS}),
    Kind.PERSON: frozenset({Kind.FACILITY, *_NUMBERS}),
    Kind.FACILITY: _NUMBERS,
    **dict.fromkeys((Kind.OTHER_ID, Kind.ACCOUNT, Kind.HEALTH_PLAN, Kind.PHONE, Kind.FAX), _DATES),
}
_LEAST_SCORE: Final = 0.7
"""A part is surer than a guess: its kind may be one that the profile keeps."""
_SEPARATED: Final = re.compile(r"[,;|\n]\s{0,3}")
_ZIP_AHEAD: Final = re.compile(r"[.,]{0,2}\s{1,3}\d{5}(?!\d)")
_STATE_AHEAD: Final = re.compile(r"[.,]{0,2}\s{1,3}[A-Z]")
_PHONE_DIGITS: Final = 10
_PLAIN_DATE: Final = re.compile(
    r"(?i)\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})|\d{4}-\d\d-\d\d"
    r"|\d{1,2}[ -][a-z]{3,9}\.?,?[ -]\d{4}|[a-z]{3,9}\.? \d{1,2}, \d{4}"
)
"""Written as no number is: under a label that says "No." it is a date for all that."""


def carved(text: str, spans: Iterable[Span]) -> list[Span]:
    """The same spans with the parts taken out of the wholes around them; together they cover what they did."""
    spans = list(spans)
    parts = sorted(
        (s for s in spans if s.score >= _LEAST_SCORE and s.layer in _SURE),
        key=attrgetter("start", "end", "kind", "score"),
    )
    if not parts:
        return spans
    starts = [part.start for part in parts]
    found: list[Span] = []
    for span in spans:
        wanted = _PARTS.get(span.kind)
        # Every part of a whole begins in it.
        near = parts[bisect_left(starts, span.start) : bisect_left(starts, span.end)] if wanted else ()
        inner = [p for p in near if wanted and p.kind in wanted and _inside(text, p, span) and _is_part(text, p, span)]
        found += _without(span, inner) if inner else [span]
    return found


_SURE: Final = (Layer.PATIENT, Layer.PATTERN, Layer.LABEL, Layer.DICTIONARY)


def _inside(text: str, part: Span, whole: Span) -> bool:
    if part.kind in _DATES and (whole.start, whole.end) == (part.start, part.end):
        return whole.layer is not Layer.PATIENT and _PLAIN_DATE.fullmatch(text, part.start, part.end) is not None
    if part.kind is Kind.FACILITY and whole.start < part.start < whole.end:
        return True  # a name that runs on into the name of the clinic behind it
    return whole.start <= part.start and part.end <= whole.end and part.end - part.start < whole.end - whole.start


def _is_part(text: str, part: Span, whole: Span) -> bool:
    """Whether the part stands where its kind stands in the whole: "Virginia" in "12 Virginia Ave" is no state."""
    ends = not any(c.isalnum() for c in text[part.end : whole.end])
    apart = _SEPARATED.search(text, max(whole.start, part.start - 4), part.start) is not None
    if part.kind is Kind.STATE:
        return _ZIP_AHEAD.match(text, part.end) is not None or (ends and apart)
    if part.kind is Kind.CITY:
        return apart and (ends or _STATE_AHEAD.match(text, part.end) is not None)
    if part.kind is Kind.FACILITY:
        return apart and (ends or text[part.end : part.end + 1] in ",;\n")
    if part.kind in _DATES:
        return _PLAIN_DATE.fullmatch(text, part.start, part.end) is not None
    if part.kind in (Kind.PHONE, Kind.FAX):
        return sum(c.isdigit() for c in text[part.start : part.end]) >= _PHONE_DIGITS
    return part.kind is not Kind.ZIP or part.start > whole.start


def _without(span: Span, parts: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    at = span.start
    for part in parts:
        if part.start > at:
            found.append(placed(span, at, part.start))
        at = max(at, part.end)
    if at < span.end:
        found.append(placed(span, at, span.end))
    return found

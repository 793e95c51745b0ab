"""Whose an age or a date is, where the words around it name somebody of the family or near the patient.

Nothing here tells who the patient is: what no relative's word claims stays of unknown owner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from detectors.births import RELATIVE
from detectors.findings import Kind, Owner, Span

_AGES: Final = frozenset({Kind.AGE, Kind.AGE_OVER_89})
_REACH: Final = 72
_NO_FAMILY: Final = re.compile(r"(?<![^\W_])(?:room-?mate|neighbou?r)s?(?![^\W_])", re.I)
"""Near the patient and nobody's relative: another patient, often. What of theirs burns as a stranger's stays one's."""
_BEFORE: Final = re.compile(rf"{RELATIVE}(?P<gap>[^\d.;:\n]{{0,48}})$", re.I)
"""A relative's word, and to the age nothing that ends the clause."""
_PATIENT_AGAIN: Final = re.compile(
    r"(?<![^\W_])(?:patient|pt|he|she|who|child|boy|girl|baby|infant|newborn|states?|stated|reports?|reported|says|said"
    r"|brought|brings|notes|denies|accompan\w+|with|of|that|this|these|the)(?![^\W_])",
    re.I,
)
"""Behind a relative's word these lead back to the patient: "mother states that he is 3 years old"."""
_BEHIND: Final = re.compile(
    r"\s?-?(?:years?[\s-]{0,2}old|y/?\.?o\.?|y\.\s?o\.|yr\s?old|months?[\s-]{0,2}old)?,?\s{0,2}"
    r"(?:(?:identical|older|younger|eldest|youngest|adult|male|female|healthy|deceased|late|maternal|paternal)\s{1,2})?"
    rf"{RELATIVE}(?!\s+(?:of\s+)?(?:\d|one|two|three|four|five|six|seven|who\s+present))",
    re.I,
)
"""An age right before a relative's word; "a 45-year-old mother of two" is a patient."""
_DIED: Final = re.compile(
    rf"{RELATIVE}(?:[^\d.;:\n]{{0,40}})(?<![^\W_])(?:died|dies|passed|deceased|death|killed|born|married|buried)"
    r"(?:[^\d.;:\n]{0,24})$",
    re.I,
)
"""Dates in the life of a relative."""


def relatives(text: str, spans: Sequence[Span]) -> list[Span]:
    """The same spans, in the same order; ages and dates of unknown owner that a relative's word claims are RELATIVE."""
    return [
        replace(span, owner=Owner.RELATIVE) if span.owner is Owner.UNKNOWN and _of_relative(text, span) else span
        for span in spans
    ]


def _of_relative(text: str, span: Span) -> bool:
    lead = text[max(0, span.start - _REACH) : span.start]
    if span.kind in _AGES:
        before = _BEFORE.search(lead)
        named = before if before is not None and not _PATIENT_AGAIN.search(before["gap"]) else None
        found = named or _BEHIND.match(text, span.end)
        return found is not None and not (span.kind is Kind.AGE_OVER_89 and _NO_FAMILY.search(found[0]))
    return span.kind is Kind.DATE and _DIED.search(lead) is not None

"""Whose an age or a date is, where the words around it name somebody of the family or near the patient, and whose a
name is of which one word alone is a listed person's.

Nothing here tells who the patient is: what no relative's word claims stays of unknown owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from detectors.findings import Kind, Owner, Span
from detectors.folding import word_set
from detectors.text.births import RELATIVE

_SHOWN: Final = (Owner.PATIENT, Owner.PROVIDER)
"""Whose names a release shows."""
_IN_A_NAME: Final = re.compile(r"[ \t]{0,2}(?:[^\W\d_]\.?[ \t]{1,2})?[.,]?[ \t]{0,2}|[.,][ \t]{0,2}")
_UNTELLING: Final = word_set(
    "mr mrs ms miss dr prof md m.d do d.o rn np pa pa-c phd dds dpm pharmd jr sr ii iii iv mister doctor de la van von "
    "der den ter st el al ben del di da dos das du le bin ibn"
)
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


def strangers(text: str, spans: Sequence[Span]) -> list[Span]:
    """The same disjoint spans, in text order, where one word of the patient's or a provider's name, in a name with
    words of nobody's or a relative's, is nobody's: "Sander Nnamani" is no Dr. Sander Lengyel."""
    found = list(spans)
    for first, after in _names(text, found):
        name = found[first:after]
        if all(span.owner in _SHOWN for span in name) or not any(
            _tells(text, s) for s in name if s.owner not in _SHOWN
        ):
            continue
        for owner in _SHOWN:
            if sum(_tells(text, span) for span in name if span.owner is owner) == 1:
                found[first:after] = [
                    replace(s, owner=Owner.UNKNOWN) if s.owner is owner else s for s in found[first:after]
                ]
    return found


def _names(text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The half-open runs of spans that make up one name each: people's, with nothing but a name's marks between."""
    first = 0
    for index in range(1, len(spans) + 1):
        if index < len(spans) and _one_name(text, spans[index - 1], spans[index]):
            continue
        if index - first > 1:
            yield first, index
        first = index


def _one_name(text: str, before: Span, after: Span) -> bool:
    people = before.kind is after.kind is Kind.PERSON
    return people and _IN_A_NAME.fullmatch(text, before.end, after.start) is not None


def _tells(text: str, span: Span) -> int:
    """Words that tell somebody: no initials, titles and particles; a compound is one."""
    words = (word.strip(".,'’()-").casefold() for word in text[span.start : span.end].split())
    return sum(len(word) > 1 and word not in _UNTELLING and word[0].isalpha() for word in words)


def _of_relative(text: str, span: Span) -> bool:
    lead = text[max(0, span.start - _REACH) : span.start]
    if span.kind in _AGES:
        before = _BEFORE.search(lead)
        named = before if before is not None and not _PATIENT_AGAIN.search(before["gap"]) else None
        found = named or _BEHIND.match(text, span.end)
        return found is not None and not (span.kind is Kind.AGE_OVER_89 and _NO_FAMILY.search(found[0]))
    return span.kind is Kind.DATE and _DIED.search(lead) is not None

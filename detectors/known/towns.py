"""Whose a town and code are, which neighbours and families share: theirs whose street or name stands before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from detectors.findings import Kind, Owner, Span
from detectors.text.births import RELATIVE

TOWN: Final = frozenset({Kind.CITY, Kind.STATE, Kind.ZIP})
_BELOW: Final = re.compile(
    r"[ \t,.;:()]{0,8}\n?[ \t]{0,8}(?:(?:city|town|state|zip|code|st)[ \t/]{0,3}){0,4}[:.]?[ \t]{0,8}", re.I
)
"""From street to town and on to the code, with a form's labels."""
_LIVES_WITH: Final = re.compile(
    r"(?<![^\W_])(?:lives|living|lived|resid(?:es|ing|ed)|stay(?:s|ing|ed)|moved in|home)\s{1,2}with(?![^\W_])"
    r"[^.;:\n\d]{0,60}(?:\n[^.;:\n\d]{0,60})?$",
    re.I,
)
"""Where somebody's household is told, the town behind the last name in it is the patient's."""
_HOUSEHOLD: Final = 110
_NOW: Final = r"(?:(?:is|was|has|had|been|now|also|currently|still|again|recently|just) ){0,4}"
_WHO: Final = re.compile(rf"(?: |(?: ?\([^()\n]{{0,30}}\))?,? (?:who|that) ){_NOW}", re.I)
"""Between a name and what its bearer is said to do; behind a bare comma it is the patient again."""
_SOMEBODY: Final = re.compile(rf"{RELATIVE}(?:,? (?:who|that))? {_NOW}$", re.I)
_AT_HOME: Final = re.compile(r"[ \t,.;(]{0,4}(?:(?:of|in|from)[ \t])?")


def with_their_towns(text: str, spans: list[Span]) -> list[Span]:
    """The same spans, where town and code behind somebody else's street or name are that person's, though they are the
    patient's as well: neighbours and families share them."""
    found = list(spans)
    theirs: Owner | None = None
    for i in range(1, len(found)):
        before, span = found[i - 1], found[i]
        if i > 1 and before.kind is found[i - 2].kind is Kind.STREET and found[i - 2].end == before.start:
            before = replace(found[i - 2], end=before.end)  # with a label that a rule took for more of the street
        theirs = _whose_town(text[before.end : span.start], before, span, theirs)
        at = before.start if before.kind is Kind.PERSON else span.start
        told = _LIVES_WITH.search(text, max(0, at - _HOUSEHOLD), at) if span.kind in TOWN else None
        if told and _of_somebody_else(text, told.start(), found, i):
            theirs = Owner.UNKNOWN if theirs is None else theirs
        elif told and before.kind is Kind.PERSON:
            theirs = None
        if theirs is not None and span.owner is Owner.PATIENT:
            found[i] = replace(span, owner=theirs)
    return found


def _whose_town(gap: str, before: Span, span: Span, theirs: Owner | None) -> Owner | None:
    """The owner of the street or name that a part of an address stands behind; None for the patient's, and for none.

    `theirs` is that of the part before.
    """
    if span.kind not in TOWN:
        return None
    if before.kind in TOWN:
        return theirs if _BELOW.fullmatch(gap) else None
    if before.owner is Owner.PATIENT:
        return None
    of_street = before.kind is Kind.STREET and _BELOW.fullmatch(gap)
    of_name = before.kind is Kind.PERSON and span.kind is Kind.CITY and _AT_HOME.fullmatch(gap)
    return before.owner if of_street or of_name else None


def _of_somebody_else(text: str, start: int, spans: Sequence[Span], end: int) -> bool:
    """Whether somebody other than the patient is said to live with whom the words from `start` on tell.

    `end` is the index of the first span that is told later.
    """
    if _SOMEBODY.search(text, max(0, start - _HOUSEHOLD), start):
        return True
    before = next((s for s in map(spans.__getitem__, range(end - 1, -1, -1)) if s.end <= start), None)
    return (
        before is not None
        and before.kind is Kind.PERSON
        and before.owner is not Owner.PATIENT
        and _WHO.fullmatch(text, before.end, start) is not None
    )

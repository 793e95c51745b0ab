"""What bears a name and is nobody: scales named for a place, devices called by their maker.

A name keeps the benefit of the doubt: only guesses are taken back, only in the full wording of the scale or beside the
device's own word. A person may well work for the New York Heart Association, or be called Stryker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span

_GUESSED: Final = 0.7
"""Layers that judge by looks say no more than this of a name that nothing announces."""
_GUESSING: Final = frozenset({Layer.DICTIONARY, Layer.NER})
_KINDS: Final = frozenset({Kind.PERSON, Kind.CITY, Kind.STATE, Kind.FACILITY})
_GRADE: Final = r"(?:class|classification|stage|grade|criteria)(?!\w)"
_SOCIETY: Final = (
    r"(?:Heart|Cardiovascular|Cardiac|Thoracic|Rheumatology|Diabetes)\s(?:Association|Society|College)"
    rf"(?=,?\s\(?(?:(?:functional|heart\sfailure|angina)\s)?{_GRADE})"
)
_SCALE: Final = (
    r"(?:Coma|Bowel\sPreparation|Cognitive|Sleepiness|Cardiomyopathy|Angina|Respiratory|(?:Clinical\s)?Neuropathy"
    r"|Postnatal\sDepression|Scar|Stool)\s(?i:scale|questionnaire|assessment|score|index|chart)(?!\w)"
)
_GRADED: Final = r"classification(?=\s(?:grade|class|stage|type)(?!\w))"
_LEADING: Final = r"(?:The|By|Her|His|Per|Using|On)"
_INSTRUMENT: Final = re.compile(
    rf"(?<![\w.'’-])(?!{_LEADING}\s)(?P<place>(?:[A-Z][a-z]{{1,14}}\.?\s){{1,3}}?)(?:{_SOCIETY}|{_SCALE}|{_GRADED})"
)
_NAMED_BEFORE: Final = re.compile(r"(?:[A-Z][\w'’.-]{0,24}|[:,])[ \t]{1,8}\Z")
"""What stands before the place and may make it the rest of a name: "Anna York Sleepiness Scale 9"."""
_ARTICLE: Final = re.compile(rf"{_LEADING}[ \t]{{1,8}}\Z")
_DEVICE: Final = (
    r"(?:pacemaker|defibrillator|ICD|pump|valve|stent|leads?|monitor|sensor|CPAP|BiPAP|implant|prosthesis|device"
    r"|generator|stimulator|ventilator|meter|catheter|graft)"
)
_BEFORE_MAKER: Final = re.compile(rf"(?:(?P<device>{_DEVICE})\s(?:is|was)\s)?an?\s\Z")
_BEHIND_MAKER: Final = re.compile(rf",?\s(?:(?:serial|model|lot)\s|{_DEVICE}(?!\w))")


def without_things(text: str, spans: Iterable[Span]) -> list[Span]:
    """The spans but for guesses that are part of a scale's name, or the maker of a device."""
    scales = [(m.start(), m.end()) for m in _INSTRUMENT.finditer(text) if _of_place(text, m)]
    return [
        span
        for span in spans
        if not (_guessed(span) and (any(a <= span.start and span.end <= b for a, b in scales) or _maker(text, span)))
    ]


def _guessed(span: Span) -> bool:
    return span.layer in _GUESSING and span.kind in _KINDS and span.score < _GUESSED


def _of_place(text: str, found: re.Match[str]) -> bool:
    words = found["place"].split()
    before = text[max(0, found.start() - 32) : found.start()]
    if _NAMED_BEFORE.search(before) and not _ARTICLE.search(before):
        return False
    return lexicon.is_city(" ".join(words)) and not lexicon.is_given_name(words[0])


def _maker(text: str, span: Span) -> bool:
    """One word that no list knows for a name, behind an article as things are, beside the word for a device."""
    value = text[span.start : span.end].strip(" ,.")
    if span.layer is not Layer.NER or not value.isalpha():
        return False
    before = _BEFORE_MAKER.search(text, max(0, span.start - 32), span.start)
    if before is None:
        return False
    beside = before["device"] is not None or _BEHIND_MAKER.match(text, span.start + len(value)) is not None
    return beside and not (lexicon.is_given_name(value) or lexicon.is_surname(value))

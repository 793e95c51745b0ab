"""Words that tell nothing of anybody however badly they were read: labels, common words, doses, results, units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.folding import fold, word_set
from detectors.labels.table import WORDS

_MEASURE: Final = re.compile(r"[A-Za-zµ]{1,6}/d?[A-Za-z]{1,3}|[-–]?\d{1,3}\.\d{1,2}[-–]?|[-–=+<>]+|%")
"""Units, decimals and signs between two numbers: narrow tables of laboratories read badly and name nobody."""
_UNITS: Final = word_set(
    "mg mcg µg ug ng kg gm lb lbs ml dl cc cm mm oz mmhg bpm meq mmol iu units unit tab tabs tablet tablets cap caps "
    "capsule capsules puff puffs drops refills hours hour hrs hr days day weeks week months month minutes min % daily "
    "bid tid qid prn qd qhs"
)
_ANALYTES: Final = word_set(
    "wbc rbc hgb hb hct plt mcv mch mchc rdw na k cl co2 hco3 bun cr ca mg phos alt ast alp ggt ldh tsh t3 t4 psa inr "
    "pt ptt esr crp bnp ldl hdl a1c hba1c glucose sodium potassium chloride creatinine calcium albumin bilirubin "
    "hemoglobin hematocrit platelets cholesterol triglycerides bp hr rr temp temperature pulse resp spo2 o2 bmi weight "
    "height pain egfr gfr"
)
_GLUED: Final = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?[.,]?([A-Za-zµ%]{1,8})")
"""A number that ran together with its unit."""
_NUMBER: Final = re.compile(r"[<>~]?(\d{1,4})(?:[.,](\d{1,3}))?(?:([-–/])(\d{1,4})(?:\.\d{1,2})?)?%?")
_RATIO: Final = re.compile(r"[A-Za-zµ0-9^]{1,6}/d?[A-Za-zµ]{1,3}\d?|mmHg|%")
"""A unit that only results have: mg/dL, K/uL, U/L."""
_EDGES: Final = " .,;:!?'\"()[]{}|‘’“”`´*_~-–"
_SPELLED: Final = re.compile(r"(?:[A-Za-z]\.){1,4}[A-Za-z]")
"""A label in letters and stops: "D.O.B"."""
_INSIDE: Final = re.compile(r"[.:;,]")
"""Marks that run two words together where their blank was lost."""
_MIN_FUZZY, _MIN_TWO_OFF = 5, 9
_MONTHS, _DAYS = 12, 31


class Read(Protocol):
    """A word as it was read or typed, and the number of its line."""

    @property
    def text(self) -> str: ...
    @property
    def line(self) -> int: ...


def is_measure(text: str) -> bool:
    """A unit, a decimal, a sign, or a number glued to its unit."""
    bare = text.rstrip(".,;")
    glued = _GLUED.fullmatch(bare)
    if bare.casefold() in _UNITS:
        return True
    return _MEASURE.fullmatch(text) is not None or (glued is not None and glued[1].casefold() in _UNITS)


@lru_cache(maxsize=8192)
def is_furniture(text: str) -> bool:
    """A label's word, perhaps misread by a letter or two, or a common word that is nobody's name."""
    bare = text.strip(_EDGES)
    if _SPELLED.fullmatch(bare):
        return fold(bare) in _labels()
    parts = _INSIDE.split(bare.replace("'", "").replace("’", ""))
    return all(part.isalpha() and _is_furniture(part) for part in parts)


def _is_furniture(bare: str) -> bool:
    word = fold(bare)
    labels = _labels()
    if word in labels or (len(word) > 2 and lexicon.is_common_word(word) and not _is_name(bare)):
        return True
    if len(word) < _MIN_FUZZY or _is_name(bare):
        return False
    limit = 1 if len(word) < _MIN_TWO_OFF else 2
    long = [label for label in labels if len(label) >= _MIN_FUZZY]
    return process.extractOne(word, long, scorer=Levenshtein.distance, score_cutoff=limit) is not None


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    """The words of labels; those that are also people's names are left out."""
    return frozenset(w for w in WORDS if len(w) > 1 and not (lexicon.is_given_name(w) or lexicon.is_surname(w)))


def _is_name(word: str) -> bool:
    return not word.islower() and (lexicon.is_given_name(word) or lexicon.is_surname(word))


def clinical_values(words: Sequence[Read]) -> frozenset[int]:
    """Indices of short numbers that are results or doses: before a unit, behind an analyte, or in a result's row."""
    found: set[int] = set()
    measured = {word.line for word in words if _RATIO.fullmatch(word.text.strip(_EDGES))}
    for index, word in enumerate(words):
        if not _is_short_number(word.text):
            continue
        before = words[index - 1] if index and words[index - 1].line == word.line else None
        after = words[index + 1] if index + 1 < len(words) and words[index + 1].line == word.line else None
        if word.line in measured or _is_unit(after) or _is_analyte(before):
            found.add(index)
    named = [a for a, (word, after) in enumerate(pairwise(words)) if a + 1 in found and _is_analyte(word)]
    return frozenset([*found, *named])


def _is_unit(word: Read | None) -> bool:
    return word is not None and word.text.strip(_EDGES).casefold() in _UNITS


def _is_analyte(word: Read | None) -> bool:
    return word is not None and word.text.strip(_EDGES).casefold() in _ANALYTES


def _is_short_number(text: str) -> bool:
    """At most four digits, a decimal or a range; what could be a month and a day is none."""
    match = _NUMBER.fullmatch(text.rstrip(".,;*"))
    if match is None:
        return False
    if match[3] == "/":
        return not (0 < int(match[1]) <= _MONTHS and 0 < int(match[4]) <= _DAYS)
    return True

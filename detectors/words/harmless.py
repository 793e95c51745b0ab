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
_PAGE_OF: Final = re.compile(r"(?i:p|pg|page)[.:]{0,2}(\d{1,3})/(\d{1,3})")
"""A fax's own count of its pages in one word; without its P the same is a date or a dose."""
_COUNT: Final = re.compile(r"(\d{1,3})[.,]?of[.,]?(\d{1,3})")
"""The same behind the word for a page; an engine runs its parts together."""
_PAGE: Final = frozenset({"p", "pg", "page"})
_UPRIGHT: Final = frozenset({"I", "|", "l"})
"""What an engine reads for the pronoun."""


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


def page_counts(words: Sequence[Read]) -> frozenset[int]:
    """Indices of the words of "Page 1 of 2" and "P.1/2"; the count begins with its word and comes to an end."""
    found: set[int] = set()
    for index, word in enumerate(words):
        joined = _PAGE_OF.fullmatch(word.text.rstrip(".,"))
        if joined is not None and _counts(joined[1], joined[2]):
            found.add(index)
        if fold(word.text.strip(_EDGES)) not in _PAGE:
            continue
        for end in range(index + 2, min(index + 4, len(words)) + 1):
            if words[end - 1].line != word.line:
                break
            written = _COUNT.fullmatch("".join(w.text.strip(_EDGES) for w in words[index + 1 : end]))
            if written is not None and _counts(written[1], written[2]):
                found.update(range(index, end))
                break
    return frozenset(found)


def _counts(number: str, last: str) -> bool:
    return 0 < int(number) <= int(last)


def pronouns(words: Sequence[Read]) -> frozenset[int]:
    """Indices of a lone upright stroke that is an "I": it opens its line or sentence, or follows a word of it, and a
    common word in lower case follows. Beside a capital or a figure it may be an initial and is none."""
    found: set[int] = set()
    for index, (word, after) in enumerate(pairwise(words)):
        if word.text not in _UPRIGHT or after.line != word.line or not _plain(after.text):
            continue
        before = words[index - 1] if index and words[index - 1].line == word.line else None
        if before is None or _plain(before.text):
            found.add(index)
    return frozenset(found)


def _plain(text: str) -> bool:
    bare = text.rstrip(".,;:!?")
    return len(bare) > 1 and bare.islower() and bare.isalpha() and lexicon.is_common_word(bare)


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

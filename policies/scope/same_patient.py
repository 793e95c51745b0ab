"""A page's name, birth date and record number against those of the event's patient, slips of a scanner granted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import Enum, auto
from typing import Final

from rapidfuzz.distance import Levenshtein

from detectors.dictionaries import lexicon
from detectors.folding import as_id, as_name, tokens
from detectors.known.parts import name_parts
from detectors.subject import Subject
from policies.values.dates import parse

_CHARACTERS_A_SLIP: Final = 4
"""One slip of the scanner is allowed for every so many letters of a name, or figures of a number."""
_MIN_FOREIGN: Final = 2
"""Words of a name that must be strange before it contradicts: one alone may be read off a heading."""
_MIN_ID: Final = 5
_SLIPS_OF_A_DATE: Final = 1
_ALIKE: Final = 0.5
"""Names that differ by no more of their letters may be one, damaged."""


class Says(Enum):
    AGREES = auto()
    CONTRADICTS = auto()
    UNCLEAR = auto()


def name(value: str, subject: Subject, *, families: bool = False) -> Says:
    """A name on the page against the event's; with `families` one strange family name is enough to contradict."""
    says = {_against(value, name, families) for name in subject.names}
    return next(s for s in (Says.AGREES, Says.UNCLEAR, Says.CONTRADICTS) if s in says)


def _against(value: str, name: str, families: bool) -> Says:
    """Whole words, either order, slips of a scanner granted."""
    family, comma, given = name.partition(",")
    known = name_parts(f"{given} {family}" if comma else name)
    read = [word for word in name_parts(value) if not lexicon.is_clinical_word(word) or word in known]
    if not known or not read:
        return Says.UNCLEAR
    matched = [word for word in read if any(_near(word, part) for part in known) or _glued(word, known)]
    strange = [word for word in read if word not in matched and not _initials_of(word, known)]
    if not strange or len(matched) > 1:
        return Says.AGREES
    if families and any(_is_family(word, known) for word in strange) and not _is_family_of(matched, known):
        return Says.CONTRADICTS
    if matched and not _is_other_given(strange, matched, known):
        return Says.UNCLEAR
    return Says.CONTRADICTS if len(read) >= _MIN_FOREIGN else Says.UNCLEAR


def _is_family(word: str, known: Sequence[str]) -> bool:
    """Whether a word is a family name of its own, and no damaged reading, given name or word of the form."""
    rank, given = lexicon.surname_rank(word), lexicon.given_rank(word)
    if rank is None or not word.isalpha() or len(word) < _CHARACTERS_A_SLIP or lexicon.is_common_word(word):
        return False
    alike = any(Levenshtein.normalized_distance(as_name(word), as_name(part)) <= _ALIKE for part in known)
    return (given is None or rank < given) and not alike


def _is_family_of(matched: Sequence[str], known: Sequence[str]) -> bool:
    return any(_near(word, part) for word in matched for part in known[1:])


def _is_other_given(strange: Sequence[str], matched: Sequence[str], known: Sequence[str]) -> bool:
    """Whether the words left over are a given name in the family's own: the family shares a name, the person is other.

    With the patient's own given name and another family name it may be a name before or after marriage.
    """
    given_matches = any(_near(word, known[0]) or lexicon.is_given_name(word) for word in matched)
    return not given_matches and any(lexicon.is_given_name(word) or len(word) >= _CHARACTERS_A_SLIP for word in strange)


def _near(word: str, part: str) -> bool:
    read, listed = as_name(word), as_name(part)
    slips = len(listed) // _CHARACTERS_A_SLIP
    return Levenshtein.distance(read, listed, score_cutoff=slips) <= slips


def _glued(word: str, known: Sequence[str]) -> bool:
    """Words that the scanner ran together."""
    return len(word) > max(map(len, known)) and any(_near(word, a + b) for a in known for b in known if a != b)


def _initials_of(word: str, known: Sequence[str]) -> bool:
    return len(word) == 1 and any(part.startswith(word) for part in known)


def birth(value: str, wanted: date) -> Says:
    told = parse(value)
    if told is None or told.year is None or told.month is None or told.day is None:
        return Says.UNCLEAR
    parts = {(told.month, told.day), (told.day, told.month)}
    if told.year % 100 == wanted.year % 100 and (wanted.month, wanted.day) in parts:
        return Says.AGREES
    return Says.UNCLEAR if _may_be(value, wanted) else Says.CONTRADICTS


def _may_be(value: str, wanted: date) -> bool:
    """Whether one slip makes the figures of the text those of the date, in any order that it is written in."""
    day, month, year = wanted.day, wanted.month, f"{wanted.year:04}"
    named = re.search(r"[A-Za-z]{3}", value)
    if named is not None and named[0].casefold() != f"{wanted:%b}".casefold():
        return False
    days, months = {f"{day}", f"{day:02}"}, {""} if named else {f"{month}", f"{month:02}"}
    written = {f"{m}{d}{y}" for d in days for m in months for y in (year, year[2:])}
    written |= {f"{d}{m}{y}" for d in days for m in months for y in (year, year[2:])}
    written |= {f"{year}{m}{d}" for d in days for m in months}
    read = as_id("".join(c for c in value if not c.isalpha() or named is None))
    return any(Levenshtein.distance(read, form, score_cutoff=_SLIPS_OF_A_DATE) <= _SLIPS_OF_A_DATE for form in written)


def record(value: str, subject: Subject) -> Says:
    words = [w.text for w in tokens(value) if any(c.isdigit() for c in w.text)]
    read, listed = as_id("".join(words)).lstrip("0"), as_id(subject.mrn or "").lstrip("0")
    if len(read) < _MIN_ID or len(listed) < _MIN_ID:
        return Says.UNCLEAR
    figures = "".join(c for c in listed if c.isdigit())
    if read in listed or listed in read or (len(figures) >= _MIN_ID and figures in read):
        return Says.AGREES
    if any(as_id(other).lstrip("0") == read for other in subject.ids):
        return Says.AGREES
    slips = max(1, len(listed) // _CHARACTERS_A_SLIP)
    near = Levenshtein.distance(read, listed, score_cutoff=slips) <= slips
    return Says.UNCLEAR if near else Says.CONTRADICTS


def is_of_one_form(value: str, listed: str) -> bool:
    """Whether figures, letters and signs stand in two numbers at the same places, as one facility gives them out."""
    return _form(value) == _form(listed)


def _form(value: str) -> str:
    return "".join("0" if c.isdigit() else "a" if c.isalpha() else c for c in value.strip(" .,;:"))

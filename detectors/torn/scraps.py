"""What was torn off an identifier and stands beside it: a sign for a letter, an initial, the last of a number.

Signs and short figures prove nothing by themselves, so every rule passes them by; beside what was found they are the
rest of it, and with them a name, a number or a place could be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from detectors.dictionaries.lexicon import is_common_word
from detectors.findings import Kind
from detectors.folding import fold
from detectors.labels.table import WORDS
from detectors.pages import PageReading, Word
from detectors.torn.pieces import SURE_FROM, is_enclosed, is_piece, unit
from detectors.torn.rows import is_over, touching
from detectors.words.doubt import BESIDE_UNDER
from detectors.words.harmless import clinical_values, is_measure, page_counts

_PART: Final = 0.45
"""Heights of the line between two parts of what was one word: damage cuts, but leaves no blank of half a height."""
_MAX_FIGURES: Final = 6
_PLACES: Final = frozenset({Kind.STREET, Kind.CITY, Kind.STATE, Kind.ZIP})
_CALLED: Final = frozenset({Kind.PHONE, Kind.FAX, Kind.UNREADABLE})
_LETTERED: Final = frozenset({Kind.PERSON, Kind.STREET})
_LINKED: Final = frozenset({Kind.URL, Kind.EMAIL})
_GIVEN: Final = frozenset({Kind.PERSON, Kind.CITY, Kind.FACILITY})
"""What a lone given name is taken for where the surname before it is a word of some list: "Bilge, Christoph"."""
_FIGURED: Final = frozenset(Kind) - {Kind.PERSON, Kind.FACILITY, Kind.UNREADABLE, Kind.AGE, Kind.SENSITIVE}
"""Kinds that figures may be the rest of. Beside an unreadable word figures are as likely a dose."""
_EDGES: Final = ".,;:'\"‘’“”()*~_-–—"
_SIGNS: Final = frozenset("|[]{}!§$&\\/+=¢£€¥")
"""What an engine makes of an I, a J, an S or a figure."""
_WEB: Final = re.compile(r"(?i:[wv]{2,4}|w[ovy]w|https?)")
_DOMAIN: Final = re.compile(r"(?i:com|net|org|edu|gov|info)")
_FIGURE: Final = re.compile(r"\d{1,3}|\d{5}")
_COUNTRY: Final = re.compile(r"\+\d{1,3}")
_ZIP: Final = re.compile(r"(?:\d|[^\w\s.,#+-])\d{4}(?:-\d{4})?")
_DIRECTION: Final = re.compile(r"N|S|E|W|NE|NW|SE|SW")
_ROAD: Final = re.compile(r"Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Highway|Hwy|Parkway|Pkwy|Drive|Court")
_HOUSE: Final = re.compile(r"[A-Z\d]{1,4}")
_BEFORE_COMMA: Final = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*,")
_DAY: Final = re.compile(r"\d{1,2}[.,]?")
_MONTH: Final = re.compile(r"[^\W\d_a-z][^\W\d_]{2,8}[.,]?")
_YEAR: Final = re.compile(r"(?=.?\d{2})\w{4}[.,]?")
_YEARS: Final = re.compile(r"(?:19|20)\d\d\W?")
_LABELLED: Final = 3
"""Figures that make a number of what stands behind a label that nobody could read."""


def scraps(reading: PageReading, found: Mapping[int, Kind]) -> frozenset[int]:
    """Indices of words that burn with a found word of their line that they touch; `found` has the kind of each."""
    words = reading.words
    clinical = clinical_values(words) | page_counts(words)
    kinds = dict(found)
    for step in (1, -1):
        for a, b in pairwise(range(len(words))[::step]):
            kind = kinds.get(a)
            if kind is None or b in kinds or b in clinical:
                continue
            if step > 0 and kind is Kind.UNREADABLE and _labelled(words[a], words[b]):
                kinds[b] = kind
            if b in kinds or not touching(words[a], words[b]):
                continue
            if step > 0 and kind is Kind.UNREADABLE and _ROAD.fullmatch(words[b].text.strip(_EDGES)):
                kind = kinds[a] = kinds[b] = Kind.STREET
            before = step < 0
            torn_off = _belongs(words[a], words[b], kind, before=before) or (before and _surname(words, b, kind))
            if torn_off or is_piece(words, b, kind, before=before):
                kinds[b] = kind
            elif not before:
                kinds |= dict.fromkeys(unit(words, b, kind), kind)
    for at in _under_unread(words, kinds):
        kinds.setdefault(at, Kind.UNREADABLE)
    order = range(1, len(words) - 1)
    between = [b for b in order if b not in kinds and b not in clinical and _between(words, b, kinds)]
    return frozenset([*(kinds.keys() - found.keys()), *between])


def _between(words: Sequence[Word], at: int, kinds: Mapping[int, Kind]) -> bool:
    """Whether found words on both sides make the word an initial, a month, or a piece of what nobody could read."""
    before, word, after = words[at - 1 : at + 2]
    if (
        at - 1 not in kinds
        or at + 1 not in kinds
        or is_measure(word.text)
        or not (touching(before, word) and touching(word, after))
    ):
        return False
    if kinds[at - 1] is kinds[at + 1] is Kind.UNREADABLE and word.confidence < BESIDE_UNDER:
        return touching(before, word, _PART) and touching(word, after, _PART) and not is_common_word(fold(word.text))
    if is_enclosed(words, at, kinds):
        return True
    day, year = before.text, after.text
    return all(p.fullmatch(w) is not None for p, w in ((_DAY, day), (_MONTH, word.text), (_YEAR, year)))


def _under_unread(words: Sequence[Word], kinds: Mapping[int, Kind]) -> list[int]:
    """The short figures in cells of their own under a label that nobody could read: it may have asked for an age, or
    a ZIP code."""
    labels = [words[i] for i, kind in kinds.items() if kind is Kind.UNREADABLE and not _numeric(words[i])]
    found = []
    for at, word in enumerate(words):
        if at in kinds or not _FIGURE.fullmatch(word.text.strip(_EDGES)):
            continue
        beside = (*words[max(at - 1, 0) : at], *words[at + 1 : at + 2])
        if not any(touching(word, other) for other in beside) and any(is_over(label, word) for label in labels):
            found.append(at)
    return found


def _numeric(word: Word) -> bool:
    return 2 * sum(c.isdigit() for c in word.text) >= len(word.text)


def _at(word: Word, *, before: bool) -> bool:
    """Whether the word begins with the sign of an address, or ends with it, so that a part is missing there."""
    return word.text.startswith("@") if before else word.text.endswith("@")


def _points(burned: Word, kind: Kind) -> bool:
    """Whether an unreadable word has the signs of an address in it."""
    return kind is Kind.UNREADABLE and ("@" in burned.text or "." in burned.text[1:])


def _labelled(label: Word, word: Word) -> bool:
    """Whether a number stands behind a label that nobody could read, in its cell or the next."""
    figures = sum(c.isdigit() for c in word.text)
    return label.line == word.line and label.text.endswith(":") and figures >= _LABELLED and not is_measure(word.text)


def _surname(words: Sequence[Word], at: int, kind: Kind) -> bool:
    """Whether the word is the surname of "Surname, Given" or "Surname, Given M." in a cell of its own."""
    word, cell = words[at], list(words[at : at + 4])
    if kind not in _GIVEN or not _BEFORE_COMMA.fullmatch(word.text) or fold(word.text) in WORDS:
        return False
    if at and touching(words[at - 1], word):
        return False
    length = next((n for n in range(1, len(cell)) if not touching(cell[n - 1], cell[n])), len(cell))
    return length == 2 or (length == 3 and len(fold(cell[2].text)) == 1)


def _belongs(burned: Word, word: Word, kind: Kind, *, before: bool) -> bool:
    """Whether the word is a rest of the burned one; `before` says that it stands in front of it."""
    bare = word.text.strip(_EDGES)
    if is_measure(word.text) or not bare:
        return False
    if _at(burned, before=before) or _at(word, before=not before):
        return kind in _LINKED or kind is Kind.UNREADABLE
    if "@" in burned.text and word.confidence < SURE_FROM and touching(word, burned, _PART):
        return True
    if before:
        if (kind is Kind.URL or _points(burned, kind)) and _WEB.fullmatch(bare):
            return True
        if _YEARS.fullmatch(burned.text) and word.text.endswith(",") and _DAY.fullmatch(word.text):
            return True
        if kind in _CALLED and _COUNTRY.fullmatch(bare):
            return True
        if kind is Kind.STREET and (
            _DIRECTION.fullmatch(bare) or (_HOUSE.fullmatch(bare) and word.confidence < SURE_FROM)
        ):
            return True
    elif ((kind in _LINKED or kind is Kind.UNREADABLE) and _DOMAIN.fullmatch(bare)) or (
        kind in _PLACES and _ZIP.fullmatch(bare)
    ):
        return True
    if word.confidence >= SURE_FROM:
        return False
    if (kind in _LINKED or "/" in burned.text) and ("/" in bare or "@" in bare):
        return True
    signs = any(c in _SIGNS for c in bare)
    if signs and len(bare) <= 2:
        return True
    if len(bare) == 1 and bare.isalpha():
        return kind in _LETTERED
    figures = any(c.isdigit() for c in bare) and len(bare) <= _MAX_FIGURES
    return figures and kind in _FIGURED

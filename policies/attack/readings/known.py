"""Looks for values that were taken out: exactly, and so near that only a reader's slip lies between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from detectors.findings import Kind
from detectors.pages import PageReading, Word
from policies.attack.readings.recognizers import NOT_NAMES
from policies.attack.report import Secret

MIN_CHARACTERS: Final = 3
"""Shorter values stand in every text by chance."""
MIN_JOINED: Final = 8
"""A value this long is found inside a longer run too, where a reader lost the spaces."""
MIN_NAME_PART: Final = 4
MIN_REST: Final = 4
"""Shorter ends of a name are syllables of any word."""
_ALNUM = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOK_ALIKES: Final = str.maketrans("oilsbzg", "0115829")
"""What engines confuse: letters that take a digit's place in a number."""

WHOLE_ONLY: Final = frozenset({Kind.FACILITY, Kind.CITY, Kind.STATE, Kind.STREET})
"""Their parts are common words."""
EXACT_ONLY: Final = frozenset({Kind.DATE, Kind.BIRTH_DATE, Kind.AGE, Kind.AGE_OVER_89, Kind.ZIP, Kind.STATE, Kind.CITY})
"""One character away lies another true value: another day, another town."""


class Side(Enum):
    """On which side of a burned region a word stands."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Match:
    """Half-open character offsets in the page's text, and whether the value stands there beyond doubt."""

    start: int
    end: int
    kind: Kind
    certain: bool


@dataclass(frozen=True, slots=True)
class _Folded:
    """Letters and digits of a text in lower case, each with its offset; `edges` are where a run begins or ends."""

    text: str = field(repr=False)
    offsets: tuple[int, ...]
    edges: frozenset[int]
    digits: str = field(repr=False)
    """The text with letters that look like digits as those."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.offsets[start], self.offsets[end - 1] + 1


def matches(reading: PageReading, secrets: Sequence[Secret], beside: Mapping[int, Side] | None = None) -> list[Match]:
    """Every place where a secret, or a telling part of it, can be read.

    `beside` are the words that touch a burned region, by index: there the rest of a value that a box missed is found.
    """
    folded = _folded(reading.text)
    pieces = list(_capitalised(reading)) if any(secret.kind is Kind.PERSON for secret in secrets) else []
    found: set[tuple[int, int, Kind, bool]] = set()
    for secret in secrets:
        value = "".join(_ALNUM.findall(secret.value)).casefold()
        if len(value) < MIN_CHARACTERS or (value.isdigit() and len(value) < MIN_CHARACTERS + 1):
            continue
        exact = list(_exact(folded, value, reading.text, secret))
        found.update((start, end, secret.kind, True) for start, end in exact)
        if secret.kind is Kind.PERSON:
            parts = _name_parts(pieces, secret.value)
            found.update((start, end, secret.kind, sure) for start, end, sure in parts)
        if not exact and secret.kind not in EXACT_ONLY:
            near = _near(folded, value)
            found.update(
                (start, end, secret.kind, False) for start, end in near if _may_be(reading.text[start:end], secret)
            )
    for word, side in (beside or {}).items():
        found.update(_rests(reading.words[word], side, secrets))
    return [Match(*item) for item in sorted(found)]


def allowed_slips(value: str) -> int:
    """How many characters may differ: none under seven, one up to eleven, then an eighth of the length."""
    if len(value) < 7 or (value.isdigit() and len(value) < 9):
        return 0
    return 1 if len(value) < 12 or value.isdigit() else len(value) // 8


def _exact(folded: _Folded, value: str, text: str, secret: Secret) -> Iterator[tuple[int, int]]:
    for haystack, needle in _spellings(folded, value):
        at = haystack.find(needle)
        while at >= 0:
            end = at + len(needle)
            if {at, end} <= folded.edges or (len(needle) >= MIN_JOINED and _free(folded, at, end, needle)):
                span = folded.span(at, end)
                if _plausible(text[slice(*span)], secret):
                    yield span
            at = haystack.find(needle, at + 1)


def _free(folded: _Folded, at: int, end: int, needle: str) -> bool:
    """Digits inside a longer number are another number."""
    before, behind = folded.text[at - 1 : at], folded.text[end : end + 1]
    left = at in folded.edges or not (needle[0].isdigit() and before.isdigit())
    right = end in folded.edges or not (needle[-1].isdigit() and behind.isdigit())
    return left and right


def _spellings(folded: _Folded, value: str) -> Iterator[tuple[str, str]]:
    yield folded.text, value
    if sum(c.isdigit() for c in value) * 2 >= len(value) and len(value) >= MIN_JOINED:
        yield folded.digits, value.translate(_LOOK_ALIKES)


def _plausible(found: str, secret: Secret) -> bool:
    """A name is written with a capital, a short code as it was: `may` in a sentence is not May."""
    letters = [c for c in found if c.isalpha()]
    if not letters:
        return True
    if sum(c.isalnum() for c in found) < MIN_NAME_PART:
        return found == secret.value
    if secret.kind is Kind.PERSON:
        words = _ALNUM.findall(found)
        return found[0].isupper() and (len(words) > 1 or words[0].casefold() not in NOT_NAMES)
    return True


def _may_be(found: str, secret: Secret) -> bool:
    """Whether what is nearly a value may be it misread: of a name one word in small letters is not, as it is not where
    it is the name itself."""
    return secret.kind is not Kind.PERSON or len(found.split()) > 1 or _plausible(found, secret)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Letters of one word that may be part of a name, folded, with their offsets in the page's text."""

    text: str = field(repr=False)
    start: int
    end: int
    confidence: float


def _capitalised(reading: PageReading) -> Iterator[_Piece]:
    for word in reading.words:
        for hit in _LETTERS.finditer(word.text):
            text = hit[0].casefold()
            if hit[0][0].isupper() and len(text) >= MIN_NAME_PART and text not in NOT_NAMES:
                yield _Piece(text, word.start + hit.start(), word.start + hit.end(), word.confidence)


def name_parts(name: str) -> set[str]:
    """The words of a name that tell whose it is, folded."""
    parts = {part.casefold() for part in _LETTERS.findall(name)}
    return {part for part in parts if len(part) >= MIN_NAME_PART and part not in NOT_NAMES}


def _name_parts(pieces: Sequence[_Piece], name: str) -> Iterator[tuple[int, int, bool]]:
    """Words that are a telling part of a name, or one slip away from it."""
    parts = name_parts(name)
    for piece in pieces:
        if piece.text in parts:
            yield piece.start, piece.end, True
        elif any(_one_slip(part, piece.text, piece.confidence) for part in parts):
            yield piece.start, piece.end, False


def _rests(word: Word, side: Side, secrets: Sequence[Secret]) -> Iterator[tuple[int, int, Kind, bool]]:
    """What a box too short leaves of a value: its end to the right of the box, its beginning to the left."""
    for piece in _ALNUM.finditer(word.text):
        rest = piece[0].casefold()
        if len(rest) < MIN_REST or rest in NOT_NAMES:
            continue
        for secret in secrets:
            parts = () if secret.kind in WHOLE_ONLY else _ALNUM.findall(secret.value.casefold())
            for part in parts:
                cut = part.endswith(rest) if side is Side.RIGHT else part.startswith(rest)
                if cut:
                    sure = len(rest) * 2 >= len(part)
                    yield word.start + piece.start(), word.start + piece.end(), secret.kind, sure


SURE_CONFIDENCE: Final = 80.0
"""Above it a word of six or seven letters is what it says: Normal is not a misread Norman."""


def _one_slip(part: str, text: str, confidence: float) -> bool:
    shortest = min(len(part), len(text))
    if shortest < 6 or (shortest < 8 and confidence >= SURE_CONFIDENCE):
        return False
    return Levenshtein.distance(part, text, score_cutoff=1) <= 1


def _near(folded: _Folded, value: str) -> Iterator[tuple[int, int]]:
    """The best approximate place of a value, if it is near enough."""
    slips = allowed_slips(value)
    if not slips or len(folded.text) < len(value):
        return
    bound = 100.0 * (1.0 - slips / len(value)) - 1e-6
    best = fuzz.partial_ratio_alignment(value, folded.text, score_cutoff=bound)
    if best is None or best.dest_end <= best.dest_start:
        return
    # the indel ratio counts a substitution twice and forgives cut ends: Levenshtein on the place has the last word
    for start in range(max(best.dest_start - slips, 0), best.dest_start + slips + 1):
        for end in range(best.dest_end - slips, min(best.dest_end + slips, len(folded.text)) + 1):
            if end <= start or not ({start, end} <= folded.edges):
                continue
            if value.isdigit() and end - start != len(value):
                continue  # a reader mistakes a digit; one digit more or less is another number
            if Levenshtein.distance(value, folded.text[start:end], score_cutoff=slips) <= slips:
                yield folded.span(start, end)
                return


def _folded(text: str) -> _Folded:
    characters: list[str] = []
    offsets: list[int] = []
    edges: set[int] = set()
    for run in _ALNUM.finditer(text):
        edges.add(len(offsets))
        # No letter folds to none: where there are as many as before, each is one.
        if len(whole := run[0].casefold()) == len(run[0]):
            characters.append(whole)
            offsets += range(run.start(), run.end())
        else:
            for offset, character in enumerate(run[0], run.start()):
                characters.append(found := character.casefold())
                offsets += [offset] * len(found)
        edges.add(len(offsets))
    found = "".join(characters)
    return _Folded(found, tuple(offsets), frozenset(edges), found.translate(_LOOK_ALIKES))

"""Values that run out of their form's cell: what touches a burned word across a ruling is the rest of it."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

import numpy as np

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.folding import fold
from detectors.pages import PageReading, Word

TOUCHING: Final = 0.2
"""Gap in heights of the line up to which two words are one: the narrowest blank between words is a third."""
ACROSS: Final = 0.35
"""The same on either side of a ruling that was read as a sign."""
BLANK: Final = 0.4
"""Share of a line's usual blank that parts a sure common word from the value beside it: blur and narrow print leave
less than a fifth of a height between all words of a page, and every sentence would run out of its names."""
_LINE_BLANKS: Final = 4
"""So many blanks say what is usual on a line; of shorter lines the page's do."""
_SURE: Final = 70.0
_EDGES: Final = ".,;:()"
_OVERLAP: Final = 0.5
"""Heights by which boxes of neighbours may overlap: engines cut slanted glyphs with straight lines."""
_SAME_LINE: Final = 0.5
_MOST_PIECES: Final = 4
_BARS: Final = frozenset("|¦!][/\\")
_KINDS: Final = frozenset(Kind) - {
    Kind.AGE, Kind.AGE_OVER_89, Kind.STATE, Kind.DATE, Kind.BIRTH_DATE, Kind.FACILITY, Kind.UNREADABLE, Kind.INK,
    Kind.REDACTION, Kind.BIOMETRIC, Kind.BARCODE, Kind.HANDWRITING, Kind.PICTURE, Kind.SENSITIVE,
}  # fmt: skip
"""Values that forms have too little room for."""
_SCORE: Final = 0.5


def overflowing(reading: PageReading, spans: Sequence[Span]) -> list[Span]:
    """Spans over the words that touch a found one on its line, of the same kind and owner. `spans` in any order.

    Measured along the lines' own direction, so that a page may lean. Labels, which end in a colon, are left.
    """
    if not reading.words or not spans:
        return []
    lines = _Lines(reading.words)
    order = sorted(range(len(reading.words)), key=lambda i: reading.words[i].start)
    starts = [reading.words[i].start for i in order]
    found = []
    for span in spans:
        if span.kind in _KINDS:
            first, last = max(bisect_right(starts, span.start) - 1, 0), bisect_left(starts, span.end)
            inside = [i for i in order[first:last] if reading.words[i].end > span.start]
            for index in {i for word in inside for i in lines.touching(word)}.difference(inside):
                word = reading.words[index]
                found.append(replace(span, start=word.start, end=word.end, score=_SCORE, layer=Layer.VISUAL))
    return found


class _Lines:
    """The words' extents along and across the page's reading direction, sorted for search from left and right."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        angle = median(word.region.angle for word in words)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        corners = np.array([word.region.corners for word in words]) @ turn
        along, across = corners[:, :, 0], corners[:, :, 1]
        self._left, self._right = along.min(axis=1).tolist(), along.max(axis=1).tolist()
        self._top, self._bottom = across.min(axis=1).tolist(), across.max(axis=1).tolist()
        self._by_left = sorted(range(len(words)), key=self._left.__getitem__)
        self._by_right = sorted(range(len(words)), key=self._right.__getitem__)
        self._blanks = self._usual_blanks()
        self._bars = [_is_bar(word) for word in words]

    def _usual_blanks(self) -> dict[int | None, float]:
        """The median blank of each line with several, in pixels; under None that of all such lines."""
        beside: dict[int | None, list[float]] = {}
        for index, (word, following) in enumerate(pairwise(self._words)):
            if word.line == following.line:
                beside.setdefault(word.line, []).append(self._left[index + 1] - self._right[index])
        usual = {line: median(blanks) for line, blanks in beside.items() if len(blanks) >= _LINE_BLANKS}
        return {**usual, None: median(usual.values())} if usual else {}

    def touching(self, index: int) -> set[int]:
        """The words that go on from this one on either side, through rulings that were read as signs."""
        found: set[int] = set()
        for forward in (True, False):
            at, height = index, self._bottom[index] - self._top[index]
            for _ in range(_MOST_PIECES):
                after = self._next(at, height, TOUCHING if not self._bars[at] else ACROSS, forward=forward)
                if after is None or after in found or after == index:
                    break
                at = after
                if self._words[at].text.endswith(":"):
                    break
                if not self._bars[at]:
                    found.add(at)
        return found

    def _next(self, index: int, height: float, reach: float, *, forward: bool) -> int | None:
        edge = self._right[index] if forward else self._left[index]
        order, values = (self._by_left, self._left) if forward else (self._by_right, self._right)
        low = edge - (_OVERLAP if forward else ACROSS) * height
        high = edge + (ACROSS if forward else _OVERLAP) * height
        first = bisect_left(order, low, key=values.__getitem__)
        last = bisect_right(order, high, key=values.__getitem__)
        best, nearest = None, math.inf
        for other in order[first:last]:
            gap = self._left[other] - edge if forward else edge - self._right[other]
            limit = height * (ACROSS if self._bars[other] else reach)
            if gap > limit or gap >= nearest:
                continue
            if self._apart(index, other):
                limit = min(limit, BLANK * self._blank(index))
            shared = min(self._bottom[index], self._bottom[other]) - max(self._top[index], self._top[other])
            lower = min(height, self._bottom[other] - self._top[other])
            beyond = self._right[other] > edge if forward else self._left[other] < edge
            if other != index and beyond and gap <= limit and shared >= _SAME_LINE * lower:
                best, nearest = other, gap
        return best

    def _apart(self, index: int, other: int) -> bool:
        """Whether the other is a word by itself, read on the same line, and no rest of any value."""
        word = self._words[other]
        return word.line == self._words[index].line and word.confidence >= _SURE and _names_nobody(word.text)

    def _blank(self, index: int) -> float:
        return self._blanks.get(self._words[index].line, self._blanks.get(None, math.inf))


def _names_nobody(text: str) -> bool:
    """Whether it is a common word: one in small letters, or one that is no name."""
    word = text.strip(_EDGES)
    if not word.isalpha() or not lexicon.is_common_word(key := fold(word)):
        return False
    return word.islower() or not (lexicon.is_given_name(key) or lexicon.is_surname(key))


def _is_bar(word: Word) -> bool:
    return set(word.text) <= _BARS

"""Readings of one page, taken from different views: where they agree on a word, it is as sure as the surer says; where
one has none, the other may."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word

SAME_PLACE: Final = 0.5
"""Two words are one where their boxes share this much of the smaller one."""
SAME_INK: Final = 0.2
"""They are about the same ink where they share so much."""
SURE: Final = 60.0
"""Confidence from which a word of the second reading alone is taken for one; other ink is left unexplained."""


def borne_out(reading: PageReading, again: PageReading) -> PageReading:
    """The first reading, its words as sure as the second is of the very same word at the same place.

    Nothing is read that was not read before, and no word becomes less sure; two readings that differ bear out nothing.
    """
    others: dict[str, list[Word]] = defaultdict(list)
    for word in again.words:
        others[word.text].append(word)
    words = []
    for word in reading.words:
        box = word.region.bounds
        same = [other.confidence for other in others.get(word.text, ()) if _is_there(other.region.bounds, box)]
        sure = max(same, default=0.0)
        words.append(replace(word, confidence=sure) if sure > word.confidence else word)
    return replace(reading, words=tuple(words))


def filled(reading: PageReading, again: PageReading) -> PageReading:
    """The first reading, and what the second is sure of where the first has no word: engines drop whole lines.

    A word found so stands behind the one that the second reading has before it, on its line or on one of its own.
    """
    boxes = boxes_of(reading.words)
    lines: dict[float, list[Word]] = defaultdict(list)
    for word in reading.words:
        lines[word.line].append(word)
    line, place, of = -1.0, 0, -1
    for word in again.words:
        met = nearest_ink(word.region.bounds, boxes)
        if met is not None:
            line, of = reading.words[met].line, word.line
            place = lines[line].index(reading.words[met]) + 1
        elif word.confidence >= SURE:
            if of != word.line:
                line, place, of = _after(line, lines), 0, word.line
            lines[line].insert(place, word)
            place += 1
    if sum(len(words) for words in lines.values()) == len(reading.words):
        return reading
    return joined(reading, [lines[number] for number in sorted(lines)])


def boxes_of(words: Sequence[Word]) -> NDArray[np.int64]:
    return bounds_of([word.region for word in words])


def bounds_of(regions: Sequence[Quad]) -> NDArray[np.int64]:
    bounds = [region.bounds for region in regions]
    return np.array([(b.left, b.top, b.right, b.bottom) for b in bounds], np.int64).reshape(-1, 4)


def nearest_ink(box: Box, boxes: NDArray[np.int64]) -> int | None:
    """The word whose box shares most with this one, as far as any shares enough to be about the same ink."""
    if not len(boxes):
        return None
    across = np.minimum(boxes[:, 2], box.right) - np.maximum(boxes[:, 0], box.left)
    down = np.minimum(boxes[:, 3], box.bottom) - np.maximum(boxes[:, 1], box.top)
    shared = np.maximum(across, 0) * np.maximum(down, 0)
    smaller = np.minimum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), box.area)
    best = int(np.argmax(shared / smaller))
    return best if shared[best] > SAME_INK * smaller[best] else None


def _after(line: float, lines: Mapping[float, Sequence[Word]]) -> float:
    """A number between this line's and the next one's."""
    return (line + min((number for number in lines if number > line), default=line + 2)) / 2


def joined(reading: PageReading, lines: Sequence[Sequence[Word]]) -> PageReading:
    words: list[Word] = []
    text = ""
    for number, line in enumerate(lines):
        for place, word in enumerate(line):
            text += (" " if place else "\n") if words else ""
            words.append(replace(word, line=number, start=len(text), end=len(text) + len(word.text)))
            text += word.text
    return replace(reading, words=tuple(words), text=text)


def _is_there(other: Box, box: Box) -> bool:
    return other.overlap(box) >= SAME_PLACE * min(other.area, box.area)

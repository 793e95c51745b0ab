"""Which ink the words explain that were read: that in their boxes, as far as the box is a word's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pages import PageReading, Word

GROW_IN: Final = 0.03
"""Word boxes are grown by this: engines cut ascenders and dots."""
EXPLAINS_FROM: Final = 30.0
"""Confidence from which a word explains the ink in its box; below it the word is burned anyway."""

TALL_EXPLAINS_FROM: Final = 70.0
"""The same for words much higher than the page's others: an engine makes a short word of a whole signature."""
_TALL: Final = 1.8
_OVER_LINE: Final = 1.6
_LINE_WORDS: Final = 5
_LINE_SLACK: Final = 0.35
"""Of a line of so many words one that is so much higher than the usual has read something into itself; it explains its
line's height, and this share of it above and below, as ascenders and a lean want it."""
_TALLEST_IN: Final = 1.0
"""No line of print on a page is higher, with its ascenders: 72 points."""
_TALLEST: Final = 4.0
"""Nor so much higher than the page's words: a headline of 40 points over print of 10."""
_WIDEST: Final = 1.5
"""Heights that a letter takes across at most, in print set wide; a dash is as long in those of the page's words. An
engine makes a single sign of half an X-ray, and is sure of it."""
_LEVEL: Final = math.radians(0.5)
_FRAME: Final = frozenset("[](){}|")
"""What an engine reads of the frame of a box; a word that high with its frame is what stands in the box."""


def explained(
    reading: PageReading, shape: tuple[int, ...], horizontal: float, vertical: float, dpi: float
) -> NDArray[np.bool_]:
    """Where words that were read with confidence stand, a little grown, of that shape; `horizontal` and `vertical` lead
    from source pixels to its own. Those of a layer were taken out of the page: what is left there they are not."""
    mask = np.zeros(shape, dtype=np.uint8)
    heights = [_height(word) for word in reading.words]
    usual = median(heights) if heights else 0.0
    corners = np.array([word.region.corners for word in reading.words]).reshape(-1, 4, 2) * (horizontal, vertical)
    regions = np.round(corners).astype(np.int32)
    bands = _bands(reading, heights)
    for word, region, height in zip(reading.words, regions, heights, strict=True):
        tall = height > _TALL * usual
        if tall and not _FRAME.isdisjoint(word.text):
            continue
        if word.glyphs or not _is_words_size(word, height, usual, dpi / vertical):
            continue
        if word.confidence >= (TALL_EXPLAINS_FROM if tall else EXPLAINS_FROM):
            if (band := bands.get(word.line)) and height > _OVER_LINE * (band[1] - band[0]):
                # What stands over or under a word of a line, as between lines, was read into it.
                slack = _LINE_SLACK * (band[1] - band[0])
                first, last = (band[0] - slack) * vertical, (band[1] + slack) * vertical
                mask[max(int(first), 0) : math.ceil(last), region[:, 0].min() : region[:, 0].max()] = 1
                continue
            cv2.fillConvexPoly(mask, region, 1)
    grow = 2 * max(1, round(GROW_IN * dpi)) + 1
    grown: NDArray[np.bool_] = cv2.dilate(mask, np.ones((grow, grow), np.uint8)).astype(bool)
    return grown


def _bands(reading: PageReading, heights: Sequence[float]) -> dict[int, tuple[float, float]]:
    """Top and bottom of the level lines of several words that hold a word much higher than the others, by number."""
    lines: dict[int, list[int]] = {}
    for index, word in enumerate(reading.words):
        lines.setdefault(word.line, []).append(index)
    found: dict[int, tuple[float, float]] = {}
    for number, members in lines.items():
        usual = median(heights[index] for index in members)
        if len(members) < _LINE_WORDS or max(heights[index] for index in members) <= _OVER_LINE * usual:
            continue
        regions = [reading.words[index].region for index in members]
        if max(abs(region.angle) for region in regions) <= _LEVEL:
            bottoms = median(region.bounds.bottom for region in regions)
            found[number] = (bottoms - usual, bottoms)
    return found


def _is_words_size(word: Word, height: float, usual: float, dpi: float) -> bool:
    """Whether that many letters of print take so much room, across or, as in a margin, up and down; lengths in source
    pixels."""
    width = _width(word)
    return any(
        high <= min(_TALLEST_IN * dpi, _TALLEST * usual) and wide <= _WIDEST * len(word.text) * max(high, usual)
        for high, wide in ((height, width), (width, height))
    )


def _width(word: Word) -> float:
    a, b, _, _ = word.region.corners
    return math.dist(a, b)


def _height(word: Word) -> float:
    a, _, _, d = word.region.corners
    return math.dist(a, d)

"""Glyphs that an engine read but left outside its box: "04/17/1951" may come in a box that ends before the last 1, or
in the middle of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from detectors.components import components
from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engine import EngineWord

REACH: Final = 0.6
"""A stray glyph stands at most this share of the word's height away: less than two spaces."""
MIN_SIZE, MAX_SIZE = 0.35, 1.4
"""Height of a stray glyph in heights of its word: smaller ones are specks and points, larger ones rulings."""
MAX_WIDTH: Final = 2.0
MIN_GLYPH_PX: Final = 5
MAX_STRAYS: Final = 20_000
"""A page with more loose marks is noise from edge to edge; a search for each would take seconds."""


def with_strays(gray: Pixels, words: Sequence[EngineWord]) -> list[EngineWord]:
    """The words, each box grown over loose glyphs beside it on its line. Boxes never shrink."""
    if not words or min(gray.shape) < MIN_GLYPH_PX:
        return list(words)
    loose, cut = _beside(gray, words)
    boxes = np.array([(w.box.left, w.box.top, w.box.right, w.box.bottom) for w in words], np.int64)
    grown = [word.box for word in words]
    heights = boxes[:, 3] - boxes[:, 1]
    for left, top, right, bottom in loose:
        shared = np.minimum(boxes[:, 3], bottom) - np.maximum(boxes[:, 1], top)
        gap = np.maximum(np.maximum(boxes[:, 0] - right, left - boxes[:, 2]), 0)
        size = bottom - top
        fits = (
            (shared * 2 >= size)
            & (gap <= REACH * heights)
            & (size >= MIN_SIZE * heights)
            & (size <= MAX_SIZE * heights)
            & (right - left <= MAX_WIDTH * heights)
        )
        if fits.any():
            nearest = int(np.argmin(np.where(fits, gap, gap.max() + 1)))
            grown[nearest] = grown[nearest].union(Box(int(left), int(top), int(right), int(bottom)))
    for index, glyph in cut:
        grown[index] = grown[index].union(glyph)
    return [word if word.box == box else replace(word, box=box) for word, box in zip(words, grown, strict=True)]


def _beside(gray: Pixels, words: Sequence[EngineWord]) -> tuple[list[tuple[int, int, int, int]], list[tuple[int, Box]]]:
    """Bounds of connected marks of a glyph's size that no word's box touches: left, top, right, bottom; and those that
    a word's left or right edge cuts, with the word's index."""
    _, marks = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    part = _around(words, gray.shape[1], gray.shape[0])
    count, labels, stats, _ = components(marks[part.top : part.bottom, part.left : part.right])
    if count > MAX_STRAYS:
        return [], []
    stats += np.array((part.left, part.top, 0, 0, 0), np.int32)
    covered = np.zeros(count, bool)
    cut: list[tuple[int, Box]] = []
    for index, word in enumerate(words):
        box = word.box
        rows = labels[box.top - part.top : box.bottom - part.top]
        covered[rows[:, box.left - part.left : box.right - part.left]] = True
        for edge in (box.left, box.right):
            if 0 < edge < gray.shape[1]:
                inner, outer = rows[:, edge - part.left - 1], rows[:, edge - part.left]
                for number in set(inner.tolist()).intersection(outer.tolist()) - {0}:
                    left, top, width, height = stats[number, :4].tolist()
                    glyph = Box(left, top, left + width, top + height)
                    if _is_glyph(glyph, box):
                        cut.append((index, glyph))
    large = (stats[:, cv2.CC_STAT_HEIGHT] >= MIN_GLYPH_PX) & ~covered
    large[0] = False
    loose = [(int(x), int(y), int(x + width), int(y + height)) for x, y, width, height in stats[large][:, :4]]
    owned = _most_of(cut, words)
    return loose, [(index, glyph) for index, glyph in cut if owned.get(glyph, index) == index]


def _around(words: Sequence[EngineWord], width: int, height: int) -> Box:
    """Where words stand, with so much room that no glyph beside one of them is cut."""
    whole = words[0].box
    for word in words:
        whole = whole.union(word.box)
    room = math.ceil((REACH + max(MAX_WIDTH, MAX_SIZE)) * max(word.box.height for word in words)) + 1
    return whole.grown(room).clipped(width, height) or Box(0, 0, width, height)


def _is_glyph(glyph: Box, word: Box) -> bool:
    shared = min(glyph.bottom, word.bottom) - max(glyph.top, word.top)
    size = glyph.height
    fits = MIN_SIZE * word.height <= size <= MAX_SIZE * word.height and glyph.width <= MAX_WIDTH * word.height
    return shared * 2 >= size and fits


def _most_of(cut: Sequence[tuple[int, Box]], words: Sequence[EngineWord]) -> dict[Box, int]:
    """The word that holds more than half of a cut glyph; where none does, it may be of either."""
    return {glyph: index for index, glyph in cut if glyph.overlap(words[index].box) * 2 > glyph.area}

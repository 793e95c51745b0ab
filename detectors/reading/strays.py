"""Glyphs that an engine read but left outside its box: "04/17/1951" may come in a box that ends before the last 1, or
in the middle of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord

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
    marks = np.asarray(marks[part.top : part.bottom, part.left : part.right], np.uint8)
    count, numbered = cv2.connectedComponentsWithAlgorithm(marks, 8, cv2.CV_32S, cv2.CCL_GRANA)
    if count > MAX_STRAYS:
        return [], []
    labels = np.asarray(numbered, np.int32)
    apart = np.ascontiguousarray(marks)
    covered = np.zeros(count, bool)
    covered[0] = True
    cut: list[tuple[int, Box]] = []
    for index, word in enumerate(words):
        box = word.box
        top, bottom, left, right = (
            box.top - part.top,
            box.bottom - part.top,
            box.left - part.left,
            box.right - part.left,
        )
        rows = labels[top:bottom]
        covered[rows[:, left:right]] = True
        apart[top:bottom, left:right] = 0
        for edge in (box.left, box.right):
            if 0 < edge < gray.shape[1]:
                inner, outer = rows[:, edge - part.left - 1], rows[:, edge - part.left]
                for number in set(inner.tolist()).intersection(outer.tolist()) - {0}:
                    glyph = _bounds(labels, number, edge - part.left, top, bottom)
                    glyph = Box(
                        glyph.left + part.left, glyph.top + part.top, glyph.right + part.left, glyph.bottom + part.top
                    )
                    if _is_glyph(glyph, box):
                        cut.append((index, glyph))
    loose = [
        (left + part.left, top + part.top, right + part.left, bottom + part.top)
        for left, top, right, bottom in _extents(apart, labels, covered)
        if bottom - top >= MIN_GLYPH_PX
    ]
    owned = _most_of(cut, words)
    return loose, [(index, glyph) for index, glyph in cut if owned.get(glyph, index) == index]


def _bounds(labels: NDArray[np.int32], number: int, edge: int, top: int, bottom: int) -> Box:
    """The extent of a mark that crosses the edge of a word between these rows; cut where it is larger than a glyph."""
    high = bottom - top
    above, beside = math.ceil(MAX_SIZE * high) + 1, math.ceil(MAX_WIDTH * high) + 1
    first, left = max(top - above, 0), max(edge - beside, 0)
    own = labels[first : bottom + above, left : edge + beside] == number
    ys, xs = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return Box(left + int(xs[0]), first + int(ys[0]), left + int(xs[-1]) + 1, first + int(ys[-1]) + 1)


def _extents(apart: Pixels, labels: NDArray[np.int32], covered: NDArray[np.bool_]) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of the marks that are not covered; `apart` holds all their pixels and few others."""
    found = cv2.findNonZero(apart)
    if found is None:
        return []
    x, y = np.asarray(found).reshape(-1, 2).T
    own = labels[y, x]
    kept = ~covered[own]
    x, y, own = x[kept], y[kept], own[kept]
    if not len(own):
        return []
    order = np.argsort(own, kind="stable")
    x, y, own = x[order], y[order], own[order]
    first = np.flatnonzero(np.diff(own, prepend=0))
    sides = (np.minimum.reduceat(x, first), np.minimum.reduceat(y, first))
    ends = (np.maximum.reduceat(x, first) + 1, np.maximum.reduceat(y, first) + 1)
    return [(a, b, c, d) for a, b, c, d in np.stack([*sides, *ends], axis=1).tolist()]


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

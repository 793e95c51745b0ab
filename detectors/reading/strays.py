"""Glyphs that an engine read but left outside its box: "04/17/1951" may come in a box that ends before the last 1."""

from __future__ import annotations

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
    loose = _loose(gray, words)
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
    return [word if word.box == box else replace(word, box=box) for word, box in zip(words, grown, strict=True)]


def _loose(gray: Pixels, words: Sequence[EngineWord]) -> list[tuple[int, int, int, int]]:
    """Bounds of connected marks of a glyph's size that no word's box touches: left, top, right, bottom."""
    _, marks = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    count, labels, stats, _ = components(marks)
    if count > MAX_STRAYS:
        return []
    covered = np.zeros(count, bool)
    for word in words:
        box = word.box
        covered[labels[box.top : box.bottom, box.left : box.right]] = True
    large = (stats[:, cv2.CC_STAT_HEIGHT] >= MIN_GLYPH_PX) & ~covered
    large[0] = False
    return [(int(x), int(y), int(x + width), int(y + height)) for x, y, width, height in stats[large][:, :4]]

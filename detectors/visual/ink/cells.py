"""Upright strokes that lead from ruling to ruling beside ink that nobody read: in a comb that somebody filled they may
be ones and capital I, which look as the edges of its cells do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box, Quad
from detectors.pages import PageReading

Mask = NDArray[np.bool_]

_RULING_IN: Final = 0.6
_HIGH_IN: Final = (0.12, 0.6)
"""Heights of the cells that take a sign each."""
_THIN_IN: Final = 0.07
_MEETS_IN: Final = 0.04
"""So near to a ruling a stroke ends at it."""
_SIGN_IN: Final = 0.06
"""What is smaller in such a cell is dirt; a dash is that wide."""
_PITCH_IN: Final = 0.36
"""From one sign of a comb to the next; columns of tables are wider."""
_APART_IN: Final = 0.06
"""Signs of a comb stand so far from each other at least; letters of a word that nobody read are nearer."""
_MOST: Final = 1000
"""Strokes that are looked at: a page of graph paper has more, and nothing is told there."""


def filled_combs(unread: Mask, rulings: Mask, dpi: float) -> list[Box]:
    """Boxes of the strokes from ruling to ruling that stand in one row with wider `unread` ink, no further than the
    signs of a comb from it or from one another; `rulings` are what was taken for rulings of what no word explains.
    Masks of one shape."""
    lines = np.ascontiguousarray(rulings, np.uint8)
    length = max(8, round(_RULING_IN * dpi))
    # A word that was read takes its part of the ruling with it.
    whole = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((1, max(3, round(_PITCH_IN * dpi))), np.uint8))
    level = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    if not level.any() or not unread.any():
        return []
    bits = np.ascontiguousarray(unread, np.uint8)
    upright = lines & ~cv2.dilate(level, np.ones((3, 1), np.uint8))
    least, most = (inches * dpi for inches in _HIGH_IN)
    thin, near = max(_THIN_IN * dpi, 3.0), 2 * max(2, round(_MEETS_IN * dpi)) + 1
    meets = cv2.dilate(level, np.ones((near, 1), np.uint8))
    signs = _sides(bits)
    signs = signs[(signs[:, 2:].max(axis=1) >= _SIGN_IN * dpi) & (signs[:, 2:].max(axis=1) <= 2 * most)]
    every = np.concatenate((_sides(upright), signs))
    left, top, width, height = every.T
    narrow = (height >= least) & (height <= most) & (width <= thin)
    middle, last = left + width // 2, np.minimum(top + height, len(level)) - 1
    strokes = every[narrow & (meets[top, middle] > 0) & (meets[last, middle] > 0)]
    wide = signs[signs[:, 2] > thin]
    if not len(strokes) or len(strokes) > _MOST or len(wide) > _MOST:
        return []
    ahead = wide[_beside(wide, wide, _APART_IN * dpi).sum(axis=1) <= 1]
    found = strokes[:0]
    while len(ahead) and len(strokes):
        reached = _beside(strokes, ahead, _PITCH_IN * dpi).any(axis=1)
        ahead, strokes = strokes[reached], strokes[~reached]
        found = np.concatenate((found, ahead))
    boxes = (Box(x, y, x + w, y + h).grown(near // 2).clipped(*level.shape[::-1]) for x, y, w, h in found.tolist())
    return [box for box in boxes if box]


def single_signs(combs: Sequence[Box], reading: PageReading, scale: tuple[float, float], dpi: float) -> list[Quad]:
    """The words of a single sign next to these strokes, or one sign further, in source pixels: a letter in a comb is a
    piece of a value, however surely it was read.

    `scale` leads from source pixels to those of the strokes, across and down."""
    words = [word for word in reading.words if len(word.text) <= 1] if combs else []
    boxes = [Box.around([(x * scale[0], y * scale[1]) for x, y in word.region.corners]) for word in words]
    near = np.flatnonzero(_beside(_placed(boxes), _placed(combs), 2 * _PITCH_IN * dpi).any(axis=1))
    return [words[index].region for index in near.tolist()]


def _placed(boxes: Sequence[Box]) -> NDArray[np.int32]:
    """Left, top, width and height of each box, shape (n, 4)."""
    sides = [(box.left, box.top, box.width, box.height) for box in boxes]
    return np.array(sides, np.int32).reshape(-1, 4)


def _sides(bits: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Left, top, width and height of each mark, shape (n, 4)."""
    return np.asarray(components(bits)[2][1:, :4], np.int32)


def _beside(strokes: NDArray[np.int32], signs: NDArray[np.int32], pitch: float) -> Mask:
    """Whether each stroke, shape (n, 4), stands in a row with each sign, (m, 4), no further from it: shape (n, m)."""
    left, top, width, height = strokes.T[:, :, None]
    left_, top_, width_, height_ = signs.T[:, None]
    shared = np.minimum(top + height, top_ + height_) - np.maximum(top, top_)
    apart = np.maximum(left, left_) - np.minimum(left + width, left_ + width_)
    return np.asarray((2 * shared >= np.minimum(height, height_)) & (apart <= pitch), bool)

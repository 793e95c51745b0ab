"""What has no shape of print and harms it: drawn strokes as of signatures, initials and stamps, and punch holes."""

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

_LONG_IN: Final = 0.22
_THICK_IN: Final = 0.06
"""Marks thinner than this are what is left of a ruling."""
_NEAR_IN: Final = 0.08
_SOLID_IN: Final = 0.17
_HOLE_IN: Final = 0.8
"""Binder holes are a quarter of an inch; letters that two of them cut hang them together."""
_CELL_IN: Final = 0.1
"""A large open stroke is covered by cells of this side, so that print inside its loops stays."""


def around_holes(ink: Mask, reading: PageReading, scale: tuple[float, float], dpi: float) -> list[Quad]:
    """The words that punch holes cut, in source pixels: what is left of them is read with confidence, and is another.

    `ink` is the page's; `scale` leads from source pixels to its own, across and down.
    """
    side = max(3, round(_SOLID_IN * dpi))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    within = np.ones(((side * 3 // 5 - 1) | 1,) * 2, np.uint8)
    bits = ink.astype(np.uint8)
    # A disc takes ten times as long as a square; where no square fits that lies within it, it does not fit either.
    if not cv2.erode(bits, within).any() or not (fits := cv2.erode(bits, disc)).any():
        return []
    solid = cv2.dilate(fits, disc)
    count, marks, stats, _ = components(solid)
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    holes = size <= _HOLE_IN * dpi
    holes[0] = False
    if count <= 1 or not holes.any():
        return []
    reach = 2 * round(_NEAR_IN * dpi) + 1
    near = cv2.dilate(holes[marks].astype(np.uint8), np.ones((reach, reach), np.uint8))
    found: list[Quad] = []
    for word in reading.words:
        corners = [(x * scale[0], y * scale[1]) for x, y in word.region.corners]
        box = Box.around(corners).clipped(near.shape[1], near.shape[0])
        if box is not None and near[box.top : box.bottom, box.left : box.right].any():
            found.append(word.region)
    return found


def drawn(unread: Mask, covered: Sequence[Box], dpi: float) -> list[Box]:
    """Boxes along the large marks of `unread` that `covered` leaves open, in pixels of `unread`."""
    if not unread.any():
        return []
    # A loop that a ruling cut is one mark still.
    joined = cv2.morphologyEx(unread.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, marks, stats, _ = components(joined)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = (np.maximum(width, height) >= _LONG_IN * dpi) & (np.minimum(width, height) >= _THICK_IN * dpi)
    large[0] = False
    if count <= 1 or not large.any():
        return []
    reach = 2 * round(_NEAR_IN * dpi) + 1
    # What a ruling or a label's box cut off a stroke lies beside it.
    strokes = cv2.dilate(large[marks].astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool) & unread
    for box in covered:
        strokes[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = False
    high, wide = strokes.shape
    side = max(2, round(_CELL_IN * dpi))
    padded = np.pad(strokes.astype(np.uint8), ((0, -high % side), (0, -wide % side)))
    blocks = padded.reshape(padded.shape[0] // side, side, padded.shape[1] // side, side)
    cells: NDArray[np.uint8] = np.asarray(blocks.max(axis=(1, 3)), np.uint8)
    found: list[Box] = []
    for row in np.flatnonzero(cells.max(axis=1)):
        edges = np.flatnonzero(np.diff(cells[row].astype(np.int8), prepend=0, append=0))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            left, right, top = int(start) * side, int(end) * side, int(row) * side
            found.append(Box(left - 1, top - 1, min(right, wide) + 1, min(top + side, high) + 1))
    return found

"""Drawn strokes that have no shape of print: signatures, initials, sketches, rings of stamps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box

Mask = NDArray[np.bool_]

_LONG_IN: Final = 0.22
_THICK_IN: Final = 0.06
"""Marks thinner than this are what is left of a ruling."""
_CELL_IN: Final = 0.1
"""A large open stroke is covered by cells of this side, so that print inside its loops stays."""


def drawn(unread: Mask, covered: Sequence[Box], dpi: float) -> list[Box]:
    """Boxes along the large marks of `unread` that `covered` leaves open, in pixels of `unread`."""
    rest = unread.astype(np.uint8)
    for box in covered:
        rest[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = 0
    # A loop that a ruling cut is one mark still.
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, marks, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = (np.maximum(width, height) >= _LONG_IN * dpi) & (np.minimum(width, height) >= _THICK_IN * dpi)
    large[0] = False
    if count <= 1 or not large.any():
        return []
    strokes = large[marks] & rest.astype(bool)
    side = max(2, round(_CELL_IN * dpi))
    high, wide = strokes.shape
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

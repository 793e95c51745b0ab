"""Rulings and the edges of boxes among the ink that no word explains: long straight runs, and the pieces into which
noise, a lean and the boxes of words break them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint8]

RULING_IN: Final = 0.6
"""Straight runs from this length are rulings and box edges; no letter has one."""
_THICK_IN: Final = 0.05
_PIECE_IN: Final = 0.12
"""A run from this length may be a piece of a ruling: stems and bars of letters are shorter but in headlines."""
_PIECE_THICK_IN: Final = 0.025
_GAP_IN: Final = 0.2
"""Pieces nearer to each other along their run are one: noise breaks a line of a pixel so far, and the box of a word
beside it."""
_REACH_IN: Final = 1.0
"""A piece so near to a ruling along its run goes with it: the boxes of words cut rulings into such."""

_RUNG_IN: Final = 0.2
"""Edges of cells are as high as their line; stems of letters are shorter and end in the paper."""
_MEETS_IN: Final = 0.04


def rulings(ink: Mask, dpi: float) -> Mask:
    """Long thin straight runs, a little skew forgiven."""
    length, thick = max(8, round(RULING_IN * dpi)), max(2, round(_THICK_IN * dpi))
    source = cv2.dilate(ink.view(np.uint8), np.ones((2, 2), np.uint8))
    found = np.zeros(ink.shape, np.uint8)
    for kernel, across in (((1, length), (thick, 1)), ((length, 1), (1, thick))):
        runs = cv2.morphologyEx(source, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        if not runs.any():
            continue
        # What is thicker than a ruling is an area, and is judged as a blob.
        areas = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((across[0] + across[1] - 1,) * 2, np.uint8))
        found |= runs & ~areas
    return _widened(found).astype(bool)


def broken(ink: Mask, straight: Mask, dpi: float) -> Mask:
    """What of the ink goes on with the `straight` rulings, joins two of them, or is pieces of one; masks of one
    shape."""
    bits, lines = ink.view(np.uint8), straight.view(np.uint8)
    across, down = (np.ascontiguousarray(mask.T) for mask in (bits, lines))
    found = _broken(bits, lines, dpi) | _broken(across, down, dpi).T
    return _widened(np.ascontiguousarray(found)).astype(bool) & ink


def _broken(ink: Bits, lines: Bits, dpi: float) -> Bits:
    """The same along the rows alone."""
    length, piece, gap = (max(3, round(inches * dpi)) for inches in (RULING_IN, _PIECE_IN, _GAP_IN))
    thick = max(2, round(_PIECE_THICK_IN * dpi)) + 1
    pieces = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, piece), np.uint8))
    pieces &= ~cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    if not pieces.any():
        return np.asarray(pieces, np.uint8)
    near = np.ones((3, 1), np.uint8)
    joined = cv2.morphologyEx(cv2.dilate(pieces, near), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    level = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    reach = np.ones((1, 2 * round(_REACH_IN * dpi) + 1), np.uint8)
    return np.asarray((pieces & cv2.dilate(runs | level, reach)) | _rungs(pieces, lines, dpi), np.uint8)


def _rungs(pieces: Bits, lines: Bits, dpi: float) -> Bits:
    """The pieces that lead from one ruling to another, as edges of cells do."""
    meets = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((max(8, round(RULING_IN * dpi)), 1), np.uint8))
    if not meets.any():
        return np.zeros_like(pieces)
    near = 2 * max(2, round(_MEETS_IN * dpi)) + 1
    meets = cv2.dilate(meets, np.ones((1, near), np.uint8))
    _, parts, stats, _ = components(pieces)
    left, top, width, height = stats[:, :4].T
    middle, last = np.minimum(top + height // 2, len(pieces) - 1), left + width - 1
    between = (width >= _RUNG_IN * dpi) & (meets[middle, left] > 0) & (meets[middle, last] > 0)
    between[0] = False
    return np.asarray(between.astype(np.uint8).take(parts), np.uint8)


def _widened(runs: Bits) -> Bits:
    return np.asarray(cv2.dilate(runs, np.ones((3, 3), np.uint8)), np.uint8)

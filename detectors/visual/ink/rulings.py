"""Rulings and the edges of boxes among the ink that no word explains: long straight runs, and the pieces into which
noise, a lean and the boxes of words break them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.visual.ink import columns
from detectors.visual.ink.columns import Columns

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
    level = columns.opened(columns.packed(columns.turned(source)), length)
    upright = columns.opened(columns.packed(source), length)
    found = np.zeros(ink.shape, np.uint8)
    for bits, across in ((level, True), (upright, False)):
        if not bits.any():
            continue
        runs = columns.unpacked(bits, ink.shape[0] if across else ink.shape[1])
        runs = columns.turned(runs) if across else runs
        # What is thicker than a ruling is an area, and is judged as a blob.
        areas = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
        found |= runs & ~areas
    return _widened(found).astype(bool) if found.any() else found.astype(bool)


def broken(ink: Mask, straight: Mask, dpi: float) -> Mask:
    """What of the ink goes on with the `straight` rulings, joins two of them, or is pieces of one; masks of one
    shape."""
    bits, length, side = ink.view(np.uint8), max(3, round(RULING_IN * dpi)), max(2, round(_PIECE_THICK_IN * dpi)) + 1
    thick = np.asarray(cv2.morphologyEx(bits, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)), np.uint8)
    lines = straight.view(np.uint8)
    level, upright = (columns.opened(columns.packed(mask), length) for mask in (columns.turned(lines), lines))
    found = _broken(bits, thick, upright, level, dpi)
    found |= columns.turned(_broken(columns.turned(bits), columns.turned(thick), level, upright, dpi))
    return _widened(found).astype(bool) & ink


def _broken(ink: Bits, thick: Bits, along: Columns, across: Columns, dpi: float) -> Bits:
    """The same of what runs along the columns of the ink, of which `thick` is thicker than a piece; `along` are the
    rulings that do, and `across` those along its rows, packed by them."""
    piece, gap = (max(3, round(inches * dpi)) for inches in (_PIECE_IN, _GAP_IN))
    pieces = columns.opened(columns.packed(ink), piece) & ~columns.packed(thick)
    if not pieces.any():
        return np.zeros_like(ink)
    runs = columns.opened(columns.closed(columns.widened(pieces), gap), max(3, round(RULING_IN * dpi)))
    goes_on = pieces & columns.dilated(runs | along, 2 * round(_REACH_IN * dpi) + 1)
    height, width = ink.shape
    found = columns.unpacked(goes_on, width)
    if across.any():
        meets = columns.packed(columns.turned(columns.unpacked(across, height)))
        found |= _rungs(columns.unpacked(pieces, width), meets, dpi)
    return found


def _rungs(pieces: Bits, meets: Columns, dpi: float) -> Bits:
    """The pieces along the columns that lead from one ruling across to another, as edges of cells do."""
    near = 2 * max(2, round(_MEETS_IN * dpi)) + 1
    met = columns.unpacked(columns.dilated(meets, near), pieces.shape[1])
    _, parts, stats, _ = components(pieces)
    left, top, width, height = stats[:, :4].T
    middle, last = np.minimum(left + width // 2, pieces.shape[1] - 1), top + height - 1
    between = (height >= _RUNG_IN * dpi) & (met[top, middle] > 0) & (met[last, middle] > 0)
    between[0] = False
    return np.asarray(between.astype(np.uint8).take(parts), np.uint8) if between.any() else np.zeros_like(pieces)


def _widened(runs: Bits) -> Bits:
    return np.asarray(cv2.dilate(runs, np.ones((3, 3), np.uint8)), np.uint8)

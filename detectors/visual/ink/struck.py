"""Print that rulings run through: what is left of it beside them is specks, and nobody has read it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box

Mask = NDArray[np.bool_]

_STEM_IN: Final = 0.06
"""Length of a stroke across a ruling, thicker than any ruling: digits of 6 points have it, and letters of 9."""
_JOIN_IN: Final = 0.12
"""Strokes nearer than this along a ruling are of one text; the combs of forms and the scales of charts are wider."""
_LEAST_IN: Final = 0.1
_MARGIN_IN: Final = 0.05
_RUN_IN: Final = 0.6
_ALONG: Final = 0.1
"""Share of a text's length along which a ruling runs through it: thick ones count as areas for the rest."""
_REST_IN: Final = 0.04
"""Length of the strokes that belong to a text beside longer ones: those of round and of low letters."""
_EDGE_IN: Final = 0.12
"""An upright run of rulings from this length is a cell's edge, and no stroke across one."""
_SOFT_PX: Final = 1.0
_SOLID: Final = 0.85
"""Share of the columns that have strokes, from which an area is a thick ruling or a bar and no print."""


def struck(ink: Mask, rulings: Mask, dpi: float) -> list[Box]:
    """Boxes of strokes that stand close together across a ruling, or across several, which lie level or upright.

    `ink` is what no word explains, the rulings among it; both have the shape (height, width).
    """
    if not rulings.any():
        return []
    across = [Box(b.top, b.left, b.bottom, b.right) for b in _level(ink.T, rulings.T, dpi)]
    return _level(ink, rulings, dpi) + across


def _thickness(lines: NDArray[np.uint8], length: int) -> float:
    """Of the level ones in pixels, on the average; 0 where there is none."""
    level = cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    tops = np.count_nonzero(level[1:] > level[:-1])
    return np.count_nonzero(level) / tops if tops else 0.0


def _level(ink: Mask, rulings: Mask, dpi: float) -> list[Box]:
    length, stem, rest, join = (max(3, round(inches * dpi)) for inches in (_RUN_IN, _STEM_IN, _REST_IN, _JOIN_IN))
    source = np.ascontiguousarray(ink, np.uint8)
    lines, edge = source & rulings.view(np.uint8), round(_EDGE_IN * dpi)
    upright = cv2.morphologyEx(source, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    upright |= cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones((edge, 1), np.uint8))
    strokes, low = (
        cv2.morphologyEx(source & ~upright, cv2.MORPH_OPEN, np.ones((high, 1), np.uint8)) for high in (stem, rest)
    )
    if not strokes.any():
        return []
    # An even kernel opens to half a pixel beside: every long stroke is one of the shorter ones, whatever was rounded.
    low |= strokes
    if _thickness(lines, length) >= rest - _SOFT_PX:
        # On a coarse page a ruling is as thick as low letters are high: alone it joins no strokes.
        low &= cv2.dilate(source & ~lines, np.ones((2 * rest + 1, 1), np.uint8))
    across = np.ones((1, join | 1), np.uint8)
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, across)
    # Outlines are had faster than labels where few strokes are left.
    outlines, nesting = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [outline for outline, own in zip(outlines, nesting[0], strict=True) if own[3] < 0]
    parts = []
    for left, top, width, height in map(cv2.boundingRect, outer):
        part = np.s_[top : top + height, left : left + width]
        if width < _LEAST_IN * dpi or rulings[part].any(axis=0).mean() < _ALONG:
            continue
        if strokes[part].any(axis=0).mean() < _SOLID:
            parts.append(part)
    if not parts:
        return []
    _, whole, extents, _ = components(cv2.morphologyEx(low, cv2.MORPH_CLOSE, across) | low)
    margin = round(_MARGIN_IN * dpi)
    found = []
    for number in {number for part in parts for number in whole[part][strokes[part] > 0].tolist()} - {0}:
        left, top, width, height = extents[number, :4].tolist()
        box = Box(left, top, left + width, top + height).grown(margin).clipped(ink.shape[1], ink.shape[0])
        found += [box] if box else []
    return sorted(set(found))

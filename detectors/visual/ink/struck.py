"""Print that rulings run through: what is left of it beside them is specks, and nobody has read it."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.visual.ink import columns
from detectors.visual.ink.columns import Columns

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint8]

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
    bits, lines, length = ink.view(np.uint8), rulings.view(np.uint8), max(3, round(_RUN_IN * dpi))
    turned = columns.turned(bits), columns.turned(lines)
    level, upright = (columns.opened(columns.packed(a & b), length) for a, b in (turned, (bits, lines)))
    across = _level(*turned, _thickness(upright, ink.shape[1]), dpi)
    return _level(bits, lines, _thickness(level, ink.shape[0]), dpi) + [
        Box(b.top, b.left, b.bottom, b.right) for b in across
    ]


def _thickness(runs: Columns, width: int) -> float:
    """Of straight ones along the columns in pixels, on the average; 0 where there is none."""
    bits = columns.unpacked(runs, width)
    sides = np.count_nonzero(bits[:, 1:] > bits[:, :-1])
    return np.count_nonzero(bits) / sides if sides else 0.0


def _level(source: Bits, rulings: Bits, thickness: float, dpi: float) -> list[Box]:
    """Of strokes along the columns, across rulings that are so thick."""
    length, stem, rest, join = (max(3, round(inches * dpi)) for inches in (_RUN_IN, _STEM_IN, _REST_IN, _JOIN_IN))
    height, width = source.shape
    own = columns.packed(source)
    ruled = own & columns.packed(rulings)
    upright = columns.opened(own, length) | columns.opened(ruled, round(_EDGE_IN * dpi))
    stems = columns.opened(own & ~upright, stem)
    if not stems.any():
        return []
    # An even kernel opens to half a pixel beside: every long stroke is one of the shorter ones, whatever was rounded.
    low = columns.opened(own & ~upright, rest) | stems
    if thickness >= rest - _SOFT_PX:
        # On a coarse page a ruling is as thick as low letters are high: alone it joins no strokes.
        low &= columns.dilated(own & ~ruled, 2 * rest + 1)
    strokes, low = (columns.unpacked(bits, width) for bits in (stems, low))
    across = np.ones((1, join | 1), np.uint8)
    joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, across)
    # Outlines are had faster than labels where few strokes are left.
    outlines, nesting = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [outline for outline, own in zip(outlines, nesting[0], strict=True) if own[3] < 0]
    parts = []
    for left, top, across_px, down_px in map(cv2.boundingRect, outer):
        part = np.s_[top : top + down_px, left : left + across_px]
        if across_px < _LEAST_IN * dpi or rulings[part].any(axis=0).mean() < _ALONG:
            continue
        if strokes[part].any(axis=0).mean() < _SOLID:
            parts.append(part)
    if not parts:
        return []
    _, whole, extents, _ = components(cv2.morphologyEx(low, cv2.MORPH_CLOSE, across) | low)
    margin = round(_MARGIN_IN * dpi)
    found = []
    for number in {number for part in parts for number in whole[part][strokes[part] > 0].tolist()} - {0}:
        left, top, across_px, down_px = extents[number, :4].tolist()
        box = Box(left, top, left + across_px, top + down_px).grown(margin).clipped(width, height)
        found += [box] if box else []
    return sorted(set(found))

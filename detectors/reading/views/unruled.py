"""A view without what a form is drawn with: rulings painted out, light print on dark bars turned dark on light.

Engines make bars and dashes of rulings, lose the small print beside them, and take lines of a table apart by them.
Only for reading: ink is accounted for, and burned, on the page as it came.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.pages import Pixels

_INK: Final = 35
"""Levels below the paper around it from which a pixel is a ruling's or a letter's."""
_SHRUNK: Final = 4
_PAPER_PX: Final = 15
"""Paper is told on the view shrunk so, as the median of a window of this side."""
_ACROSS_IN: Final = 0.5
_DOWN_IN: Final = 0.3
"""Straight runs from these lengths are rulings: edges of cells are as high as their line, stems of headlines lower."""
_THICK_IN: Final = 0.035
_GAP_IN: Final = 0.1
"""Grain breaks a ruling so far."""
_BAR_HIGH_IN: Final = 0.12
_BAR_WIDE_IN: Final = 0.36
_JOIN_IN: Final = 0.06
_DARK: Final = 110
_SOLID: Final = 0.65
"""Share of dark pixels from which an area is a bar that may hold light print; bold print has fewer,"""
_EDGE: Final = 0.85
"""and paper between its letters above and below."""
_INSET_PX: Final = (2, 5)
_RIM_PX: Final = 4
_LIGHT: Final = 200
"""Level from which the ground of a turned bar is paper, whatever its grain."""


def unruled(gray: Pixels, dpi: float) -> Pixels:
    """The level view (height, width) at that resolution, without rulings and dark bars, their print kept; itself where
    it is too small to tell."""
    if min(gray.shape) < _SHRUNK * _PAPER_PX:
        return gray
    gray = _without_bars(gray, dpi)
    paper = paper_of(gray)
    dark = (cv2.subtract(paper, gray) > _INK).view(np.uint8)
    across = _rulings(dark, dpi, _ACROSS_IN)
    down = _rulings(np.ascontiguousarray(dark.T), dpi, _DOWN_IN).T
    return np.where(across | down, paper, gray)


def paper_of(gray: Pixels) -> Pixels:
    """The level of the paper at each pixel of a view (height, width)."""
    small = cv2.resize(gray, None, fx=1 / _SHRUNK, fy=1 / _SHRUNK, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.medianBlur(small, _PAPER_PX), gray.shape[::-1]), np.uint8)


def _rulings(dark: NDArray[np.uint8], dpi: float, long_in: float) -> NDArray[np.bool_]:
    """Pixels of level rulings and their rims, but where a letter's stroke crosses."""
    thick = max(3, round(_THICK_IN * dpi))
    near = np.ones((3, 1), np.uint8)
    runs = cv2.morphologyEx(cv2.dilate(dark, near), cv2.MORPH_OPEN, np.ones((1, round(long_in * dpi)), np.uint8))
    if not runs.any():
        return np.zeros(dark.shape, np.bool_)
    areas = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((thick + 3, thick + 3), np.uint8))
    runs &= ~cv2.dilate(areas, np.ones((5, 5), np.uint8))
    runs = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((1, round(_GAP_IN * dpi)), np.uint8))
    runs = cv2.dilate(runs, near)
    beside = dark & ~runs
    reach = thick + 4
    upper = np.zeros((2 * reach + 1, 1), np.uint8)
    upper[: reach + 1] = 1
    crossed = cv2.dilate(beside, upper) & cv2.dilate(beside, np.ascontiguousarray(upper[::-1]))
    return np.asarray(runs & ~cv2.dilate(crossed, np.ones((1, 3), np.uint8)), np.bool_)


def _without_bars(gray: Pixels, dpi: float) -> Pixels:
    # Odd: even kernels move what they open.
    join, high, wide = (round(inches * dpi) | 1 for inches in (_JOIN_IN, _BAR_HIGH_IN, _BAR_WIDE_IN))
    dark = (gray < _DARK).view(np.uint8)
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    _, _, bars, _ = components(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((high, wide), np.uint8)))
    if len(bars) == 1:
        return gray
    found, paper = gray.copy(), int(np.median(gray))
    for left, top, width, height in bars[1:, :4].tolist():
        area = (slice(top, top + height), slice(left, left + width))
        if not _is_bar(dark[area]):
            continue
        turned = 255 - gray[area]
        rows = slice(max(top - _RIM_PX, 0), top + height + _RIM_PX)
        found[rows, max(left - _RIM_PX, 0) : left + width + _RIM_PX] = paper
        found[area] = np.where(turned > _LIGHT, paper, np.minimum(turned, paper))
    return found


def _is_bar(dark: NDArray[np.uint8]) -> bool:
    first, last = _INSET_PX
    edges = dark[first:last], dark[-last:-first]
    return dark.mean() >= _SOLID and min(float(edge.mean()) for edge in edges) >= _EDGE

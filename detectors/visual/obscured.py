"""Print that somebody made a mosaic of or blurred, to hide it: both can be undone, by trying what would look the same.

It is on the page as it came, so that its shape tells it: a mosaic has squares of one level in an even grid, and blurred
print has soft tones in a box on a page whose own print is sharp.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.pages import Pixels

_WORK_DPI: Final = 100.0
_PAPER: Final = 14
"""Levels under the paper from which a pixel is no paper."""
_HIGH_IN: Final = (0.08, 1.2)
_WIDE_IN: Final = 0.25
_FULL: Final = 0.6
"""Share of its box that the area fills; print fills a third of its."""
_JOIN_IN: Final = 0.03
_STEP: Final = 14
"""Levels between neighbours that are an edge of a square."""
_SIDE_PX: Final = (4, 40)
_SMEARED_PX: Final = 7
"""Side of a square from which a JPEG may have smeared its edge."""
_ON_GRID: Final = 0.8
"""Share of the edges of an area that lie on the lines of its grid."""
_CROSSED: Final = 0.15
"""Share of a line of the grid that is an edge: neighbours may be alike."""
_LINES: Final = (5, 2)
"""Lines of a grid along it and across it at least, so that a bar with a rule through it has none, nor has a letter."""
_TONES: Final = 22
"""Levels between the lighter and the darker tenth of blurred print; a shaded ground has hardly any."""
_SOFT: Final = 12
"""Levels between neighbours that blurred print does not reach, and sharp print does by far."""
_SHARP: Final = 60
"""Levels between neighbours somewhere on a page whose print is sharp."""

Shares = NDArray[np.float64]


def obscured(gray: Pixels, dpi: float) -> list[Box]:
    """Boxes of mosaics and of blurred print, in pixels of the page."""
    scale = min(1.0, _WORK_DPI / dpi)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = []
    for box in _areas(small, dpi * scale):
        corners = ((box.left / scale, box.top / scale), (box.right / scale, box.bottom / scale))
        own = Box.around(corners).clipped(gray.shape[1], gray.shape[0])
        if own is None:
            continue
        part = gray[own.top : own.bottom, own.left : own.right]
        if min(part.shape) < _SIDE_PX[0]:
            continue
        across, down = cv2.absdiff(part[:, 1:], part[:, :-1]), cv2.absdiff(part[1:], part[:-1])
        if _mosaic(across, down) or (_blurred(part, across, down) and _is_sharp(gray)):
            found.append(own)
    return found


def _areas(small: Pixels, dpi: float) -> Iterator[Box]:
    """Boxes that are filled with what is neither paper nor print's strokes beside paper."""
    paper = float(np.bincount(small.ravel(), minlength=256)[100:].argmax() + 100)
    join = 2 * max(1, round(_JOIN_IN * dpi / 2)) + 1
    dark = cv2.morphologyEx((small < paper - _PAPER).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    least = max(3, round(_HIGH_IN[0] * dpi))
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    for left, top, width, height, area in components(solid)[2][1:].tolist():
        if width >= _WIDE_IN * dpi and height <= _HIGH_IN[1] * dpi and area >= _FULL * width * height:
            yield Box(left, top, left + width, top + height)


def _mosaic(across: Pixels, down: Pixels) -> bool:
    """By the steps between neighbours in a row, and in a column."""
    columns = _grid(_edges(across, 0))
    if columns < min(_LINES):
        return False
    rows = _grid(_edges(down, 1))
    return min(columns, rows) >= min(_LINES) and max(columns, rows) >= max(_LINES)


def _edges(steps: Pixels, axis: int) -> Shares:
    """The share of each column (axis 0) or row (axis 1) that is an edge."""
    edges = cv2.threshold(steps, _STEP, 1, cv2.THRESH_BINARY)[1]
    return np.asarray(cv2.reduce(edges, axis, cv2.REDUCE_AVG, dtype=cv2.CV_64F), np.float64).ravel()


def _grid(edges: Shares) -> int:
    """How many lines of an even grid there are; 0 where there is none."""
    count, enough = len(edges), _ON_GRID * float(edges.sum())
    # What no grid exceeds: the widest share of lines, each with both its neighbours.
    most = 3 * -(-count // _SMEARED_PX)
    if enough <= 0 or float(np.sort(edges)[-most:].sum()) < enough:
        return 0
    padded = np.concatenate((edges, np.zeros(_SIDE_PX[1])))
    best = 0
    for side in range(_SIDE_PX[0], min(_SIDE_PX[1], count) + 1):
        rows = -(-count // side)
        folded = padded[: rows * side].reshape(rows, side).sum(axis=0)
        phase = int(folded.argmax())
        # A JPEG smears an edge over its neighbours.
        smeared = side >= _SMEARED_PX
        near = folded[phase] + (folded[(phase + 1) % side] + folded[phase - 1]) * smeared
        if near < enough:
            continue
        on = edges[phase::side]
        lines = int(np.count_nonzero(on >= _CROSSED))
        if lines >= 0.6 * len(on):
            best = max(best, lines)
    return best


def _blurred(part: Pixels, across: Pixels, down: Pixels) -> bool:
    rim = max(2, part.shape[0] // 8)
    if min(across.shape) <= 2 * rim or min(part.shape) <= 2 * rim:
        return False
    inner = (slice(rim, -rim), slice(rim, -rim))
    if max(_level(steps[inner], 0.99) for steps in (across, down)) > _SOFT:
        return False
    return _level(part[inner], 0.9) - _level(part[inner], 0.1) >= _TONES


def _level(pixels: Pixels, share: float) -> int:
    """The least level that this share of the pixels does not exceed."""
    counts = np.bincount(pixels.ravel(), minlength=1)
    return int(np.searchsorted(np.cumsum(counts), share * pixels.size))


def _is_sharp(gray: Pixels) -> bool:
    rows = np.ascontiguousarray(gray[::2])
    return _level(cv2.absdiff(rows[:, 1:], rows[:, :-1]), 0.995) >= _SHARP

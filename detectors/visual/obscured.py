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
_ON_GRID: Final = 0.8
"""Share of the edges of an area that lie on the lines of its grid."""
_CROSSED: Final = 0.15
"""Share of a line of the grid that is an edge: neighbours may be alike."""
_LINES: Final = (5, 2)
"""Lines of a grid along it and across it at least, so that a bar with a rule through it has none, nor has a letter."""
_TONES: Final = 22.0
"""Levels between the lighter and the darker tenth of blurred print; a shaded ground has hardly any."""
_SOFT: Final = 12
"""Levels between neighbours that blurred print does not reach, and sharp print does by far."""
_SHARP: Final = 60
"""Levels between neighbours somewhere on a page whose print is sharp."""

Mask = NDArray[np.bool_]


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
        part = gray[own.top : own.bottom, own.left : own.right].astype(np.int16)
        across, down = np.abs(np.diff(part, axis=1)), np.abs(np.diff(part, axis=0))
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


def _mosaic(across: NDArray[np.int16], down: NDArray[np.int16]) -> bool:
    lines = sorted((_grid((across > _STEP).mean(axis=0)), _grid((down > _STEP).mean(axis=1))))
    return lines[1] >= _LINES[0] and lines[0] >= _LINES[1]


def _grid(edges: NDArray[np.float64]) -> int:
    """How many lines of an even grid there are, by the share of each line that is an edge; 0 where there is none."""
    if edges.sum() <= 0:
        return 0
    best = 0
    for side in range(_SIDE_PX[0], min(_SIDE_PX[1], len(edges)) + 1):
        folded = np.bincount(np.arange(len(edges)) % side, edges, side)
        phase = int(folded.argmax())
        on = edges[phase::side]
        lines = int(np.count_nonzero(on >= _CROSSED))
        # A JPEG smears an edge over its neighbours.
        near = folded[phase] + folded[(phase + 1) % side] * (side > 6) + folded[phase - 1] * (side > 6)
        if near >= _ON_GRID * edges.sum() and lines >= 0.6 * len(on):
            best = max(best, lines)
    return best


def _blurred(part: NDArray[np.int16], across: NDArray[np.int16], down: NDArray[np.int16]) -> bool:
    rim = max(2, part.shape[0] // 8)
    inner = part[rim:-rim, rim:-rim]
    if inner.size == 0 or min(across.shape) <= 2 * rim:
        return False
    light, dark = np.percentile(inner, (90, 10))
    steep = max(np.percentile(across[rim:-rim, rim:-rim], 99), np.percentile(down[rim:-rim, rim:-rim], 99))
    return bool(light - dark >= _TONES and steep <= _SOFT)


def _is_sharp(gray: Pixels) -> bool:
    return bool(
        np.percentile(cv2.morphologyEx(gray[::2], cv2.MORPH_GRADIENT, np.ones((1, 2), np.uint8)), 99.5) >= _SHARP
    )

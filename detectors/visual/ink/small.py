"""Rows of print too small for the resolution at which ink is counted: there they look like rulings or dust."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.levels import level_at
from detectors.pages import Pixels

Scale = tuple[float, float]

LEAST_DPI: Final = 130.0
"""Below it print that fits into a row of `_HIGH_IN` has letters of six pixels and less, which nobody reads."""
_HIGH_IN: Final = 0.065
_WIDE_IN: Final = 0.12
_JOIN_IN: Final = 0.05
"""A blank at 6 points."""
_CONTRAST: Final = 50
_LEAST_ROWS: Final = 3
_STROKES: Final = 0.45
"""Strokes of a row of print per length of its own height, in the row of pixels that cuts most; a broken ruling has one
in ten heights."""
_UNEVEN: Final = 0.3
"""Standard deviation of strokes and gaps by their mean: dots and dashes are even to a pixel, print is at .5."""
_MOST: Final = 400
"""Rows that are looked at, the widest first."""


def small_rows(closely: Callable[[Box], Pixels], unread: NDArray[np.bool_], dpi: float, scale: Scale) -> list[Box]:
    """Boxes of rows of small print, across or down the page, in pixels of `unread`.

    `closely` shows a box of the page in its own resolution and gray, `unread` is the ink that no word explains, at
    `dpi`; `scale` leads from the page's pixels to its own, across and down.
    """
    bits = unread.view(np.uint8)
    return [*_rows(closely, bits, dpi, scale, upright=False), *_rows(closely, bits, dpi, scale, upright=True)]


def _rows(
    closely: Callable[[Box], Pixels], unread: NDArray[np.uint8], dpi: float, scale: Scale, *, upright: bool
) -> Iterator[Box]:
    join = 2 * round(_JOIN_IN * dpi / 2) + 1
    kernel = np.ones((join, 1) if upright else (1, join), np.uint8)
    stats = components(cv2.morphologyEx(unread, cv2.MORPH_CLOSE, kernel))[2][1:, :4]
    along, high = (stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])[:: -1 if upright else 1]
    shaped = (high <= _HIGH_IN * dpi) & (along >= _WIDE_IN * dpi)
    longest = np.argsort(-along[shaped], kind="stable")[:_MOST]
    # Thin strokes at the ends fall under the contrast of ink.
    ends = (1, 2) if upright else (2, 1)
    for left, top, width, height in stats[shaped][longest].tolist():
        own = _own(left, top - 1, left + width, top + height + 1, scale)
        if upright:
            own = _own(left - 1, top, left + width + 1, top + height, scale)
        row = closely(own)
        if _is_print(row.T if upright else row):
            yield Box(max(0, left - ends[0]), max(0, top - ends[1]), left + width + ends[0], top + height + ends[1])


def _own(left: int, top: int, right: int, bottom: int, scale: Scale) -> Box:
    """The box in pixels of the page."""
    across, down = scale
    return Box(max(0, round(left / across)), max(0, round(top / down)), round(right / across), round(bottom / down))


def _is_print(row: Pixels) -> bool:
    """Many uneven strokes, as letters have and rulings, dots and dashes have not."""
    # The nine tenths are never darker than the half.
    paper, dark = level_at(row, 90), float(row.min())
    if paper - dark < _CONTRAST:
        return False
    ink = (row < (paper + dark) / 2).astype(np.int8)
    high = int(np.count_nonzero(ink.any(axis=1)))
    edges = np.diff(ink, axis=1, prepend=0, append=0)
    strokes = (edges > 0).sum(axis=1)
    best = int(np.argmax(strokes))
    if high < _LEAST_ROWS or strokes[best] < max(4, _STROKES * row.shape[1] / high):
        return False
    lengths = np.diff(np.flatnonzero(edges[best])).astype(float)
    runs, gaps = lengths[::2], lengths[1::2]
    return bool(max(runs.std() / runs.mean(), gaps.std() / gaps.mean()) >= _UNEVEN)

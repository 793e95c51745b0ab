"""Rows of print too small for the resolution at which ink is counted: there they look like rulings or dust."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.levels import level_at
from detectors.pages import Pixels

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


def small_rows(page: Pixels, unread: NDArray[np.bool_], dpi: float) -> list[Box]:
    """Boxes of rows of small print, across or down the page, in pixels of `unread`.

    `page` is the gray page in its own resolution, `unread` the ink that no word explains, at `dpi`.
    """
    found = list(_rows(page, unread, dpi))
    found += [
        Box(box.top, box.left, box.bottom, box.right) for box in _rows(np.asarray(page.T), np.asarray(unread.T), dpi)
    ]
    return found


def _rows(page: Pixels, unread: NDArray[np.bool_], dpi: float) -> Iterator[Box]:
    join = 2 * round(_JOIN_IN * dpi / 2) + 1
    joined = cv2.morphologyEx(unread.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, join), np.uint8))
    stats = components(joined)[2][1:]
    shaped = (stats[:, cv2.CC_STAT_HEIGHT] <= _HIGH_IN * dpi) & (stats[:, cv2.CC_STAT_WIDTH] >= _WIDE_IN * dpi)
    rows = sorted(stats[shaped, :4].tolist(), key=lambda box: -box[2])
    down, across = page.shape[0] / unread.shape[0], page.shape[1] / unread.shape[1]
    for left, top, width, height in rows[:_MOST]:
        own = page[
            max(0, round((top - 1) * down)) : round((top + height + 1) * down),
            max(0, round(left * across)) : round((left + width) * across),
        ]
        if _is_print(own):
            # Thin strokes at the ends fall under the contrast of ink.
            yield Box(max(0, left - 2), max(0, top - 1), left + width + 2, top + height + 1)


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

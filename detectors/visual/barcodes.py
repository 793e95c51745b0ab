"""Barcodes and two-dimensional codes, found by zxing-cpp: what they say need not be known to be burned.

A code carries a record number in full, and no reader of words sees it.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels

QUIET_IN: Final = 0.06
"""Grown by this on every side: finder patterns and guard bars stand at the edge of what the decoder gives."""
SAME_BARS: Final = 0.6
"""A row belongs to a linear code while this much of it is alike, bar for bar, with the row that was decoded."""
LIKELY_DPI: Final = 200.0
DARK: Final = 110
DARK_SHARE: Final = 0.15
"""A page with more dark ground than this may show codes light on dark, which linear decoders do not try."""


def barcodes(page: PageRaster) -> tuple[Quad, ...]:
    """The regions of all codes on the page, broken ones too, in source pixels."""
    gray = page.pixels if page.pixels.ndim == 2 else np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    margin = max(round(QUIET_IN * (page.dpi or LIKELY_DPI)), 2)
    found: list[Quad] = []
    codes = zxingcpp.read_barcodes(gray, return_errors=True)
    if (gray[::4, ::4] < DARK).mean() > DARK_SHARE:
        codes += zxingcpp.read_barcodes(255 - gray, return_errors=True)
    for code in codes:
        at = code.position
        corners = [(float(p.x), float(p.y)) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        box = _whole(gray, Box.around(corners)).grown(margin).clipped(page.width, page.height)
        if box is not None:
            found.append(Quad.of(box))
    return tuple(found)


def _whole(gray: Pixels, box: Box) -> Box:
    """The full length of the bars: a linear code is decoded from a few of its rows only."""
    clipped = box.clipped(gray.shape[1], gray.shape[0])
    if clipped is None or max(clipped.width, clipped.height) < 4 * min(clipped.width, clipped.height):
        return box
    if clipped.width >= clipped.height:
        top, bottom = _along(gray[:, clipped.left : clipped.right], clipped.top, clipped.bottom)
        return Box(clipped.left, top, clipped.right, bottom)
    left, right = _along(gray[clipped.top : clipped.bottom].T, clipped.left, clipped.right)
    return Box(left, clipped.top, right, clipped.bottom)


def _along(strip: Pixels, start: int, end: int) -> tuple[int, int]:
    """Rows of the strip, from [start, end) outward, that show the same bars as its middle row."""
    level = (int(strip.min()) + int(strip.max())) / 2
    dark = strip < level
    alike = (dark == dark[(start + end) // 2]).mean(axis=1) >= SAME_BARS
    while start > 0 and alike[start - 1] and dark[start - 1].any():
        start -= 1
    while end < len(alike) and alike[end] and dark[end].any():
        end += 1
    return start, end

"""Specks that a scanner or a line strewed over a page, taken out of what is read: an engine makes signs and words of
them, and of print that they lie among it is not sure.

Only for reading: ink is accounted for, and burned, on the page as it came.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.components import components
from detectors.pages import Pixels

_STREWN: Final = 2.0
"""Specks a square inch from which a page is strewn: of 90 coarse pages those without have under .2, others 5 to 20."""
_LARGEST_IN: Final = 0.03
"""Two pixels at 80 dots an inch. Full stops are as small, and as near to letters as `_AROUND_PX`."""
_STANDS_OUT: Final = 80
"""Levels by which a speck is darker than its paper, at its darkest: grain is not, nor are letters so pale and small
that they fall to pieces."""
_MARKED: Final = 40
"""The same for what may be a letter's, or a part of one that fell to pieces."""
_SHRUNK: Final = 4
_PAPER_PX: Final = 9
"""Paper is told on the page shrunk so, as the median of a window of this side."""
_SMEARED_PX: Final = 5
_AROUND_PX: Final = 11
"""Windows around a speck: what it takes up as a JPEG smears it, and where print would lie that it belongs to."""
_BESIDE: Final = 4
"""Pixels in the one and not in the other that may be marked: those of another speck. Any letter has more."""


def without_specks(gray: Pixels, dpi: float) -> Pixels:
    """The page (height, width) without dark specks that lie apart from print; as it is where there are few."""
    if min(gray.shape) < _SHRUNK * _PAPER_PX:
        return gray
    least = _STREWN * gray.size / dpi**2
    small = cv2.resize(gray, None, fx=1 / _SHRUNK, fy=1 / _SHRUNK, interpolation=cv2.INTER_AREA)
    paper = np.asarray(cv2.resize(cv2.medianBlur(small, _PAPER_PX), gray.shape[::-1]), np.uint8)
    below = np.asarray(cv2.subtract(paper, gray), np.uint8)
    dark = below >= _STANDS_OUT
    if np.count_nonzero(dark) < least:
        return gray
    _, marks, stats, _ = components(dark)
    small = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= max(int(_LARGEST_IN * dpi), 2)
    small[0] = False
    if np.count_nonzero(small) < least:
        return gray
    marked = (below > _MARKED).astype(np.float32)
    around, within = (
        cv2.boxFilter(marked, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
        for side in (_AROUND_PX, _SMEARED_PX)
    )
    small[marks[around - within > _BESIDE + 0.5]] = False
    if np.count_nonzero(small) < least:
        return gray
    specks = cv2.dilate(small[marks].view(np.uint8), np.ones((3, 3), np.uint8)).view(bool)
    return np.where(specks, paper, gray)

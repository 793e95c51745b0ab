"""An initial that no engine read, between two burned pieces of a name: what little stands between boxes on a line goes
with them.

Ink so small is too little to be told from dirt by itself; between what burned on both sides it is the rest of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from detectors.components import components
from detectors.geometry import Box, Quad
from detectors.levels import ranked
from detectors.pages import Pixels
from policies.masking.boxes import MERGE_GAP, TALL
from policies.masking.edges import LEAST_CONTRAST, LEVEL, STEEPEST

WIDEST: Final = 4.0
"""Line heights: an initial, its stop and the blanks about them, in type of one pitch too."""
LOWEST: Final = 0.4
"""Of the line's height: lower are stops, dashes and dirt."""
MOST: Final = 2
"""Letters: more are a word, which an engine would have found."""


def enclosed(pixels: Pixels, burned: Sequence[Quad], words: Sequence[Quad]) -> list[Quad]:
    """The letters, two at most, that stand between burned regions of one line where none of the page's `words` does.

    `pixels` are the page's, of shape (height, width) or (height, width, 3). Where the gap is narrower the boxes grow
    into one without being asked.
    """
    upright = [quad.bounds for quad in burned if abs(quad.angle) <= STEEPEST]
    sides = np.array([(b.left, b.top, b.right, b.bottom) for b in dict.fromkeys(upright)], np.int64).reshape(-1, 4)
    middles = np.array([_middle(quad.bounds) for quad in words], np.float64).reshape(-1, 2)
    found = []
    for left, top, right, bottom in sides.tolist():
        high = bottom - top
        shared = np.minimum(sides[:, 3], bottom) - np.maximum(sides[:, 1], top)
        heights = sides[:, 3] - sides[:, 1]
        on_line = (shared * 2 >= np.minimum(heights, high)) & (
            np.maximum(heights, high) <= TALL * np.minimum(heights, high)
        )
        ahead = sides[on_line & (sides[:, 0] >= right - high // 2) & (sides[:, 0] > left)]
        if not len(ahead):
            continue
        near = ahead[np.argmin(ahead[:, 0])]
        if MERGE_GAP * high < int(near[0]) - right <= WIDEST * high:
            gap = Box(right, min(top, int(near[1])), int(near[0]), max(bottom, int(near[3])))
            found += [] if _holds(gap, middles) else _letters(pixels, gap, high)
    return found


def _middle(box: Box) -> tuple[float, float]:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _holds(gap: Box, middles: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bool:
    x, y = middles[:, 0], middles[:, 1]
    return bool(((x > gap.left) & (x < gap.right) & (y > gap.top) & (y < gap.bottom)).any())


def _letters(pixels: Pixels, gap: Box, high: int) -> list[Quad]:
    window = gap.clipped(pixels.shape[1], pixels.shape[0])
    if window is None:
        return []
    shown = pixels[window.top : window.bottom, window.left : window.right]
    gray = shown if shown.ndim == 2 else np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), np.uint8)
    darkest, paper = ranked(gray, 0, gray.size * 9 // 10)
    if paper - darkest < LEAST_CONTRAST:
        return []
    count, _, stats, _ = components((gray < paper - LEVEL * (paper - darkest)).astype(np.uint8))
    tall = [row for row in stats[1:count].tolist() if row[3] >= LOWEST * high and row[2] <= high]
    if not 0 < len(tall) <= MOST:
        return []
    return [
        Quad.of(
            Box(window.left + x - 1, window.top + y - 1, window.left + x + across + 1, window.top + y + down + 1)
        )  # and its soft edge
        for x, y, across, down, _ in tall
    ]

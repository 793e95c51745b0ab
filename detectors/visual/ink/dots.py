"""Print that is made of dots, as a needle printer's is: each of them is a speck, and no letter hangs together."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box

_APART_IN: Final = 0.06
"""Dots of one stroke are nearer than this."""
_BESIDE_IN: Final = 0.2
"""Letters of one line are nearer than this."""
_LOW_IN: Final = 0.07
"""Lower rows are dotted leaders and rulings, one dot high."""
_HIGH_IN: Final = 0.8
_WIDE_IN: Final = 0.2
_LEAST_DOTS: Final = 12
"""Two digits of the coarsest type; fewer are dirt."""
_DENSER: Final = 4.0
"""Dots a square inch, in multiples of the page's other specks: noise gathers by chance where it is everywhere."""
_FULL: Final = 0.9
"""Share of its box that a shaded area's dots fill when they are joined; letters leave gaps."""


def dotted_lines(specks: NDArray[np.bool_], bars: NDArray[np.bool_], dpi: float) -> tuple[NDArray[np.bool_], list[Box]]:
    """Which of the specks are dots of print, and the boxes of its lines; all masks of shape (height, width).

    What lies at dark `bars` and holes is their ragged rim.
    """
    rim = 2 * round(_APART_IN * dpi) + 1
    specks = specks & ~cv2.dilate(bars.astype(np.uint8), np.ones((rim, rim), np.uint8)).astype(bool)
    count, _, _, centres = components(specks)
    if count <= _LEAST_DOTS:
        return np.zeros_like(specks), []
    xs, ys = centres[1:].astype(int).T
    # Dots on a slant do not join by a closing.
    reach, beside = round(_APART_IN / 2 * dpi), 2 * round(_BESIDE_IN * dpi / 2) + 1
    low, wide = _LOW_IN * dpi + 2 * reach, _WIDE_IN * dpi + 2 * reach
    strokes = cv2.dilate(specks.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    _, parts, stats, _ = components(strokes)
    # What is one dot high and wide is a leader's, or stands alone.
    size = np.maximum(stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH])
    strokes *= (size >= low).astype(np.uint8).take(parts)
    if not strokes.any():
        return np.zeros_like(specks), []
    lines = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((1, beside), np.uint8))
    _, parts, stats, _ = components(lines)
    members = np.bincount(parts[ys, xs], minlength=len(stats))
    filled = np.bincount(parts[strokes > 0], minlength=len(stats))
    across, down = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    area = across * down
    high = np.minimum(across, down)
    shaped = (high >= low) & (high <= _HIGH_IN * dpi) & (np.maximum(across, down) >= wide)
    others = (count - 1 - members) / np.maximum(specks.size - area, 1)
    chosen = shaped & (members >= _LEAST_DOTS) & (members >= _DENSER * others * area) & (filled <= _FULL * area)
    chosen[0] = False
    if not chosen.any():
        return np.zeros_like(specks), []
    boxes = [Box(x + reach, y + reach, x + w - reach, y + h - reach) for x, y, w, h in stats[chosen, :4].tolist()]
    return specks & chosen[parts], boxes

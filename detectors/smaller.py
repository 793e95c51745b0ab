"""Pages made smaller for what is looked at from afar."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels

_LINEAR: Final = 0.6
"""Share of its side from which a linear filter leaves out no pixel: every one has a third of its weight at least."""


def smaller(levels: Pixels, size: tuple[int, int]) -> Pixels:
    """A gray raster at this width and height, neither larger than its own.

    Means of areas to a few levels, at a third of their cost: halved as long as may be, which is done at once, and what
    is left is mostly so little that a linear filter does it.
    """
    width, height = size
    while levels.shape[1] >= 2 * width and levels.shape[0] >= 2 * height:
        # Of an odd side the last line is a mean with itself.
        odd = (levels.shape[0] % 2, levels.shape[1] % 2)
        even = cv2.copyMakeBorder(levels, 0, odd[0], 0, odd[1], cv2.BORDER_REPLICATE) if any(odd) else levels
        half = (even.shape[1] // 2, even.shape[0] // 2)
        levels = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
    near = width >= _LINEAR * levels.shape[1] and height >= _LINEAR * levels.shape[0]
    how = cv2.INTER_LINEAR if near else cv2.INTER_AREA
    return np.asarray(cv2.resize(levels, size, interpolation=how), np.uint8)

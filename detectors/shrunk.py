"""A page made small: means of areas take OpenCV thirty times as long at other ratios as at a half."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels

LINEAR: Final = 0.6
"""Scale from which a linear filter leaves out no pixel: every one has a third of its weight at least."""


def shrunk(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """A page (height, width), or with channels behind them, at that width and height, neither above its own: halved as
    often as can be, the rest by a linear filter, or by means of areas where that would leave out pixels.

    Of an odd side the last pixel goes with each half.
    """
    wide, high = size
    while pixels.shape[1] >= 2 * wide and pixels.shape[0] >= 2 * high:
        half = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        whole = pixels[: 2 * half[1], : 2 * half[0]]
        pixels = np.asarray(cv2.resize(whole, half, interpolation=cv2.INTER_AREA), np.uint8)
    left = min(wide / pixels.shape[1], high / pixels.shape[0])
    how = cv2.INTER_LINEAR if left >= LINEAR else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)

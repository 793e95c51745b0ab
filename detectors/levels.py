"""Gray levels by counting: what sorting the pixels would answer, at a tenth of its cost."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels


def counted(levels: Pixels, where: Pixels | None = None) -> NDArray[np.int64]:
    """How many pixels have each level, shape (256,); `levels` is (height, width), of any size but none.

    Of those alone where `where` is not 0, if it is given.
    """
    return np.asarray(cv2.calcHist([levels], [0], where, [256], [0, 256])).ravel().astype(np.int64)


def level_at(levels: Pixels, percent: float, where: Pixels | None = None) -> float:
    """The level under which so much of the pixels lies, by linear interpolation, as `percentile` of numpy has it."""
    below = counted(levels, where).cumsum()
    last = int(below[-1]) - 1
    rank = last * (percent / 100)
    low, high = np.searchsorted(below, (int(rank), min(int(rank) + 1, last)), side="right").tolist()
    return float(low + (high - low) * (rank - int(rank)))


def ranked(levels: Pixels, *ranks: int) -> list[int]:
    """The levels at these places of all pixels in ascending order."""
    found: list[int] = np.searchsorted(counted(levels).cumsum(), ranks, side="right").tolist()
    return found

"""Percentiles of gray levels by counting: what `percentile` of numpy answers, without sorting the pixels."""

from __future__ import annotations

import cv2
import numpy as np

from detectors.pages import Pixels


def level_at(levels: Pixels, percent: float) -> float:
    """The level under which so much of the pixels lies, by linear interpolation; `levels` is (height, width), of any
    size but none."""
    below = np.asarray(cv2.calcHist([levels], [0], None, [256], [0, 256])).ravel().astype(np.int64).cumsum()
    rank = (levels.size - 1) * (percent / 100)
    first = int(rank)
    low, high = np.searchsorted(below, (first, min(first + 1, levels.size - 1)), side="right").tolist()
    return float(low + (high - low) * (rank - first))

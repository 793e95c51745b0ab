"""How lines of print lie on a page: by how many degrees they lean, and whether they run down the page."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels
from detectors.shrunk import shrunk

SMALL_PX: Final = 800
"""Long side of the picture that is measured: ten-point lines are still 8 pixels apart."""

FEEDER_DEG: Final = 8.0
"""A sheet in a feeder leans by less: what lies beyond is looked for only where no lean up to here stands out,"""

USUAL_DEG: Final = 3.0
"""or one that does is more than most sheets have: rows of a form that leans by 14 degrees stand out at 7.5 as well."""

MAX_SKEW_DEG: Final = 18.0
"""A sheet laid on the glass by hand, and what a feeder adds."""

MIN_SKEW_DEG: Final = 0.3
"""Tesseract follows lines that lean less; turning costs sharpness."""

_COARSE_DEG, _FINE_DEG = 0.5, 0.1
_NARROWER: Final = 4
_CLOSE_DEG: Final = 0.2
"""A likely lean is no further from the one that is sharpest on the picture itself."""
_CLEARER: Final = 1.15
"""A lean is believed where it makes the lines this much sharper than no lean does."""
_STANDS_OUT: Final = 1.5
"""Lines of print are this much sharper along their lean than along most others."""
_SIDEWAYS: Final = 2.0
"""Print runs down the page where columns are this much sharper than rows."""
_MIN_INK: Final = 0.002


def ink(gray: Pixels) -> Pixels:
    """A small picture of the page's print: 255 for ink, 0 for paper, whatever the light."""
    return _darker(shrunk(gray, _small(gray)))


def _small(gray: Pixels) -> tuple[int, int]:
    """Width and height of the picture that is measured."""
    factor = min(SMALL_PX / max(gray.shape), 1.0)
    return max(round(gray.shape[1] * factor), 1), max(round(gray.shape[0] * factor), 1)


def _darker(small: Pixels) -> Pixels:
    """255 where a pixel is darker than those around it."""
    marks = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    return np.asarray(marks, np.uint8)


def has_print(marks: Pixels) -> bool:
    return float(marks.mean()) >= 255 * _MIN_INK


def skew_deg(marks: Pixels) -> float:
    """Degrees by which lines run down to the right; 0.0 where they do not lean, or nothing can be told."""
    if not has_print(marks) or min(marks.shape) < 2:
        return 0.0
    likely = _likely_deg(marks)
    if abs(likely) < MIN_SKEW_DEG - _CLOSE_DEG:
        return 0.0
    around = round(_CLOSE_DEG / _FINE_DEG)
    best: float = max((likely + i * _FINE_DEG for i in range(-around, around + 1)), key=lambda a: _sharpness(marks, a))
    if abs(best) < MIN_SKEW_DEG or abs(best) >= MAX_SKEW_DEG:
        return 0.0
    clearer = _sharpness(marks, best) >= _CLEARER * _sharpness(marks, 0.0)
    return best if clearer else 0.0


def _likely_deg(marks: Pixels) -> float:
    """The lean along which lines are sharpest, by a picture so narrow that it is had at once: first in coarse steps."""
    narrow = _narrowed(marks, 1)
    low = _narrowed(marks, 2)
    near, far = round(FEEDER_DEG / _COARSE_DEG), round(MAX_SKEW_DEG / _COARSE_DEG)
    found = {i * _COARSE_DEG: _sharpness_of(low, i * _COARSE_DEG, 2) for i in range(-near, near + 1)}
    best = max(found, key=found.__getitem__)
    if abs(best) > USUAL_DEG or found[best] < _STANDS_OUT * float(np.median(list(found.values()))):
        beyond = (i * _COARSE_DEG * side for i in range(near + 1, far + 1) for side in (-1, 1))
        found |= {degrees: _sharpness_of(low, degrees, 2) for degrees in beyond}
    coarse = max(found, key=found.__getitem__)
    around = round(_COARSE_DEG / _FINE_DEG)
    return max((coarse + i * _FINE_DEG for i in range(-around, around + 1)), key=lambda a: _sharpness_of(narrow, a, 1))


def _narrowed(marks: Pixels, lower: int) -> Pixels:
    """The marks a `lower`-th as high, and a quarter as wide: along a line of print nothing is lost by it."""
    size = (max(marks.shape[1] // _NARROWER, 1), max(marks.shape[0] // lower, 1))
    return np.asarray(cv2.resize(marks, size, interpolation=cv2.INTER_AREA), np.uint8)


def _sharpness_of(narrowed: Pixels, angle_deg: float, lower: int) -> float:
    """`_sharpness` of marks that were narrowed, their columns moved rather than turned."""
    height, width = narrowed.shape
    if angle_deg:
        step = math.tan(math.radians(angle_deg)) * _NARROWER / lower
        moved = np.array([[1.0, 0.0, 0.0], [-step, 1.0, step * (width - 1) / 2]])
        narrowed = np.asarray(cv2.warpAffine(narrowed, moved, (width, height)), np.uint8)
    return _changes(narrowed)


def runs_down(marks: Pixels) -> bool:
    """Whether lines of print run down the page rather than across."""
    across, down = _sharpness(marks, 0.0), _sharpness(np.ascontiguousarray(marks.T), 0.0)
    return has_print(marks) and down > _SIDEWAYS * across


def _sharpness(marks: Pixels, angle_deg: float) -> float:
    """How abruptly ink changes from row to row after turning the page back by the angle."""
    height, width = marks.shape
    if angle_deg:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
        marks = np.asarray(cv2.warpAffine(marks, turn, (width, height)), np.uint8)
    return _changes(marks)


def _changes(marks: Pixels) -> float:
    rows = np.asarray(cv2.reduce(marks, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F), np.float64).ravel()
    steps = np.diff(rows)
    return float(np.dot(steps, steps)) / float(marks.shape[0])

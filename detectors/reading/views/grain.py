"""What a scanner lays over a page of few pixels, taken out of what is read: specks, moiré, grain, and uneven light.

Only for reading: ink is accounted for, and burned, on the page as it came.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.levels import level_at
from detectors.pages import Pixels
from detectors.reading.views.sharpen import sharpened
from detectors.reading.views.specks import without_specks

COARSE_DPI: Final = 130.0
"""Up to it a page is enlarged for reading, and its grain with it; in finer pages strokes are wider than grain."""
NOISY: Final = 2.0
"""Levels of noise (sigma) from which grain is smoothed away between the strokes and not across them. Of 14 poor pages
at 80 to 120 dpi, of the own set of another seed, .59 of the words were read before and .83 after where there was so
much."""
_SAME_INK: Final = 40.0
_REACH_PX: Final = 1.5
"""Sigmas of that smoothing: in levels less than print is darker than its paper, in pixels a stroke and its rim."""
_SOFT_PX: Final = 0.5
"""Sigma of the blur of pages with less: a JPEG has made blocks of its grain."""
_LIGHT_STEP: Final = 4
_LIGHT_PX: Final = 21
"""Light is told on the page shrunk by the step, as the median of a window of this side: wider than lines of print."""
_BAR_PX: Final = 25
"""Dark ground up to this size in the shrunk page is a bar or a picture, and no shadow."""
_DARK_GROUND: Final = 0.5
"""Share of the page's usual paper that stands in for ground darker still."""
_INKED: Final = 0.7
"""Percent of the page's pixels that are the heart of its strokes."""
_PALEST: Final = 20.0
_TO_INK: Final = 150.0
"""Levels from white that print is given: an engine tells ink by one level for the whole page, and takes a pale
page under falling light for a picture. Of 14 poor pages of the own set, .937 of the words were found before and .995
after, .80 of those of identifiers read right before and .84 after."""
_INK: Final = 35
"""Levels from the paper that are ink, and no moiré."""
_STANDS_OUT: Final = 3.0
_ALONE: Final = 1.0
"""Natural logarithms by which a wave is stronger than others of about its length, and than any of nearly its own: the
rows and rulings of a page make ridges of many lengths."""
_LONGEST_PX: Final = 33.0
_AROUND: Final = 31
_RING: Final = 7
_WIDTH: Final = 2
_MOST_WAVES: Final = 200
_LAPLACE: Final = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""Its answer to white noise of sigma 1 is 6, and to even slopes nothing (Immerkær 1996)."""


def quieted(gray: Pixels, dpi: float, *, in_even_light: bool = True) -> Pixels:
    """The page (height, width) without specks and moiré, its grain smoothed, in even light; a page of fine pixels as it
    is, and a blurred one sharp, whatever its pixels."""
    if min(gray.shape) < 2 * _AROUND:
        return gray
    if dpi <= COARSE_DPI:
        gray = without_specks(gray, dpi)
    if (sharp := sharpened(gray)) is not None:
        return lit(sharp) if in_even_light else sharp
    if dpi > COARSE_DPI:
        return gray
    even = without_moire(gray)
    soft = smoothed(even) if noise(even) >= NOISY else np.asarray(cv2.GaussianBlur(even, (0, 0), _SOFT_PX), np.uint8)
    return lit(soft) if in_even_light else soft


def lit(gray: Pixels) -> Pixels:
    """The page on white paper, whatever light fell on it, its print dark; dark bars and what is light on them stay."""
    size = (gray.shape[1] // _LIGHT_STEP, gray.shape[0] // _LIGHT_STEP)
    small = cv2.medianBlur(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), _LIGHT_PX)
    small = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_BAR_PX, _BAR_PX), np.uint8))
    usual = level_at(small, 50)
    paper = cv2.resize(np.maximum(small, np.uint8(_DARK_GROUND * usual)), gray.shape[::-1])
    darker = np.asarray(cv2.subtract(paper, gray), np.uint8)
    ink = max(level_at(darker, 100 - _INKED), _PALEST)
    shown = np.clip(255.0 - np.arange(256) * max(_TO_INK / ink, 1.0), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(darker, shown), np.uint8)


def smoothed(gray: Pixels) -> Pixels:
    """Smoothed where neighbours differ by less than ink from paper."""
    return np.asarray(cv2.bilateralFilter(gray, 5, _SAME_INK, _REACH_PX), np.uint8)


def noise(gray: Pixels) -> float:
    """Sigma of the page's noise in levels: print is on few of its pixels, and the median does not see it."""
    below = np.bincount(np.abs(cv2.filter2D(gray, cv2.CV_16S, _LAPLACE)).ravel()).cumsum()
    low, high = np.searchsorted(below, ((gray.size - 1) // 2, gray.size // 2), side="right").tolist()
    return float(low + high) / 2 / 0.6745 / 6


def without_moire(gray: Pixels) -> Pixels:
    """The page without the few even waves that lie over all of it, as they show on its paper."""
    paper = cv2.medianBlur(cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), 9)
    ground = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    above = gray.astype(np.float32) - ground
    bare = np.abs(above) < _INK
    share = float(bare.mean())
    if share < 0.5:
        return gray
    above[~bare] = 0.0
    window = np.outer(*(np.hanning(side).astype(np.float32) for side in gray.shape))
    waves = _waves(np.log(np.abs(np.fft.rfft2(above * window)) + 1.0).astype(np.float32), gray.shape[0])
    if not len(waves):
        return gray
    kept = np.zeros((gray.shape[0], gray.shape[1] // 2 + 1), np.float32)
    for row, column in waves.tolist():
        rows = np.arange(row - _WIDTH, row + _WIDTH + 1) % gray.shape[0]
        kept[rows, max(column - _WIDTH, 0) : column + _WIDTH + 1] = 1.0
    moire = np.fft.irfft2(np.fft.rfft2(above) * kept, s=gray.shape) / share
    return np.asarray(np.clip(gray - moire, 0, 255), np.uint8)


def _waves(strength: NDArray[np.float32], height: int) -> NDArray[np.intp]:
    """Rows and columns (n, 2) of the spectrum that hold a wave for itself; `strength` is its logarithm."""
    width = 2 * (strength.shape[1] - 1)
    down, across = np.abs(np.fft.fftfreq(height))[:, None], (np.arange(strength.shape[1]) / width)[None, :]
    short = np.hypot(down, across) > 1 / _LONGEST_PX
    found = np.argwhere(short & (strength - cv2.blur(strength, (_AROUND, _AROUND)) > _STANDS_OUT))
    if not 0 < len(found) <= _MOST_WAVES:
        return np.zeros((0, 2), np.intp)
    turn = np.linspace(0, 2 * np.pi, 8 * _RING, endpoint=False)
    rows = (found[:, :1] + np.rint(_RING * np.sin(turn)).astype(int)) % height
    columns = np.clip(found[:, 1:] + np.rint(_RING * np.cos(turn)).astype(int), 0, strength.shape[1] - 1)
    alone = strength[found[:, 0], found[:, 1]] - strength[rows, columns].max(axis=1) > _ALONE
    return np.asarray(found[alone], np.intp)

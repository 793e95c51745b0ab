"""A blurred page made sharp for reading, as far as its blur was even: a scanner out of focus, or a copy of a copy.

Only for reading: ink is accounted for, and burned, on the page as it came.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.levels import level_at
from detectors.pages import Pixels

BLURRED: Final = 0.36
"""Steepest steps of a page, as a share of the contrast of its print, up to which it is blurred: pages blurred by 1.4
pixels and more have .17 to .34, others from .41 on."""
_SIGMA: Final = 0.35
"""A Gaussian blur's steepest step, times its sigma: of an edge 1 / sqrt(2 pi), of a thin stroke a little less."""
_NOISE: Final = 0.03
"""Power of noise by that of print that Wiener's filter is given. On six pages blurred so .36 of the words were read
right before and .63 after; with .005 fewer of them, and pages that are less blurred lose by any."""
_STEEPEST: Final = 99.2
"""Percent of the pixels of tiles with print: strokes are on few of them, and a code or a ruling on fewer. Over all of a
page a few words would have none of the steepest pixels to themselves, and pass for blurred."""
_DARKEST: Final = 99.97
"""Percent of all pixels: what is as dark as print at its darkest. A tile has print where it comes up to half of it."""
_TILE: Final = (8, 24)
"""Of the rows that are looked at, and columns."""
_SPECKS: Final = 3
"""Pixels of a tile that may be darker than its print."""
_EVERY: Final = 3
"""One row in so many is looked at."""
_SHRUNK: Final = 4
_PAPER_PX: Final = 21
_RIM_PX: Final = 16
"""The page is mirrored so far beyond its edges, which would ring."""


def sharpened(gray: Pixels) -> Pixels | None:
    """The page (height, width) without its blur, by Wiener's filter; None where it has none."""
    steepness = _steepness(gray)
    if not 0.0 < steepness <= BLURRED:
        return None
    height, width = gray.shape
    rows, columns = (cv2.getOptimalDFTSize(side + 2 * _RIM_PX) for side in (height, width))
    edges = (_RIM_PX, rows - height - _RIM_PX, _RIM_PX, columns - width - _RIM_PX)
    spread = cv2.copyMakeBorder(gray, *edges, cv2.BORDER_REFLECT).astype(np.float32)
    down, across = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(columns)[None, :]
    passed = np.exp(-2 * (np.pi * _SIGMA / steepness) ** 2 * (down**2 + across**2))
    sharp = np.fft.irfft2(np.fft.rfft2(spread) * passed * (1 + _NOISE) / (passed**2 + _NOISE), s=spread.shape)
    page = sharp[_RIM_PX : _RIM_PX + height, _RIM_PX : _RIM_PX + width]
    return np.asarray(np.clip(np.rint(page), 0, 255), np.uint8)


def _steepness(gray: Pixels) -> float:
    """The steepest steps between neighbours in a row, as a share of the contrast of print; 0.0 without print."""
    height, width = gray.shape
    small = cv2.resize(gray, (width // _SHRUNK, height // _SHRUNK), interpolation=cv2.INTER_AREA)
    seen = gray[::_EVERY]
    paper = cv2.resize(cv2.medianBlur(small, _PAPER_PX), (width, len(seen)), interpolation=cv2.INTER_LINEAR)
    below, steps = _tiles(cv2.subtract(paper, seen)[:, 1:]), _tiles(cv2.absdiff(seen[:, 1:], seen[:, :-1]))
    if not below.size:
        return 0.0
    darkest = np.partition(below, -1 - _SPECKS, axis=1)[:, -1 - _SPECKS]
    printed = darkest >= level_at(below, _DARKEST) / 2
    contrast = level_at(below[printed], _STEEPEST)
    return level_at(steps[printed], _STEEPEST) / contrast if contrast > 0 else 0.0


def _tiles(levels: Pixels) -> Pixels:
    """(tiles, pixels of each), from the upper left corner as far as whole ones go."""
    rows, columns = _TILE
    down, across = levels.shape[0] // rows, levels.shape[1] // columns
    whole = levels[: down * rows, : across * columns].reshape(down, rows, across, columns)
    return np.ascontiguousarray(whole.transpose(0, 2, 1, 3).reshape(down * across, rows * columns))

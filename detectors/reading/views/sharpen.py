"""A blurred page made sharp for reading, as far as its blur was even: a scanner out of focus, or a copy of a copy.

Only for reading: ink is accounted for, and burned, on the page as it came.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

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
    return unblurred(gray, steepness)


def unblurred(gray: Pixels, steepness: float) -> Pixels:
    """The page without the blur that leaves its steepest steps this share of the contrast of its print."""
    height, width = gray.shape
    # Even sides, as their spectra are packed most simply.
    rows, columns = (2 * cv2.getOptimalDFTSize(-(-(side + 2 * _RIM_PX) // 2)) for side in (height, width))
    edges = (_RIM_PX, rows - height - _RIM_PX, _RIM_PX, columns - width - _RIM_PX)
    waves = cv2.dft(cv2.copyMakeBorder(gray, *edges, cv2.BORDER_REFLECT).astype(np.float32))
    passed = _passed((rows, columns), -2 * (np.pi * _SIGMA / steepness) ** 2)
    waves *= passed * np.float32(1 + _NOISE) / (passed**2 + np.float32(_NOISE))
    sharp = cv2.idft(waves, flags=cv2.DFT_SCALE | cv2.DFT_REAL_OUTPUT)
    page = sharp[_RIM_PX : _RIM_PX + height, _RIM_PX : _RIM_PX + width]
    return np.asarray(np.clip(np.rint(page), 0, 255), np.uint8)


def _passed(shape: tuple[int, int], exponent: float) -> NDArray[np.float32]:
    """What a Gaussian blur leaves of each wave of a page of this shape, in the order in which OpenCV packs a spectrum:
    real and imaginary parts by turns along the rows, and down the first and the last column."""
    rows, columns = shape
    down, half, across = (
        np.exp(exponent * waves**2).astype(np.float32)
        for waves in (np.fft.fftfreq(rows), np.fft.rfftfreq(rows), np.fft.rfftfreq(columns))
    )
    high, wide = (np.concatenate((side[:1], side[1:-1].repeat(2), side[-1:])) for side in (half, across))
    found = np.outer(down, wide)
    found[:, 0], found[:, -1] = high * across[0], high * across[-1]
    return np.asarray(found, np.float32)


def _steepness(gray: Pixels) -> float:
    """The steepest steps between neighbours in a row, as a share of the contrast of print; 0.0 without print."""
    height, width = gray.shape
    small = cv2.resize(gray, (width // _SHRUNK, height // _SHRUNK), interpolation=cv2.INTER_AREA)
    seen = gray[::_EVERY]
    paper = cv2.resize(cv2.medianBlur(small, _PAPER_PX), (width, len(seen)), interpolation=cv2.INTER_LINEAR)
    below, steps = cv2.subtract(paper, seen)[:, 1:], cv2.absdiff(seen[:, 1:], seen[:, :-1])
    (high, wide), down, across = _TILE, len(seen) // _TILE[0], (width - 1) // _TILE[1]
    if not down or not across:
        return 0.0
    below, steps = (levels[: down * high, : across * wide] for levels in (below, steps))
    # The mean over a tile of so much for each pixel is their number.
    dark = (below >= level_at(below, _DARKEST) / 2).astype(np.uint8) * np.uint8(high * wide)
    printed = cv2.resize(dark, (across, down), interpolation=cv2.INTER_AREA) > _SPECKS
    where = cv2.resize(printed.astype(np.uint8), below.shape[::-1], interpolation=cv2.INTER_NEAREST)
    contrast = level_at(below, _STEEPEST, where)
    return level_at(steps, _STEEPEST, where) / contrast if contrast > 0 else 0.0

"""Page rasters out of decoded pixels: gray where there is no colour, square pixels, a believable resolution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from detectors.pages import PageRaster, Pixels

COLOUR_SPREAD: Final = 16
"""Channels further apart than this at any pixel are colour; less is the noise of a scanner's chroma."""

BAND_ROWS: Final = 128
"""Of 32,767 pixels a row at most."""

_WITHIN: Final = b"\xff\xff\x00"

MIN_DPI, MAX_DPI = 50.0, 1_200.0
MIN_PAPER_IN, MAX_PAPER_IN = 1.0, 24.0
"""Cameras write 72 dpi into pictures of 4,000 pixels: a paper beyond these sizes means that the tag says nothing."""


def raster(pixels: Pixels, x_dpi: float, y_dpi: float, *, bilevel: bool = False, lossy: bool = False) -> PageRaster:
    """A page of gray (height, width) or RGB (height, width, 3) pixels; resolutions of 0 mean unknown."""
    pixels = _without_idle_colour(pixels)
    pixels, x_dpi, y_dpi = _squared(pixels, x_dpi, y_dpi)
    dpi = _believable((x_dpi + y_dpi) / 2, pixels.shape[1], pixels.shape[0])
    return PageRaster(np.ascontiguousarray(pixels), dpi, bilevel and is_bilevel(pixels), lossy)


def bands(height: int) -> Iterator[slice]:
    """The rows of a page, some at a time: what is worked out on wider numbers takes a few megabytes, not a page."""
    return (slice(top, min(top + BAND_ROWS, height)) for top in range(0, height, BAND_ROWS))


def is_bilevel(pixels: Pixels) -> bool:
    return pixels.ndim == 2 and bool(((pixels == 0) | (pixels == 255)).all())


def _without_idle_colour(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2:
        return pixels
    if all(_is_gray(pixels[rows]) for rows in bands(pixels.shape[0])):
        return np.ascontiguousarray(pixels[:, :, 0])
    if any(_spread(pixels[rows]) > COLOUR_SPREAD for rows in bands(pixels.shape[0])):
        return pixels
    gray = np.empty(pixels.shape[:2], np.uint8)
    for rows in bands(pixels.shape[0]):
        # Rec. 601 luma in integers: the three weights sum to 2 ** 16.
        red, green, blue = (pixels[rows, :, channel].astype(np.uint32) for channel in range(3))
        gray[rows] = (red * 19595 + green * 38470 + blue * 7471 + 32768) >> 16
    return gray


def _is_gray(pixels: Pixels) -> bool:
    """Whether the channels say the same everywhere, as those of most rendered pages do."""
    # Neighbours in one row of bytes: a third of the time of comparing every third byte with every third.
    samples = pixels.reshape(-1)
    steps = samples[1:] ^ samples[:-1]
    steps &= _within(len(steps))
    return not steps.any()


@lru_cache(maxsize=2)
def _within(length: int) -> Pixels:
    """Of so many steps between samples, all bits of those within a pixel of three, and none of those to the next."""
    # A process that decodes one document comes here once: numpy takes as long to repeat three numbers as to render.
    return np.frombuffer(_WITHIN * (length // len(_WITHIN) + 1), np.uint8, length)


def _spread(pixels: Pixels) -> int:
    """How far apart the channels of any pixel are."""
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    high = np.maximum(np.maximum(red, green), blue)
    low = np.minimum(np.minimum(red, green), blue)
    return int((high - low).max())


def _squared(pixels: Pixels, x_dpi: float, y_dpi: float) -> tuple[Pixels, float, float]:
    """Repeats the rows of a standard fax (204 x 98 dpi) so that print has its own proportions; adds no gray."""
    if x_dpi <= 0 or y_dpi <= 0:
        return pixels, x_dpi, y_dpi
    times = round(max(x_dpi, y_dpi) / min(x_dpi, y_dpi))
    if not 2 <= times <= 4:
        return pixels, x_dpi, y_dpi
    if x_dpi > y_dpi:
        return np.repeat(pixels, times, axis=0), x_dpi, y_dpi * times
    return np.repeat(pixels, times, axis=1), x_dpi * times, y_dpi


def _believable(dpi: float, width: int, height: int) -> float:
    if not math.isfinite(dpi) or not MIN_DPI <= dpi <= MAX_DPI:
        return 0.0
    long_in, short_in = max(width, height) / dpi, min(width, height) / dpi
    return float(dpi) if long_in <= MAX_PAPER_IN and short_in >= MIN_PAPER_IN else 0.0

"""Whether a frame shows a body or a sheet of paper: by its pixels, for a scanned letter comes in the same files."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.levels import counted
from detectors.pages import Pixels, Source

_SIDE_PX: Final = 256
"""Looked at so small, print is a pixel or two high."""
_STROKES_PX: Final = 7
"""Of the median that takes print away and leaves tones."""
_BAND: Final = 40
"""Gray levels that one ground spans; noise stays within."""
_GROUND: Final = 0.45
"""Share of the frame within so few levels from which they are its ground."""
_DARK: Final = 90
"""Screens and the surroundings of a body are darker; photographed paper is lighter."""
_TONE: Final = 25
"""Levels from the ground."""
_LEAST: Final = 0.02
"""Share of the frame that is toned: a body fills more, and what is left of bars and headings less."""
_PAPER, _LIGHT = 150, 185
"""Levels of paper in the shadow of a photograph, and in a scan."""
_SHEET: Final = 0.35
"""Share of paper from which a frame may be a sheet that lies on a dark table."""


def is_picture(pixels: Pixels, source: Source) -> bool:
    """Whether a frame, gray (height, width) or RGB, shows tones over an area, with no paper around its print.

    In doubt it is paper, whose ink must be explained: what is light all over and even, and what is dark with print
    alone on it. Of what a device took the doubt is less: there only what is as light as paper is taken for it.
    """
    if source is Source.FILE:
        return False
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    factor = _SIDE_PX / max(gray.shape)
    size = (max(1, round(gray.shape[1] * factor)), max(1, round(gray.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_NEAREST
    small = np.asarray(cv2.resize(gray, size, interpolation=how), np.uint8)
    bare = np.asarray(cv2.medianBlur(small, _STROKES_PX), np.uint8)
    if source is Source.DEVICE:
        return not _has_sheet(bare, _LIGHT)
    shares = np.convolve(counted(bare) / bare.size, np.ones(_BAND))
    most = int(shares.argmax())
    if shares[most] >= _GROUND and (most - _BAND / 2 >= _DARK or float((bare > most + _TONE).mean()) < _LEAST):
        return False
    return not _has_sheet(bare, _PAPER)


def _has_sheet(bare: Pixels, least: int) -> bool:
    """Whether a third of it is even, and as light as paper is `least`."""
    even = np.convolve(counted(bare) / bare.size, np.ones(_BAND))[least + _BAND :]
    return float(even.max(initial=0)) >= _SHEET

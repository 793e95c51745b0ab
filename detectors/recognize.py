"""Recognizes a page: reads it, accounts for its ink, and looks again where too much of it went unread."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from detectors.pages import PageRaster, PageReading
from detectors.reading.engine import Engine
from detectors.reading.read import read_page
from detectors.visual.ink import InkReport, unexplained

LOOK_AGAIN_SHARE: Final = 0.05
"""Share of the page's ink that no confident word explains, above which the engine has lost whole lines."""
SOFTENING_PX: Final = 1.0
"""Sigma of the blur for the second look. On sparse pages with sensor noise Tesseract takes the grain for a picture
and reads nothing; softened, it reads every line."""


def recognize(page: PageRaster, engine: Engine) -> tuple[PageReading, InkReport]:
    """The reading that explains more of the ink, and what it leaves unexplained.

    Raises RedoubtError(READER_FAILED).
    """
    reading = read_page(page, engine)
    ink = unexplained(page, reading)
    if ink.share <= LOOK_AGAIN_SHARE:
        return reading, ink
    soft = np.asarray(cv2.GaussianBlur(page.pixels, (0, 0), SOFTENING_PX), np.uint8)
    again = read_page(replace(page, pixels=soft, bilevel=False), engine)
    ink_again = unexplained(page, again)
    return (again, ink_again) if ink_again.share < ink.share else (reading, ink)

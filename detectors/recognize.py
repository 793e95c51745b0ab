"""Recognizes a page: takes the words of its text layer where the pixels prove them, reads the rest, accounts for its
ink, and looks again where too much of that went unread."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.pages import LayerState, PageRaster, PageReading, TextLayer
from detectors.reading.engine import Engine
from detectors.reading.proof import ProvenWord, prove
from detectors.reading.read import read_page
from detectors.reading.remainder import read_with, remainder
from detectors.reading.views import to_gray
from detectors.visual.ink import InkReport, unexplained
from detectors.visual.marks import marks

LOOK_AGAIN_SHARE: Final = 0.05
"""Share of the page's ink that no confident word explains, above which the engine has lost whole lines."""
SOFTENING_PX: Final = 1.0
"""Sigma of the blur for the second look. On sparse pages with sensor noise Tesseract takes the grain for a picture
and reads nothing; softened, it reads every line."""


def recognize(page: PageRaster, engine: Engine) -> tuple[PageReading, InkReport]:
    """The words of the page, and what of its ink they leave unexplained, with every code on it.

    The text layer counts only where it is proven; a page whose layer lies, or cannot be proven, is read as a scan is.
    Raises RedoubtError(READER_FAILED).
    """
    state = LayerState.NONE
    if page.layer is not None and page.dpi > 0:
        proof = prove(to_gray(page.pixels), page.dpi, page.layer, engine)
        state = proof.state
        if state is LayerState.PROVEN:
            reading, ink = _with_layer(page, page.layer, proof.words, engine)
            if ink.share <= LOOK_AGAIN_SHARE:
                return reading, ink
            state = LayerState.UNPROVEN
    reading, ink = _by_engine(page, engine)
    return replace(reading, layer=state), _with_marks(ink, page, reading)


def _by_engine(page: PageRaster, engine: Engine) -> tuple[PageReading, InkReport]:
    """The reading that explains more of the ink."""
    reading = read_page(page, engine)
    ink = unexplained(page, reading)
    if ink.share <= LOOK_AGAIN_SHARE:
        return reading, ink
    soft = np.asarray(cv2.GaussianBlur(page.pixels, (0, 0), SOFTENING_PX), np.uint8)
    again = read_page(replace(page, pixels=soft, bilevel=False), engine)
    ink_again = unexplained(page, again)
    return (again, ink_again) if ink_again.share < ink.share else (reading, ink)


def _with_layer(
    page: PageRaster, layer: TextLayer, words: tuple[ProvenWord, ...], engine: Engine
) -> tuple[PageReading, InkReport]:
    """The proven words, and the engine's where they leave anything; most born-digital pages have nothing left."""
    pictures = [Box.around(((left, top), (right, bottom))) for left, top, right, bottom in layer.pictures.tolist()]
    left = remainder(page, to_gray(page.pixels), words, pictures)
    reading = read_with(page, words, left, engine)
    if not left.regions:
        return reading, InkReport(0.0, left.dark, 0.0, left.ruled, 0.0, ())
    ink = unexplained(page, reading)
    return reading, _with_marks(ink, left.bare, reading)


def _with_marks(ink: InkReport, page: PageRaster, reading: PageReading) -> InkReport:
    """What else is on the page: codes with the lines that say the same, photographs, handwriting."""
    return replace(ink, marks=marks(page, reading))

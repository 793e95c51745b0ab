"""The floor: one call of the engine on the raster that Redoubt reads; of a born-digital document, its rendering."""

from __future__ import annotations

import os

import numpy as np
import pymupdf

from detectors.pages import PageRaster
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.reading.views.view import View, likely_dpi, scaled, to_gray
from streams.canaries.documents import RENDER_DPI

_engine: TesserocrEngine | None = None


def load() -> None:
    global _engine
    os.environ["OMP_THREAD_LIMIT"] = "1"
    _engine = TesserocrEngine()


def read(page: PageRaster) -> int:
    """How many words the engine reads."""
    if _engine is None:
        raise RuntimeError("not loaded")
    view = scaled(View(to_gray(page.pixels), max(round(likely_dpi(page)), 1), np.eye(3)))
    return len(_engine.words(view.gray, view.dpi))


def render(content: bytes) -> int:
    """How many pages there are, rendered in gray at the resolution at which Redoubt renders them."""
    with pymupdf.open(stream=content) as file:
        return sum(page.get_pixmap(dpi=RENDER_DPI, colorspace=pymupdf.csGRAY).height > 0 for page in file)

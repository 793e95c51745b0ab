"""What an engine is shown: a gray raster derived from a page, and the way back to source pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box, Homography, Quad
from detectors.pages import PageRaster, Pixels

ENGINE_DPI: Final = 200
"""What Tesseract's line models like best at usual text sizes: native pixels, cubic to 200 dpi, read .977 of the
identifiers of 80-dpi scans, at 100 dpi .93, at 300 dpi .97 at 1.4 times the cost."""

PAPER_SHORT_SIDE_IN: Final = 8.5
"""Assumed where nothing tells the resolution: letter; A4 is 8.27."""

SCALE_TOLERANCE: Final = 0.1
"""Scaling by less than this blurs more than it helps: a fax of 204 dpi is read as it is."""

MAX_SCALE: Final = 4.0
"""Beyond it (under 50 dpi) there is nothing left to read, only memory to fill."""

MAX_VIEW_PX: Final = 80_000_000
"""Pixels of a view: letter at 200 dpi has 3.7 million; the limit stops a wrong `dpi` from filling the memory."""

_GROWTH_PX: Final = 0.5
"""Word boxes are whole view pixels; half of one each way covers what interpolation spread."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A gray raster for an engine. `to_source` maps its pixel edges to those of the page."""

    gray: Pixels = field(repr=False)
    dpi: int
    to_source: Homography = field(repr=False)

    def region(self, box: Box) -> Quad:
        """The source region of a box of this view, never smaller than the box.

        Raises ValueError where the map turns it inside out.
        """
        left, top = box.left - _GROWTH_PX, box.top - _GROWTH_PX
        right, bottom = box.right + _GROWTH_PX, box.bottom + _GROWTH_PX
        return Quad(((left, top), (right, top), (right, bottom), (left, bottom))).mapped(self.to_source)


def prepare(page: PageRaster) -> View:
    """The view that is read first: gray, native pixels scaled to the engine's resolution."""
    gray = to_gray(page.pixels)
    return scaled(View(gray, round(likely_dpi(page)), np.eye(3)))


def to_gray(pixels: Pixels) -> Pixels:
    """Luma of a colour page (height, width, 3), a gray page as it is."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def likely_dpi(page: PageRaster) -> float:
    """The page's own resolution, or that of a letter page filled by its short side."""
    return page.dpi if page.dpi > 0 else min(page.width, page.height) / PAPER_SHORT_SIDE_IN


def scaled(view: View, dpi: int = ENGINE_DPI) -> View:
    """The view brought to `dpi` by a cubic filter (averaging where it shrinks)."""
    height, width = view.gray.shape
    factor = min(dpi / max(view.dpi, 1), MAX_SCALE, (MAX_VIEW_PX / (width * height)) ** 0.5)
    if abs(factor - 1.0) <= SCALE_TOLERANCE:
        return view
    new_width, new_height = max(round(width * factor), 1), max(round(height * factor), 1)
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    gray = np.asarray(cv2.resize(view.gray, (new_width, new_height), interpolation=how), np.uint8)
    back = np.diag((width / new_width, height / new_height, 1.0))
    return View(gray, round(view.dpi * factor), view.to_source @ back)

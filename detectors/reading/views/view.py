"""What an engine is shown: a gray raster derived from a page, and the way back to source pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box, Homography, Quad
from detectors.levels import counted
from detectors.pages import PageRaster, Pixels
from detectors.reading.views.grain import COARSE_DPI, quieted
from detectors.reading.views.photo import sheet
from detectors.reading.views.skew import ink, skew_deg

ENGINE_DPI: Final = 200
"""What Tesseract's line models like best at usual text sizes: native pixels, cubic to 200 dpi, read .977 of the
identifiers of 80-dpi scans, at 100 dpi .93, at 300 dpi .97 at 1.4 times the cost."""

PAPER_SHORT_SIDE_IN: Final = 8.5
"""Assumed where nothing tells the resolution: letter; A4 is 8.27."""

SCALE_TOLERANCE: Final = 0.1
"""Scaling by less than this blurs more than it helps: a fax of 204 dpi is read as it is."""

SHARP_ENOUGH: Final = 1.5
"""Up to so much growth a leaning page is turned by a linear filter: of the identifiers of 21 such pages of 150 and 200
dpi the engine read .947, and .933 after a cubic one, which takes four times as long."""

READ_ACROSS: Final = 0.9
"""The view of a page that is not coarse is narrowed to this: the engine's network works by the width of a line. Of 36
such pages it read .983 of the words before and .984 after, of those of identifiers .836 and .835, at .91 of the cost;
of coarse ones it lost some."""

MAX_SCALE: Final = 4.0
"""Beyond it (under 50 dpi) there is nothing left to read, only memory to fill."""

MAX_VIEW_PX: Final = 80_000_000
"""Pixels of a view: letter at 200 dpi has 3.7 million; the limit stops a wrong `dpi` from filling the memory."""

MAX_SIDE_PX: Final = 32_767
"""The engines count pixels of a side in 16 bits."""

MAX_SURROUNDINGS: Final = 3.0
"""A flattened photo shows all of the photo, for a note may lie beside the sheet; where that takes more than this
many times the sheet's own area, the photo is read as it is."""

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
    """The view that is read first: gray, native pixels brought to the engine's resolution, a photographed sheet laid
    flat, lines level."""
    return levelled(laid(page))


def laid(page: PageRaster, *, in_even_light: bool = True) -> View:
    """The same in native pixels, before its lines are levelled."""
    gray = to_gray(page.pixels)
    # What a container or a page size tells the resolution of is a scan.
    corners = sheet(gray) if page.dpi <= 0 else None
    flat = flattened(gray, corners) if corners is not None else None
    if flat is None and not page.bilevel:
        gray = quieted(gray, likely_dpi(page), in_even_light=in_even_light)
    return flat or View(gray, max(round(likely_dpi(page)), 1), np.eye(3))


def to_gray(pixels: Pixels) -> Pixels:
    """Luma of a colour page (height, width, 3), a gray page as it is."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def likely_dpi(page: PageRaster) -> float:
    """The page's own resolution, or that of a letter page filled by its short side."""
    return page.dpi if page.dpi > 0 else min(page.width, page.height) / PAPER_SHORT_SIDE_IN


def scaled(view: View, dpi: int = ENGINE_DPI) -> View:
    """The view brought to `dpi` by a cubic filter (averaging where it shrinks)."""
    return _resized(view, _factor(view, dpi))


def levelled(view: View, dpi: int = ENGINE_DPI) -> View:
    """The view as the engine is shown it: its lines of print level, at the engine's resolution, a little narrower."""
    across = READ_ACROSS if view.dpi > COARSE_DPI else 1.0
    return leaned(view, -skew_deg(ink(view.gray)), dpi, across=across)


def leaned(view: View, angle_deg: float, dpi: int = ENGINE_DPI, *, across: float = 1.0) -> View:
    """The view turned clockwise by a small angle, on a canvas that loses no corner, brought to `dpi`, and to so much
    of its width.

    All at once where it grows: every filter takes of the sharpness.
    """
    factor = _factor(view, dpi)
    if not angle_deg:
        return _resized(view, factor, across)
    if factor < 1.0:
        view, factor = _resized(view, factor), 1.0
    height, width = view.gray.shape
    cos, sin = math.cos(math.radians(angle_deg)), -math.sin(math.radians(angle_deg))
    new_width = math.ceil((width * cos + height * abs(sin)) * factor * across)
    new_height = math.ceil((height * cos + width * abs(sin)) * factor)
    centre = _shift(width / 2, height / 2) @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1.0]])
    back = centre @ np.diag((1 / factor / across, 1 / factor, 1.0)) @ _shift(-new_width / 2, -new_height / 2)
    how = cv2.INTER_LINEAR if factor <= SHARP_ENOUGH else cv2.INTER_CUBIC
    return replace(_warped(view, back, new_width, new_height, how), dpi=max(round(view.dpi * factor), 1))


def _factor(view: View, dpi: int) -> float:
    """By how much the view is scaled to come to `dpi`, or near it."""
    height, width = view.gray.shape
    room = min((MAX_VIEW_PX / (width * height)) ** 0.5, MAX_SIDE_PX / max(width, height))
    factor = min(dpi / view.dpi, MAX_SCALE, room)
    return 1.0 if abs(factor - 1.0) <= SCALE_TOLERANCE and room >= 1.0 else factor


def _resized(view: View, factor: float, across: float = 1.0) -> View:
    if factor == across == 1.0:
        return view
    height, width = view.gray.shape
    new_width, new_height = max(math.floor(width * factor * across), 1), max(math.floor(height * factor), 1)
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    gray = np.asarray(cv2.resize(view.gray, (new_width, new_height), interpolation=how), np.uint8)
    back = np.diag((width / new_width, height / new_height, 1.0))
    return View(gray, max(round(view.dpi * factor), 1), view.to_source @ back)


def turned(view: View, quarters: int) -> View:
    """The view turned clockwise by quarters of a circle."""
    height, width = view.gray.shape
    gray = np.ascontiguousarray(np.rot90(view.gray, -quarters))
    back = (
        np.eye(3),
        np.array([[0, 1.0, 0], [-1.0, 0, height], [0, 0, 1.0]]),
        np.array([[-1.0, 0, width], [0, -1.0, height], [0, 0, 1.0]]),
        np.array([[0, -1.0, width], [1.0, 0, 0], [0, 0, 1.0]]),
    )[quarters % 4]
    return View(gray, view.dpi, view.to_source @ back)


def flattened(gray: Pixels, corners: Quad) -> View | None:
    """The whole photo, with the sheet in it as if it had been scanned; None where that cannot be had."""
    top_left, top_right, bottom_right, bottom_left = corners.corners
    width = max(math.dist(top_left, top_right), math.dist(bottom_left, bottom_right))
    height = max(math.dist(top_left, bottom_left), math.dist(top_right, bottom_right))
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    back = np.asarray(cv2.getPerspectiveTransform(flat, np.array(corners.corners, np.float32)), np.float64)
    right, bottom = float(gray.shape[1]), float(gray.shape[0])
    photo = np.array([(0, 0, 1), (right, 0, 1), (right, bottom, 1), (0, bottom, 1)]) @ np.linalg.inv(back).T
    if photo[:, 2].min() <= 0:
        return None
    seen = Box.around([(float(x / w), float(y / w)) for x, y, w in photo])
    if seen.area > MAX_SURROUNDINGS * width * height:
        return None
    source = View(gray, max(round(min(width, height) / PAPER_SHORT_SIDE_IN), 1), np.eye(3))
    return _warped(source, back @ _shift(seen.left, seen.top), seen.width, seen.height, cv2.INTER_CUBIC)


def _warped(view: View, back: Homography, width: int, height: int, how: int) -> View:
    """A raster of that size whose pixel edges `back` maps to those of the view; paper around the view.

    The paper's own gray: beside it, pure white makes Tesseract take a sparse gray page for a picture, and skip it.
    """
    # OpenCV's maps run between pixel centres, half a pixel inside the edges.
    centres = _shift(-0.5, -0.5) @ back @ _shift(0.5, 0.5)
    size, how, paper = (width, height), how | cv2.WARP_INVERSE_MAP, _usual(view.gray)
    if centres[2, 0] == centres[2, 1] == 0.0:
        gray = cv2.warpAffine(view.gray, centres[:2] / centres[2, 2], size, flags=how, borderValue=paper)
    else:
        gray = cv2.warpPerspective(view.gray, centres, size, flags=how, borderValue=paper)
    return View(np.asarray(gray, np.uint8), view.dpi, view.to_source @ back)


def _usual(gray: Pixels) -> float:
    """The median level, to a level: by counting, for sorting the pixels of a page takes longer than to turn it."""
    return float(np.searchsorted(counted(gray).cumsum(), gray.size / 2))


def _shift(x: float, y: float) -> Homography:
    return np.array([[1.0, 0, x], [0, 1.0, y], [0, 0, 1.0]])

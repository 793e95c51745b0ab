"""Codes that still decode in the finished copy: a decoder finds what no reader of words sees."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from detectors.pages import Pixels
from policies.attack.looks import Band
from policies.attack.raster import FinishedPage
from policies.attack.report import ActsOn, Residual

SMOOTHING_PX: Final = 1.0
SHARPENING: Final = 1.5
"""Of what a wider blur takes away so much is added: of 231 codes in all states it reads 141, smoothing 109, the page as
it is 135."""
SHARPENING_PX: Final = 2.5
SMALL_DPI: Final = 130.0
"""Pages of less are read once more at twice their size: modules of one pixel have no edges."""
GROWN_PX: Final = 8
"""A decoder names the middle of the outermost modules."""


def residuals(raster: FinishedPage, page: int, rows: Sequence[Band], acts_on: ActsOn) -> list[Residual]:
    """One for each code in these rows that decodes with harder settings than the first reader's."""
    if not acts_on(Kind.BARCODE, Owner.UNKNOWN, ""):
        return []
    gray = raster.pixels if raster.pixels.ndim == 2 else cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2GRAY)
    found: list[Box] = []
    for band in rows:
        for view, scale in _views(np.ascontiguousarray(gray[band.top : band.bottom]), raster.dpi):
            for code in zxingcpp.read_barcodes(view):
                at = code.position
                corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
                box = Box.around([(p.x / scale, p.y / scale + band.top) for p in corners]).grown(GROWN_PX)
                # Two views place one code a pixel apart.
                same = [other for other in found if other.overlap(box) * 2 > min(other.area, box.area)]
                found = [other for other in found if other not in same]
                found.append(functools.reduce(Box.union, same, box))
    return [Residual(page, Kind.BARCODE, Quad.of(box), Reason.RESIDUAL_FINDING, certain=True) for box in found]


def _views(gray: Pixels, dpi: float) -> Iterator[tuple[Pixels, float]]:
    """What a decoder is shown, and the scale of each: the grain smoothed, the edges sharpened, small pages enlarged."""
    yield np.asarray(cv2.GaussianBlur(gray, (0, 0), SMOOTHING_PX), np.uint8), 1.0
    blurred = cv2.GaussianBlur(gray, (0, 0), SHARPENING_PX)
    yield np.asarray(cv2.addWeighted(gray, 1 + SHARPENING, blurred, -SHARPENING, 0), np.uint8), 1.0
    if dpi < SMALL_DPI:
        yield np.asarray(cv2.resize(gray, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8), 2.0

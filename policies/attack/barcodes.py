"""Codes that still decode in the finished copy: a decoder finds what no reader of words sees."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from policies.attack.raster import FinishedPage
from policies.attack.report import ActsOn, Residual

SMOOTHING_PX: Final = 1.0
GROWN_PX: Final = 8
"""A decoder names the middle of the outermost modules."""


def residuals(raster: FinishedPage, page: int, acts_on: ActsOn) -> list[Residual]:
    """One for each code that decodes with the page's grain smoothed: another view than the first reader's."""
    gray = raster.pixels if raster.pixels.ndim == 2 else cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2GRAY)
    if not acts_on(Kind.INK, Owner.UNKNOWN, ""):
        return []
    found: list[Residual] = []
    for code in zxingcpp.read_barcodes(np.asarray(cv2.GaussianBlur(gray, (0, 0), SMOOTHING_PX), np.uint8)):
        at = code.position
        box = Box.around([(p.x, p.y) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)])
        found.append(Residual(page, Kind.INK, Quad.of(box.grown(GROWN_PX)), Reason.RESIDUAL_FINDING, certain=True))
    return found

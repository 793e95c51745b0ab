"""Codes that still decode in the finished copy: a decoder finds what no reader of words sees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from policies.attack.looks import Band
from policies.attack.raster import FinishedPage
from policies.attack.report import ActsOn, Residual

SMOOTHING_PX: Final = 1.0
GROWN_PX: Final = 8
"""A decoder names the middle of the outermost modules."""


def residuals(raster: FinishedPage, page: int, rows: Sequence[Band], acts_on: ActsOn) -> list[Residual]:
    """One for each code in these rows that decodes with the grain smoothed: another view than the first reader's."""
    gray = raster.pixels if raster.pixels.ndim == 2 else cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2GRAY)
    if not acts_on(Kind.INK, Owner.UNKNOWN, ""):
        return []
    smooth = np.asarray(cv2.GaussianBlur(gray, (0, 0), SMOOTHING_PX), np.uint8)
    found: list[Residual] = []
    for band in rows:
        for code in zxingcpp.read_barcodes(smooth[band.top : band.bottom]):
            at = code.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            box = Box.around([(p.x, p.y + band.top) for p in corners])
            found.append(Residual(page, Kind.INK, Quad.of(box.grown(GROWN_PX)), Reason.RESIDUAL_FINDING, certain=True))
    return found

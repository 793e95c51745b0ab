"""A leaning page turned level, so that boxes lie along its lines: an upright box around a leaning one takes in more."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Homography
from detectors.pages import PageRaster, PageReading, Pixels

LIKELY_WIDTH_IN: Final = 8.5
"""A page without a resolution is a letter page."""
_LEVEL_DEG: Final = 0.4
"""What leans less stays in the few rows that a straight run may take."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A page and its words turned level. `back` maps their pixel edges to those of the page as it came."""

    page: PageRaster
    reading: PageReading
    back: Homography = field(repr=False)


def levelled(page: PageRaster, reading: PageReading, lean_deg: float) -> Level | None:
    """The page turned back by its lean, all of it; None where it is level, or its words are a text layer's."""
    quarter = lean_deg - 90 * round(lean_deg / 90)
    if abs(quarter) < _LEVEL_DEG or any(word.glyphs for word in reading.words):
        return None
    cos, sin = math.cos(math.radians(quarter)), math.sin(math.radians(quarter))
    corners = np.array([(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)], np.float64)
    placed = corners @ np.array([[cos, -sin], [sin, cos]])
    left, top = placed.min(axis=0)
    width, height = (math.ceil(side) for side in np.ptp(placed, axis=0))
    onto = np.array([[cos, sin, -left], [-sin, cos, -top], [0.0, 0.0, 1.0]])
    dpi = page.dpi if page.dpi > 0 else page.width / LIKELY_WIDTH_IN
    words = tuple(replace(word, region=word.region.mapped(onto)) for word in reading.words)
    return Level(
        replace(page, pixels=_warped(page.pixels, onto, width, height), dpi=dpi, layer=None, redactions=()),
        replace(reading, width_px=width, height_px=height, dpi=dpi, words=words),
        np.linalg.inv(onto),
    )


def _warped(pixels: Pixels, onto: Homography, width: int, height: int) -> Pixels:
    """Beside the page its rim goes on: plain paper would stand out from a page in shadow, and count as ink."""
    half = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
    centred = (np.linalg.inv(half) @ onto @ half)[:2]
    turned = cv2.warpAffine(pixels, centred, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)

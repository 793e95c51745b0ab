"""A leaning page turned level, so that boxes lie along its lines: an upright box around a leaning one takes in more."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from detectors.geometry import Box, Homography
from detectors.pages import PageReading, Pixels

_LEVEL_DEG: Final = 0.4
"""What leans less stays in the few rows that a straight run may take."""
_FINER: Final = 2.0
"""Scales, of that asked for, at which a fine page is turned."""
_HALF: Final = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """How a page is turned level. `onto` maps its pixel edges to those of the level one, which is `width` by `height`
    pixels and holds all of it."""

    lean_deg: float
    width: int
    height: int
    onto: Homography = field(repr=False)

    @property
    def back(self) -> Homography:
        return np.asarray(np.linalg.inv(self.onto), np.float64)

    def words(self, reading: PageReading, dpi: float) -> PageReading:
        """The words where they stand on the level page."""
        words = tuple(replace(word, region=word.region.mapped(self.onto)) for word in reading.words)
        return replace(reading, width_px=self.width, height_px=self.height, dpi=dpi, words=words)

    def shrunk(self, pixels: Pixels, scale: float) -> Pixels:
        """The level page at that scale. To turn all pixels of a fine page takes long; at less than twice the scale, or
        by a softer filter, pale print would get lost."""
        height, width = pixels.shape[:2]
        some = resized(pixels, min(1.0, _FINER * scale))
        down, across = some.shape[0] / height, some.shape[1] / width
        size = (max(1, round(self.width * across)), max(1, round(self.height * down)))
        to_some = np.diag((across, down, 1.0))
        turned = _warped(some, to_some @ self.onto @ np.linalg.inv(to_some), size)
        least = (max(1, round(self.width * scale)), max(1, round(self.height * scale)))
        return (
            turned if least == size else np.asarray(cv2.resize(turned, least, interpolation=cv2.INTER_AREA), np.uint8)
        )

    def part(self, pixels: Pixels, box: Box) -> Pixels:
        """What a box of the level page shows, as far as it lies on it, from the pixels of the leaning one."""
        box = box.clipped(self.width, self.height) or box
        moved = np.array([[1.0, 0.0, -box.left], [0.0, 1.0, -box.top], [0.0, 0.0, 1.0]])
        return _warped(pixels, moved @ self.onto, (box.width, box.height))


def turn_of(reading: PageReading, lean_deg: float, width: int, height: int) -> Turn | None:
    """How a page of that size whose words lean so is turned, all of it; None where it is level, or its words are a text
    layer's."""
    quarter = lean_deg - 90 * round(lean_deg / 90)
    if abs(quarter) < _LEVEL_DEG or any(word.glyphs for word in reading.words):
        return None
    cos, sin = math.cos(math.radians(quarter)), math.sin(math.radians(quarter))
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    placed = corners @ np.array([[cos, -sin], [sin, cos]])
    left, top = placed.min(axis=0)
    across, down = (math.ceil(side) for side in np.ptp(placed, axis=0))
    return Turn(lean_deg, across, down, np.array([[cos, sin, -left], [-sin, cos, -top], [0.0, 0.0, 1.0]]))


def resized(pixels: Pixels, scale: float) -> Pixels:
    """At a scale of at most 1."""
    if scale >= 1.0:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _warped(pixels: Pixels, onto: Homography, size: tuple[int, int]) -> Pixels:
    """Beside the page its rim goes on: plain paper would stand out from a page in shadow, and count as ink."""
    centred = (np.linalg.inv(_HALF) @ onto @ _HALF)[:2]
    turned = cv2.warpAffine(pixels, centred, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)

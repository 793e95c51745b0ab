"""Finds the sheet in a photograph: a bright quadrilateral on a darker ground."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from detectors.geometry import Quad
from detectors.pages import Pixels

SMALL_PX: Final = 600
MIN_SHARE, MAX_SHARE = 0.25, 0.985
"""A sheet fills at least a quarter of a usable photo; one that fills it all has no edge to find."""

MIN_CONTRAST: Final = 25.0
"""Gray levels between the sheet and its surroundings: less is a shadow or the rim of a scan."""

_STRAIGHT: Final = 0.02
"""A sheet's outline departs from straight edges by less than this share of its length."""
_FILLED: Final = 0.93
"""Share of the outline's quadrilateral that is sheet: a cloud of paper with four bays is none."""


def sheet(gray: Pixels) -> Quad | None:
    """The sheet's corners in pixels of the picture, from its top left; None where the picture shows no sheet."""
    height, width = gray.shape
    factor = min(SMALL_PX / max(height, width), 1.0)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    small = cv2.GaussianBlur(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), (5, 5), 0)
    _, bright = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    # Print on the sheet must not cut it up.
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8), borderType=cv2.BORDER_REPLICATE)
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = cv2.convexHull(max(outlines, key=cv2.contourArea))
    corners = cv2.approxPolyDP(outline, _STRAIGHT * cv2.arcLength(outline, True), True)
    if len(corners) != 4:
        return None
    inside = np.zeros_like(small)
    cv2.fillConvexPoly(inside, corners, 1)
    covered = inside.astype(bool)
    share = float(covered.mean())
    if not MIN_SHARE <= share <= MAX_SHARE or float((closed[covered] > 0).mean()) < _FILLED:
        return None
    if float(np.median(small[covered])) - float(np.median(small[~covered])) < MIN_CONTRAST:
        return None
    points = (corners.reshape(4, 2).astype(float) + 0.5) * (width / size[0], height / size[1])
    return _ordered(points)


def _ordered(points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Quad | None:
    """Corners clockwise from the top left."""
    centre = points.mean(axis=0)
    around = np.argsort(np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0]))
    clockwise = points[around]
    first = int(np.argmin(clockwise.sum(axis=1)))
    a, b, c, d = [(float(x), float(y)) for x, y in np.roll(clockwise, -first, axis=0)]
    try:
        return Quad((a, b, c, d))
    except ValueError:
        return None

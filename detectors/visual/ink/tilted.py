"""Blocks of print that lean against the rest of their page: labels and stamps, whose lines an engine tears apart."""

from __future__ import annotations

import math
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Quad

Mask = NDArray[np.bool_]

_LEAST_DEG: Final = 4.2
"""Lines that lean by 4 degrees more than their page are still read whole; from 5 on words fall out of them."""
_AGREE_DEG: Final = 3.0
_JOIN_IN: Final = 0.09
_LONG_IN: Final = 0.5
_THIN: Final = 4.0
"""Length by height from which a joined run is a line of print, whose lean can be told."""
_HIGH_IN: Final = 0.4
_LOW_IN: Final = 0.05
_BLOCK_IN: Final = 1.5
"""Leaning lines of a block are that long together; two level lines that touch, staggered, are one short run."""
_NEAR_IN: Final = 0.25
_MARGIN_IN: Final = 0.05
_SHARPER: Final = 1.25
"""Lines stand out from the blanks between them by that much more along the block's lean than along the page's; what
is left of a ruled table, and level lines that touch, stand out along the page's."""
_SAME_DEG: Final = 0.01
"""Words of a level view lean alike, but for rounding."""
_NEIGHBOURS: Final = 5
_SPREAD: Final = math.sqrt(12)
"""Length of an even bar by its standard deviation."""


def tilted_blocks(marks: Mask, leans: tuple[NDArray[np.float64], NDArray[np.float64]], dpi: float) -> list[Quad]:
    """Rectangles around blocks of lines that lean against what was read around them, in pixels of `marks`.

    `leans` are centres (n, 2) and angles in degrees (n,) of the words read; without any, the page is taken for level.
    """
    join = 2 * round(_JOIN_IN * dpi / 2) + 1
    joined = cv2.morphologyEx(marks.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, join), np.uint8))
    numbered: Any = cv2.connectedComponentsWithAlgorithm(joined, 8, cv2.CV_32S, cv2.CCL_GRANA)
    count, labels = int(numbered[0]), np.asarray(numbered[1], np.int32)
    if count <= 1:
        return []
    centres, degrees, length, height = _shapes(marks, labels, count)
    line = (length >= _LONG_IN * dpi) & (length >= _THIN * height)
    line &= (height >= _LOW_IN * dpi) & (height <= _HIGH_IN * dpi)
    line[0] = False
    candidates = np.flatnonzero(line)
    against = _quarter(degrees[candidates] - _around(centres[candidates], leans))
    if not (np.abs(against) >= _LEAST_DEG).any():
        return []
    leaning, against = candidates[np.abs(against) >= _LEAST_DEG], against[np.abs(against) >= _LEAST_DEG]
    chosen = np.zeros(count, bool)
    chosen[leaning] = True
    reach = 2 * round(_NEAR_IN * dpi) + 1
    grown = cv2.dilate(chosen[labels].astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, blocks = cv2.connectedComponents(grown, connectivity=8)
    stats = components(joined)[2]
    home = np.zeros(count, int)
    home[labels[blocks > 0]] = blocks[blocks > 0]
    found = []
    for block in np.unique(home[leaning]):
        lines = leaning[home[leaning] == block]
        middle = float(np.median(degrees[lines]))
        lines = lines[np.abs(degrees[lines] - middle) <= _AGREE_DEG]
        if length[lines].sum() < _BLOCK_IN * dpi:
            continue
        # Short pieces tell no lean of their own.
        members = (home == block) & (chosen | (np.maximum(stats[:, 2], stats[:, 3]) < _LONG_IN * dpi))
        members[0] = False
        rows, columns = np.nonzero(members[labels] & marks)
        points = np.stack([columns, rows], axis=1) + 0.5
        level = middle - float(np.median(against[np.isin(leaning, lines)]))
        if _sharpness(points, middle) > _SHARPER * _sharpness(points, level):
            found.append(_rectangle(points, middle, _MARGIN_IN * dpi))
    return found


def _shapes(marks: Mask, labels: NDArray[np.int32], count: int) -> tuple[NDArray[np.float64], ...]:
    """Centre (x, y), lean in degrees, length and height of each joined run, by the moments of its marks."""
    points = cv2.findNonZero(np.ascontiguousarray(marks).view(np.uint8))
    columns, rows = np.asarray(points if points is not None else ()).reshape(-1, 2).T
    own = labels[rows, columns]
    number = np.maximum(np.bincount(own, minlength=count), 1)
    x = np.bincount(own, weights=columns, minlength=count) / number
    y = np.bincount(own, weights=rows, minlength=count) / number
    xx, yy, xy = (
        np.bincount(own, weights=product, minlength=count) / number - square
        for product, square in ((columns * columns, x * x), (rows * rows, y * y), (columns * rows, x * y))
    )
    half, root = (xx + yy) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    degrees = np.degrees(np.arctan2(2 * xy, xx - yy)) / 2
    return (
        np.stack([x, y], axis=1),
        degrees,
        _SPREAD * np.sqrt(half + root),
        _SPREAD * np.sqrt(np.maximum(half - root, 0.0)),
    )


def _around(
    centres: NDArray[np.float64], leans: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Lean of the words nearest to each place (n, 2): on a photograph it changes over the page."""
    points, degrees = leans
    if not len(points) or np.ptp(degrees) < _SAME_DEG:
        return np.full(len(centres), degrees[0] if len(points) else 0.0)
    near = [np.argsort(((points - centre) ** 2).sum(axis=1))[:_NEIGHBOURS] for centre in centres]
    return np.array([np.median(degrees[own]) for own in near])


def _sharpness(points: NDArray[np.floating], degrees: float) -> float:
    """How unevenly points fall into rows of that lean."""
    across = np.array([-math.sin(math.radians(degrees)), math.cos(math.radians(degrees))])
    rows = points @ across
    inked = np.bincount((rows - rows.min()).astype(int)).astype(float)
    return float((inked**2).sum())


def _quarter(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(degrees - 90 * np.round(degrees / 90), np.float64)


def _rectangle(points: NDArray[np.floating], degrees: float, margin: float) -> Quad:
    """The smallest rectangle of that lean around points, and a margin."""
    along = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    across = np.array([-along[1], along[0]])
    u, v = points @ along, points @ across
    left, right, top, bottom = u.min() - margin, u.max() + margin, v.min() - margin, v.max() + margin
    corners = [along * a + across * b for a, b in ((left, top), (right, top), (right, bottom), (left, bottom))]
    a, b, c, d = [(float(p[0]), float(p[1])) for p in corners]
    return Quad((a, b, c, d))

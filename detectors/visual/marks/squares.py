"""Squares of one level in an even grid: what a mosaic is made of, and print that was scaled up from few pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels

_STEP: Final = 8
"""Levels between neighbours that are an edge of a square."""
SIDE_PX: Final = (4.0, 40.0)
"""Sides of the squares of a mosaic."""
_FINE_PX: Final = 7.0
"""Side of a square from which a JPEG may have smeared its edge."""
_EVEN: Final = (0.72, 0.5)
"""How even the edges of a grid are, of 1, along it and across it."""
_ON_GRID: Final = 0.7
"""Share of the edges of an area that lie on the lines of its grid."""
_LINES: Final = 5
"""Lines of a grid along it at least."""
_FINE_EDGE: Final = (10.0, 12.0, 16.0)
"""Up to squares of so many pixels the usual line of their grid has so many levels, or the upper quarter of its lines
so many: the blocks of a JPEG and what it makes of grain on a shaded ground have 2 to 10, up to 15 in the upper quarter;
squares of bold print have 23 and more, of thin print 9 and 17."""
_BLOCKS_EDGE: Final = (15.0, 17.0, 8.0)
"""The same from and to two blocks of a JPEG."""

Shares = NDArray[np.float64]


def is_mosaic(part: Pixels) -> bool:
    """Whether all of it is of even squares, as print is, too, that was scaled up from few pixels."""
    return min(part.shape) > 1 and squared(cv2.absdiff(part[:, 1:], part[:, :-1]), cv2.absdiff(part[1:], part[:-1]))


def squared(across: Pixels, down: Pixels) -> bool:
    """By the steps between neighbours in a row, and in a column."""
    one, other = _edges(across, 0), _edges(down, 1)
    if len(other) > len(one):
        one, other = other, one
    side = _side(one)
    return side > 0 and _even(other, 1 / side) >= _EVEN[1]


def _edges(steps: Pixels, axis: int) -> Shares:
    """How much of each column (axis 0) or row (axis 1) is an edge."""
    edges = cv2.threshold(steps, _STEP, 0, cv2.THRESH_TOZERO)[1]
    return np.asarray(cv2.reduce(edges, axis, cv2.REDUCE_AVG, dtype=cv2.CV_64F), np.float64).ravel()


def _even(edges: Shares, each: float) -> float:
    """How even the edges are, of 1, where a square has about `1 / each` pixels."""
    total = float(edges.sum())
    if total <= 0:
        return 0.0
    turns = [np.exp(-2j * np.pi * each * by * np.arange(len(edges))) for by in (0.9, 0.95, 1.0, 1.05, 1.1)]
    return max(float(abs(edges @ turn)) for turn in turns) / total


def _side(edges: Shares) -> float:
    """The side in pixels of the squares of an even grid; 0 where there is none."""
    total = float(edges.sum())
    if total <= 0:
        return 0.0
    many = 8 * len(edges)
    waves = np.abs(np.fft.rfft(edges, many)) / total
    first, last = int(np.ceil(many / SIDE_PX[1])), int(many / SIDE_PX[0])
    waves[:first] = 0
    best = float(waves[: last + 1].max(initial=0))
    if best < _EVEN[0]:
        return 0.0
    coarse = int(np.flatnonzero(waves[: last + 1] >= max(_EVEN[0], 0.93 * best))[0])
    near = int(waves[coarse : coarse + 9].argmax()) + coarse
    side = many / near
    turned = edges @ np.exp(-2j * np.pi * np.arange(len(edges)) / side)
    phase = float(-np.angle(turned) / (2 * np.pi) * side)
    off = np.abs((np.arange(len(edges)) - phase + side / 2) % side - side / 2)
    on = off <= (1.6 if side >= _FINE_PX else 0.8)
    if float(edges[on].sum()) < _ON_GRID * total:
        return 0.0
    cells = np.round((np.arange(len(edges)) - phase) / side).astype(int)
    lines = np.bincount(cells - cells.min(), weights=edges)
    usual = float(np.median(lines))
    fine = side <= _FINE_EDGE[0] and usual < _FINE_EDGE[1] and float(np.quantile(lines, 0.75)) < _FINE_EDGE[2]
    if fine or (_BLOCKS_EDGE[0] <= side <= _BLOCKS_EDGE[1] and usual < _BLOCKS_EDGE[2]):
        return 0.0
    return side if int(np.count_nonzero(lines >= 0.1 * lines.max())) >= _LINES else 0.0

"""Pages on which proven words and straight lines are all there is: nothing is left to read there, or to account for.

A renderer makes paper and shading of one level, so that every pixel that differs from the next one is the edge of
something. Where all edges of a page run straight, as rulings and shading do, no letter, no bar of a code and no stroke
of a pen is among them. What is found here is only ever that there is nothing; of any other page all is asked as ever.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels

LEVEL: Final = 1
"""Levels by which neighbours may differ and be one area: less than any ink or shade that is meant to be seen."""
RUN_IN: Final = 0.6
"""Straight edges from this length are those of rulings and shading, as for the ink that no word explains."""
REACH_PX: Final = 3
"""How far off a line an edge may end that goes from line to line: a ruling's own thickness, and rounding."""
THICK_IN: Final = 0.05
"""No ruling is thicker; what is dark and thicker may be a stroke of a very large letter."""
DARK: Final = 128
CODE_SIDE_IN: Final = 0.15
MOST_EDGES: Final = 10
"""Within the side of the smallest code no more edges run beside each other: two double rulings have eight."""
MOST_RUNS: Final = 2_000
"""Of one direction; where there are more, something else than rulings is left."""
_ROUNDS: Final = 2

Mask = NDArray[np.bool_]
Runs = NDArray[np.int64]
"""Of shape (n, 3): the row or column that an edge runs in, where it begins, and where it ends."""


def nothing_but_lines(bare: Pixels, dpi: float) -> bool:
    """Whether a page without its proven words shows straight lines and even shading alone."""
    if _has_thick_dark(bare, dpi):
        return False
    level, upright = (_runs(_edges(bare, axis), axis) for axis in (0, 1))
    if level is None or upright is None:
        return False
    # Rulings break each other's edges: what is shorter has to go from one to another, as the sides of a row do.
    lines, sides = _length(level) >= RUN_IN * dpi, _length(upright) >= RUN_IN * dpi
    for _ in range(_ROUNDS):
        sides |= _between(upright, level[lines])
        lines |= _between(level, upright[sides])
    return bool(sides.all() and lines.all()) and not any(
        _crowded(runs, CODE_SIDE_IN * dpi) for runs in (level, upright)
    )


def _has_thick_dark(bare: Pixels, dpi: float) -> bool:
    gray = bare if bare.ndim == 2 else bare.min(axis=2)
    side = max(2, round(THICK_IN * dpi))
    # Of every square of that side, the corners: where all are dark, something thick may be.
    top, bottom = (
        cv2.max(gray[:-side:2, :-side:2], gray[:-side:2, side::2]),
        cv2.max(gray[side::2, :-side:2], gray[side::2, side::2]),
    )
    return float(cv2.max(top, bottom).min(initial=255)) < DARK


def _edges(bare: Pixels, axis: int) -> Pixels:
    """Where a pixel differs from the next one down (0) or across (1): above 0."""
    one, other = (bare[:-1], bare[1:]) if axis == 0 else (bare[:, :-1], bare[:, 1:])
    apart = cv2.absdiff(one, other)
    return np.asarray(apart if apart.ndim == 2 else apart.max(axis=2), np.uint8)


def _runs(apart: Pixels, axis: int) -> Runs | None:
    """Runs of edges along rows (0) or columns (1); None where there are too many."""
    lines = np.flatnonzero(cv2.reduce(apart, 1 - axis, cv2.REDUCE_MAX).ravel() > LEVEL)
    if len(lines) > MOST_RUNS:
        return None
    there = (apart[lines] if axis == 0 else apart[:, lines].T) > LEVEL
    steps = np.diff(np.pad(there, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    line, begin = np.nonzero(steps == 1)
    if len(line) > MOST_RUNS:
        return None
    return np.stack([lines[line], begin, np.nonzero(steps == -1)[1]], axis=1).astype(np.int64)


def _length(runs: Runs) -> Runs:
    return runs[:, 2] - runs[:, 1]


def _meets(at: Runs, across: Runs, lines: Runs) -> Mask:
    """Whether one of the lines runs through each of these points, `at` along its direction and `across` it."""
    near = np.abs(lines[None, :, 0] - across[:, None]) <= REACH_PX
    along = (lines[None, :, 1] - REACH_PX <= at[:, None]) & (at[:, None] <= lines[None, :, 2] + REACH_PX)
    return np.asarray((near & along).any(axis=1), np.bool_)


def _between(runs: Runs, lines: Runs) -> Mask:
    """Which runs begin and end at lines that run across them."""
    return _meets(runs[:, 0], runs[:, 1], lines) & _meets(runs[:, 0], runs[:, 2], lines)


def _crowded(runs: Runs, side_px: float) -> bool:
    """Whether more edges than those of rulings run beside each other."""
    places = np.unique(runs[:, 0])
    return bool((np.searchsorted(places, places + side_px) - np.arange(len(places)) > MOST_EDGES).any())

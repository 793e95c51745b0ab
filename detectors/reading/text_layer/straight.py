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
MOST_IN_AN_INCH: Final = 24
"""As many edges as six to twelve rulings have, between pixels or on them: boxes for single letters stand no nearer."""
MOST_EQUAL: Final = 12
"""Edges of one height that nothing frames, as six rulings have: bars of a code may be far apart."""
MOST_RUNS: Final = 2_000
"""Of one direction; where there are more, something else than rulings is left."""
_ROUNDS: Final = 2

Mask = NDArray[np.bool_]
Lines = NDArray[np.int64]
"""Numbers of rows or columns: of edges, those between one and the next."""
Runs = NDArray[np.int64]
"""Of shape (n, 3): the row or column that an edge runs in, where it begins, and where it ends."""


def nothing_but_lines(bare: Pixels, dpi: float) -> bool:
    """Whether a page without its proven words shows straight lines and even shading alone."""
    if _has_thick_dark(bare, dpi):
        return False
    level, upright = (_runs(bare, axis) for axis in (0, 1))
    if level is None or upright is None:
        return False
    # Rulings break each other's edges: what is shorter has to go from one to another, as the sides of a row do.
    lines, sides = _length(level) >= RUN_IN * dpi, _length(upright) >= RUN_IN * dpi
    for _ in range(_ROUNDS):
        sides |= _between(upright, level[lines])
        lines |= _between(level, upright[sides])
    if not (sides.all() and lines.all()):
        return False
    thick = THICK_IN * dpi + REACH_PX
    rulings = [_merged(runs[_length(runs) > thick], thick) for runs in (level, upright)]
    if not _framing(rulings[0], rulings[1], thick):
        return False
    return not any(
        _crowded(runs, CODE_SIDE_IN * dpi, MOST_EDGES)
        or _crowded(runs[_length(runs) >= CODE_SIDE_IN * dpi], dpi, MOST_IN_AN_INCH)
        or _equal(runs[_length(runs) >= RUN_IN * dpi], across)
        for runs, across in ((level, None), (upright, rulings[0]))
    )


def _merged(runs: Runs, thick_px: float) -> Runs:
    """Rulings, of the edges that run beside each other no further apart than a ruling is thick; shape (n, 3)."""
    found: list[list[float]] = []
    for at, begin, end in runs[np.lexsort((runs[:, 1], runs[:, 0]))].tolist():
        near = (r for r in found if at - r[0] <= thick_px and begin <= r[2] + thick_px and r[1] <= end + thick_px)
        if ruling := next(near, None):
            ruling[1], ruling[2] = min(begin, ruling[1]), max(end, ruling[2])
        else:
            found.append([at, begin, end])
    return np.array(found, np.int64).reshape(-1, 3)


def _framing(level: Runs, upright: Runs, thick_px: float) -> bool:
    """Whether rulings that meet frame cells: an upright one goes from one level one to another, and a level one that
    ends at an upright one does so at both ends. Bars of an L, an H or a T do not."""
    held: list[Mask] = []
    for runs, others in ((upright, level), (level, upright)):
        near = (others[None, :, 1] - thick_px <= runs[:, None, 0]) & (runs[:, None, 0] <= others[None, :, 2] + thick_px)
        first = near & (np.abs(others[None, :, 0] - runs[:, None, 1]) <= thick_px)
        last = near & (np.abs(others[None, :, 0] - runs[:, None, 2]) <= thick_px)
        within = (runs[:, None, 1] - thick_px <= others[None, :, 0]) & (
            others[None, :, 0] <= runs[:, None, 2] + thick_px
        )
        held += [np.asarray(met.any(axis=1), np.bool_) for met in (first, last, near & within)]
    top, bottom, touched, left, right, _ = held
    return bool((~touched | (top & bottom)).all() and (left == right).all())


def _equal(runs: Runs, across: Runs | None) -> bool:
    """Whether many edges begin and end together and no ruling crosses them there, which those of ruled paper may."""
    if across is None or not len(runs):
        return False
    free = runs[~_between(runs, across)]
    _, counts = np.unique(free[:, 1:] // (2 * REACH_PX), axis=0, return_counts=True)
    return bool(counts.max(initial=0) > MOST_EQUAL)


def _has_thick_dark(bare: Pixels, dpi: float) -> bool:
    gray = bare if bare.ndim == 2 else bare.min(axis=2)
    # Of every square of that side, the corners: where all are dark, something thick may be.
    some = np.ascontiguousarray(gray[::2, ::2])
    half = max(1, round(THICK_IN * dpi) // 2)
    lightest = np.maximum(some[:, :-half], some[:, half:])
    return int(np.maximum(lightest[:-half], lightest[half:]).min(initial=255)) < DARK


def _apart(one: Pixels, other: Pixels) -> Pixels:
    """By how many levels pixels differ, in the channel in which they differ most."""
    found = cv2.absdiff(one, other)
    return np.asarray(found if found.ndim == 2 else found.max(axis=2), np.uint8)


def _runs(bare: Pixels, axis: int) -> Runs | None:
    """Runs of edges along rows (0) or columns (1); None where there are too many."""
    apart = _apart(bare[:-1], bare[1:]) if axis == 0 else _apart(bare[:, :-1], bare[:, 1:])
    lines = np.flatnonzero(apart.max(axis=1 - axis) > LEVEL)
    if len(lines) > MOST_RUNS:
        return None
    if not len(lines):
        return np.empty((0, 3), np.int64)
    there = _along(apart, lines, axis) > LEVEL
    steps = np.diff(np.pad(there, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    line, begin = np.nonzero(steps == 1)
    if len(line) > MOST_RUNS:
        return None
    end = np.nonzero(steps == -1)[1]
    return np.stack([lines[line], begin, end], axis=1).astype(np.int64)


def _along(raster: Pixels, lines: Lines, axis: int) -> Pixels:
    """Rows (0) or columns (1) of a raster, each as a row."""
    return raster[lines] if axis == 0 else np.ascontiguousarray(np.swapaxes(raster[:, lines], 0, 1))


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


def _crowded(runs: Runs, side_px: float, most: int) -> bool:
    """Whether more edges than those of rulings run beside each other."""
    places = np.unique(runs[:, 0])
    return bool((np.searchsorted(places, places + side_px) - np.arange(len(places)) > most).any())

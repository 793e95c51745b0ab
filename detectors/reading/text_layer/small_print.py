"""Print too small or too pale for an engine, on a page whose text is known and taken out.

A renderer makes no grain: what is left beside straight lines was drawn, on whatever shade. Marks that lie in a row, as
letters do, are print; a box to tick, a bullet and a sign stand alone, and what is as high as usual print is accounted
for as on any page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels, Word
from detectors.reading.views.view import to_gray
from detectors.visual.ink.explained import EXPLAINS_FROM

THIN_IN: Final = 0.065
"""Strokes up to this show against the shade that they lie on; those of print of ten points have a third."""
SHOWS: Final = 10
"""Gray levels between a stroke and its shade."""
STRAIGHT_IN: Final = 0.12
"""A run of this length of one level is a line's: no letter of ten points has one, and smaller print has many levels."""
LEVEL: Final = 1
LOW_IN, HIGH_IN = 0.024, 0.14
"""Heights of a row of letters, from two points to ten."""
JOIN_IN, JOIN_UP_IN = 0.05, 0.02
"""Marks nearer than this along the row, and across it, belong to one: a ruling may run through letters."""
LONG: Final = 1.7
"""Times its height that a row of letters is at least long."""
SOLID: Final = 0.93
"""Share of its box that a dash fills."""
FINE_IN: Final = 0.07
FINE_SURE: Final = 90.0
"""Of lower rows, print of about five points, an engine misreads what it is half sure of."""
HIGHER: Final = 2.0
"""Times as high a row's own words are at most, with the room that engines give them; a higher one stands beside it."""
MOST: Final = 0.7
OF_A_PICTURE_IN: Final = 0.5
"""A picture as high as this is accounted for as a scan is."""


def small_print(
    bare: PageRaster, pictures: NDArray[np.float32], told: Sequence[Quad], words: Sequence[Word]
) -> tuple[Quad, ...]:
    """Rows of marks that none of the places `told` holds and none of the words explains, in source pixels; `pictures`
    are cells, shape (n, 4), and of the words those of a layer are passed by."""
    dpi = bare.dpi
    marks = _strokes(to_gray(bare.pixels), dpi)
    for left, top, right, bottom in pictures.round().astype(int).clip(0).tolist():
        if bottom - top >= OF_A_PICTURE_IN * dpi:
            marks[top:bottom, left:right] = 0
    for place in told:
        cv2.fillConvexPoly(marks, np.round(place.corners).astype(np.int32), 0)
    if not marks.any():
        return ()
    join = tuple(2 * round(inches * dpi / 2) + 1 for inches in (JOIN_IN, JOIN_UP_IN))
    found = [*_rows(marks, join, dpi), *(_turned(box) for box in _rows(marks.T, join, dpi))]
    read = [(word.region.bounds, word.confidence) for word in words if not word.glyphs]
    left_over = (row.grown(2).clipped(bare.width, bare.height) for row in found if not _is_read(row, read, dpi))
    return tuple(Quad.of(box) for box in left_over if box)


def _is_read(row: Box, read: Sequence[tuple[Box, float]], dpi: float) -> bool:
    """Whether words of its own size stand on most of a row; of fine print, those that the engine is sure of."""
    size = min(row.width, row.height)
    least = FINE_SURE if size < FINE_IN * dpi else EXPLAINS_FROM
    words = (box for box, sure in read if sure >= least and min(box.width, box.height) <= HIGHER * size)
    return sum(row.overlap(box) for box in words) >= MOST * row.area


def _strokes(gray: Pixels, dpi: float) -> Pixels:
    """Thin marks, darker or lighter than what is around them, but for straight lines; 1 where there are any."""
    side = 2 * round(THIN_IN * dpi / 2) + 1
    around = np.ones((side, side), np.uint8)
    ink = np.maximum(
        cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, around), cv2.morphologyEx(gray, cv2.MORPH_TOPHAT, around)
    )
    return np.asarray((ink >= SHOWS) & ~_straight(gray, round(STRAIGHT_IN * dpi)), np.uint8)


def _straight(gray: Pixels, length: int) -> NDArray[np.bool_]:
    """Where a level does not change along a row or a column for so many pixels."""
    found = np.zeros(gray.shape, np.uint8)
    for steps, line, to in (
        (cv2.absdiff(gray[:, 1:], gray[:, :-1]), (length, 1), found[:, :-1]),
        (cv2.absdiff(gray[1:], gray[:-1]), (1, length), found[:-1]),
    ):
        np.maximum(
            to,
            cv2.morphologyEx((steps <= LEVEL).astype(np.uint8), cv2.MORPH_OPEN, np.ones(line[::-1], np.uint8)),
            out=to,
        )
    return found.view(np.bool_)


def _rows(marks: Pixels, join: tuple[int, ...], dpi: float) -> list[Box]:
    """Rows of marks, joined along and up by so many pixels."""
    joined = cv2.morphologyEx(np.ascontiguousarray(marks), cv2.MORPH_CLOSE, np.ones(join[::-1], np.uint8))
    _, _, stats, _ = components(joined)
    found = []
    for left, top, wide, high, _ in stats[1:].tolist():
        if not (LOW_IN * dpi <= high <= HIGH_IN * dpi and wide >= LONG * high):
            continue
        if np.count_nonzero(marks[top : top + high, left : left + wide]) < SOLID * wide * high:
            found.append(Box(left, top, left + wide, top + high))
    return found


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)

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
BLANK: Final = 0.38
"""Heights of capitals from which a gap parts two words: a blank has .42, a figure 1 and the next have .35."""
HIGH_LETTERS: Final = 75
"""Percentile of the heights in a row that is taken for that of its capitals and figures."""
BESIDE_IN: Final = 0.015
"""How far beside its box a word's letters may reach."""
UNREAD: Final = 0.2
"""Heights of a row that the ink of one letter takes across."""
OF_A_PICTURE_IN: Final = 0.5
"""A picture as high as this is accounted for as a scan is."""

Ints = NDArray[np.intp]


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
    known = np.zeros_like(marks)
    for place in told:
        cv2.fillConvexPoly(known, np.round(place.corners).astype(np.int32), 1)
    marks &= 1 - known
    if not marks.any():
        return ()
    join = tuple(2 * round(inches * dpi / 2) + 1 for inches in (JOIN_IN, JOIN_UP_IN))
    read = [(word.region.bounds, word.confidence) for word in words if not word.glyphs]
    level, upright = _rows(marks, known, join, dpi), _rows(marks.T, known.T, join, dpi)
    found = [part for row in level for part in _unread(row, marks, known, read, dpi)]
    across = [(_turned(box), sure) for box, sure in read]
    found += [_turned(part) for row in upright for part in _unread(row, marks.T, known.T, across, dpi)]
    return tuple(Quad.of(box) for part in found if (box := part.grown(2).clipped(bare.width, bare.height)))


def _unread(row: Box, marks: Pixels, known: Pixels, read: Sequence[tuple[Box, float]], dpi: float) -> list[Box]:
    """What of a row no word of its own size explains: all of it where they stand on less than most, else what hangs
    together without a blank around a letter that none holds, or with ink that is `known` to be unread. Of fine print
    those words count that the engine is sure of."""
    size = min(row.width, row.height)
    least = FINE_SURE if size < FINE_IN * dpi else EXPLAINS_FROM
    words = [box for box, sure in read if sure >= least and min(box.width, box.height) <= HIGHER * size]
    words = [box for box in words if row.overlap(box)]
    if sum(row.overlap(box) for box in words) < MOST * row.area:
        return [row]
    shown = marks[row.top : row.bottom, row.left : row.right]
    columns = np.flatnonzero(shown.any(axis=0))
    blank = BLANK * _letters_height(shown, columns)
    free = np.ones(row.width, np.bool_)
    beside = round(BESIDE_IN * dpi)
    for box in words:
        free[max(box.left - beside - row.left, 0) : max(box.right + beside - row.left, 0)] = False
    third = (row.bottom - row.top) // 3
    cut = np.pad(known[row.top + third : row.bottom - third].any(axis=0), near := int(blank))
    return [
        Box(row.left + int(part[0]), row.top, row.left + int(part[-1]) + 1, row.bottom)
        for part in _parted(columns, blank)
        if np.count_nonzero(free[part]) >= UNREAD * size
        or cut[row.left + int(part[0]) : row.left + int(part[-1]) + 2 * near + 1].any()
    ]


def _letters_height(shown: Pixels, columns: Ints) -> float:
    """That of most letters at most, in pixels: tails and slashes make a row higher."""
    highs = [np.flatnonzero(shown[:, part].any(axis=1)) for part in _parted(columns, 1)]
    return float(np.percentile([rows[-1] + 1 - rows[0] for rows in highs], HIGH_LETTERS))


def _parted(columns: Ints, blank: float) -> list[Ints]:
    """Columns parted where so many are missing."""
    return np.split(columns, np.flatnonzero(np.diff(columns) > blank) + 1)


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


def _rows(marks: Pixels, known: Pixels, join: tuple[int, ...], dpi: float) -> list[Box]:
    """Rows of marks, joined along and up by so many pixels, and what stands before or after ink that is `known`."""
    joined = cv2.morphologyEx(np.ascontiguousarray(marks), cv2.MORPH_CLOSE, np.ones(join[::-1], np.uint8))
    _, _, stats, _ = components(joined)
    found = []
    for left, top, wide, high, _ in stats[1:].tolist():
        if not LOW_IN * dpi <= high <= HIGH_IN * dpi:
            continue
        near = int(BLANK * high)
        beside = known[top + high // 3 : top + high - high // 3, max(left - near, 0) : left + wide + near]
        dash = np.count_nonzero(marks[top : top + high, left : left + wide]) >= SOLID * wide * high
        if beside.any() or (wide >= LONG * high and not dash):
            found.append(Box(left, top, left + wide, top + high))
    return found


def _turned(box: Box) -> Box:
    return Box(box.top, box.left, box.bottom, box.right)

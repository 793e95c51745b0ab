"""Letters that a box cuts: what stands out of its long edge in stroke after stroke is the rest of what it covers.

Upper halves of letters tell a name to who knows it, lower halves some of it; an engine reads neither for sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.levels import level_at
from detectors.pages import PageReading, Pixels
from policies.attack.finished.raster import FinishedPage, Mask, paper_dpi, share
from policies.attack.looks import Band, Look, beside
from policies.attack.report import Residual

INK: Final = 0.65
"""Times the paper beside the box: what is darker is ink."""
PAPER: Final = 80.0
"""Percentile of what stands beside the box that is its paper."""
STROKE_IN: Final = 0.08
"""Along the edge a stroke of print is shorter; a ruling, a frame and an underline are longer."""
GAP_IN: Final = 0.15
"""Strokes further apart are no letters of one word."""
LEAST_STROKES: Final = 4
"""Two or three letters. Descenders of the line above, marks and rulings that end at a box are fewer."""
REST_IN: Final = (0.02, 0.2)
"""How far such letters stand out: less is what a scan smears, more is no line of print."""
LEAST_TALL: Final = 0.6
"""Of the strokes that touch the box, so many stand out so far."""
SURE: Final = 80.0
"""Confidence from which a word that was read explains its strokes."""
EXPLAINED: Final = 0.5


def residuals(
    page: FinishedPage, burned: Sequence[Quad], black: Mask, rows: Sequence[Band], reading: PageReading, look: Look
) -> list[Residual]:
    """What of cut letters no sure word explains in these rows of a page; `black` are the pixels of `burned`."""
    near = beside(burned, rows, round(REST_IN[1] * paper_dpi(page)) + 1)
    found = [box for box in cut(page, near, black) if any(b.top <= box.top and box.bottom <= b.bottom for b in rows)]
    if not found:
        return []
    read = np.zeros(black.shape, np.uint8)
    for word in reading.words:
        box = word.region.bounds.clipped(black.shape[1], black.shape[0])
        if box is not None and word.confidence >= SURE and sum(c.isalnum() for c in word.text) > 1:
            read[box.top : box.bottom, box.left : box.right] = 1
    read[black] = 0
    sums = cv2.integral(read)
    return [
        Residual(look.page, Kind.INK, Quad.of(box), Reason.RESIDUAL_FINDING, False)
        for box in found
        if share(sums, box.left, box.top, box.right, box.bottom) < EXPLAINED
    ]


def cut(page: FinishedPage, burned: Sequence[Quad], black: Mask) -> list[Box]:
    """Where letters stand out of a box's long edge, in the page's pixels."""
    pixels, dpi = page.pixels, paper_dpi(page)
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    height, width = gray.shape
    found = []
    for quad in burned:
        box = quad.bounds.clipped(width, height)
        if box is None:
            continue
        lies = box.width >= box.height
        seen, hidden = (gray, black) if lies else (gray.T, black.T)
        left, top, right, bottom = box.left, box.top, box.right, box.bottom
        if not lies:
            left, top, right, bottom = top, left, bottom, right
        reach = round(REST_IN[1] * dpi) + 1
        above = slice(max(top - reach, 0), top), slice(left, right)
        below = slice(bottom, bottom + reach), slice(left, right)
        for outward, rows, edge in ((-1, above, top), (1, below, bottom - 1)):
            # Of a box that leans only its corner stands at this edge.
            at = hidden[edge, left:right]
            for first, last, deep in _rests(seen[rows][::outward], hidden[rows][::outward], at, dpi):
                ends = (top - deep, top) if outward < 0 else (bottom, bottom + deep)
                across = (left + first, left + last)
                found.append(
                    Box(across[0], ends[0], across[1], ends[1]) if lies else Box(ends[0], across[0], ends[1], across[1])
                )
    return found


def _rests(seen: Pixels, hidden: Mask, edge: Mask, dpi: float) -> list[tuple[int, int, int]]:
    """First and last column (half-open) of words cut by an edge, and how many rows they stand out; row 0 lies at it,
    and `edge` says which of its columns the box takes."""
    if len(seen) < max(REST_IN[0] * dpi, 2):
        return []
    ink = (seen < INK * level_at(seen[::3, ::3], PAPER)) & ~hidden
    strokes = _runs(ink[0] & ink[1] & edge)
    strokes = strokes[strokes[:, 1] - strokes[:, 0] <= STROKE_IN * dpi]
    if len(strokes) < LEAST_STROKES:
        return []
    apart = np.flatnonzero(strokes[1:, 0] - strokes[:-1, 1] > GAP_IN * dpi) + 1
    found = []
    for word in np.split(strokes, apart):
        if len(word) < LEAST_STROKES:
            continue
        left, right = int(word[0, 0]), int(word[-1, 1])
        deep = _deep(ink[:, left:right])
        least = max(round(REST_IN[0] * dpi), 2)
        if not least <= deep < len(seen):
            continue
        tall = sum(bool(ink[:least, a:b].any(axis=1).all()) for a, b in word)
        if tall >= max(LEAST_TALL * len(word), LEAST_STROKES):
            found.append((left, right, deep))
    return found


def _deep(ink: Mask) -> int:
    """How many rows from the edge on hold ink."""
    bare = np.flatnonzero(~ink.any(axis=1))
    return int(bare[0]) if len(bare) else len(ink)


def _runs(row: Mask) -> NDArray[np.intp]:
    """First and last column (half-open) of what hangs together, shape (n, 2)."""
    return np.flatnonzero(np.diff(np.concatenate(([0], row.view(np.uint8), [0])).astype(np.int8))).reshape(-1, 2)

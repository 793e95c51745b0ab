"""Ink accounting: which dark pixels does nothing that was read explain?

A clean reading proves nothing about what the engine skipped (table cells, light on dark, turned text, handwriting).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading
from detectors.visual.ink.cells import filled_combs, single_signs
from detectors.visual.ink.dots import dotted_lines
from detectors.visual.ink.explained import explained
from detectors.visual.ink.hidden import pale_lines
from detectors.visual.ink.parted import parted
from detectors.visual.ink.rulings import broken
from detectors.visual.ink.rulings import rulings as lines_of
from detectors.visual.ink.scraps import without_scraps
from detectors.visual.ink.seen import Seen, Sights
from detectors.visual.ink.small import LEAST_DPI, small_rows
from detectors.visual.ink.struck import struck
from detectors.visual.ink.tilted import tilted_blocks
from detectors.visual.marks.drawn import around_holes, crossed, drawn, strokes
from detectors.visual.marks.find import Mark

_LEAST_INK: Final = 0.001
"""Share of the page that is taken for its ink at least, about a line of print: on an almost empty page the rim of a
hole is no lost text."""
_SPECK_IN: Final = 0.03
"""Marks that are smaller than this both ways are specks: a 6 point full stop is .02 inch."""
_BLOB_IN: Final = 0.17
"""Solid marks from this size both ways are holes, stamps' edges or pictures of solid black: quarter-inch punch holes
shrink by blur; letters that high are headlines with far less of their box filled."""
_BLOB_FILL: Final = 0.6
_TEXT_LOW_IN: Final = 0.04
_TEXT_HIGH_IN: Final = 0.6
"""Heights of text from 4 to about 40 points."""
_TEXT_MIN_WIDTH_IN: Final = 0.1
_JOIN_IN: Final = 0.09
"""Marks nearer than this along a line belong to one cluster: a blank at 12 points."""
_MIN_FILL: Final = 0.06
_MAX_FILL: Final = 0.8


@dataclass(frozen=True, slots=True)
class InkReport:
    """What of a page's ink is unexplained.

    `share` is the part of its ink, pale print included, that no confident word, ruling, speck or blob explains, 0.0 on
    an empty page; solid areas (the table under a photographed sheet, holes, bars) are not counted, for they would hide
    what went unread;
    `dark` is the part of the page that is ink at all. `regions` are clusters of it that look like text, in source
    pixels, in reading order. `specks`, `rulings` and `blobs` are shares of the dark pixels as well. `marks` are what is
    on the page besides print, as far as it was looked for.
    """

    share: float
    dark: float
    specks: float
    rulings: float
    blobs: float
    regions: tuple[Quad, ...]
    marks: tuple[Mark, ...] = ()


def unexplained(page: PageRaster, reading: PageReading, sights: Sights | None = None) -> InkReport:
    """Account for the ink of `page` by the words of `reading`, both in source pixels. `sights` are of that page, where
    it is accounted for more than once."""
    lean = math.degrees(median(w.region.angle for w in reading.words)) if reading.words else 0.0
    seen = (sights or Sights(page)).of(reading, lean)
    words = reading if seen.turn is None else seen.turn.words(reading, seen.dpi)
    found = _accounted(seen, words)
    read = without_scraps(words, found.regions, seen.dpi)
    found = found if read is words else _accounted(seen, read)
    if seen.turn is None:
        return found
    return replace(found, regions=tuple(region.mapped(seen.turn.back) for region in found.regions))


def _accounted(seen: Seen, reading: PageReading) -> InkReport:
    work_dpi, across, down = seen.work_dpi, seen.across, seen.down
    words = explained(reading, seen.ink.shape, across, down, work_dpi)
    left = seen.marks & ~words
    rows = small_rows(seen.closely, left, work_dpi, (across, down)) if seen.dpi >= LEAST_DPI else []
    small = _within(left, rows)
    left &= ~small
    straight = lines_of(left, work_dpi)
    blocks = tilted_blocks(seen.marks & ~straight, _leans(reading, across, down), work_dpi)
    straight |= broken(left & ~straight, straight, work_dpi)
    rulings = left & straight
    through = struck(left, straight, work_dpi)
    left &= ~rulings
    left, specks, blobs = _sorted_out(left, work_dpi)
    dots, dotted = dotted_lines(specks, seen.bars, work_dpi)
    read = int(np.count_nonzero(seen.faint & words))
    faint = seen.faint & ~words
    if faint.any():
        faint &= ~lines_of(faint, work_dpi)
    faint_ink, lines = pale_lines(faint, work_dpi)
    combs = filled_combs(left, rulings, work_dpi)
    unread, scale = (seen.marks | seen.faint) & ~words, (across, down)
    whole = parted([*_clusters(left, work_dpi), *through], unread, reading, scale)
    boxes = [*whole, *dotted, *rows, *lines, *combs]
    in_combs = single_signs(combs, reading, scale, work_dpi)
    through_words: list[Quad] = []
    if pen := strokes(left, seen.marks & words, work_dpi):
        pen, through_words = crossed(pen, reading, scale)
        boxes += parted(drawn(pen, left | rulings, boxes, work_dpi), unread | pen.ink, reading, scale)
    boxes.sort(key=lambda b: (b.top, b.left))
    regions = tuple(Quad.of(seen.source(box)) for box in boxes)
    regions += tuple(around_holes(seen.holes, reading, scale))
    regions += (*through_words, *in_combs)
    regions += tuple(block.mapped(np.diag((1 / across, 1 / down, 1.0))) for block in blocks)
    count, dark = np.count_nonzero, seen.dark
    return InkReport(
        share=min(
            1.0,
            (int(count(left | small | dots)) + faint_ink)
            / max(dark + read + faint_ink - blobs - seen.barred, _LEAST_INK * seen.ink.size),
        ),
        dark=dark / seen.ink.size,
        specks=int(count(specks & ~dots)) / max(dark, 1),
        rulings=int(count(rulings)) / max(dark, 1),
        blobs=(blobs + seen.barred) / max(dark, 1),
        regions=regions,
    )


def _within(ink: NDArray[np.bool_], boxes: Sequence[Box]) -> NDArray[np.bool_]:
    found = np.zeros_like(ink)
    for box in boxes:
        rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
        found[rows, columns] = ink[rows, columns]
    return found


def _leans(reading: PageReading, horizontal: float, vertical: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres of the words in pixels of the ink, and their angles in degrees."""
    corners = np.array([word.region.corners for word in reading.words]).reshape(-1, 4, 2)
    return corners.mean(axis=1) * (horizontal, vertical), np.degrees([w.region.angle for w in reading.words])


def _sorted_out(ink: NDArray[np.bool_], dpi: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_], int]:
    """The ink without specks and solid blobs, the specks, and the pixels of the blobs."""
    count, marks, stats, _ = components(ink)
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    speck = np.maximum(width, height) <= max(1, round(_SPECK_IN * dpi))
    blob = (np.minimum(width, height) >= _BLOB_IN * dpi) & (area >= _BLOB_FILL * width * height)
    keep = ~(speck | blob)
    keep[0] = speck[0] = blob[0] = False
    if count <= 1:
        return ink, np.zeros_like(ink), 0
    # One table of small numbers is looked up faster than two of truths.
    kinds = (keep + 2 * speck).astype(np.uint8).take(marks)
    return kinds == 1, kinds == 2, int(area[blob].sum())


def _clusters(ink: NDArray[np.bool_], dpi: float) -> Sequence[Box]:
    """Boxes of neighbouring marks that have the height, width and fill of text."""
    join = max(3, 2 * round(_JOIN_IN * dpi / 2) + 1)
    joined = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, join), np.uint8))
    _, marks, stats, _ = components(joined)
    pixels = np.bincount(marks[ink], minlength=len(stats))
    boxes = []
    for index in range(1, len(stats)):
        left, top, width, height = (int(v) for v in stats[index, :4])
        fill = int(pixels[index]) / (width * height)
        upright = _TEXT_LOW_IN * dpi <= height <= _TEXT_HIGH_IN * dpi and width >= _TEXT_MIN_WIDTH_IN * dpi
        turned = _TEXT_LOW_IN * dpi <= width <= _TEXT_HIGH_IN * dpi and height >= _TEXT_MIN_WIDTH_IN * dpi
        if (upright or turned) and _MIN_FILL <= fill <= _MAX_FILL:
            boxes.append(Box(left, top, left + width, top + height))
    return sorted(boxes, key=lambda b: (b.top, b.left))

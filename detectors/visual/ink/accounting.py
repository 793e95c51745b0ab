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
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.visual.ink.dots import dotted_lines
from detectors.visual.ink.explained import GROW_IN, explained
from detectors.visual.ink.hidden import STRONG, channels_of, on_bars, pale, pale_lines, paper_of, threshold
from detectors.visual.ink.level import levelled
from detectors.visual.ink.rulings import broken
from detectors.visual.ink.rulings import rulings as lines_of
from detectors.visual.ink.scraps import without_scraps
from detectors.visual.ink.small import LEAST_DPI, small_rows
from detectors.visual.ink.struck import struck
from detectors.visual.ink.tilted import tilted_blocks
from detectors.visual.marks.drawn import around_holes, crossed, drawn, strokes
from detectors.visual.marks.find import Mark

_WORK_DPI: Final = 100.0
"""Ink is counted at about this resolution: text strokes survive, and a page costs milliseconds."""
_LETTER_WIDTH_IN: Final = 8.5
"""Page width assumed where the container says no resolution."""
_LEAST_INK: Final = 0.001
"""Share of the page that is taken for its ink at least, about a line of print: on an almost empty page the rim of a
hole is no lost text."""
_SPECK_IN: Final = 0.03
"""Marks that are smaller than this both ways are specks: a 6 point full stop is .02 inch."""
_BLOB_IN: Final = 0.17
"""Solid marks from this size both ways are holes, stamps' edges or pictures of solid black: quarter-inch punch holes
shrink by blur; letters that high are headlines with far less of their box filled."""
_BLOB_FILL: Final = 0.6
_DARK: Final = 100
"""Grey level under which an area counts as dark whatever its surroundings."""
_BAR_FILL: Final = 0.65
"""Share of dark pixels from which an area is a bar that may hold light text; print covers a third of its box."""
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


def unexplained(page: PageRaster, reading: PageReading) -> InkReport:
    """Account for the ink of `page` by the words of `reading`, both in source pixels."""
    level = levelled(page, reading, _lean(reading))
    if level is None:
        return _without_scraps(page, reading)
    found = _without_scraps(level.page, level.reading)
    return replace(found, regions=tuple(region.mapped(level.back) for region in found.regions))


def _without_scraps(page: PageRaster, reading: PageReading) -> InkReport:
    """The account by the words that are no scraps of what went unread."""
    found = _accounted(page, reading)
    words = without_scraps(reading, found.regions, _dpi(page))
    return found if words is reading else _accounted(page, words)


def _dpi(page: PageRaster) -> float:
    return page.dpi if page.dpi > 0 else page.width / _LETTER_WIDTH_IN


def _accounted(page: PageRaster, reading: PageReading) -> InkReport:
    dpi = _dpi(page)
    scale = min(1.0, _WORK_DPI / dpi)
    work_dpi = dpi * scale
    pixels = page.pixels
    if scale < 1.0:
        size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    gray = _luma(pixels)
    paper = paper_of(gray, work_dpi)
    bars = _bars(gray, work_dpi)
    ink = _ink(gray, paper_of(gray, work_dpi, bars=bars) if bars.any() else paper, bars, work_dpi)
    dark = int(np.count_nonzero(ink))
    horizontal = gray.shape[1] / page.width
    vertical = gray.shape[0] / page.height
    # On a dark bar the light marks are the text.
    inner = _inner(bars, work_dpi)
    channels = channels_of(pixels, gray)
    marks = np.where(bars, _light(gray, paper, inner) | on_bars(channels, inner, work_dpi, page.lossy), ink)
    barred = int(np.count_nonzero(ink & bars & ~marks & (gray < _DARK)))
    words = explained(reading, ink.shape, horizontal, vertical, work_dpi)
    left = marks & ~words
    rows = small_rows(_luma(page.pixels), left, work_dpi) if dpi >= LEAST_DPI else []
    small = _within(left, rows)
    left &= ~small
    straight = lines_of(left, work_dpi)
    blocks = tilted_blocks(marks & ~straight, _leans(reading, horizontal, vertical), work_dpi)
    straight |= broken(left & ~straight, straight, work_dpi)
    rulings = left & straight
    through = struck(left, straight, work_dpi)
    left &= ~rulings
    left, specks, blobs = _sorted_out(left, work_dpi)
    dots, dotted = dotted_lines(specks, bars, work_dpi)
    faint = pale(channels, ink | bars, work_dpi, page.lossy)
    read = int(np.count_nonzero(faint & words))
    faint &= ~words
    if faint.any():
        faint &= ~lines_of(faint, work_dpi)
    faint_ink, lines = pale_lines(faint, work_dpi)
    boxes = [*_clusters(left, work_dpi), *dotted, *rows, *lines, *through]
    through_words: list[Quad] = []
    if pen := strokes(left, marks & words, work_dpi):
        pen, through_words = crossed(pen, reading, (horizontal, vertical))
        boxes += drawn(pen, left | rulings, boxes, work_dpi)
    boxes.sort(key=lambda b: (b.top, b.left))
    regions = tuple(Quad.of(_source(box, horizontal, vertical, page)) for box in boxes)
    regions += tuple(around_holes(ink, reading, (horizontal, vertical), work_dpi))
    regions += tuple(through_words)
    regions += tuple(block.mapped(np.diag((1 / horizontal, 1 / vertical, 1.0))) for block in blocks)
    count = np.count_nonzero
    return InkReport(
        share=min(
            1.0,
            (int(count(left | small | dots)) + faint_ink)
            / max(dark + read + faint_ink - blobs - barred, _LEAST_INK * ink.size),
        ),
        dark=dark / ink.size,
        specks=int(count(specks & ~dots)) / max(dark, 1),
        rulings=int(count(rulings)) / max(dark, 1),
        blobs=(blobs + barred) / max(dark, 1),
        regions=regions,
    )


def _luma(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _ink(gray: Pixels, paper: Pixels, bars: NDArray[np.bool_], dpi: float) -> NDArray[np.bool_]:
    """Pixels that differ from the paper around them, darker or lighter: light text on a dark bar is ink as well."""
    darker: NDArray[np.bool_] = cv2.subtract(paper, gray) > STRONG
    # Averages over bold print are so dark that the paper between its lines would be light ink; samples are not.
    lightest = np.maximum(paper, paper_of(gray, dpi, cv2.INTER_NEAREST, bars))
    lighter: NDArray[np.bool_] = cv2.subtract(gray, lightest) > STRONG
    # The inside of a solid mark wider than the window would be its own paper.
    solid: NDArray[np.bool_] = gray < _DARK
    return darker | lighter | solid


def _light(gray: Pixels, paper: Pixels, inner: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Marks inside dark bars: light ones, and those that stand out from the bar's own dark."""
    if not inner.any():
        return inner
    above = np.asarray(cv2.subtract(gray, paper), np.uint8)
    found: NDArray[np.bool_] = ((gray >= _DARK) | (above > threshold(above[inner], lossy=False))) & inner
    return found


def _within(ink: NDArray[np.bool_], boxes: Sequence[Box]) -> NDArray[np.bool_]:
    found = np.zeros_like(ink)
    for box in boxes:
        rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
        found[rows, columns] = ink[rows, columns]
    return found


def _bars(gray: NDArray[np.uint8], dpi: float) -> NDArray[np.bool_]:
    """Dark areas from the size of a blob, with whatever light marks they hold."""
    join, least = max(3, round(_JOIN_IN * dpi)), max(3, round(_BLOB_IN * dpi))
    closed = cv2.morphologyEx((gray < _DARK).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    if not opened.any():
        return np.zeros(gray.shape, bool)
    # Dense print closes to an area as well; a bar is dark in most of its pixels.
    count, parts, stats, _ = components(opened)
    dark = np.bincount(parts[gray < _DARK], minlength=count)
    solid = dark >= _BAR_FILL * stats[:, cv2.CC_STAT_AREA]
    solid[0] = False
    if not solid.any():
        return np.zeros(gray.shape, bool)
    # Opening cuts the round edges off; they come back as far as they are dark.
    grown = cv2.dilate(solid[parts].astype(np.uint8), np.ones((least, least), np.uint8))
    found: NDArray[np.bool_] = (grown & closed).astype(bool)
    return found


def _inner(bars: NDArray[np.bool_], dpi: float) -> NDArray[np.bool_]:
    """Bars without their blurred rims."""
    rim = 2 * max(1, round(GROW_IN * dpi)) + 1
    eroded: NDArray[np.bool_] = cv2.erode(bars.astype(np.uint8), np.ones((rim, rim), np.uint8)).astype(bool)
    return eroded


def _lean(reading: PageReading) -> float:
    """The angle at which the page's lines run, in degrees."""
    return math.degrees(median(w.region.angle for w in reading.words)) if reading.words else 0.0


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


def _source(box: Box, horizontal: float, vertical: float, page: PageRaster) -> Box:
    corners = ((box.left / horizontal, box.top / vertical), (box.right / horizontal, box.bottom / vertical))
    found = Box.around(corners).grown(1).clipped(page.width, page.height)
    if found is None:
        raise ValueError("a cluster lies outside its page")
    return found

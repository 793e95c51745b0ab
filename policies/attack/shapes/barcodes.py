"""Codes that still decode in the finished copy: a decoder finds what no reader of words sees.

A decoder's cost is by area, and that of most pages is print: it is shown what ink the words leave, with much room.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.components import components
from detectors.errors import Reason
from detectors.findings import Kind, Owner
from detectors.geometry import Box, Quad
from detectors.levels import level_at
from detectors.pages import Pixels
from detectors.shrunk import shrunk
from policies.attack.finished.raster import FinishedPage
from policies.attack.looks import Band
from policies.attack.report import ActsOn, Residual

SMOOTHING_PX: Final = 1.0
SHARPENING: Final = 1.5
"""Of what a wider blur takes away so much is added: of 231 codes in all states it reads 141, smoothing 109, the page as
it is 135."""
SHARPENING_PX: Final = 2.5
SMALL_DPI: Final = 130.0
"""Pages of less are read once more at twice their size: modules of one pixel have no edges."""
GROWN_PX: Final = 8
"""A decoder names the middle of the outermost modules."""
_SEEN_DPI: Final = 75.0
"""Ink is looked for at this resolution: fine bars run together to gray, which is all that is asked of them."""
_CONTRAST, _MOST_CONTRAST = 10.0, 30.0
_NOISE: Final = 5.0
"""Ink differs from its paper by this many times what half of the page stays under, 3.4 sigma of grain: else all of a
grainy page would be shown."""
_RIM_PX: Final = 2
"""At that resolution: what of a word, or of a box, stands out of where it was read."""
_PAPER_IN: Final = 0.5
_COARSE: Final = 4
_JOIN_IN: Final = 0.09
"""White modules side by side are rarely wider, four of the widest bars in use."""
_DENSE: Final = 0.45
"""Share of ink that a code has somewhere in so much as one join: half of it is dark. What is left of lines of print
where their words are taken away are rims, which the join makes areas of."""
_LEAST_IN: Final = 0.06
"""No code is narrower; rulings and what is left of lines of print are."""
_LONG_IN: Final = 0.09
"""None is shorter; single letters are."""
_ROOM_IN: Final = 0.15
"""Shown around such ink: the quiet zone, and what of the code was taken for paper."""
_FULL: Final = 255
_MOST_SHARE: Final = 0.5
"""Where more of the rows would be shown, they are shown whole."""


def residuals(
    raster: FinishedPage, page: int, rows: Sequence[Band], acts_on: ActsOn, explained: Sequence[Box] = ()
) -> list[Residual]:
    """One for each code in these rows that decodes with harder settings than the first reader's.

    `explained` are the places of words that were surely read, and of burned regions: no code stands there.
    """
    if not acts_on(Kind.BARCODE, Owner.UNKNOWN, ""):
        return []
    gray = raster.pixels if raster.pixels.ndim == 2 else cv2.cvtColor(raster.pixels, cv2.COLOR_RGB2GRAY)
    found: list[Box] = []
    for place in places(gray, raster.dpi, rows, explained):
        shown = np.ascontiguousarray(gray[place.top : place.bottom, place.left : place.right])
        for view, scale in _views(shown, raster.dpi):
            for code in zxingcpp.read_barcodes(view):
                at = code.position
                corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
                placed = [(p.x / scale + place.left, p.y / scale + place.top) for p in corners]
                box = Box.around(placed).grown(GROWN_PX)
                # Two views place one code a pixel apart.
                same = [other for other in found if other.overlap(box) * 2 > min(other.area, box.area)]
                found = [other for other in found if other not in same]
                found.append(functools.reduce(Box.union, same, box))
    return [Residual(page, Kind.BARCODE, Quad.of(box), Reason.RESIDUAL_FINDING, certain=True) for box in found]


def places(gray: Pixels, dpi: float, rows: Sequence[Band], explained: Sequence[Box]) -> list[Box]:
    """Where in these rows ink stands that is large enough for a code and not explained, with room around."""
    width = gray.shape[1]
    whole = [Box(0, band.top, width, band.bottom) for band in rows if band.top < band.bottom]
    if not whole:
        return []
    # What is beside the rows tells their paper, and no more of the page does.
    beside = round(_PAPER_IN * dpi)
    above = max(min(box.top for box in whole) - beside, 0)
    gray = gray[above : max(box.bottom for box in whole) + beside]
    height = gray.shape[0]
    scale = min(1.0, _SEEN_DPI / dpi)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = shrunk(gray, size)
    # Medians of wide windows are slow, that of a small picture stands in.
    coarse = cv2.resize(
        small, (max(1, size[0] // _COARSE), max(1, size[1] // _COARSE)), interpolation=cv2.INTER_NEAREST
    )
    window = 2 * max(1, round(_PAPER_IN * dpi * scale / _COARSE / 2)) + 1
    paper = cv2.resize(cv2.medianBlur(coarse, window), size, interpolation=cv2.INTER_LINEAR)
    differs = np.asarray(cv2.absdiff(small, paper), np.uint8)
    contrast = min(max(_NOISE * level_at(differs, 50), _CONTRAST), _MOST_CONTRAST)
    ink = (differs > contrast).astype(np.uint8)
    # The inside of what is wider than the window is its own paper.
    ink |= (small < 128).astype(np.uint8)
    for box in explained:
        left, top, right, bottom = (
            round(v * scale) for v in (box.left, box.top - above, box.right, box.bottom - above)
        )
        ink[max(top - _RIM_PX, 0) : max(bottom + _RIM_PX, 0), max(left - _RIM_PX, 0) : right + _RIM_PX] = 0
    join, least = (max(2, round(inches * dpi * scale)) for inches in (_JOIN_IN, _LEAST_IN))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    solid = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    _, parts, stats, _ = components(solid)
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _LONG_IN * dpi * scale
    # A code is dense somewhere.
    dense = cv2.blur(ink * np.uint8(_FULL), (join, join)) >= _DENSE * _FULL
    long &= np.isin(np.arange(len(stats)), parts[dense])
    long[0] = False
    room = round(_ROOM_IN * dpi)
    boxes = (
        Box.around(((x / scale, y / scale + above), ((x + w) / scale, (y + h) / scale + above))).grown(room)
        for x, y, w, h, _ in stats[long].tolist()
    )
    places = _apart(_within(box, band) for box in boxes for band in whole)
    return places if sum(p.area for p in places) <= _MOST_SHARE * sum(b.area for b in whole) else whole


def _within(box: Box, rows: Box) -> Box | None:
    top, bottom = max(box.top, rows.top), min(box.bottom, rows.bottom)
    return Box(max(box.left, 0), top, min(box.right, rows.right), bottom) if top < bottom else None


def _apart(boxes: Iterable[Box | None]) -> list[Box]:
    """The boxes, those that overlap as one."""
    apart: list[Box] = []
    for box in boxes:
        while box is not None and (touching := [other for other in apart if other.overlap(box)]):
            apart = [other for other in apart if other not in touching]
            box = functools.reduce(Box.union, touching, box)
        if box is not None:
            apart.append(box)
    return sorted(apart, key=lambda b: (b.top, b.left))


def _views(gray: Pixels, dpi: float) -> Iterator[tuple[Pixels, float]]:
    """What a decoder is shown, and the scale of each: the grain smoothed, the edges sharpened, small pages enlarged."""
    yield np.asarray(cv2.GaussianBlur(gray, (0, 0), SMOOTHING_PX), np.uint8), 1.0
    blurred = cv2.GaussianBlur(gray, (0, 0), SHARPENING_PX)
    yield np.asarray(cv2.addWeighted(gray, 1 + SHARPENING, blurred, -SHARPENING, 0), np.uint8), 1.0
    if dpi < SMALL_DPI:
        yield np.asarray(cv2.resize(gray, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8), 2.0

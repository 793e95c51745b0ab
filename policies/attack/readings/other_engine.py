"""What another engine reads on a finished copy: whole pages at depth `forensic`; at `full` the places of ink that no
sure word explains.

A clean second reading by the engine that read first proves little on a poor page, for it misses what it missed. An
engine of another kind first says where text stands; of that only what the first did not surely read is read by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import cv2
import numpy as np

from detectors.components import components
from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import BLANK, PageReading, Pixels
from detectors.reading.engines.engine import EngineWord
from policies.attack.finished.raster import FinishedPage, Mask, share
from policies.attack.looks import Band
from policies.attack.readings.blanks import Piece, joined
from policies.attack.report import Depth, Residual

VIEW_DPI: Final = 150
MAX_VIEW_PX: Final = 12_000_000
SURE: Final = 70.0
"""Confidence from which a word of the first engine explains its ink."""
READ: Final = 50.0
"""Confidence from which this engine's own words are read: its least sure letter's. Below it neither can read what
stands there."""
EXPLAINED: Final = 0.6
"""Share of a place that sure words or burned regions cover: what stands there needs no other reading."""
LEAST_CONTRAST: Final = 12
"""Gray levels from the paper around; grain and moiré need more, see `GRAIN`."""
GRAIN: Final = 2.5
"""Times what the paper itself shows of it: ink stands out from that."""
STROKES_IN: Final = 0.12
"""No stroke of print is as wide."""
RULING_IN: Final = 0.5
THIN_IN: Final = 0.03
"""Ink per length of a ruling; written words have twice as much."""
SPECK_IN: Final = 0.03
ROOM_IN: Final = 0.03
"""Around a word: dots, descenders and what JPEG smears belong to it."""
APART_IN: Final = (0.15, 0.04)
"""Letters nearer than this, across and down, are of one place."""
LEAST_PLACE_IN: Final = (0.12, 0.05)
AROUND_IN: Final = 0.12
"""The detector of text wants some paper around it."""
MOST_OF_IT: Final = 0.5
"""Where places take more of a page, it is looked at whole: each has its own rim."""
MOST_PLACES: Final = 500
"""Dust: more are looked at whole, too."""


class OtherEngine(Protocol):
    """An engine of another kind than the first, which can tell where text stands without reading it."""

    @property
    def name(self) -> str: ...

    def text_regions(self, gray: Pixels, sure: float = ...) -> list[Quad]: ...

    def words_in(self, gray: Pixels, regions: Sequence[Quad]) -> list[EngineWord]: ...


def pieces(
    raster: FinishedPage, burned: Mask, rows: Sequence[Band], first: PageReading, other: OtherEngine, depth: Depth
) -> list[Piece]:
    """The words that the other engine reads in these rows of a finished page, in its pixels, lines from 0.

    At `full` only those where the first reading has no sure word; at `forensic` such places are looked at on their own
    as well, since the engine sees pale print better there. Raises RedoubtError(READER_FAILED).
    """
    view, explained, scale = _view(raster, burned, first)
    ends = [(round(band.top / scale), min(round(band.bottom / scale), view.shape[0])) for band in rows]
    ends = [(top, bottom) for top, bottom in ends if top < bottom]
    shown = np.zeros(view.shape[0], np.bool_)
    for top, bottom in ends:
        shown[top:bottom] = True
    known = cv2.integral(explained.astype(np.uint8))
    places = [(place, known) for place in _places(view, explained, shown, raster.dpi / scale)]
    if depth is Depth.FORENSIC:
        black = cv2.integral(_small(burned, view))
        places = [(Box(0, top, view.shape[1], bottom), black) for top, bottom in ends] + places
    found: dict[tuple[str, Box], Piece] = {}
    lines = 0
    for place, hidden in places:
        crop = np.ascontiguousarray(view[place.top : place.bottom, place.left : place.right])
        regions = [r for r in other.text_regions(crop) if _covered(hidden, _moved(r.bounds, place)) < EXPLAINED]
        words = other.words_in(crop, regions)
        for word in words:
            box = _moved(word.box, place)
            twice = any(text == word.text and box.overlap(b) >= EXPLAINED * box.area for text, b in found)
            inside = shown[min((box.top + box.bottom) // 2, len(shown) - 1)]
            if inside and not twice and _covered(hidden, box) < EXPLAINED:
                piece = Piece(word.text, word.confidence, _scaled(box, scale), float(lines + word.line))
                found[word.text, box] = piece
        lines += 1 + max((word.line for word in words), default=0)
    return list(found.values())


def unread(found: Sequence[Piece], first: PageReading, page: int) -> list[Residual]:
    """Text that this engine sees and neither can read: in doubt it is an identifier."""
    sure = [word.region.bounds for word in first.words if word.confidence >= SURE]
    return [
        Residual(page, Kind.UNREADABLE, piece.region, Reason.RESIDUAL_FINDING, False)
        for piece in found
        if piece.confidence < READ
        and any(c.isalnum() for c in piece.text)
        and not any(box.overlap(piece.region.bounds) >= EXPLAINED * piece.region.bounds.area for box in sure)
    ]


def beside_the_first(found: Sequence[Piece], first: PageReading, depth: Depth) -> list[Piece]:
    """The words to judge again: all that were found on a whole page, else the first reading's sure ones with what was
    found between them, which gives a label its value. Nothing where nothing was found."""
    if depth is Depth.FORENSIC or not found:
        return list(found)
    sure = [
        Piece(word.text, word.confidence, word.region, float(word.line))
        for word in first.words
        if word.text != BLANK and word.confidence >= SURE
    ]
    return joined(sure, found)


def _view(raster: FinishedPage, burned: Mask, first: PageReading) -> tuple[Pixels, Mask, float]:
    """The page as the other engine gets it, what of it is explained, and source pixels per one of its own."""
    pixels = raster.pixels
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    height, width = gray.shape
    factor = min(VIEW_DPI / raster.dpi, 4.0, (MAX_VIEW_PX / (width * height)) ** 0.5)
    size = (max(round(width * factor), 1), max(round(height * factor), 1))
    view = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA), np.uint8)
    explained = cv2.dilate(_small(burned, view), np.ones((5, 5), np.uint8)).astype(np.bool_)
    room = ROOM_IN * raster.dpi * factor
    for word in first.words:
        if word.text == BLANK or (word.confidence >= SURE and any(c.isalnum() for c in word.text)):
            box, near = word.region.bounds, room
            top, bottom = max(round(box.top * factor - near), 0), round(box.bottom * factor + near)
            explained[top:bottom, max(round(box.left * factor - near), 0) : round(box.right * factor + near)] = True
    return view, explained, 1 / factor


def _small(burned: Mask, view: Pixels) -> Pixels:
    resized = cv2.resize(burned.astype(np.uint8), view.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(resized, np.uint8)


def _places(view: Pixels, explained: Mask, shown: Mask, dpi: float) -> list[Box]:
    """Where unexplained ink stands that may be print, with some paper around."""
    marks = _marks(view, dpi) & ~explained & shown[:, None]
    count, numbers, stats, _ = components(marks)
    wide, high, area = (stats[:, at] for at in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    long, thin = np.maximum(wide, high), THIN_IN * dpi
    # rulings that lean and frames: `_marks` takes out those that run with the page
    ruling = (long >= RULING_IN * dpi) & (area < thin * long)
    frame = (np.minimum(wide, high) >= RULING_IN * dpi) & (area < 2 * thin * (wide + high))
    large = (long >= SPECK_IN * dpi) & ~ruling & ~frame
    large[0] = False
    across, down = (max(round(x * dpi), 1) for x in APART_IN)
    letters = cv2.dilate(large[numbers].astype(np.uint8), np.ones((down, across), np.uint8))
    count, _, stats, _ = components(letters)
    least = LEAST_PLACE_IN[0] * dpi + across, LEAST_PLACE_IN[1] * dpi + down
    around = round(AROUND_IN * dpi)
    boxes: list[Box] = []
    for left, top, width, height, _ in stats[1:count].tolist():
        if (width >= least[0] and height >= least[1]) or (height >= least[0] and width >= least[1]):
            box = Box(left - around, top - around, left + width + around, top + height + around)
            boxes.append(box.clipped(view.shape[1], view.shape[0]) or box)
    found = _apart(boxes) if len(boxes) <= MOST_PLACES else []
    if not boxes or (found and sum(box.area for box in found) <= MOST_OF_IT * view.size):
        return found
    return [Box(0, 0, view.shape[1], view.shape[0])]


def _marks(view: Pixels, dpi: float) -> Mask:
    """Ink by its contrast to the paper around, dark or light, without rulings."""
    side = max(round(STROKES_IN * dpi), 3)
    kernel = np.ones((side, side), np.uint8)
    marks = np.zeros(view.shape, np.bool_)
    for how in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):  # one by one: the paper between letters is light beside them
        stands_out = cv2.morphologyEx(view, how, kernel)
        least = max(LEAST_CONTRAST, GRAIN * float(np.median(stands_out)))
        marks |= _without_rulings((stands_out >= least).astype(np.uint8), dpi)
    return marks


def _without_rulings(marks: Pixels, dpi: float) -> Mask:
    long = max(round(RULING_IN * dpi), 3)
    for shape in ((1, long), (long, 1)):
        rulings = cv2.morphologyEx(marks, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        marks[cv2.dilate(rulings, np.ones((3, 3), np.uint8)) > 0] = 0
    return np.asarray(marks, np.bool_)


def _apart(boxes: Sequence[Box]) -> list[Box]:
    """Boxes that touch no other: those that do are joined."""
    found: list[Box] = []
    for box in boxes:
        grown, touching = box, [other for other in found if other.overlap(box)]
        while touching:
            found = [other for other in found if other not in touching]
            for other in touching:
                grown = grown.union(other)
            touching = [other for other in found if other.overlap(grown)]
        found.append(grown)
    return sorted(found, key=lambda b: (b.top, b.left))


def _moved(box: Box, place: Box) -> Box:
    return Box(box.left + place.left, box.top + place.top, box.right + place.left, box.bottom + place.top)


def _scaled(box: Box, scale: float) -> Quad:
    left, top, right, bottom = box.left * scale, box.top * scale, box.right * scale, box.bottom * scale
    return Quad(((left, top), (right, top), (right, bottom), (left, bottom)))


def _covered(sums: np.ndarray[tuple[int, ...], np.dtype[np.int32]], box: Box) -> float:
    return share(sums, box.left, box.top, box.right, box.bottom)

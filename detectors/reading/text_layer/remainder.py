"""What of a page a proven text layer does not explain: where that lies, and what an engine reads there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box, Boxes, Quad
from detectors.pages import LayerState, PageRaster, PageReading, Pixels, Word
from detectors.reading.engines.engine import Engine
from detectors.reading.read import read_page
from detectors.reading.text_layer.proof import LayerWord
from detectors.reading.views.view import to_gray

Mask = NDArray[np.bool_]

WORK_DPI: Final = 100.0
"""Edges are looked for at about this resolution, as ink is."""
EDGE: Final = 14
"""Gray levels within three pixels from which there is an edge: pale print has it, flat shading has none."""
ROOM_IN: Final = 0.02
"""A word explains this much around its cells: letters overhang."""
WHITE: Final = 255
RULING_IN: Final = 0.4
"""Straight runs from this length are rulings and the edges of shading; no letter of usual print has one."""
SPECK_IN: Final = 0.03
CODE_GAP_IN, CODE_SIDE_IN = 0.06, 0.15
"""Runs nearer to each other than the gap, over an area of this side, are no rulings of a table but bars of a code."""
APART_IN: Final = 0.25
"""Marks nearer than this are read together."""
MARGIN_IN: Final = 0.1
MOST_REGIONS: Final = 24
"""More are read as one."""
CERTAIN: Final = 100.0
"""Confidence of a proven word."""
_AROUND: Final = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Remainder:
    """The page without its proven words, and the boxes of what is left on it, in source pixels, from the top."""

    bare: PageRaster = field(repr=False)
    regions: tuple[Box, ...]


def without(page: PageRaster, words: Sequence[LayerWord]) -> PageRaster:
    """The page with what it shows without any text where these words have their ink."""
    room = max(round(ROOM_IN * page.dpi), 1)
    shown = page.pixels.copy()
    rest = None if page.layer is None or page.layer.bare is None else page.layer.bare.pixels()
    for word in words:
        for left, top, right, bottom in Boxes.of(word.glyphs).numbers():
            rows = slice(top - room if top > room else 0, bottom + room)
            place = (rows, slice(left - room if left > room else 0, right + room))
            shown[place] = WHITE if rest is None else rest[place]
    return replace(page, pixels=shown)


def remainder(bare: PageRaster, unread: Sequence[Box]) -> Remainder:
    """What a page without its words shows: every mark that is no ruling, every code, and every place that is `unread`
    whether it shows marks or not: pictures, and words of the layer that are not proven.
    """
    scale = min(1.0, WORK_DPI / bare.dpi)
    work_dpi = bare.dpi * scale
    size = (max(1, round(bare.width * scale)), max(1, round(bare.height * scale)))
    small = np.asarray(cv2.resize(to_gray(bare.pixels), size, interpolation=cv2.INTER_AREA), np.uint8)
    found = [_source(box, size, bare) for box in _clusters(_marks(small, work_dpi), work_dpi)]
    return Remainder(bare, tuple(_disjoint([*found, *unread], bare)))


def beside_lines(bare: PageRaster, unread: Sequence[Box]) -> Remainder:
    """The same where straight lines are all that is left beside the places that are `unread`."""
    margin = round(MARGIN_IN * bare.dpi)
    return Remainder(bare, tuple(_disjoint([box.grown(margin) for box in unread], bare)))


def read_with(page: PageRaster, words: Sequence[LayerWord], left: Remainder, engine: Engine) -> PageReading:
    """The proven words, and among them what the engine reads in the regions; line by line from the top.

    Raises RedoubtError(READER_FAILED).
    """
    lines: dict[tuple[int, int], list[Word]] = {}
    for told in words:
        placed = Word(told.text, CERTAIN, Quad.of(told.box), 0, 0, len(told.text), told.glyphs)
        lines.setdefault((-1, told.line), []).append(placed)
    spans = {
        key: (min(w.region.bounds.top for w in line), max(w.region.bounds.bottom for w in line))
        for key, line in lines.items()
    }
    for number, region in enumerate(left.regions):
        pixels = np.ascontiguousarray(left.bare.pixels[region.top : region.bottom, region.left : region.right])
        shift = np.array([[1.0, 0, region.left], [0, 1.0, region.top], [0, 0, 1.0]])
        for word in read_page(replace(left.bare, pixels=pixels, layer=None, redactions=()), engine).words:
            found = replace(word, region=word.region.mapped(shift))
            lines.setdefault(_line_of(found.region.bounds, spans) or (number, word.line), []).append(found)
    for key in spans:
        lines[key].sort(key=lambda w: w.region.bounds.left)
    return _joined(page, sorted(lines.values(), key=_height), f"layer+{engine.name}")


def _line_of(box: Box, spans: Mapping[tuple[int, int], tuple[int, int]]) -> tuple[int, int] | None:
    """The line of the layer that a word read beside it stands on; None where it stands on none."""
    middle = (box.top + box.bottom) / 2
    on = [key for key, (top, bottom) in spans.items() if top <= middle < bottom and box.height <= 2 * (bottom - top)]
    return min(on, key=lambda key: abs(sum(spans[key]) / 2 - middle), default=None)


def _marks(bare: Pixels, dpi: float) -> Mask:
    """Where edges are that no straight run explains."""
    edges = (cv2.morphologyEx(bare, cv2.MORPH_GRADIENT, _AROUND) > EDGE).astype(np.uint8)
    length = max(8, round(RULING_IN * dpi))
    along = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    down = cv2.morphologyEx(edges, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    runs = cv2.dilate(along | down, _AROUND)
    gap, side = (max(3, round(inches * dpi)) for inches in (CODE_GAP_IN, CODE_SIDE_IN))
    closed = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    codes = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    left = (edges & ~runs & 1) | codes
    count, numbers, stats, _ = components(left)
    large = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > max(2, round(SPECK_IN * dpi)) + 2
    large[0] = False
    marks: Mask = large[numbers] if count > 1 else left.astype(bool)
    return marks


def _clusters(marks: Mask, dpi: float) -> list[Box]:
    if not marks.any():
        return []
    reach = max(3, round(APART_IN * dpi))
    joined = cv2.morphologyEx(marks.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, stats, _ = components(joined)
    margin = max(1, round(MARGIN_IN * dpi))
    return [Box(int(x), int(y), int(x + w), int(y + h)).grown(margin) for x, y, w, h, _ in stats[1:].tolist()]


def _source(box: Box, size: tuple[int, int], page: PageRaster) -> Box:
    across, down = page.width / size[0], page.height / size[1]
    return Box.around(((box.left * across, box.top * down), (box.right * across, box.bottom * down)))


def _disjoint(boxes: Sequence[Box], page: PageRaster) -> list[Box]:
    """Boxes on the page, those that overlap as one."""
    left = [found for box in boxes if (found := box.clipped(page.width, page.height))]
    done: list[Box] = []
    while left:
        box = left.pop()
        touching = [other for other in (*left, *done) if box.overlap(other)]
        left = [other for other in left if other not in touching]
        done = [other for other in done if other not in touching]
        if touching:
            for other in touching:
                box = box.union(other)
            left.append(box)
        else:
            done.append(box)
    if len(done) > MOST_REGIONS:
        whole = done[0]
        for box in done[1:]:
            whole = whole.union(box)
        return [whole]
    return sorted(done, key=lambda b: (b.top, b.left))


def _height(line: Sequence[Word]) -> tuple[float, float]:
    """Where a line stands: the middle of its first word, and its left end."""
    corners = line[0].region.corners
    return (corners[0][1] + corners[3][1]) / 2, corners[0][0]


def _joined(page: PageRaster, lines: Sequence[Sequence[Word]], name: str) -> PageReading:
    pieces: list[str] = []
    words: list[Word] = []
    offset = 0
    for number, line in enumerate(lines):
        for place, word in enumerate(line):
            separator = " " if place else "\n" if words else ""
            start = offset + len(separator)
            offset = start + len(word.text)
            pieces += (separator, word.text)
            words.append(Word(word.text, word.confidence, word.region, number, start, offset, word.glyphs))
    text = "".join(pieces)
    return PageReading(page.width, page.height, page.dpi, tuple(words), text, name, LayerState.PROVEN)

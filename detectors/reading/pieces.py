"""Pieces of print between the gaps of a form, each read as a line of its own: cells, labels, entries, lines of prose.

An engine that is shown a form as a whole takes labels and entries of one row for a line, loses the small print beside
the large, and ends words where a column seems to end. Of 16 pages of forms of 75 to 110 dots an inch it read .80 of
the words as they stood and .83 so, .73 and .81 of those of identifiers surely, and 139 words that were none, not 373.
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
from detectors.geometry import Box, Homography, Quad
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.reading.engines.engine import Engine, EngineWord
from detectors.reading.lines import MOST_DEG
from detectors.reading.read import placed
from detectors.reading.strays import with_strays
from detectors.reading.views.unruled import paper_of, unruled
from detectors.reading.views.view import MAX_SIDE_PX, View, laid, levelled

_INK: Final = 40
_GAP_IN: Final = 0.13
"""From it what stands beside each other is apart: blanks at 12 points are .05, after a full stop .1."""
_SPECK_IN: Final = 0.02
_LOW_IN: Final = 0.05
_HIGH_IN: Final = 0.6
_NARROW_IN: Final = 0.03
_ROOM_PX: Final = 6
_LEADING_PX: Final = 10
_MARGIN_PX: Final = 20
_INSIDE: Final = 0.6
"""Share of a mark's height beside a larger piece that makes it a dot or an accent of that."""
MOST_PIECES: Final = 1000
"""A page of more is grain or a picture."""
MOST_SHEET: Final = 4.0
"""How many times as large as the view the sheet of its pieces may be: memory for forms of 200 cells and a line of
prose, and no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """What was read in some pieces of a page, its lines being rows of them; where they lie in a view whose lines are
    level, left, top, right and bottom of shape (n, 4); and the way to it from source pixels."""

    reading: PageReading
    boxes: NDArray[np.int64]
    onto: Homography


def read_pieces(page: PageRaster, engine: Engine, first: PageReading, places: Sequence[Quad]) -> Pieces | None:
    """What the engine reads in the pieces that meet those places, which are in source pixels; None of a page without
    level lines, and of one that grain or a picture takes apart. Raises RedoubtError(READER_FAILED)."""
    if not first.words or abs(median(w.region.angle for w in first.words)) > math.radians(MOST_DEG):
        return None
    view = levelled(laid(page))
    view = replace(view, gray=unruled(view.gray, view.dpi))
    onto = np.asarray(np.linalg.inv(view.to_source), np.float64)
    found = _met(pieces(view.gray, view.dpi), [place.mapped(onto).bounds for place in places])
    if len(found) > MOST_PIECES:
        return None
    words = _read(view, _rows(found), engine) if found else []
    return None if words is None else Pieces(placed(page, engine.name, view, words), _array(found), onto)


def pieces(gray: Pixels, dpi: float) -> list[Box]:
    """Runs of print without a gap, of a view (height, width) without rulings, the largest first."""
    dark = (cv2.subtract(paper_of(gray), gray) > _INK).view(np.uint8)
    _, marks, stats, _ = components(dark)
    specks = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= max(3, round(_SPECK_IN * dpi))
    specks[0] = False
    dark[specks[marks]] = 0
    gap = round(_GAP_IN * dpi) | 1
    joined = cv2.morphologyEx(np.pad(dark, ((0, 0), (gap, gap))), cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    _, _, stats, _ = components(joined[:, gap:-gap])
    order = np.argsort(-stats[1:, 2] * stats[1:, 3], kind="stable") + 1
    found: list[Box] = []
    for left, top, width, height in stats[order, :4].tolist():
        if height > _HIGH_IN * dpi or min(width, height) < _NARROW_IN * dpi:
            continue
        box = Box(left, top, left + width, top + height)
        of = next((number for number, larger in enumerate(found) if _is_accent(box, larger, gap // 2)), None)
        if of is None:
            found.append(box)
        else:
            found[of] = found[of].union(box)
    return [box for box in found if box.height >= _LOW_IN * dpi]


def _is_accent(box: Box, larger: Box, beside: int) -> bool:
    level = min(box.bottom, larger.bottom + 4) - max(box.top, larger.top - 4)
    near = min(box.right, larger.right + beside) > max(box.left, larger.left - beside)
    return near and level > _INSIDE * box.height and box.height < larger.height


def _array(boxes: Sequence[Box]) -> NDArray[np.int64]:
    return np.array([(b.left, b.top, b.right, b.bottom) for b in boxes], np.int64).reshape(-1, 4)


def _met(found: Sequence[Box], places: Sequence[Box]) -> list[Box]:
    """The pieces that share anything with any of the places."""
    left, top, right, bottom = _array(places).T
    return [b for b in found if ((left < b.right) & (right > b.left) & (top < b.bottom) & (bottom > b.top)).any()]


def _rows(found: Sequence[Box]) -> list[list[Box]]:
    """The pieces in rows from the top, each from the left."""
    rows: list[list[Box]] = []
    for box in sorted(found, key=lambda b: (b.top + b.bottom, b.left)):
        last = rows[-1][-1] if rows else None
        shared = min(box.bottom, last.bottom) - max(box.top, last.top) if last else 0
        if last and 2 * shared > min(box.height, last.height):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda b: b.left) for row in rows]


def _read(view: View, rows: Sequence[Sequence[Box]], engine: Engine) -> list[EngineWord] | None:
    """The words of the pieces, in pixels of the view; None where no sheet takes all of them."""
    height, width = view.gray.shape
    rooms = [
        (row, room)
        for row, boxes in enumerate(rows)
        for b in boxes
        if (room := b.grown(_ROOM_PX).clipped(width, height))
    ]
    high = sum(room.height + _LEADING_PX for _, room in rooms) + 2 * _MARGIN_PX
    wide = max(room.width for _, room in rooms) + 2 * _MARGIN_PX
    if high > MAX_SIDE_PX or high * wide > MOST_SHEET * view.gray.size:
        return None
    sheet = np.full((high, wide), int(np.median(view.gray)), np.uint8)
    tops, y = [], _MARGIN_PX
    for _, room in rooms:
        sheet[y : y + room.height, _MARGIN_PX : _MARGIN_PX + room.width] = view.gray[
            room.top : room.bottom, room.left : room.right
        ]
        tops.append(y)
        y += room.height + _LEADING_PX
    words: list[tuple[int, int, EngineWord]] = []
    for word in with_strays(sheet, engine.words(sheet, view.dpi)):
        middle = (word.box.top + word.box.bottom) // 2
        number = int(np.searchsorted(tops, middle + _LEADING_PX // 2, side="right")) - 1
        if number < 0:
            continue
        row, room = rooms[number]
        right, down = room.left - _MARGIN_PX, room.top - tops[number]
        box = Box(word.box.left + right, word.box.top + down, word.box.right + right, word.box.bottom + down)
        if inside := box.clipped(width, height):
            words.append((row, number, replace(word, box=inside, line=row)))
    return [word for _, _, word in sorted(words, key=lambda item: item[:2])]

"""Words laid out in rows and cells: a page's by their quads, a text's by its columns."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from detectors.folding import fold
from detectors.pages import PageReading, Word

_PIECE: Final = re.compile(r"[:;=]|[^\s:;=]+")
COLONS: Final = frozenset(":;=")
"""What ends a label, as typed and as misread."""
_CELL_GAP: Final = 2.6
"""Characters of white space that part two cells: justified text stays under two."""
_SAME_ROW: Final = 0.5
"""Share of the lower word's height by which two words of one row overlap."""
_TAB: Final = 8


_SURE: Final = 100.0
_new = tuple.__new__


class Piece(NamedTuple):
    """A word or a colon: offsets into the text, extent along the row in characters. A tuple, for a page has hundreds.

    `confidence` is the engine's, from 0 to 100, for the word that it is part of.
    """

    text: str
    start: int
    end: int
    left: float
    right: float
    folded: str
    confidence: float = _SURE

    @property
    def colon(self) -> bool:
        return self.text in COLONS


@dataclass(frozen=True, slots=True)
class Cell:
    """Neighbouring pieces of one row with no wide gap among them."""

    pieces: tuple[Piece, ...]
    row: int

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return self.pieces[-1].right


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, top to bottom and left to right. `tops` are the rows' heights on the page, in row heights.

    `placed` says that the layout is that of a page, where columns mean something.
    """

    rows: tuple[tuple[Cell, ...], ...]
    tops: tuple[float, ...]
    placed: bool


_folded = lru_cache(maxsize=1 << 14)(fold)


def of_text(text: str) -> Grid:
    """Every line a row; three blanks or a tab part cells."""
    rows: list[tuple[Cell, ...]] = []
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        shift, pieces = 0, []
        previous, tabs = 0, "\t" in line
        for m in _PIECE.finditer(line):
            start, end = m.span()
            if tabs:
                shift += _TAB * line.count("\t", previous, start)
                previous = end
            left = float(start + shift)
            word, right = m[0], left + end - start
            pieces.append(_new(Piece, (word, offset + start, offset + end, left, right, _folded(word), _SURE)))
        rows.append(tuple(_cells(pieces, number)))
        offset += len(line)
    return Grid(tuple(rows), tuple(float(i) for i in range(len(rows))), placed=False)


def of_page(reading: PageReading) -> Grid:
    """Rows by the words' places, turned to the page's reading direction; the engine's lines may part a row in two."""
    if not reading.words:
        return Grid((), (), placed=True)
    numbers = chain.from_iterable(chain.from_iterable(word.region.corners for word in reading.words))
    corners = np.fromiter(numbers, float, 8 * len(reading.words)).reshape(-1, 4, 2)
    # What `Quad.angle` says of each word.
    ways = (corners[:, 1] - corners[:, 0]) + (corners[:, 2] - corners[:, 3])
    angle = median(math.atan2(y, x) for x, y in ways.tolist())
    cos, sin = math.cos(angle), math.sin(angle)
    us = corners[..., 0] * cos + corners[..., 1] * sin
    vs = corners[..., 1] * cos - corners[..., 0] * sin
    bounds = [end.tolist() for end in (us.min(axis=1), us.max(axis=1), vs.min(axis=1), vs.max(axis=1))]
    placed = [*zip(reading.words, *bounds, strict=True)]
    unit = max(median((right - left) / len(w.text) for w, left, right, _, _ in placed), 1e-6)
    height = max(median(bottom - top for *_, top, bottom in placed), 1e-6)
    lines: list[tuple[float, float, list[Piece]]] = []
    for word, left, right, top, bottom in sorted(placed, key=lambda p: (p[3] + p[4], p[1])):
        pieces = _pieces(word, left / unit, right / unit)
        # Rows come sorted by their middle: only the last few can take the word.
        for index in range(len(lines) - 1, max(-1, len(lines) - 4), -1):
            shared = min(bottom, lines[index][1]) - max(top, lines[index][0])
            if shared >= _SAME_ROW * min(bottom - top, lines[index][1] - lines[index][0]):
                lines[index][2].extend(pieces)
                break
        else:
            lines.append((top, bottom, list(pieces)))
    rows = tuple(
        tuple(_cells(sorted(pieces, key=lambda p: (p.left, p.start)), number))
        for number, (_, _, pieces) in enumerate(lines)
    )
    return Grid(rows, tuple(top / height for top, _, _ in lines), placed=True)


def _pieces(word: Word, left: float, right: float) -> list[Piece]:
    if word.text.isalnum():
        ends = (word.start, word.start + len(word.text), left, right)
        return [_new(Piece, (word.text, *ends, _folded(word.text), word.confidence))]
    step = (right - left) / len(word.text)
    found = []
    for m in _PIECE.finditer(word.text):
        start, end = m.span()
        places = (word.start + start, word.start + end, left + step * start, left + step * end)
        found.append(_new(Piece, (m[0], *places, _folded(m[0]), word.confidence)))
    return found


def _cells(pieces: Iterable[Piece], row: int) -> list[Cell]:
    cells: list[list[Piece]] = []
    for piece in pieces:
        if cells and piece.left - cells[-1][-1].right < _CELL_GAP:
            cells[-1].append(piece)
        else:
            cells.append([piece])
    return [Cell(tuple(cell), row) for cell in cells]

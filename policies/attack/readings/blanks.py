"""Burned regions as blanks in the attacker's reading: a label keeps its value's place, a title its name's.

Without them the words around a black box close up, and what follows it is taken for what it hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Quad
from detectors.pages import BLANK, PageReading, Word

Sides = NDArray[np.int64]

_SHARED_HEIGHT: Final = 0.5
"""A region stands on the line of a word with which it shares this much of the lower of both heights."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a blank in the pixels of the finished page, on a line of the engine's."""

    text: str = field(repr=False)
    confidence: float
    region: Quad
    line: float

    @property
    def blank(self) -> bool:
        return self.text == BLANK


def with_blanks(words: Sequence[Piece], burned: Iterable[Quad]) -> list[Piece]:
    """The words in their order, with a blank for each region: on the line it stands on, or on one of its own."""
    return joined(words, (Piece(BLANK, 100.0, region, 0.0) for region in burned))


def joined(words: Sequence[Piece], others: Iterable[Piece]) -> list[Piece]:
    """The words in their order, with each of the others on the line of words it stands on, or on one of its own."""
    bounds = [word.region.bounds for word in words]
    sides = np.array([(b.left, b.top, b.right, b.bottom) for b in bounds], np.int64).reshape(-1, 4)
    lines = np.array([word.line for word in words], np.float64)
    pieces = list(words)
    for other in others:
        box = other.region.bounds
        beside = _on_one_line(box, sides)
        if beside.any():
            gaps = np.where(beside, _gaps(box, sides), np.inf)
            line = float(lines[int(np.argmin(gaps))])
        else:
            line = float(lines[sides[:, 3] <= box.top].max(initial=-1.0)) + 0.5
        pieces.append(replace(other, line=line))
    order = {id(word): index for index, word in enumerate(words)}
    return sorted(pieces, key=lambda p: (p.line, p.region.bounds.left, order.get(id(p), 0)))


def _on_one_line(box: Box, sides: Sides) -> NDArray[np.bool_]:
    """Which of the words stand on the box's line; `sides` are theirs (left, top, right, bottom), shape (n, 4)."""
    shared = np.minimum(box.bottom, sides[:, 3]) - np.maximum(box.top, sides[:, 1])
    lower = np.minimum(box.height, sides[:, 3] - sides[:, 1])
    return np.asarray(shared >= _SHARED_HEIGHT * lower)


def _gaps(box: Box, sides: Sides) -> Sides:
    return np.maximum(box.left, sides[:, 0]) - np.minimum(box.right, sides[:, 2])


def laid_out(pieces: Sequence[Piece], size_px: tuple[int, int], dpi: float, engine: str) -> PageReading:
    """Pieces in their order as a reading of a page of this width and height."""
    texts: list[str] = []
    words: list[Word] = []
    offset, line, previous = 0, -1, None
    for piece in pieces:
        separator = " " if piece.line == previous else "\n" if words else ""
        if piece.line != previous:
            line, previous = line + 1, piece.line
        start = offset + len(separator)
        offset = start + len(piece.text)
        texts += (separator, piece.text)
        words.append(Word(piece.text, piece.confidence, piece.region, line, start, offset))
    return PageReading(*size_px, dpi, tuple(words), "".join(texts), engine)

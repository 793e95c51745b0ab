"""Burned regions as blanks in the attacker's reading: a label keeps its value's place, a title its name's.

Without them the words around a black box close up, and what follows it is taken for what it hides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from detectors.geometry import Box, Quad
from detectors.pages import BLANK

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
    bounds = [word.region.bounds for word in words]
    pieces = list(words)
    for region in burned:
        box = region.bounds
        beside = [i for i, other in enumerate(bounds) if _on_one_line(box, other)]
        if beside:
            line = words[min(beside, key=lambda i: _gap(box, bounds[i]))].line
        else:
            above = [words[i].line for i, other in enumerate(bounds) if other.bottom <= box.top]
            line = max(above, default=-1.0) + 0.5
        pieces.append(Piece(BLANK, 100.0, region, line))
    order = {id(word): index for index, word in enumerate(words)}
    return sorted(pieces, key=lambda p: (p.line, p.region.bounds.left, order.get(id(p), 0)))


def _on_one_line(a: Box, b: Box) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared >= _SHARED_HEIGHT * min(a.height, b.height)


def _gap(a: Box, b: Box) -> int:
    return max(a.left, b.left) - min(a.right, b.right)

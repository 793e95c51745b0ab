"""What tells a label among the pieces of a cell, looked at once for all the labels that may begin there."""

from __future__ import annotations

from collections.abc import Sequence
from operator import or_
from typing import Final, NamedTuple

from detectors.labels.grid import COLONS, Piece

_DIGITS_OF_ID: Final = 5
"""A number of this many digits right after a label's word needs no colon, even in mid-sentence."""


class Line(NamedTuple):
    """A cell's pieces by what tells labels: the folded wording of each, and what stands there beside words."""

    folded: list[str]
    colon: list[bool]
    numbered: list[bool]
    """Figures enough for a number right after a label's word."""
    telling: list[bool]
    """What makes a label of the words before it, in mid-sentence."""

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Line:
        colon = [piece.text in COLONS for piece in pieces]
        numbered = [_figures(piece.text) >= _DIGITS_OF_ID for piece in pieces]
        return cls([p.folded for p in pieces], colon, numbered, list(map(or_, colon, numbered)))

    def bare_from(self, index: int) -> int:
        """The first piece from here on that is a word or a colon."""
        while index < len(self.folded) and not self.folded[index] and not self.colon[index]:
            index += 1
        return index


def _figures(text: str) -> int:
    return 0 if text.isalpha() else sum(map(str.isdigit, text))

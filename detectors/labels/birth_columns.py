"""Dates of birth under a head that does not stand right above them: the nearest of its row, if near enough."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from detectors.findings import Kind, Layer, Span
from detectors.folding import word_set
from detectors.labels.grid import Grid, Piece

SURE: Final = 0.65

_HEADS: Final = word_set("dob birth born birthdate birthday bday geburtsdatum geburtstag nacimiento naissance nascita")
_FIRST: Final = word_set("date of birth fecha de nacimiento naissance data di nascita patient")
_SECOND: Final = word_set("date day")
_SMALL: Final = word_set("of de di no the and or if to")
"""Words that stand in a head without a capital."""
_MAX_HEAD: Final = 14
_NEAR: Final = 12.0
"""Characters from the head to its date: between their left ends, middles or right ends, whichever lie closest."""
_STRAIGHT: Final = 2.0
"""Characters by which what stands under a head starts left or right of it."""
_ROW_GAP: Final = 2.6
"""Row heights between two rows of one table."""
_MAX_ROWS: Final = 40
_MAX_WITHOUT: Final = 2
"""Rows with no date in them after which the table is over."""
_MONTH: Final = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DATE: Final = re.compile(
    r"(?<!\S)[(\[]?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\d\d)?|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    rf"|\d{{1,2}}[ -]?{_MONTH},?[ -]?\d{{2}}(?:\d\d)?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
    r"[)\],;.]{0,2}(?!\S)",
    re.I,
)


def dates(grid: Grid) -> Iterator[Span]:
    """Of each row under a head that says "DOB", "Born" or "Birth": the date nearest to it.

    A date that stands straight under another head is that head's.
    """
    for number, cells in enumerate(grid.rows):
        pieces = [piece for cell in cells for piece in cell.pieces]
        head = _head(pieces)
        if head is None:
            continue
        others = [p for p in pieces if p not in head]
        for dated in _rows(grid, number):
            distance, _, nearest = min((_distance(run, head), i, run) for i, run in enumerate(dated))
            if distance <= _NEAR and not _elsewhere(nearest, head, others):
                yield Span(nearest[0].start, nearest[-1].end, Kind.BIRTH_DATE, SURE, Layer.LABEL)


def _head(pieces: Sequence[Piece]) -> list[Piece] | None:
    """The pieces of the one birth head in a row of heads: words with capitals, no digit and no colon."""
    found = [i for i, piece in enumerate(pieces) if piece.folded in _HEADS]
    if len(found) != 1 or not 1 < len(pieces) <= _MAX_HEAD:
        return None
    for piece in pieces:
        if piece.colon or any(c.isdigit() for c in piece.text) or (piece.text.islower() and piece.folded not in _SMALL):
            return None
    first = last = found[0]
    while first and pieces[first - 1].folded in _FIRST:
        first -= 1
    if last + 1 < len(pieces) and pieces[last + 1].folded in _SECOND:
        last += 1
    return list(pieces[first : last + 1])


def _rows(grid: Grid, head: int) -> Iterator[list[list[Piece]]]:
    """The dates of each row of the table under its head, rows without any left out."""
    without = 0
    for above, below in pairwise(range(head, min(head + 1 + _MAX_ROWS, len(grid.rows)))):
        if grid.tops[below] - grid.tops[above] > _ROW_GAP or without == _MAX_WITHOUT:
            return
        dated = _dates([piece for cell in grid.rows[below] for piece in cell.pieces])
        without = 0 if dated else without + 1
        if dated:
            yield dated


def _dates(pieces: Sequence[Piece]) -> list[list[Piece]]:
    text, at = "", []
    for piece in pieces:
        at.append(len(text))
        text += piece.text + " "
    return [
        [p for p, start in zip(pieces, at, strict=True) if m.start() <= start < m.end()] for m in _DATE.finditer(text)
    ]


def _distance(run: Sequence[Piece], head: Sequence[Piece]) -> float:
    left, right = run[0].left - head[0].left, run[-1].right - head[-1].right
    return min(abs(left), abs(right), abs(left + right) / 2)


def _elsewhere(run: Sequence[Piece], head: Sequence[Piece], others: Sequence[Piece]) -> bool:
    """Whether the date belongs to another head: straight under it, and not as straight under the head of births."""
    own = abs(run[0].left - head[0].left)
    return any(abs(run[0].left - p.left) <= _STRAIGHT and abs(run[0].left - p.left) < own for p in others)

"""Vital signs: the figures under a row of their labels, column by column, each in the shape that its sign has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from detectors.labels.grid import Grid, Piece

_COUNT: Final = re.compile(r"\d{1,3}")
_SHAPES: Final[dict[str, re.Pattern[str]]] = {
    **dict.fromkeys(("bp", "sbp", "dbp"), re.compile(r"\d{2,3}(?:/\d{2,3})?")),
    **dict.fromkeys(("hr", "pulse", "rr", "resp", "p", "r", "gcs", "pain", "map"), _COUNT),
    **dict.fromkeys(("temp", "t", "temperature"), re.compile(r"\d{2,3}(?:\.\d{1,2})?°?[FCfc]?")),
    **dict.fromkeys(("spo2", "sp02", "sao2", "o2", "o2sat", "sat", "o2sats"), re.compile(r"\d{2,3}%?")),
    **dict.fromkeys(("wt", "weight"), re.compile(r"\d{2,3}(?:\.\d{1,2})?(?:kg|lbs?)?")),
    **dict.fromkeys(("ht", "height"), re.compile(r"\d{1,3}(?:\.\d{1,2})?(?:cm|in)?")),
    "bmi": re.compile(r"\d{2}(?:\.\d{1,2})?"),
}
_LEAST: Final = 3
"""Labels of a row that make it one of vital signs; "P" and "R" alone stand for much."""
_NEAR: Final = 3.0
"""Characters between the left ends of a label and its figure."""
_ROWS: Final = 12
_ROW_GAP: Final = 3.2
"""Row heights between two rows of one table."""


def measured(grid: Grid) -> list[Piece]:
    """The labels of vital signs and the figures that stand under them."""
    return list(_found(grid)) if grid.placed else []


def _found(grid: Grid) -> Iterator[Piece]:
    for r, row in enumerate(grid.rows):
        labels = [p for cell in row for p in cell.pieces if p.folded in _SHAPES]
        if len(labels) < _LEAST or any(
            c.isdigit() for cell in row for p in cell.pieces for c in p.text if p not in labels
        ):
            continue
        yield from labels
        for below in range(r + 1, min(r + 1 + _ROWS, len(grid.rows))):
            if grid.tops[below] - grid.tops[below - 1] > _ROW_GAP:
                break
            under = [*_under(labels, [p for cell in grid.rows[below] for p in cell.pieces])]
            if not under:
                break
            yield from under


def _under(labels: list[Piece], pieces: list[Piece]) -> Iterator[Piece]:
    for label in labels:
        near = min(pieces, key=lambda p: abs(p.left - label.left))
        if abs(near.left - label.left) <= _NEAR and _SHAPES[label.folded].fullmatch(near.text):
            yield near

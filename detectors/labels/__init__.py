"""Label and value on forms: what stands right of a label, or under it, is its value, whatever it looks like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from detectors.findings import Kind, Layer, Span
from detectors.folding import word_set
from detectors.labels import birth_columns
from detectors.labels import grid as layout
from detectors.labels.grid import Cell, Grid, Piece
from detectors.labels.line import Line
from detectors.labels.table import KINDS, LONGEST_WORDS, WEAK, exact_key, near_key
from detectors.labels.values import value
from detectors.pages import PageReading

BESIDE: Final = 0.85
OWN_CELL: Final = 0.8
"""A label that fills a cell of its own, its value in the next cell or below: the common form box."""
UNSURE: Final = 0.65
"""A label without colon in running text, or one read with an error."""

_RIGHT_REACH: Final = 45.0
"""Characters of white space between a label's cell and its value's: half a form."""
_BELOW_REACH: Final = 2.6
"""Row heights from a label to the value under it in the same box."""
_ENUMERATED: Final = re.compile(r"[A-H]\.")
"""What opens an item of a list, as under "SPECIMEN": no number of one."""
_COLUMN: Final = 4.0
"""Characters by which a value may start left or right of the label above it."""
_MAX_BESIDE: Final = 8
"""Pieces after a label without colon: more is running text that begins with the label's word."""
_NUMBERED: Final = frozenset(
    {Kind.MRN, Kind.ACCOUNT, Kind.HEALTH_PLAN, Kind.MBI, Kind.LICENCE, Kind.NPI, Kind.OTHER_ID, Kind.DEVICE, Kind.SSN}
)
_TIGHT: Final = 1.5
"""Characters by which a value inside a cell may start left or right of the label above it."""
_TABLE_CELLS: Final = 3
"""A row of so many cells is a table's head, and its labels speak for all the rows under it."""
_MAX_ROWS: Final = 40
_COLUMNED: Final = frozenset({*_NUMBERED, Kind.DATE, Kind.BIRTH_DATE, Kind.PHONE, Kind.FAX, Kind.AGE})
"""Kinds whose values prove themselves by their digits, so that even a weak label may head a column."""
_NOT_BEFORE: Final = word_set(
    "test drug medication brand generic product trade procedure file user study device the a an of or her his "
    "their your no by lab panel code gene tumor block slide"
)


@dataclass(frozen=True, slots=True)
class _Label:
    """A label in a cell: pieces [first, after) with its colons; `score` says how sure it is one."""

    key: str
    kind: Kind
    first: int
    after: int
    colon: bool
    score: float


def in_text(text: str) -> list[Span]:
    """Values beside labels in a text without geometry; a label that ends its line is answered by the next line."""
    return list(_spans(layout.of_text(text)))


def on_page(reading: PageReading) -> list[Span]:
    """Values beside and below labels on a page of words."""
    return in_grid(layout.of_page(reading))


def in_grid(grid: Grid) -> list[Span]:
    """The same of a page that is laid out already."""
    return [*_spans(grid), *birth_columns.dates(grid)]


def _spans(grid: Grid) -> Iterator[Span]:
    found = [[_labels(cell) for cell in row] for row in grid.rows]
    for r, row in enumerate(grid.rows):
        for c, cell in enumerate(row):
            for i, label in enumerate(found[r][c]):
                stop = found[r][c][i + 1].first if i + 1 < len(found[r][c]) else len(cell.pieces)
                yield from _values(grid, found, r, c, label, stop)


def _labels(cell: Cell) -> list[_Label]:
    found: list[_Label] = []
    line = Line.of(cell.pieces)
    telling = [i for i, tells in enumerate(line.telling) if tells]
    index = 0
    while index < len(cell.pieces):
        if index > 1 and not _near_one_that_tells(line, index, telling):
            index += 1
            continue
        label = _label_at(cell.pieces, line, index)
        if label is None:
            index += 1
        else:
            found.append(label)
            index = label.after
    return found


def _near_one_that_tells(line: Line, first: int, telling: list[int]) -> bool:
    """Whether a label that begins here, inside a cell, can reach one; most words of running text cannot."""
    next_ = bisect_right(telling, first)
    if next_ == len(telling):
        return False
    beyond = first + LONGEST_WORDS
    return telling[next_] <= beyond or not line.folded[beyond]


def _label_at(pieces: Sequence[Piece], line: Line, first: int) -> _Label | None:
    folded = line.folded
    if not folded[first] or (first and folded[first - 1] in _NOT_BEFORE):
        return None
    # Box numbers of printed forms ("1a.", "12") stand before the label.
    opens = first == 0 or (first == 1 and folded[0][:1].isdigit() and len(folded[0]) <= 3)
    longest = _before_colon(line, first)
    if not opens and not _told_by_what_follows(line, first, longest):
        return None
    wordings = [*accumulate(folded[first : first + longest])]
    for length in range(longest, 0, -1):
        if not folded[first + length - 1]:
            continue
        after = line.bare_from(first + length)
        # In running text a semicolon parts clauses; at the start of a cell it is a colon misread.
        colon = after < len(pieces) and line.colon[after] and (opens or pieces[after].text != ";")
        numbered = after < len(pieces) and line.numbered[after]
        if not colon and not opens and not numbered:
            continue
        alone = opens and after == len(pieces)
        key, exact = exact_key(wordings[length - 1]), True
        if key is None and (colon or alone):  # with an error in it, no other wording is believed
            key, exact = near_key(wordings[length - 1]), False
        if key is None:
            continue
        numbered = numbered and exact and KINDS[key] in _NUMBERED
        if not colon and not opens and not numbered:
            continue
        if not (colon or alone or numbered) and (key in WEAK or len(pieces) - after > _MAX_BESIDE):
            continue
        while after < len(pieces) and (line.colon[after] or not folded[after]):
            after += 1
        score = UNSURE if not exact else BESIDE if colon else OWN_CELL if alone else UNSURE
        return _Label(key, KINDS[key], first, after, colon, score)
    return None


def _before_colon(line: Line, first: int) -> int:
    """How many pieces a label that begins here may have."""
    longest = min(LONGEST_WORDS, len(line.folded) - first)
    return next((length for length in range(longest) if line.colon[first + length]), longest)


def _told_by_what_follows(line: Line, first: int, longest: int) -> bool:
    """Whether a colon or a number stands where it would make a label of any length one, in mid-sentence."""
    return True in line.telling[first + 1 : line.bare_from(first + longest) + 1]


def _values(grid: Grid, found: list[list[list[_Label]]], r: int, c: int, label: _Label, stop: int) -> Iterator[Span]:
    row, cell = grid.rows[r], grid.rows[r][c]
    beside = _until_label(cell.pieces[label.after : stop])
    if beside:
        taken = value(label.kind, label.key, beside)
        yield from _spanned(label, taken, label.score)
        if taken and label.kind is Kind.STREET:
            yield from _continued(grid, found, r, taken[0].left, _left(cell, label), label)
        return
    if stop < len(cell.pieces):
        return
    right = row[c + 1] if c + 1 < len(row) else None
    reach = _RIGHT_REACH if label.colon else _RIGHT_REACH / 2
    if right is not None and right.left - cell.right <= reach and not _starts_with_label(found[r][c + 1]):
        taken = value(label.kind, label.key, _until_label(right.pieces[: _first_label(found[r][c + 1], right)]))
        yield from _spanned(label, taken, label.score)
        if taken and label.kind is Kind.STREET:
            yield from _continued(grid, found, r, taken[0].left, _left(cell, label), label)
        if taken and label.colon:
            return
    under = _under(grid, found, r, _left(cell, label), label.kind)
    if under is not None:
        taken = value(label.kind, label.key, _until_label(under.pieces))
        yield from _spanned(label, taken, min(label.score, OWN_CELL))
        if taken and label.kind is Kind.STREET:
            yield from _continued(grid, found, under.row, taken[0].left, taken[0].left, label)
        if taken and len(row) >= _TABLE_CELLS and (label.kind in _COLUMNED or label.key not in WEAK):
            yield from _column(grid, found, under.row, _left(cell, label), label)


def _left(cell: Cell, label: _Label) -> float:
    """Where the label's column begins: with the number of its box, where it has one."""
    return cell.left if label.first <= 1 else cell.pieces[label.first].left


def _under(grid: Grid, found: list[list[list[_Label]]], r: int, left: float, kind: Kind) -> Cell | None:
    """The nearest cell below that starts in the label's column and is itself no label.

    Tight columns run together into one cell: a number or date may then start inside it.
    """
    for below in range(r + 1, min(r + 3, len(grid.rows))):
        if grid.placed and grid.tops[below] - grid.tops[r] > _BELOW_REACH:
            return None
        for c, cell in enumerate(grid.rows[below]):
            aligned = abs(cell.left - left) <= _COLUMN if grid.placed else c == 0 and below == r + 1
            if aligned:
                return None if found[below][c] else cell
            if grid.placed and kind in _COLUMNED and cell.left < left < cell.right and not found[below][c]:
                inside = tuple(p for p in cell.pieces if p.left > left - _TIGHT)
                if inside and inside[0].left < left + _TIGHT:
                    return Cell(inside, cell.row)
    return None


def _column(grid: Grid, found: list[list[list[_Label]]], r: int, left: float, label: _Label) -> Iterator[Span]:
    """The further rows of a table under its head, down to the next label in the column or a wide gap."""
    for below in range(r + 1, min(r + 1 + _MAX_ROWS, len(grid.rows))):
        if grid.placed and grid.tops[below] - grid.tops[below - 1] > _BELOW_REACH:
            return
        for c, cell in enumerate(grid.rows[below]):
            if cell.left - _COLUMN > left or cell.right < left:
                continue
            if found[below][c]:
                return
            pieces = [p for p in cell.pieces if p.left >= left - _COLUMN]
            if pieces and abs(pieces[0].left - left) <= _COLUMN:
                yield from _spanned(label, value(label.kind, label.key, _until_label(pieces)), UNSURE)


def _continued(
    grid: Grid, found: list[list[list[_Label]]], r: int, value_left: float, label_left: float, label: _Label
) -> Iterator[Span]:
    """Up to two more lines of an address, under its first and with no label of their own."""
    for below in range(r + 1, min(r + 3, len(grid.rows))):
        if grid.placed and grid.tops[below] - grid.tops[below - 1] > _BELOW_REACH:
            return
        cells = [
            (c, cell)
            for c, cell in enumerate(grid.rows[below])
            if min(abs(cell.left - value_left), abs(cell.left - label_left)) <= _COLUMN
        ]
        if not cells or found[below][cells[0][0]]:
            return
        cell = cells[0][1]
        if len(cell.pieces) > _MAX_BESIDE or not any(ch.isdigit() for p in cell.pieces for ch in p.text):
            return
        pieces = _until_label(cell.pieces)
        if len(pieces) < len(cell.pieces) and not any(ch.isdigit() for p in pieces for ch in p.text):
            return  # the words of the next field's label, which the table does not know
        yield from _spanned(label, value(label.kind, label.key, pieces), min(label.score, OWN_CELL))


def _until_label(pieces: Sequence[Piece]) -> list[Piece]:
    """Up to the next "Word:", which opens another field even where the table does not know it."""
    for index, piece in enumerate(pieces):
        after = pieces[index + 1] if index + 1 < len(pieces) else None
        if after is not None and after.colon and piece.folded and not any(c.isdigit() for c in piece.text):
            return list(pieces[:index])
    return list(pieces)


def _starts_with_label(labels: list[_Label]) -> bool:
    return bool(labels) and labels[0].first <= 1


def _first_label(labels: list[_Label], cell: Cell) -> int:
    return labels[0].first if labels else len(cell.pieces)


def _spanned(label: _Label, taken: Sequence[Piece], score: float) -> Iterator[Span]:
    """One span for each run of pieces that neighbour in the text: a visual row may jump about in it."""
    if label.kind is Kind.OTHER_ID and len(taken) == 1 and _ENUMERATED.fullmatch(taken[0].text):
        return
    kind = _aged(label.kind, taken)
    runs: list[list[Piece]] = []
    for piece in sorted(taken, key=lambda p: p.start):
        if runs and piece.start - runs[-1][-1].end <= 3:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    for run in runs:
        if any(p.folded for p in run):
            yield Span(run[0].start, run[-1].end, kind, score, Layer.LABEL)


def _aged(kind: Kind, taken: Sequence[Piece]) -> Kind:
    if kind is not Kind.AGE or not taken:
        return kind
    digits = "".join(c for c in taken[0].text if c.isdigit())
    # What no figure tells may be any age.
    return Kind.AGE_OVER_89 if not digits or 89 < int(digits[:3]) < 130 else Kind.AGE

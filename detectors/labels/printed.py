"""Which words of a page the form itself prints, and what layers that judge by looks guessed of them.

A cell that is made of nothing but words of forms, read with confidence, asks for something and names nobody: a guess on
it falls, and a guess that begins or ends on it ends before it. A word that is a name as well ("Branch", "Walker") is
spared only inside a wording that holds together, among words to tick, or as one of a row of labels over its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import lru_cache
from typing import Final

from detectors.dictionaries import lexicon
from detectors.findings import Kind, Layer, Span
from detectors.folding import fold
from detectors.labels import vocabulary
from detectors.labels.grid import Cell, Grid, Piece
from detectors.labels.vitals import measured
from detectors.spans.place import placed

SURE_OF: Final = 70.0
"""Confidence of the engine from which a word is the word that it was read as."""
_GUESSING: Final = frozenset({Layer.NER, Layer.DICTIONARY})
_PLACES: Final = frozenset({Kind.FACILITY, Kind.CITY, Kind.STREET})
_TAKEN_BESIDE: Final = frozenset({Kind.STREET, Kind.FACILITY, Kind.HEALTH_PLAN, Kind.PHONE, Kind.ACCOUNT})
"""Kinds of which a label takes the next box's wording for its value: "CITY" beside "11b. EMPLOYER'S NAME"."""
_BETWEEN: Final = 1
"""Characters of a blank or a line's end, which alone are no rest of a name."""
_MEASURED: Final = frozenset({Kind.OTHER_ID, Kind.PERSON, Kind.PHONE, Kind.ZIP, Kind.STREET})
_WEAK: Final = 0.4
"""Patterns score a number no higher that nothing but its figures speaks for."""
_BOX: Final = re.compile(r"\d{1,2}[a-z]?[.,]|\d{1,2}[a-z]|[A-H]\.", re.I)
"""The number of a form's box."""
_PARTS: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_UNSAID: Final = re.compile(r"\((?:s|S)\)|^[A-H]\.(?=[^\W\d_]{3})")
"""What is no word of its own: the plural of "DATE(S)", the box's letter stuck to its word."""
_UNITS: Final = frozenset({"medic", "engine", "rescue", "ambulance", "ladder"})
_UNIT_DIGITS: Final = 3
_COLUMN: Final = 4.0
"""Characters by which cells of one column start left or right of each other."""
_BELOW: Final = 3.2
"""Row heights from a label's row to the row of its values."""


_Said = Sequence[Sequence[tuple[str, ...]]]
"""The words of each cell of each row."""


class _Print(IntEnum):
    """What a cell is."""

    NONE = 0
    LONE = 1
    """One word of forms that may be a name."""
    WORDS = 2
    """Words of forms, some of which name houses or places too."""
    HELD = 3
    """A wording that holds together, or one word that names neither."""


def without_guesses(grid: Grid, spans: Iterable[Span]) -> list[Span]:
    """The spans without guesses on what the form prints, and on vital signs under their labels."""
    spans = list(spans)
    if not any(map(_may_fall, spans)):
        return spans
    words = [[_words(cell) for cell in row] for row in grid.rows]
    cells = [[_told(said) if said else _Print.NONE for said in row] for row in words]
    held = [*_printed(grid, cells, words, _Print.HELD)]
    printed = {Kind.PERSON: [*_printed(grid, cells, words, _Print.WORDS)], **dict.fromkeys(_PLACES, held)}
    signs = measured(grid)
    found: list[Span] = []
    for span in spans:
        known: list[Piece] = []
        if span.layer in _GUESSING or (span.layer is Layer.LABEL and span.kind in _TAKEN_BESIDE):
            known += printed.get(span.kind, held if span.layer is Layer.LABEL else [])
        if span.layer is not Layer.LABEL and span.kind in _MEASURED and _may_fall(span):
            known += signs
        found += _without(span, known) if known else [span]
    return found


def _may_fall(span: Span) -> bool:
    return (
        span.layer in _GUESSING
        or (span.layer is Layer.PATTERN and span.score <= _WEAK)
        or (span.layer is Layer.LABEL and span.kind in _TAKEN_BESIDE)
    )


def _without(span: Span, printed: Iterable[Piece]) -> Iterator[Span]:
    """What the span covers beside printed words; where it covers none of them, itself."""
    under = sorted((p.start, p.end) for p in printed if p.start < span.end and span.start < p.end)
    if not under:
        yield span
        return
    at = span.start
    for first, after in [*under, (span.end, span.end)]:
        if first - at > _BETWEEN:
            yield placed(span, at, first)
        at = max(at, after)


def _printed(grid: Grid, cells: Sequence[Sequence[_Print]], words: _Said, least: _Print) -> Iterator[Piece]:
    for r, row in enumerate(grid.rows):
        for c, cell in enumerate(row):
            if (
                cells[r][c] >= least
                or (cells[r][c] is _Print.LONE and _heads_column(grid, cells, r, c))
                or (cells[r][c] is _Print.LONE and _ticked(cells[r], words[r], c))
                or _kinship(grid, words, r, c)
            ):
                yield from cell.pieces


def _words(cell: Cell) -> tuple[str, ...]:
    """The cell's words, folded, box numbers aside; empty where one was not read surely."""
    found: list[str] = []
    for index, piece in enumerate(cell.pieces):
        if piece.folded and piece.confidence < SURE_OF:
            return ()
        numbers_box, parts = _parts(piece.text)
        if not numbers_box or index + 1 == len(cell.pieces):
            found += parts
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _parts(text: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a piece numbers a form's box, and its words, folded."""
    return _BOX.fullmatch(text) is not None, tuple(map(fold, _PARTS.findall(_UNSAID.sub("", text))))


@lru_cache(maxsize=4096)
def _told(words: tuple[str, ...]) -> _Print:
    """What folded words are together: cut into wordings that hold, single words of forms, and small words between."""
    held, at = 0, 0
    plain: list[str] = []
    leaning: list[str] = []
    while at < len(words):
        longest = min(vocabulary.LONGEST, len(words) - at)
        size = next((n for n in range(longest, 1, -1) if vocabulary.is_wording(words[at : at + n])), 1)
        word = words[at]
        if size > 1:
            held += 1
        elif _is_numbered(words[at : at + 2]):
            held, size = held + 1, 2
        elif vocabulary.is_plain(word):
            plain.append(word)
        elif vocabulary.may_be_name(word):
            leaning.append(word)
        elif not vocabulary.is_small(word):
            return _Print.NONE
        at += size
    if len(words) == 1 and (leaning or (plain and lexicon.is_city(words[0]))):
        return _Print.LONE
    if leaning:
        # Words to tick: "Mobility  Walker  Cane  Bedbound". Beside a role, or where a house is named so, it is a name.
        many = held + len(plain) >= max(2, len(leaning)) and not vocabulary.TELLING.intersection(plain)
        return _Print.WORDS if many else _Print.NONE
    if not held and not plain:
        return _Print.NONE
    house = len(words) > 1 and any(word in vocabulary.HOUSES or lexicon.is_city(word) for word in plain)
    return _Print.WORDS if house else _Print.HELD


def _is_numbered(words: tuple[str, ...]) -> bool:
    """An ambulance's call sign, or a vaccine and which of its doses: "Medic 31", "DTaP 2"."""
    if len(words) < 2 or not words[1].isdigit():
        return False
    digits = _UNIT_DIGITS if words[0] in _UNITS else 1 if words[0] in vocabulary.VACCINES else 0
    return len(words[1]) <= digits


def _heads_column(grid: Grid, cells: Sequence[Sequence[_Print]], r: int, c: int) -> bool:
    """Whether a lone word stands in a row of labels, over a row that has a value under each and is under none itself.

    "Address   Town" over "9 Old Mill Rd   Springfield": Town asks. "Surname   Sex" over "Town   F": Town answers.
    """
    row = grid.rows[r]
    alone = len(row) < 2 and not vocabulary.is_plain(row[c].pieces[0].folded)
    if (
        not grid.placed
        or alone
        or any(cells[r][n] < _Print.WORDS or _ends_with_colon(cell) for n, cell in enumerate(row) if n != c)
    ):
        return False
    if r + 1 >= len(grid.rows) or grid.tops[r + 1] - grid.tops[r] > _BELOW:
        return False
    for cell in row:
        under = [n for n, below in enumerate(grid.rows[r + 1]) if abs(below.left - cell.left) <= _COLUMN]
        if not under or cells[r + 1][under[0]] is not _Print.NONE:
            return False
    if r and grid.tops[r] - grid.tops[r - 1] <= _BELOW:
        over = [n for n, cell in enumerate(grid.rows[r - 1]) if abs(cell.left - row[c].left) <= _COLUMN]
        return not any(cells[r - 1][n] is not _Print.NONE for n in over)
    return True


def _ticked(kinds: Sequence[_Print], words: Sequence[tuple[str, ...]], c: int) -> bool:
    """Whether a thing's word stands in a row of words to tick: "Mobility", "Walker", "Cane", "Bedbound"."""
    asks = sum(kind is _Print.HELD and vocabulary.ROLES.isdisjoint(words[n]) for n, kind in enumerate(kinds))
    return asks >= 2 and _Print.NONE not in kinds and vocabulary.TICKED.issuperset(words[c])


def _ends_with_colon(cell: Cell) -> bool:
    return cell.pieces[-1].colon


def _kinship(grid: Grid, words: _Said, r: int, c: int) -> bool:
    """Whether the cell answers a label that asks for a kinship, beside it or over it: "Son" under "Relation"."""
    if len(words[r][c]) != 1 or words[r][c][0] not in vocabulary.KIN:
        return False
    if c and "".join(words[r][c - 1]) in vocabulary.RELATIONS:
        return True
    return (
        grid.placed
        and r > 0
        and grid.tops[r] - grid.tops[r - 1] <= _BELOW
        and any(
            "".join(words[r - 1][n]) in vocabulary.RELATIONS and abs(over.left - grid.rows[r][c].left) <= _COLUMN
            for n, over in enumerate(grid.rows[r - 1])
        )
    )

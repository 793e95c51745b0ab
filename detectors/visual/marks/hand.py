"""Words whose letters have the shape of no face of print: a hand wrote them, in whatever ink and however well it reads.

The faces are those of `detectors.reading.text_layer.shapes`. Words are judged by the cell that they stand in, against
the page's running text: where that is worn as well, it is the copy's fault and not a hand's.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.levels import ranked
from detectors.pages import Pixels, Word
from detectors.reading.text_layer.shapes import distances

_APART: Final = 1.2
"""Heights between two words of one cell at most."""
_SHORT: Final = 4
"""Words of a cell at most; a label's colon ends one. What is longer is running text."""
_LETTERS: Final = 4
"""Fewer letters tell nothing."""
_MOST_LETTERS: Final = 8
_MOST_CELLS: Final = 120
_STRANGE: Final = 0.025
"""Squared distance from print of a cell's median letter. Of 1,403 cells of 32 clean and faxed pages five lie above, six
of 9,986 words; of the words of 17 hands that an engine reads with confidence, two of three."""
_WORN: Final = 3.0
"""The same in multiples of that of the page's running text."""
_USUAL: Final = 0.007
"""What that is at least: the median of clean print."""
_FEW: Final = (2, 3)
"""Letters or digits of initials and short numbers, which are judged more strictly."""
_FEW_STRANGE: Final = (0.03, 0.015)
"""Squared distances from print that their median and the least of them have. Of 509 cells with abbreviations in seven
faces, clean, faxed and JPEG, seven lie above, four of them misread; of initials that an engine reads with confidence,
three of four."""
_FEW_COLOURED: Final = (0.012, 0.006)
"""The same for ink that has a colour; where their shapes tell nothing, it is told as a hand's."""
_LEAST_PX: Final = 12
"""Height of a word; the shape of smaller letters is the grid's."""
_INK: Final = 0.4
_DOT: Final = 0.12
"""Share of the word's height under which a mark is dirt."""
_OVER: Final = 0.6
"""Share of its width by which a mark stands over another, as the dot of an i does."""

_LEVELS: Final = np.arange(256, dtype=np.float32)

Shapes = NDArray[np.float32]
Cell = Sequence[Word]


def strange(gray: Pixels, words: Sequence[Word], coloured: Collection[Word] = ()) -> list[Word]:
    """The words in cells of a form, and in other short lines, that no press printed; `coloured` are those whose ink has
    a colour that the page's print has not."""
    cells = [cell for cell in _cells(words) if max(_height(word) for word in cell) >= _LEAST_PX]
    short = [cell for cell in cells if len(cell) <= _SHORT][:_MOST_CELLS]
    text = [cell for cell in cells if len(cell) > _SHORT]
    # Every so many words of the text, so that all of it is heard.
    sample = list(chain.from_iterable(text))
    sample = sample[:: max(1, len(sample) // 20)]
    far = _far(gray, [*short, sample])
    own = far.pop()
    usual = max(median(own) if len(own) >= _LETTERS else _USUAL, _USUAL)
    return [
        word
        for cell, apart in zip(short, far, strict=True)
        if _is_strange(cell, apart, usual, coloured=all(word in coloured for word in cell))
        for word in cell
    ]


def _is_strange(cell: Cell, apart: Sequence[float], usual: float, *, coloured: bool) -> bool:
    if len(apart) >= _LETTERS:
        return median(apart) >= max(_STRANGE, _WORN * usual)
    signs = [c for word in cell for c in word.text if c.isalnum()]
    if len(signs) not in _FEW:
        return False
    # Printed flags and values of a laboratory's report are red as well, and digits the least like each other.
    coloured = coloured and all(c.isalpha() for c in signs)
    if len(apart) < min(_FEW):
        # Capitals of print stand apart.
        joined = not apart and all(c.isupper() for c in signs) and usual <= _USUAL
        return coloured or joined
    middle, least = _FEW_COLOURED if coloured else _FEW_STRANGE
    return median(apart) >= middle * usual / _USUAL and min(apart) >= least * usual / _USUAL


def _cells(words: Sequence[Word]) -> Iterator[list[Word]]:
    cell: list[Word] = []
    for word in words:
        before = cell[-1] if cell else word
        if cell and (before.line != word.line or before.text.endswith(":") or _gap(before, word)):
            yield cell
            cell = []
        cell.append(word)
    if cell:
        yield cell


def _gap(before: Word, word: Word) -> bool:
    return math.dist(before.region.corners[1], word.region.corners[0]) > _APART * _height(word)


def _height(word: Word) -> float:
    return math.dist(word.region.corners[0], word.region.corners[3])


def _far(gray: Pixels, cells: Sequence[Cell]) -> list[list[float]]:
    """The distances from print of each cell's letters; none of those that do not stand apart."""
    letters = [_some_letters(gray, cell) for cell in cells]
    every = list(chain.from_iterable(letters))
    apart = distances([picture for _, picture in every], [char for char, _ in every]).tolist()
    found: list[list[float]] = []
    for own in letters:
        found.append([far for far in apart[: len(own)] if not math.isnan(far)])
        del apart[: len(own)]
    return found


def _some_letters(gray: Pixels, cell: Cell) -> list[tuple[str, Shapes]]:
    found: list[tuple[str, Shapes]] = []
    for word in cell:
        if len(found) < max(_MOST_LETTERS, _LETTERS * len(cell)):
            found += _letters(gray, word)
    return found


def _letters(gray: Pixels, word: Word) -> list[tuple[str, Shapes]]:
    """The word's letters and digits with their ink, from 0 to 1; none where its marks are not as many as its signs."""
    box = word.region.bounds.grown(1).clipped(gray.shape[1], gray.shape[0])
    if box is None or box.width < box.height / 2:
        return []
    part = gray[box.top : box.bottom, box.left : box.right]
    dark, paper = ranked(part, part.size // 50, part.size * 9 // 10)
    # One table of all levels is had faster than the share of every pixel.
    ink = np.asarray(np.clip((paper - _LEVELS) / max(paper - dark, 1), 0, 1), np.float32).take(part)
    _, _, stats, _ = components(ink > _INK)
    least = _DOT * box.height
    marks = [mark for mark in stats[1:, :4].tolist() if max(mark[2:]) > least and mark[2] < 2.5 * box.height]
    placed: list[list[int]] = []
    for left, top, width, height in sorted(marks):
        last = placed[-1] if placed else None
        if last and min(last[2], left + width) - left > _OVER * min(last[2] - last[0], width):
            last[1], last[2], last[3] = min(last[1], top), max(last[2], left + width), max(last[3], top + height)
        else:
            placed.append([left, top, left + width, top + height])
    if len(placed) != len(word.text):
        return []
    return [
        (char, ink[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1])
        for char, (left, top, right, bottom) in zip(word.text, placed, strict=True)
        if char.isalnum()
    ]

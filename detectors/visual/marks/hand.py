"""Words whose letters have the shape of no face of print: a hand wrote them, in whatever ink and however well it reads.

The faces are those of `detectors.reading.text_layer.shapes`. Words are judged by the cell that they stand in, against
the page's running text: where that is worn as well, it is the copy's fault and not a hand's.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, groupby
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.levels import ranked
from detectors.pages import Pixels, Word
from detectors.reading.text_layer.shapes import distances
from detectors.visual.marks.uneven import Stood, is_uneven

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
_FEW_SIGNS: Final = 4
"""A short entry, which is judged with those beside it on its line, and by the page's others."""
_ALIKE: Final = 0.2
"""Share by which the heights of two entries of one hand differ at most."""
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
    told = [
        _is_strange(cell, apart, usual, coloured=all(word in coloured for word in cell))
        for cell, apart in zip(short, far, strict=True)
    ]
    told = _with_companions(gray, short, _with_uneven(gray, short, far, told, usual), sample)
    return [word for cell, hand in zip(short, told, strict=True) if hand for word in cell]


def _with_uneven(
    gray: Pixels, cells: Sequence[Cell], far: Sequence[Sequence[float]], told: Sequence[bool], usual: float
) -> list[bool]:
    """Those cells too whose figures stand unevenly and are no nearer to print than the page's text; short entries of
    one line together, as a date between slashes is."""
    found = list(told)
    for _, line in groupby(range(len(cells)), key=lambda index: cells[index][0].line):
        few: list[int] = []
        for index in line:
            if _signs(cells[index]) <= _FEW_SIGNS:
                few.append(index)
            elif not told[index]:
                found[index] = _stand_unevenly(gray, cells, far, [index], usual)
        if few and _stand_unevenly(gray, cells, far, few, usual):
            found = [told or index in few for index, told in enumerate(found)]
    return found


def _stand_unevenly(
    gray: Pixels, cells: Sequence[Cell], far: Sequence[Sequence[float]], chosen: Sequence[int], usual: float
) -> bool:
    apart = [one for index in chosen for one in far[index]]
    if not apart or median(apart) < usual:
        return False
    return is_uneven([sign for index in chosen for word in cells[index] for sign in _stood(gray, word)])


def _with_companions(gray: Pixels, cells: Sequence[Cell], told: Sequence[bool], text: Sequence[Word]) -> list[bool]:
    """The short entries too that are as high as what a hand wrote on the page, and not as more of its print."""
    if not any(told):
        return list(told)
    few = [_signs(cell) <= _FEW_SIGNS for cell in cells]
    high = [_tallest(gray, cell) for cell in cells]
    written = [own for own, hand in zip(high, told, strict=True) if hand]
    print_ = [own for own, hand, short in zip(high, told, few, strict=True) if not (hand or short)]
    print_ += [_tallest(gray, [word]) for word in text]
    return [
        hand or (short and _like(own, written) > _like(own, print_))
        for own, hand, short in zip(high, told, few, strict=True)
    ]


def _like(high: float, others: Sequence[float]) -> int:
    return sum(abs(high - other) <= _ALIKE * other for other in others)


def _signs(cell: Cell) -> int:
    return sum(c.isalnum() for word in cell for c in word.text)


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
    _, ink, placed = _marks(gray, word)
    if len(placed) != len(word.text):
        return []
    return [
        (char, ink[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1])
        for char, (left, top, right, bottom) in zip(word.text, placed, strict=True)
        if char.isalnum()
    ]


def _stood(gray: Pixels, word: Word) -> list[Stood]:
    """The word's signs and where they stand on the page; none where its marks are not as many."""
    corner, ink, placed = _marks(gray, word)
    if len(placed) != len(word.text):
        return []
    found = []
    for char, (left, top, right, bottom) in zip(word.text, placed, strict=True):
        rows = ink[:, left:right].max(axis=1)
        # The edge lies in the row before the first that is half ink, as far up as that row is dark.
        found.append(
            Stood(
                char,
                corner[0] + (left + right) / 2,
                corner[1] + top - float(rows[top - 1] if top else 0.0),
                corner[1] + bottom + float(rows[bottom] if bottom < len(rows) else 0.0),
            )
        )
    return found


def _tallest(gray: Pixels, cell: Cell) -> float:
    """Height of the highest mark of a cell, in pixels; 0 where it has none."""
    return max((bottom - top for word in cell for _, top, _, bottom in _marks(gray, word)[2]), default=0)


def _marks(gray: Pixels, word: Word) -> tuple[tuple[int, int], Shapes, list[list[int]]]:
    """The left upper corner of the word's window on the page, its ink, from 0 to 1, and the sides of its marks there
    from left to right; dots are part of what they stand over, and dirt is left out."""
    box = word.region.bounds.grown(1).clipped(gray.shape[1], gray.shape[0])
    if box is None or box.width < box.height / 2:
        return (0, 0), np.zeros((0, 0), np.float32), []
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
    return (box.left, box.top), ink, placed

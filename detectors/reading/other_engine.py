"""What an engine of another kind makes of the lines where the first is unsure: what both read alike is as sure as that
two mistake nothing together, and where they differ and one alone is sure, it is mostly right.

Of 16 pages with noise and specks, read first by Tesseract: of its words under 80 that PP-OCR read alike .92 were right,
of those under 30 as well; where the two differed and PP-OCR was sure, its word was right in .79, the other in .05.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.folding import fold
from detectors.geometry import Quad
from detectors.pages import PageRaster, PageReading, Word
from detectors.reading.engine import LineEngine
from detectors.reading.read import placed
from detectors.reading.twice import ALONE_UNDER, bounds_of, boxes_of, filled, joined, nearest_ink
from detectors.reading.views import laid, levelled
from detectors.words.doubt import DOUBTFUL_UNDER, NAME_UNDER

VIEW_DPI: Final = 144
"""At which it read .952 of the identifiers of hard pages in the spike."""
SURE_ALONE: Final = 90.0
"""Confidence, the least sure letter's, from which its word is taken for read where the first engine has another."""
AS_SURE: Final = NAME_UNDER - 5.0
"""How sure such a word is at most: of what two engines read differently a name or a number burns still."""


def compared(page: PageRaster, reading: PageReading, places: Sequence[Quad], other: LineEngine) -> PageReading:
    """The reading, with what another engine reads of the lines at these places, in source pixels.

    Raises RedoubtError(READER_FAILED).
    """
    view = levelled(laid(page), VIEW_DPI)
    onto = np.asarray(np.linalg.inv(view.to_source), np.float64)
    lines = other.text_regions(view.gray)
    asked = bounds_of([place.mapped(onto) for place in places])
    near = [line for line in lines if nearest_ink(line.bounds, asked) is not None]
    theirs = placed(page, other.name, view, other.words_in(view.gray, near))
    text = bounds_of([line.mapped(view.to_source) for line in lines])
    return filled(settled(reading, theirs, text), theirs)


def settled(reading: PageReading, theirs: PageReading, text: NDArray[np.int64]) -> PageReading:
    """The reading, each of its words as the two settle it; `text` are the boxes of all lines that the other saw.

    Where it saw none, an unsure word is gone: what of its ink is more than specks is ink that nothing explains.
    """
    lines: dict[int, list[Word]] = defaultdict(list)
    for ours, others in _met(reading.words, theirs.words):
        lines[ours[0].line] += _decided(ours, others) if others else [w for w in ours if _is_seen(w, text)]
    return joined(reading, [lines[number] for number in sorted(lines)])


def _is_seen(word: Word, text: NDArray[np.int64]) -> bool:
    return word.confidence >= DOUBTFUL_UNDER or nearest_ink(word.region.bounds, text) is not None


def _met(ours: Sequence[Word], theirs: Sequence[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Words of the first reading, in its order, with those of the other about the same ink; neighbours on a line that
    the other reads as one word, or as words of other ends, stand together."""
    own, boxes = boxes_of(ours), boxes_of(theirs)
    of_ours: dict[int, set[int]] = defaultdict(set)
    of_theirs: dict[int, set[int]] = defaultdict(set)
    pairs: list[tuple[int | None, int | None]] = [(i, _nearest(word, boxes)) for i, word in enumerate(ours)]
    pairs += [(_nearest(word, own), j) for j, word in enumerate(theirs)]
    for i, j in pairs:
        if i is not None and j is not None:
            of_ours[i].add(j)
            of_theirs[j].add(i)
    seen: set[int] = set()
    for first in range(len(ours)):
        if first in seen:
            continue
        mine, others = _together(first, of_ours, of_theirs)
        seen |= mine
        if len({ours[i].line for i in mine}) == 1:
            yield [ours[i] for i in sorted(mine)], [theirs[j] for j in sorted(others)]
        else:
            # A box of the other's that takes in two lines.
            yield from (([ours[i]], []) for i in sorted(mine))


def _nearest(word: Word, boxes: NDArray[np.int64]) -> int | None:
    """The word on this one's line, of those in the boxes, that shares most with it."""
    box = word.region.bounds
    high = np.minimum(boxes[:, 3] - boxes[:, 1], box.height)
    level = np.flatnonzero(np.abs(boxes[:, 1] + boxes[:, 3] - box.top - box.bottom) <= high)
    met = nearest_ink(box, boxes[level])
    return None if met is None else int(level[met])


def _together(first: int, of_ours: dict[int, set[int]], of_theirs: dict[int, set[int]]) -> tuple[set[int], set[int]]:
    mine, others, more = {first}, set[int](), [first]
    while more:
        for j in of_ours[more.pop()] - others:
            others.add(j)
            more += of_theirs[j] - mine
            mine |= of_theirs[j]
    return mine, others


def _decided(ours: Sequence[Word], theirs: Sequence[Word]) -> list[Word]:
    """What two readings of the same ink make of it."""
    most, least = max(word.confidence for word in ours), min(word.confidence for word in theirs)
    mine, other = (fold("".join(word.text for word in words)) for words in (ours, theirs))
    if mine and mine == other:
        if len(ours) == len(theirs):
            return [_alike(word, its) for word, its in zip(ours, theirs, strict=True)]
        return [_surer(word, least) for word in ours]
    if len(theirs) == 1 < len(ours):
        # Small print is read without its blanks.
        text, first, last = theirs[0].text, ours[0], ours[-1]
        if text.endswith(last.text) and (rest := text.removesuffix(last.text)):
            return [*_decided(ours[:-1], [_as(theirs[0], rest)]), _surer(last, least)]
        if text.startswith(first.text) and (rest := text.removeprefix(first.text)):
            return [_surer(first, least), *_decided(ours[1:], [_as(theirs[0], rest)])]
    if not other or most >= ALONE_UNDER or least <= most:
        return list(ours)
    sure = AS_SURE if least >= SURE_ALONE else min(word.confidence for word in ours)
    where = [ours[0].region] if len(ours) == len(theirs) == 1 else [word.region for word in theirs]
    return [
        replace(word, confidence=sure, region=region, line=ours[0].line)
        for word, region in zip(theirs, where, strict=True)
    ]


def _alike(word: Word, other: Word) -> Word:
    """The word with the signs, accents and capitals of the surer of two that are of the same letters."""
    told = other if other.confidence > word.confidence else word
    return _surer(_as(word, told.text), other.confidence)


def _as(word: Word, text: str) -> Word:
    return replace(word, text=text, end=word.start + len(text))


def _surer(word: Word, other: float) -> Word:
    """As unsure as that both are wrong: engines of different kinds make different mistakes."""
    return replace(word, confidence=100.0 - (100.0 - word.confidence) * (100.0 - other) / 100.0)

"""What an engine of another kind bears out of the words of which the first is unsure: what both read alike at the same
place is as sure as that two mistake nothing together.

It says nothing else. Its own words neither stand in for the first's nor explain ink: it reads a zero in a lung, and
letters in what a hand wrote, and is sure of them. Of 16 pages with noise and specks, of the words under 80 of the first
that it read alike .92 were right, of those under 30 as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.folding import fold
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Word
from detectors.reading.engines.engine import LineEngine
from detectors.reading.read import placed
from detectors.reading.twice import bounds_of, boxes_of, nearest_ink
from detectors.reading.views.view import laid, levelled

VIEW_DPI: Final = 144
"""At which it read .952 of the identifiers of hard pages in the spike."""
SAME_BOX: Final = 0.4
"""Share of the larger box that two words, or two runs of them, have in common that stand at the same place."""


def compared(page: PageRaster, reading: PageReading, places: Sequence[Quad], other: LineEngine) -> PageReading:
    """The reading, its words at these places, in source pixels, as sure as another engine makes them.

    Raises RedoubtError(READER_FAILED).
    """
    view = levelled(laid(page), VIEW_DPI)
    asked = bounds_of([place.mapped(np.asarray(np.linalg.inv(view.to_source), np.float64)) for place in places])
    lines = [line for line in other.text_regions(view.gray) if nearest_ink(line.bounds, asked) is not None]
    return surer(reading, placed(page, other.name, view, other.words_in(view.gray, lines)))


def surer(reading: PageReading, theirs: PageReading) -> PageReading:
    """The reading, each word as sure as both say where they read it alike: no word comes, goes, moves or changes."""
    sure = {
        word: 100.0 - (100.0 - word.confidence) * (100.0 - min(other.confidence for other in others)) / 100.0
        for ours, others in _met(reading.words, theirs.words)
        if others and _same_place(ours, others) and _told(ours) == _told(others) != ""
        for word in ours
    }
    return replace(
        reading, words=tuple(replace(word, confidence=sure.get(word, word.confidence)) for word in reading.words)
    )


def _same_place(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    one, other = (Box.around([c for word in words for c in word.region.corners]) for words in (ours, theirs))
    return one.overlap(other) >= SAME_BOX * max(one.area, other.area)


def _told(words: Sequence[Word]) -> str:
    """What the words say, in comparable form; with the signs between digits, which make a date of a number."""
    text = "".join(word.text for word in words)
    return text.casefold() if any(c.isdigit() for c in text) else fold(text)


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

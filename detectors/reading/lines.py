"""Some lines of a page read again, from another view of it: a look costs as much as there is print in it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Word
from detectors.reading.engines.engine import Engine
from detectors.reading.read import placed
from detectors.reading.strays import with_strays
from detectors.reading.twice import boxes_of, joined, nearest_ink
from detectors.reading.views.view import View, laid, levelled

AROUND_IN: Final = 0.3
"""Two lines of usual print on either side: an engine takes a line apart as its neighbours let it."""
MOST: Final = 0.5
"""Where more of the page would be read again, all of it is: its rows are then no lines, and it may be turned."""
MOST_DEG: Final = 20.0
"""Of pages that were turned to be read the lines do not run across the view."""

Rows = NDArray[np.bool_]


def read_again(
    page: PageRaster, engine: Engine, first: PageReading, places: Iterable[Quad], *, in_even_light: bool = True
) -> PageReading | None:
    """The first reading, its lines near those places as the engine reads them on this view of the page; None where most
    of the page would be read. `places` are in source pixels. Raises RedoubtError(READER_FAILED)."""
    if not first.words or abs(median(w.region.angle for w in first.words)) > math.radians(MOST_DEG):
        return None
    view = levelled(laid(page, in_even_light=in_even_light))
    onto = np.asarray(np.linalg.inv(view.to_source), np.float64)
    rows = _rows(view, [place.mapped(onto).bounds for place in places])
    if rows.mean() > MOST:
        return None
    gray = view.gray.copy()
    gray[~rows] = _paper(view)
    found = [word for word in engine.words(gray, view.dpi) if _whole(rows, word.box)]
    again = placed(page, engine.name, view, with_strays(gray, found))
    inside = [_whole(rows, word.region.mapped(onto).bounds) for word in first.words]
    return _renewed(first, again, inside)


def _rows(view: View, places: Sequence[Box]) -> Rows:
    """Which rows of the view lie near the places."""
    rows, near = np.zeros(view.gray.shape[0], np.bool_), round(AROUND_IN * view.dpi)
    for box in places:
        rows[max(box.top - near, 0) : max(box.bottom + near, 0)] = True
    return rows


def _paper(view: View) -> int:
    """The median level."""
    counts = np.asarray(cv2.calcHist([view.gray], [0], None, [256], [0, 256])).ravel().cumsum()
    return int(np.searchsorted(counts, view.gray.size / 2))


def _whole(rows: Rows, box: Box) -> bool:
    """Whether no edge of those rows cuts the box, or touches it."""
    return bool(rows[max(box.top - 1, 0) : max(box.bottom + 1, 1)].all())


def _renewed(first: PageReading, again: PageReading, inside: Sequence[bool]) -> PageReading:
    """The first reading, with the second's words in place of its lines that lie all `inside`. A line of the second
    stands where those stood that it lies on, or behind the nearest above."""
    cut = {word.line for word, whole in zip(first.words, inside, strict=True) if not whole}
    lines: dict[tuple[float, int], list[Word]] = defaultdict(list)
    for word in first.words:
        if word.line in cut:
            lines[word.line, -1].append(word)
    kept = boxes_of([word for word in first.words if word.line in cut])
    new: dict[int, list[Word]] = defaultdict(list)
    for word in again.words:
        if nearest_ink(word.region.bounds, kept) is None:
            new[word.line].append(word)
    for number, words in new.items():
        lines[_place(words, first.words), number].extend(words)
    return joined(replace(first, engine=again.engine), [lines[key] for key in sorted(lines)])


def _place(words: Sequence[Word], before: Sequence[Word]) -> float:
    """The line, among those that were read before, on which these words lie; half a line behind the nearest else."""
    boxes = boxes_of(before)
    on = [before[i].line for word in words if (i := nearest_ink(word.region.bounds, boxes)) is not None]
    if on:
        return min(on)
    top = words[0].region.bounds.top
    above = [word for word in before if word.region.bounds.top <= top]
    nearest = max(above, key=lambda word: word.region.bounds.top, default=None)
    return nearest.line + 0.5 if nearest else -0.5

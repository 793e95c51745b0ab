"""A reading whose doubtful words give way to those of a second one, read piece by piece."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Homography
from detectors.pages import PageReading, Word
from detectors.reading.pieces import Pieces
from detectors.reading.twice import SAME_INK, SURE, joined
from detectors.words.doubt import doubtful

CONTRADICTED: Final = 15.0
"""What a word loses in confidence where another was read in its place, badly as it was: of what a hand wrote an engine
reads two things, and is sure of the second. It costs 11 of 1,728 clean words of forms."""

_Numbers = tuple[list[int], list[int]]


def renewed(first: PageReading, second: Pieces) -> PageReading:
    """The first reading; where it is in doubt, or cut a word short, what the second says about the same ink.

    What both read alike is as sure as the surer; what the first has no word for, the second must be sure of. Words that
    were made of rulings alone go. Lines stay those of the first; a row of the second without any of it is a line of its
    own.
    """
    again, onto = second.reading, second.onto
    doubts = doubtful(first)
    ours, theirs = (_boxes(reading.words, onto) for reading in (first, again))
    lines: dict[float, list[tuple[int, Word]]] = defaultdict(list)
    new: list[int] = []
    for mine, others in _together(ours, theirs):
        if not mine:
            new += [j for j in others if again.words[j].confidence >= SURE]
            continue
        one, other = [first.words[i] for i in mine], [again.words[j] for j in others]
        if other and _said(one) == _said(other):
            surest = min(word.confidence for word in other)
            one = [replace(word, confidence=max(word.confidence, surest)) for word in one]
        elif other and _gives_way(one, other, in_doubt := not doubts.isdisjoint(mine)):
            less = CONTRADICTED if in_doubt else 0.0
            for j, word in zip(others, other, strict=True):
                word = replace(word, confidence=max(word.confidence - less, 0.0), line=one[0].line)
                lines[word.line].append((int(theirs[j, 0]), word))
            continue
        if not other and doubts.issuperset(mine):
            mine = [i for i in mine if not _is_of_rulings(ours[i], second.boxes)]
            one = [first.words[i] for i in mine]
        for i, word in zip(mine, one, strict=True):
            lines[word.line].append((int(ours[i, 0]), word))
    _fill(lines, [(again.words[j], theirs[j]) for j in new], first.words, ours)
    # Engines go through a line from the left.
    return joined(first, [[word for _, word in sorted(line, key=lambda w: w[0])] for _, line in sorted(lines.items())])


def _is_of_rulings(word: NDArray[np.int64], pieces: NDArray[np.int64]) -> bool:
    """Whether a word lies along rulings and has no print; what stands upright may be a figure that looks like one."""
    left, top, right, bottom = word.tolist()
    on = (pieces[:, 0] < right) & (pieces[:, 2] > left) & (pieces[:, 1] < bottom) & (pieces[:, 3] > top)
    return right - left > bottom - top and not on.any()


def _said(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _gives_way(one: Sequence[Word], other: Sequence[Word], in_doubt: bool) -> bool:
    if in_doubt:
        return _sure(other) > _sure(one)
    return len(_said(other)) > len(_said(one)) and min(word.confidence for word in other) >= SURE


def _sure(words: Sequence[Word]) -> float:
    """Mean confidence by letters."""
    return sum(len(word.text) * word.confidence for word in words) / sum(len(word.text) for word in words)


def _boxes(words: Sequence[Word], onto: Homography) -> NDArray[np.int64]:
    bounds = [word.region.mapped(onto).bounds for word in words]
    return np.array([(b.left, b.top, b.right, b.bottom) for b in bounds], np.int64).reshape(-1, 4)


def _together(ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> Iterator[_Numbers]:
    """Words of both that are about the same ink."""
    left, top, right, bottom = theirs.T
    size = (right - left) * (bottom - top)
    met: list[list[int]] = []
    of: dict[int, list[int]] = defaultdict(list)
    for i, (a, b, c, d) in enumerate(ours.tolist()):
        shared = np.maximum(np.minimum(right, c) - np.maximum(left, a), 0) * np.maximum(
            np.minimum(bottom, d) - np.maximum(top, b), 0
        )
        met.append(np.flatnonzero(shared > SAME_INK * np.minimum(size, (c - a) * (d - b))).tolist())
        for j in met[-1]:
            of[j].append(i)
    seen: set[int] = set()
    for start in range(len(ours)):
        if start in seen:
            continue
        mine, others, more = {start}, set[int](), [start]
        while more:
            for j in set(met[more.pop()]) - others:
                others.add(j)
                more += set(of[j]) - mine
                mine.update(of[j])
        seen |= mine
        yield sorted(mine), sorted(others)
    yield [], [j for j in range(len(theirs)) if j not in of]


def _fill(
    lines: dict[float, list[tuple[int, Word]]],
    new: Sequence[tuple[Word, NDArray[np.int64]]],
    words: Sequence[Word],
    boxes: NDArray[np.int64],
) -> None:
    """Puts words that the first reading lacks into its line at their height, or into one behind the nearest above."""
    for word, (left, top, right, bottom) in new:
        shared = np.minimum(boxes[:, 3], bottom) - np.maximum(boxes[:, 1], top)
        level = np.flatnonzero(2 * shared > np.minimum(boxes[:, 3] - boxes[:, 1], bottom - top))
        if len(level):
            apart = np.maximum(boxes[level, 0] - right, left - boxes[level, 2])
            line: float = words[level[int(np.argmin(apart))]].line
        else:
            above = np.flatnonzero(boxes[:, 1] <= top)
            line = words[above[int(np.argmax(boxes[above, 1]))]].line if len(above) else -1
            line += 0.5 + word.line * 1e-6
        lines[line].append((int(left), word))

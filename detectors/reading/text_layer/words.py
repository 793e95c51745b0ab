"""The words of a text layer: level glyphs put in lines and words by where they stand. Nothing is proven here."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.pages import TextLayer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SAME_LINE: Final = 0.3
"""Base lines nearer than this share of a cell's height belong to one line."""
WORD_GAP: Final = 0.12
"""Glyphs further apart than this share of their height stand in two words: a narrow blank has .2."""
DOUBLED: Final = 0.3
"""The same glyph again nearer than this share of its width is the same glyph printed twice, to look bold."""
LEAST_WIDTH: Final = 0.02
"""Narrower glyphs continue the one before: "fi" in one shape has two letters in one cell."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerGlyphs:
    """Glyphs that are told, in reading order. Shapes (n,) and, of `cells` (left, top, right, bottom), (n, 4).

    `texts` are what each cell is said to show, `bases` the base lines; `words` and `lines` number from 0 and ascend.
    `covered` are the numbers of those in whose cells something else shows.
    """

    texts: list[str] = field(repr=False)
    cells: Floats = field(repr=False)
    bases: Floats = field(repr=False)
    words: Ints = field(repr=False)
    lines: Ints = field(repr=False)
    covered: frozenset[int] = frozenset()

    def __len__(self) -> int:
        return len(self.texts)


def in_reading_order(layer: TextLayer) -> LayerGlyphs:
    """The glyphs line by line and word by word; blanks, and what is printed twice, left out."""
    codes, places = layer.codes, layer.places
    heights = np.maximum(places[:, 4] - places[:, 2], 1e-3)
    widths = places[:, 3] - places[:, 1]
    lines = _lines(places[:, 0], heights)
    order = np.lexsort((np.arange(len(codes)), places[:, 1], lines))
    codes, places, lines = codes[order], places[order], lines[order]
    heights, widths = heights[order], widths[order]
    own, which = np.unique(codes, return_inverse=True)
    letters = [chr(code) if code <= 0x10FFFF else "\ufffd" for code in own.tolist()]
    blanks = {c for c in letters if c.isspace() or unicodedata.category(c) in ("Cc", "Cf")}
    characters = [letters[number] for number in which.reshape(-1).tolist()]
    texts: list[str] = []
    kept: list[int] = []
    word = -1
    words: list[int] = []
    broken = True
    lefts, rights = places[:, 1].tolist(), places[:, 3].tolist()
    wide, high, line_of = widths.tolist(), heights.tolist(), lines.tolist()
    for i, character in enumerate(characters):
        if character in blanks:
            broken = True
            continue
        last = kept[-1] if kept else -1
        same_line = last >= 0 and line_of[last] == line_of[i]
        if same_line and not broken:
            if wide[i] < LEAST_WIDTH * high[i]:
                texts[-1] += character
                continue
            if texts[-1] == character and lefts[i] - lefts[last] < DOUBLED * wide[i]:
                continue
        if broken or not same_line or lefts[i] - rights[last] > WORD_GAP * high[i]:
            word += 1
        broken = False
        texts.append(character)
        kept.append(i)
        words.append(word)
    chosen = np.array(kept, np.int64)
    _, numbered = np.unique(lines[chosen], return_inverse=True)
    numbers = numbered.reshape(-1).astype(np.int64)
    hidden = np.zeros(len(codes), np.bool_)
    hidden[layer.covered] = True
    covered = frozenset(np.flatnonzero(hidden[order][chosen]).tolist())
    return LayerGlyphs(texts, places[chosen, 1:], places[chosen, 0], np.array(words, np.int64), numbers, covered)


def _lines(base: Floats, heights: Floats) -> Ints:
    """Numbers of the lines, from the top, by base lines that lie together."""
    order = np.argsort(base, kind="stable")
    apart = np.diff(base[order], prepend=base[order[0]] if len(base) else 0.0) > SAME_LINE * heights[order]
    lines = np.empty(len(base), np.int64)
    lines[order] = np.cumsum(apart)
    return lines

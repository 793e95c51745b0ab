"""Words that a hand wrote: ink of another colour than the page's print, letters joined as print's are not, or of no
shape that print has.

An engine reads some of them, and its reading is a guess whatever its confidence says.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from statistics import median
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.levels import level_at
from detectors.pages import PageReading, Pixels, Word
from detectors.visual.marks.hand import strange

LEAST_DPI: Final = 130.0
"""Below it letters of print run into each other as well."""
_CONTRAST: Final = 45
_COLOUR: Final = 38
"""Levels between the channels of a pen's ink; black print that a scanner saw through a lens has less than 25."""
_COLOURED: Final = 0.5
"""Share of a word's ink that has a colour."""
_PRINT: Final = 0.6
"""Share of the page's words that must be without it: on a page printed in colour it tells nothing."""
_LETTERS: Final = 4
_LEAST_PX: Final = 6
_JOINED: Final = 0.75
"""Share of a word's width that one mark takes, where its letters are joined."""
_LONG: Final = 2.2
"""Width of that mark in its heights; a ligature of print has less."""
_LEGIBLE: Final = 85.0
"""Mean confidence of neighbouring coloured words from which they are print in colour, as headings are."""
_FEW: Final = 3
_SPRAWLING: Final = 1.6
"""Heights of the page's usual word that initials have, where an engine is not sure of them: large print it reads."""
_SURE: Final = 90.0
_LEAST_WORDS: Final = 8
_LEVEL: Final = 1.5
"""Words wider than high, by this much: others may run down the page."""


def handwritten(pixels: Pixels, gray: Pixels, dpi: float, reading: PageReading) -> list[Word]:
    """The words written by hand among those that were read."""
    words = list(reading.words)
    if dpi < LEAST_DPI or not words:
        return []
    told = [_look(pixels, gray, word) for word in words]
    coloured = [word for word, look in zip(words, told, strict=True) if look[0]]
    joined = [word for word, look in zip(words, told, strict=True) if look[1]]
    most = (1 - _PRINT) * len(words)
    found = set(joined) if len(joined) <= most else set()
    few = len(coloured) <= most
    shaped = strange(gray, words, set(coloured) if few else ())
    found.update(shaped if len(shaped) <= most else ())
    found.update(_sprawling(words))
    if few:
        for _, line in groupby(coloured, key=lambda word: word.line):
            pieces = list(line)
            letters = sum(len(word.text) for word in pieces)
            if sum(len(word.text) * word.confidence for word in pieces) < _LEGIBLE * letters:
                found.update(pieces)
    return [word for word in words if word in found]


def _sprawling(words: Sequence[Word]) -> list[Word]:
    """A capital and few more letters, much higher than the page's print and hardly read: initials that fill a box."""
    if len(words) < _LEAST_WORDS:
        return []
    least = _SPRAWLING * median(word.region.bounds.height for word in words)
    return [
        word
        for word in words
        if word.confidence < _SURE
        and word.region.bounds.height >= least
        and 0 < sum(map(str.isalpha, word.text)) <= _FEW
        and word.text.lstrip("(|[")[:1].isupper()
        and not any(map(str.isdigit, word.text))
    ]


def _look(pixels: Pixels, gray: Pixels, word: Word) -> tuple[bool, bool]:
    """Whether the word's ink has a colour, and whether its letters are joined."""
    box = word.region.bounds.clipped(gray.shape[1], gray.shape[0])
    if box is None or box.height < _LEAST_PX:
        return False, False
    letters = sum(c.isalpha() for c in word.text)
    may_join = letters >= _LETTERS and box.width >= _LEVEL * box.height
    if pixels.ndim == 2 and not may_join:
        return False, False
    window = np.s_[box.top : box.bottom, box.left : box.right]
    part = gray[window]
    paper = level_at(part, 90)
    ink: NDArray[np.bool_] = part < paper - _CONTRAST
    total = int(np.count_nonzero(ink))
    if not total:
        return False, False
    coloured = False
    if pixels.ndim == 3:
        own = pixels[window][ink].astype(np.int16)
        coloured = bool(((own.max(axis=1) - own.min(axis=1)) >= _COLOUR).mean() >= _COLOURED)
    if not may_join:
        return coloured, False
    # A mark has ink in every column of its width, and print has none between its letters.
    bare = np.flatnonzero(~ink.any(axis=0))
    if int(np.diff(bare, prepend=-1, append=ink.shape[1]).max()) - 1 < _JOINED * box.width:
        return coloured, False
    _, _, stats, _ = components(ink)
    widest = stats[1:][int(np.argmax(stats[1:, cv2.CC_STAT_WIDTH]))]
    wide, high = int(widest[cv2.CC_STAT_WIDTH]), int(widest[cv2.CC_STAT_HEIGHT])
    # A ruling under the word is wide as well, and flat.
    joined = wide >= _JOINED * box.width and wide >= _LONG * high and high >= 0.45 * box.height
    return coloured, joined and letters * high * 0.35 < 2.5 * wide

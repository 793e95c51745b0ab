"""Short words that an engine made of pieces of what a hand wrote: they are no reading of it, and their ink is as
unexplained as that beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from detectors.geometry import Box, Quad
from detectors.pages import PageReading

SURE: Final = 80.0
"""Confidence from which a short word beside unread ink is one."""
_SHORT: Final = 3
_BESIDE_IN: Final = 0.09
"""A blank at 12 points."""

LONE_SURE: Final = 90.0
"""Confidence from which a short word that has its line to itself is one where the letters are too small for their shape
to tell a hand: "Ilie" of eight pixels was read as "lie." at 88."""
_LONE_SHORT: Final = 5
_SHAPELESS_PX: Final = 12


def without_scraps(reading: PageReading, unread: Sequence[Quad], dpi: float) -> PageReading:
    """The reading without the short unsure words on a line with ink that nothing explains, next to it or to one
    another, and without those that stand alone and small; boxes in source pixels, upright.

    The same object where there are none. Its text stays: it is for counting ink alone.
    """
    gone = _lone(reading) | _beside(reading, [region.bounds for region in unread], round(_BESIDE_IN * dpi))
    if not gone:
        return reading
    return replace(reading, words=tuple(word for index, word in enumerate(reading.words) if index not in gone))


def _lone(reading: PageReading) -> set[int]:
    on_line = Counter(word.line for word in reading.words)
    return {
        index
        for index, word in enumerate(reading.words)
        if on_line[word.line] == 1
        and word.confidence < LONE_SURE
        and not word.glyphs
        and _letters(word.text) <= _LONE_SHORT
        and word.region.bounds.height < _SHAPELESS_PX
    }


def _beside(reading: PageReading, unread: list[Box], near_px: int) -> set[int]:
    left = {
        index: word.region.bounds
        for index, word in enumerate(reading.words)
        if word.confidence < SURE and not word.glyphs and _letters(word.text) <= _SHORT
    }
    gone: set[int] = set()
    more = list(unread)
    while more and left:
        box = more.pop()
        met = [index for index, other in left.items() if _on_a_line(box, other, near_px)]
        more += [left.pop(index) for index in met]
        gone.update(met)
    return gone


def _on_a_line(one: Box, other: Box, near_px: int) -> bool:
    across = max(one.left, other.left) - min(one.right, other.right)
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across <= near_px and 2 * shared >= min(one.height, other.height)


def _letters(text: str) -> int:
    return sum(c.isalnum() for c in text)

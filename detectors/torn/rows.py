"""How words stand to each other, seen along a word's own line, in heights of that line."""

from __future__ import annotations

import math
from typing import Final

from detectors.pages import Word

GAP: Final = 1.0
"""Between two words that touch; a blank is under a half of one."""
_BELOW: Final = 2.5
_ASIDE: Final = 1.5
"""From a label down to its value in its cell, and by which one begins left or right of the other."""


def gap(a: Word, b: Word) -> float:
    """From the end of a word to the beginning of the next; infinite on another line, and under 0 where boxes of damaged
    words lie over each other."""
    if a.line != b.line:
        return math.inf
    _, top, foot, _ = a.region.corners
    along, _ = seen(a, top, b.region.corners[0])
    return along / max(math.dist(top, foot), 1.0)


def touching(a: Word, b: Word, most: float = GAP) -> bool:
    """Whether they stand on one line, in either order, with at most so much between them."""
    left, right = (a, b) if a.start < b.start else (b, a)
    return gap(left, right) <= most


def is_over(label: Word, word: Word) -> bool:
    """Whether the label stands over the word and begins where it begins."""
    start, foot = word.region.corners[0], word.region.corners[3]
    high = math.dist(start, foot)
    along, down = seen(word, start, label.region.corners[3])
    return abs(along) <= _ASIDE * high and -_BELOW * high < down < 0.5 * high


def seen(word: Word, start: tuple[float, float], to: tuple[float, float]) -> tuple[float, float]:
    """How far along and below the word's own line a point lies from another, in pixels."""
    angle, x, y = word.region.angle, to[0] - start[0], to[1] - start[1]
    return x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)

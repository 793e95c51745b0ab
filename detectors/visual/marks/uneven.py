"""Rows of figures and capitals that stand at uneven heights: a press sets them on one line, a hand does not."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np

LEAST_SIGNS: Final = 5
"""Fewer tell nothing: a scanner's rows move every sign by up to half a pixel."""
_UNEVEN: Final = 0.025
"""Of a sign's height, the standard deviation that tops and bottoms both have at least. Of 295 cells of print that were
read with confidence, clean, faxed and worn, in twelve faces, none has more than .021 of both; of 60 that were drawn as
by hand three of five have more, and most of the others have letters of a shape that no print has."""
_LEAST_PX: Final = 0.6
_MOST: Final = 0.11
"""More have figures that are made to hang and to rise, and what was read into frames and combs."""
_HANGING: Final = frozenset("QJ")


class Stood(NamedTuple):
    """A sign and where it stands, in pixels, its edges to a part of one."""

    char: str
    middle: float
    top: float
    bottom: float


def level_signs(signs: Sequence[Stood]) -> list[Stood]:
    """Those that a press sets all from one line to another."""
    return [s for s in signs if s.char.isdigit() or (s.char.isupper() and s.char not in _HANGING)]


def is_uneven(signs: Sequence[Stood]) -> bool:
    """Whether signs of one line, which may lean, stand too unevenly for print."""
    level = level_signs(signs)
    if len(level) < LEAST_SIGNS:
        return False
    high = median(s.bottom - s.top for s in level)
    least = max(_UNEVEN * high, _LEAST_PX)
    middles = [s.middle for s in level]
    apart = [_apart(middles, edges) for edges in ([s.top for s in level], [s.bottom for s in level])]
    return least <= min(apart) and max(apart) <= _MOST * high


def _apart(along: Sequence[float], edges: Sequence[float]) -> float:
    """How far the edges lie off the line through them: their standard deviation."""
    x, y = np.asarray(along), np.asarray(edges)
    x = x - x.mean()
    rest = y - y.mean() - x * (x @ y) / max(float(x @ x), 1.0)
    return float(np.sqrt(rest @ rest / (len(y) - 2)))

"""Erosion and dilation along the columns of a mask, eight columns to a byte: what OpenCV's answer with a kernel one
pixel wide, at a tenth of its cost, for kernels of any length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Columns = NDArray[np.uint8]
"""A mask of shape (height, width), its rows packed to bits: shape (height, width / 8)."""
_BITS: Final = 8


def packed(mask: NDArray[Any]) -> Columns:
    """Of bool or uint8; what is not 0 is set."""
    return np.packbits(mask, axis=1)


def unpacked(columns: Columns, width: int) -> NDArray[np.uint8]:
    """The mask of 0 and 1 that has this many columns."""
    return np.unpackbits(columns, axis=1, count=width)


def turned(mask: NDArray[Any]) -> NDArray[np.uint8]:
    """The mask with its rows as columns."""
    return np.asarray(cv2.transpose(mask.view(np.uint8)), np.uint8)


def eroded(columns: Columns, length: int) -> Columns:
    """Beyond the edges all is set."""
    return _along(columns, length, 0xFF, np.bitwise_and)


def dilated(columns: Columns, length: int) -> Columns:
    return _along(columns, length, 0, np.bitwise_or)


def opened(columns: Columns, length: int) -> Columns:
    """What has runs of this length; those that an edge cuts count as longer. An even length moves it by a pixel."""
    return dilated(eroded(columns, length), length)


def closed(columns: Columns, length: int) -> Columns:
    return eroded(dilated(columns, length), length)


def widened(columns: Columns) -> Columns:
    """With the columns beside each."""
    found = np.asarray(columns | columns << 1 | columns >> 1, np.uint8)
    found[:, 1:] |= columns[:, :-1] << (_BITS - 1)
    found[:, :-1] |= columns[:, 1:] >> (_BITS - 1)
    return found


def _along(columns: Columns, length: int, beyond: int, both: Callable[[Columns, Columns], Columns]) -> Columns:
    above = length // 2
    found = np.pad(columns, ((above, length - 1 - above), (0, 0)), constant_values=beyond)
    # What holds for runs of n holds for those of 2 n where it does for both halves.
    reach = 1
    while 2 * reach <= length:
        found = both(found[:-reach], found[reach:])
        reach *= 2
    rest = length - reach
    return both(found[:-rest], found[rest:]) if rest else found

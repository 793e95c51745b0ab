"""A page that is white paper for the most part, told by what is not white on it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

GROUP: Final = 64
"""Samples that are told together, one after the other: rulings run along them, and the number of a group is little."""
_WHITE: Final = 255
_EIGHT_WHITE: Final = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Gray (height, width) or RGB (height, width, 3) pixels of this `shape`: `at` are the numbers of the groups of
    samples that are not white throughout, uint32 of shape (k,), `samples` those groups, uint8 of shape (k, GROUP); what
    of the last one lies past the page is nothing.

    A tenth of the pixels or less where rulings are all that a page shows: it goes from process to process twice.
    """

    shape: tuple[int, ...]
    at: NDArray[np.uint32] = field(repr=False)
    samples: Pixels = field(repr=False)

    def __post_init__(self) -> None:
        count = len(self.at)
        if self.at.shape != (count,) or self.samples.shape != (count, GROUP) or self.samples.dtype != np.uint8:
            raise ValueError("a group has a number and its samples")
        if count > groups_of(self.shape) or (self.at >= groups_of(self.shape)).any():
            raise ValueError("no group of a page")

    @classmethod
    def of(cls, pixels: Pixels) -> Self:
        whole = np.empty(groups_of(pixels.shape) * GROUP, np.uint8)
        whole[: pixels.size], whole[pixels.size :] = pixels.reshape(-1), _WHITE
        # Eight samples at a time, and then what was found of these: a group has eight times eight.
        at = np.flatnonzero((whole.view(np.uint64) != _EIGHT_WHITE).view(np.uint64))
        return cls(pixels.shape, at.astype(np.uint32), whole.reshape(-1, GROUP)[at])

    def pixels(self) -> Pixels:
        whole = np.full((groups_of(self.shape), GROUP), _WHITE, np.uint8)
        whole[self.at] = self.samples
        return whole.reshape(-1)[: math.prod(self.shape)].reshape(self.shape)


def groups_of(shape: tuple[int, ...]) -> int:
    """How many groups pixels of this shape have."""
    return -(-math.prod(shape) // GROUP)

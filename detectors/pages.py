"""What every room passes on about a page: its pixels, and what was read on it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Quad

Pixels = NDArray[np.uint8]
"""Gray of shape (height, width) or RGB of shape (height, width, 3), 0 black to 255 white."""

BLANK = "\u2588\u2588\u2588"
"""Stands in a reading where something was burned: no letter and no digit, so nothing can be found in it."""


@dataclass(frozen=True, slots=True, eq=False)
class PageRaster:
    """One page as it came: source pixels, never scaled.

    `dpi` is what the container says or the page size implies; 0.0 where nothing is known.
    `bilevel` says that the source had one bit a pixel (fax): pixels are then 0 or 255 only.
    `lossy` says that the source pixels came out of a JPEG, whose blocks smear ink over 8 or 16 pixels.
    """

    pixels: Pixels = field(repr=False)
    dpi: float = 0.0
    bilevel: bool = False
    lossy: bool = False

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim not in (2, 3) or 0 in self.pixels.shape:
            raise ValueError("a page is gray or RGB of uint8")
        if self.pixels.ndim == 3 and self.pixels.shape[2] != 3:
            raise ValueError("a colour page has three channels")

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Word:
    """A word as an engine read it, placed in source pixels.

    `confidence` runs from 0 to 100. `line` numbers the lines of the page in reading order from 0;
    `start` and `end` are half-open character offsets into `PageReading.text`.
    """

    text: str = field(repr=False)
    confidence: float
    region: Quad
    line: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not self.text or self.end - self.start != len(self.text):
            raise ValueError("a word's offsets must span its text")


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything read on one page: words in reading order; text joins words by a space and lines by a line feed."""

    width_px: int
    height_px: int
    dpi: float
    words: tuple[Word, ...]
    text: str = field(repr=False)
    engine: str
    """Engine and version, e.g. `tesserocr-5.5.1`."""

    def __post_init__(self) -> None:
        for word in self.words:
            if self.text[word.start : word.end] != word.text:
                raise ValueError("a word does not stand where it says")

    def words_in(self, start: int, end: int) -> tuple[int, ...]:
        """Indices of the words that share at least one character with [start, end)."""
        return tuple(i for i, w in enumerate(self.words) if w.start < end and start < w.end)

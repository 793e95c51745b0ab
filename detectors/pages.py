"""What every room passes on about a page: its pixels, and what was read on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from detectors.drawing import Drawing
from detectors.geometry import Box, Boxes, Corners, Quad

Pixels = NDArray[np.uint8]
"""Gray of shape (height, width) or RGB of shape (height, width, 3), 0 black to 255 white."""

BLANK = "\u2588\u2588\u2588"
"""Stands in a reading where something was burned: no letter and no digit, so nothing can be found in it."""


MAX_GLYPHS: Final = 40_000
"""Glyphs of a page; the densest print at six points has half as many."""
MAX_PICTURES: Final = 256
"""Pictures of a page that are told apart; of more the page is read whole."""
MAX_REDACTIONS: Final = 256
"""Redactions of a page that are told apart."""
MAX_PLACE_PX: Final = 100_000.0
"""How far off the page a cell may be said to lie."""
MAX_CODE: Final = 0x10FFFF
"""The last of Unicode."""


@dataclass(frozen=True, slots=True, eq=False)
class TextLayer:
    """What a file says is printed on a page: a claim, of which nothing holds before the pixels prove it.

    `codes` are the Unicode numbers of level glyphs in the file's order, uint32 of shape (n,). `places` are their base
    lines and cells (left, top, right, bottom) in source pixels, float32 of shape (n, 5); a cell may lie outside the
    page. `pictures` are the cells of the images, float32 of shape (m, 4). `scanned` says that the page is one picture
    with the text of an earlier reading under it; no glyphs are told then.

    `bare` is the page without any text, of its pixels' shape; None where that is white paper. `covered` are
    the numbers of glyphs in whose cells something shows that neither is there nor is told of, uint32 of shape (k,).
    """

    codes: NDArray[np.uint32] = field(repr=False)
    places: NDArray[np.float32] = field(repr=False)
    pictures: NDArray[np.float32] = field(repr=False)
    scanned: bool = False
    bare: Drawing | None = field(default=None, repr=False)
    covered: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32), repr=False)

    def __post_init__(self) -> None:
        count = len(self.codes)
        if self.codes.shape != (count,) or self.places.shape != (count, 5) or self.pictures.shape[1:] != (4,):
            raise ValueError("a glyph has a code, a base line and a cell; a picture has a cell")
        if count > MAX_GLYPHS or len(self.pictures) > MAX_PICTURES:
            raise ValueError("nobody prints so much on a page")
        for cells in (self.places[:, 1:], self.pictures):
            if (cells[:, :2] > cells[:, 2:]).any() or not (np.abs(cells) <= MAX_PLACE_PX).all():
                raise ValueError("no cell of a page")
        if not np.isfinite(self.places).all() or (self.codes > MAX_CODE).any() or (self.covered >= count).any():
            raise ValueError("no glyph of a page")

    @classmethod
    def under_scan(cls) -> Self:
        """Stands for the text of a page that is shown as a scan."""
        return cls(np.empty(0, np.uint32), np.empty((0, 5), np.float32), np.empty((0, 4), np.float32), scanned=True)


class LayerState(StrEnum):
    """What became of a page's text layer. All but the first three are lies, or look like them."""

    NONE = "none"
    """There is none, or none that was asked for: the page was read."""
    PROVEN = "proven"
    """Its words are the page's words; only what it does not explain was read."""
    UNPROVEN = "unproven"
    """Too little of it could be proven, without any of it being disproved: the page was read."""
    UNDER_SCAN = "under_scan"
    """Somebody's earlier reading, hidden under a scan. Not used."""
    INVISIBLE = "invisible"
    """Text that cannot be seen: hidden, clipped, transparent, of its paper's colour, or covered."""
    OUTSIDE = "outside"
    """Text beside the page that is shown."""
    TINY = "tiny"
    """Text too small for any eye."""
    CONTRADICTED = "contradicted"
    """Text that says something else than the pixels."""


class Source(IntEnum):
    """What a file says of where its pixels come from: a hint at what they show, and no more."""

    FILE = 0
    """Nothing: a document."""
    FRAME = 1
    """A frame of a medical picture's file, which may be a scanned letter as well."""
    DEVICE = 2
    """The same, of a class that only devices write which look into bodies."""


@dataclass(frozen=True, slots=True, eq=False)
class PageRaster:
    """One page as it came: source pixels, never scaled.

    `dpi` is what the container says or the page size implies; 0.0 where nothing is known.
    `bilevel` says that the source had one bit a pixel (fax): pixels are then 0 or 255 only.
    `lossy` says that the source pixels came out of a JPEG, whose blocks smear ink over 8 or 16 pixels.
    `layer` is what the file says is printed on it; None where it says nothing.
    `redactions` are where the file hides something by means that do not hold.
    """

    pixels: Pixels = field(repr=False)
    dpi: float = 0.0
    bilevel: bool = False
    lossy: bool = False
    layer: TextLayer | None = field(default=None, repr=False)
    redactions: tuple[Box, ...] = ()
    source: Source = Source.FILE

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim not in (2, 3) or 0 in self.pixels.shape:
            raise ValueError("a page is gray or RGB of uint8")
        if self.pixels.ndim == 3 and self.pixels.shape[2] != 3:
            raise ValueError("a colour page has three channels")
        if len(self.redactions) > MAX_REDACTIONS or any(not self._holds(box) for box in self.redactions):
            raise ValueError("no places of a page")
        bare = None if self.layer is None else self.layer.bare
        if bare is not None and bare.shape[:2] != self.pixels.shape[:2]:
            raise ValueError("a page without its text is as large as with it")

    def _holds(self, box: Box) -> bool:
        return box.clipped(self.width, self.height) == box

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
    glyphs: Boxes | tuple[Box, ...] = field(default=(), repr=False)
    """Where the ink of its letters lies, as a proven layer tells it: only there it explains what the page shows.
    Empty where an engine read it, which tells no letters: it explains its whole region."""

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
    layer: LayerState = LayerState.NONE
    """What became of the file's own text of the page."""
    picture: bool = False
    """The page shows a body, and the words are what is written into it: the rest explains itself to nobody."""

    def __post_init__(self) -> None:
        for word in self.words:
            if self.text[word.start : word.end] != word.text:
                raise ValueError("a word does not stand where it says")

    def __reduce__(self) -> tuple[object, ...]:
        """A page's words have thousands of parts: as objects they take longer to pass on than to find."""
        words = [
            (w.confidence, w.region.corners, w.line, w.start, w.end, Boxes.of(w.glyphs).sides if w.glyphs else b"")
            for w in self.words
        ]
        whole = self.width_px, self.height_px, self.dpi, self.text, self.engine, self.layer, self.picture
        return _unpacked, (whole, words)

    def spelled_out(self) -> PageReading:
        """The same with every letter's box an object: for who writes it down by its fields."""
        return replace(self, words=tuple(replace(word, glyphs=tuple(word.glyphs)) for word in self.words))

    def words_in(self, start: int, end: int) -> tuple[int, ...]:
        """Indices of the words that share at least one character with [start, end)."""
        return tuple(i for i, w in enumerate(self.words) if w.start < end and start < w.end)


def _unpacked(
    page: tuple[int, int, float, str, str, LayerState, bool],
    words: list[tuple[float, Corners, int, int, int, bytes]],
) -> PageReading:
    """What `PageReading.__reduce__` took apart."""
    width_px, height_px, dpi, text, engine, layer, picture = page
    found = tuple(
        Word(text[start:end], confidence, Quad(corners), line, start, end, Boxes(sides) if sides else ())
        for confidence, corners, line, start, end, sides in words
    )
    return PageReading(width_px, height_px, dpi, found, text, engine, layer, picture)

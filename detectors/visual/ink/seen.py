"""What of a page's pixels is ink, whatever was read on it: told once for all readings of the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.visual.ink.explained import GROW_IN
from detectors.visual.ink.hidden import STRONG, channels_of, on_bars, pale, paper_of, threshold
from detectors.visual.ink.level import Turn, resized, turn_of
from detectors.visual.marks.drawn import holes

Mask = NDArray[np.bool_]

_WORK_DPI: Final = 100.0
"""Ink is counted at about this resolution: text strokes survive, and a page costs milliseconds."""
_LETTER_WIDTH_IN: Final = 8.5
"""Page width assumed where the container says no resolution."""
_SAME_DEG: Final = 0.02
"""By so much the leans of two readings may differ and turn the page alike: its edge moves by a third of a pixel."""
_BLOB_IN: Final = 0.17
"""Solid marks from this size both ways are holes, stamps' edges or pictures of solid black: quarter-inch punch holes
shrink by blur; letters that high are headlines with far less of their box filled."""
_DARK: Final = 100
"""Grey level under which an area counts as dark whatever its surroundings."""
_BAR_FILL: Final = 0.65
"""Share of dark pixels from which an area is a bar that may hold light text; print covers a third of its box."""
_JOIN_IN: Final = 0.09
"""Light marks up to this are within a bar: strokes of letters at 40 points."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A page as its ink is counted, level and at about 100 dpi; masks of shape (height, width) at `work_dpi`.

    `ink` differs from its paper, `marks` are what of it could be print: on dark `bars` what is lighter, or darker, than
    they are. `faint` is pale or coloured as bright as its paper, `holes` lie near to punched ones. `dark` and `barred`
    count pixels of ink, and those that are a bar's own. `across` and `down` lead to pixels of the masks from those of
    the page at its own resolution, `dpi`, which is the source's where there is no `turn`, else it turned level.
    """

    dpi: float
    work_dpi: float
    across: float
    down: float
    ink: Mask = field(repr=False)
    marks: Mask = field(repr=False)
    bars: Mask = field(repr=False)
    faint: Mask = field(repr=False)
    holes: Mask | None = field(repr=False)
    dark: int
    barred: int
    turn: Turn | None
    _page: Pixels = field(repr=False)

    def closely(self, box: Box) -> Pixels:
        """What a box of the level page, at its own resolution, shows in gray; as far as it lies on it."""
        if self.turn is not None:
            return _luma(self.turn.part(self._page, box))
        return _luma(self._page[box.top : box.bottom, box.left : box.right])

    def source(self, box: Box) -> Box:
        """A box of the masks in pixels of the level page at its own resolution."""
        height, width = self._page.shape[:2] if self.turn is None else (self.turn.height, self.turn.width)
        corners = ((box.left / self.across, box.top / self.down), (box.right / self.across, box.bottom / self.down))
        found = Box.around(corners).grown(1).clipped(width, height)
        if found is None:
            raise ValueError("a cluster lies outside its page")
        return found


class Sights:
    """A page as it is seen by readings of it, which may find that it leans."""

    def __init__(self, page: PageRaster) -> None:
        self._page = page
        self._seen: list[tuple[float, Seen]] = []

    def of(self, reading: PageReading, lean_deg: float) -> Seen:
        """The page turned level where the words of the reading lean by so much; the same again where others lean
        alike."""
        turn = turn_of(reading, lean_deg, self._page.width, self._page.height)
        lean = 0.0 if turn is None else turn.lean_deg
        for known, seen in self._seen:
            if (seen.turn is None) == (turn is None) and abs(known - lean) <= _SAME_DEG:
                return seen
        self._seen.append((lean, _seen(self._page, turn)))
        return self._seen[-1][1]


def _seen(page: PageRaster, turn: Turn | None) -> Seen:
    dpi = page.dpi if page.dpi > 0 else page.width / _LETTER_WIDTH_IN
    scale = min(1.0, _WORK_DPI / dpi)
    work_dpi = dpi * scale
    pixels = resized(page.pixels, scale) if turn is None else turn.shrunk(page.pixels, scale)
    gray = _luma(pixels)
    paper = paper_of(gray, work_dpi)
    bars = _bars(gray, work_dpi)
    ink = _ink(gray, paper_of(gray, work_dpi, bars=bars) if bars.any() else paper, bars, work_dpi)
    marks, barred = ink, 0
    channels = channels_of(pixels, gray)
    if bars.any():
        # On a dark bar the light marks are the text.
        inner = _inner(bars, work_dpi)
        marks = np.where(bars, _light(gray, paper, inner) | on_bars(channels, inner, work_dpi, page.lossy), ink)
        barred = int(np.count_nonzero(ink & bars & ~marks & (gray < _DARK)))
    return Seen(
        dpi=dpi,
        work_dpi=work_dpi,
        across=gray.shape[1] / (page.width if turn is None else turn.width),
        down=gray.shape[0] / (page.height if turn is None else turn.height),
        ink=ink,
        marks=marks,
        bars=bars,
        faint=pale(channels, ink | bars, work_dpi, page.lossy),
        holes=holes(ink, work_dpi),
        dark=int(np.count_nonzero(ink)),
        barred=barred,
        turn=turn,
        _page=page.pixels,
    )


def _luma(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _ink(gray: Pixels, paper: Pixels, bars: Mask, dpi: float) -> Mask:
    """Pixels that differ from the paper around them, darker or lighter: light text on a dark bar is ink as well."""
    darker: Mask = cv2.subtract(paper, gray) > STRONG
    # Averages over bold print are so dark that the paper between its lines would be light ink; samples are not.
    lightest = np.maximum(paper, paper_of(gray, dpi, cv2.INTER_NEAREST, bars))
    lighter: Mask = cv2.subtract(gray, lightest) > STRONG
    # The inside of a solid mark wider than the window would be its own paper.
    solid: Mask = gray < _DARK
    return darker | lighter | solid


def _light(gray: Pixels, paper: Pixels, inner: Mask) -> Mask:
    """Marks inside dark bars: light ones, and those that stand out from the bar's own dark."""
    if not inner.any():
        return inner
    above = np.asarray(cv2.subtract(gray, paper), np.uint8)
    found: Mask = ((gray >= _DARK) | (above > threshold(above[inner], lossy=False))) & inner
    return found


def _bars(gray: Pixels, dpi: float) -> Mask:
    """Dark areas from the size of a blob, with whatever light marks they hold."""
    join, least = max(3, round(_JOIN_IN * dpi)), max(3, round(_BLOB_IN * dpi))
    closed = cv2.morphologyEx((gray < _DARK).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    if not opened.any():
        return np.zeros(gray.shape, bool)
    # Dense print closes to an area as well; a bar is dark in most of its pixels.
    count, parts, stats, _ = components(opened)
    dark = np.bincount(parts[gray < _DARK], minlength=count)
    solid = dark >= _BAR_FILL * stats[:, cv2.CC_STAT_AREA]
    solid[0] = False
    if not solid.any():
        return np.zeros(gray.shape, bool)
    # Opening cuts the round edges off; they come back as far as they are dark.
    grown = cv2.dilate(solid[parts].astype(np.uint8), np.ones((least, least), np.uint8))
    found: Mask = (grown & closed).astype(bool)
    return found


def _inner(bars: Mask, dpi: float) -> Mask:
    """Bars without their blurred rims."""
    rim = 2 * max(1, round(GROW_IN * dpi)) + 1
    eroded: Mask = cv2.erode(bars.astype(np.uint8), np.ones((rim, rim), np.uint8)).astype(bool)
    return eroded

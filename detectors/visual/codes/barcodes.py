"""Barcodes and two-dimensional codes: what they say need not be known to be burned.

A code carries a record number in full, and no reader of words sees it. zxing-cpp finds those that decode, their shape
those that do not, for the next decoder may; what one says is searched in the text as any identifier is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import zxingcpp

from detectors.geometry import Box, Point, Quad
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.visual.codes.modules import blocks
from detectors.visual.codes.wordless import sure_words, wordless

QUIET_IN: Final = 0.06
"""Grown by this on every side: finder patterns and guard bars stand at the edge of what the decoder gives."""
SAME_BARS: Final = 0.6
"""A row belongs to a linear code while this much of it is alike, bar for bar, with the row that was decoded."""
LIKELY_WIDTH_IN: Final = 8.5
"""A page without a resolution is a letter page."""
DARK: Final = 110
DARK_SHARE: Final = 0.15
"""A page with more dark ground than this may show codes light on dark, which linear decoders do not try."""
SMALL_IN: Final = 2.0
"""A place no larger that tells nothing is looked at once more, by one threshold for all of it: on a small label darker
than its page, decoders take a part's level from what is around it."""
BROKEN_MOST_IN: Final = 4.0
"""What does not decode whole is no code where it is larger: a decoder takes a table's frame for a matrix."""
PRINTED: Final = 25
"""Levels between what is light and what is dark where a code is that does not decode: decoders find such in grain and
moiré, which have up to 15; pale codes have 65."""
GRAIN_PX: Final = 3
PRINT_WORDS: Final = 4
PRINT_SHARE: Final = 0.5
CAPTION_IN: Final = 0.14
"""A word that near to a code, above or below it or at its end, is its human-readable line."""
LINE_IN: Final = 0.35
"""Higher words are headlines, and no line of a code."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code on a page, in source pixels. `value` is what it says, None where it does not decode whole."""

    region: Quad
    value: str | None = field(default=None, repr=False)


def codes(page: PageRaster, reading: PageReading) -> tuple[Code, ...]:
    """All codes on the page, broken ones too; `reading` are its words."""
    gray = page.pixels if page.pixels.ndim == 2 else np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    dpi = page.dpi if page.dpi > 0 else page.width / LIKELY_WIDTH_IN
    margin = max(round(QUIET_IN * dpi), 2)
    found: list[Code] = []
    sure = sure_words(reading, dpi)
    for place in wordless(gray, dpi, sure):
        shown = np.ascontiguousarray(gray[place.top : place.bottom, place.left : place.right])
        decoded = zxingcpp.read_barcodes(shown, return_errors=True)
        if (shown[::4, ::4] < DARK).mean() > DARK_SHARE:
            decoded += zxingcpp.read_barcodes(255 - shown, return_errors=True)
        if max(shown.shape) <= SMALL_IN * dpi and not any(code.valid for code in decoded):
            for level in _levels(shown):
                plain = np.where(shown > level, np.uint8(255), np.uint8(0))
                decoded += zxingcpp.read_barcodes(plain, binarizer=zxingcpp.Binarizer.FixedThreshold)
        for code in decoded:
            at = code.position
            points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            # Of a stacked code of which only one end was found the other is given as the picture's first pixel.
            corners = [(float(p.x + place.left), float(p.y + place.top)) for p in points if code.valid or p.x or p.y]
            if not corners or (not code.valid and _extent(corners) > BROKEN_MOST_IN * dpi):
                continue
            box = _whole(gray, Box.around(corners)).grown(margin).clipped(page.width, page.height)
            if box is not None and (code.valid or not _is_bare(gray, box)):
                found.append(Code(Quad.of(box), code.text if code.valid and code.text else None))
    return (*found, *(Code(block) for block in blocks(gray, dpi) if not _is_print(block.bounds, sure)))


def _is_print(block: Box, sure: Sequence[Box]) -> bool:
    """Whether sure words of letters fill a block: lines of a list that begin alike, in dense type."""
    shared = [common for word in sure if (common := block.overlap(word))]
    return len(shared) >= PRINT_WORDS and sum(shared) >= PRINT_SHARE * block.area


def _is_bare(gray: Pixels, place: Box) -> bool:
    """Whether nothing is printed there."""
    part = cv2.blur(gray[place.top : place.bottom, place.left : place.right], (GRAIN_PX, GRAIN_PX))
    dark, light = np.percentile(part, (5, 95))
    return bool(light - dark < PRINTED)


def _levels(shown: Pixels) -> tuple[float, float]:
    """Between the place's light and dark, and within its dark: label and page, or code and label."""
    between, _ = cv2.threshold(shown, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    within, _ = cv2.threshold(shown[shown <= between], 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return between, within


def captions(found: Sequence[Code], reading: PageReading) -> tuple[Quad, ...]:
    """The words that stand at a code, read well or not: its human-readable line says what its bars say."""
    dpi = reading.dpi if reading.dpi > 0 else reading.width_px / LIKELY_WIDTH_IN
    near = [code.region.bounds.grown(round(CAPTION_IN * dpi)) for code in found]
    return tuple(
        word.region
        for word in reading.words
        if min(word.region.bounds.width, word.region.bounds.height) <= LINE_IN * dpi
        and any(word.region.bounds.overlap(box) * 2 > word.region.bounds.area for box in near)
    )


def _extent(corners: Sequence[Point]) -> float:
    return float(np.ptp(np.array(corners), axis=0).max())


def _whole(gray: Pixels, box: Box) -> Box:
    """The full length of the bars: a linear code is decoded from a few of its rows only."""
    clipped = box.clipped(gray.shape[1], gray.shape[0])
    if clipped is None or max(clipped.width, clipped.height) < 4 * min(clipped.width, clipped.height):
        return box
    if clipped.width >= clipped.height:
        top, bottom = _along(gray[:, clipped.left : clipped.right], clipped.top, clipped.bottom)
        return Box(clipped.left, top, clipped.right, bottom)
    left, right = _along(gray[clipped.top : clipped.bottom].T, clipped.left, clipped.right)
    return Box(left, clipped.top, right, clipped.bottom)


def _along(strip: Pixels, start: int, end: int) -> tuple[int, int]:
    """Rows of the strip, from [start, end) outward, that show the same bars as its middle row."""
    level = (int(strip.min()) + int(strip.max())) / 2
    dark = strip < level
    alike = (dark == dark[(start + end) // 2]).mean(axis=1) >= SAME_BARS
    while start > 0 and alike[start - 1] and dark[start - 1].any():
        start -= 1
    while end < len(alike) and alike[end] and dark[end].any():
        end += 1
    return start, end

"""Which glyphs of a page look alike: what is proven of one then holds for all of its kind.

Two glyphs are of one kind where the file says the same of both and no stroke of either lies off the other's strokes by
more than a pixel. A letter drawn in another's place, or something drawn over it, makes a kind of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from detectors.pages import Pixels
from detectors.reading.layer import Ints, LayerGlyphs

Mask = NDArray[np.bool_]

INVISIBLE: Final = -1
LEAST_CONTRAST: Final = 40
"""Gray levels between a glyph's ink and its paper, below which print is too pale to be sure that anyone sees it."""
_CORE, _SUPPORT = 0.35, 0.85
"""Levels between ink and paper up to which a pixel surely is ink, and may be some."""
_STRAY: Final = 0.01
"""Share of a glyph's ink that may lie off: the corner of one pixel."""
_FINEST_PX: Final = 14
"""Letters of lower cells hold no pixel between their strokes: they are alike only where they are the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the page shows of each glyph: the number of its kind, from 0, INVISIBLE where there is no ink in its cell or
    no cell on the page; and its ink's box (left, top, right, bottom) in whole pixels, shape (n, 4)."""

    kinds: Ints = field(repr=False)
    ink: Ints = field(repr=False)


def seen(gray: Pixels, glyphs: LayerGlyphs) -> Seen:
    """`gray` is the page."""
    found = np.full(len(glyphs), INVISIBLE, np.int64)
    ink = np.rint(glyphs.cells).astype(np.int64)
    count = 0
    for members, starts, windows in _windows(gray, glyphs):
        same: dict[bytes, list[int]] = {}
        for place, window in enumerate(windows):
            same.setdefault(window.tobytes(), []).append(place)
        pictures = np.frombuffer(b"".join(same), np.uint8).reshape(-1, *windows.shape[1:])
        core, support, blank = _ink(pictures)
        numbers, boxes = _alike(core, support, blank), _bounds(support)
        for group, number, box in zip(same.values(), numbers.tolist(), boxes, strict=True):
            if number != INVISIBLE:
                found[members[group]] = count + number
                ink[members[group]] = starts[group] + box
        count += int(numbers.max(initial=INVISIBLE)) + 1
    return Seen(found, ink)


def _windows(gray: Pixels, glyphs: LayerGlyphs) -> list[tuple[Ints, Ints, NDArray[np.uint8]]]:
    """Glyphs of one text and size, where their cells start (left, top, left, top), and their pictures, shape
    (n, height, width); those beside the page left out."""
    height, width = gray.shape
    cells = glyphs.cells
    size = np.maximum(np.rint(cells[:, 2:] - cells[:, :2]), 1).astype(np.int64)
    start = np.rint(cells[:, :2]).astype(np.int64)
    inside = (start >= 0).all(axis=1) & (start[:, 0] + size[:, 0] <= width) & (start[:, 1] + size[:, 1] <= height)
    classes: dict[tuple[str, int, int], list[int]] = {}
    for index in np.flatnonzero(inside).tolist():
        classes.setdefault((glyphs.texts[index], int(size[index, 0]), int(size[index, 1])), []).append(index)
    found = []
    for (_, across, down), members in classes.items():
        views = np.lib.stride_tricks.sliding_window_view(gray, (down, across))
        chosen = np.array(members, np.int64)
        found.append((chosen, np.tile(start[chosen], 2), views[start[chosen, 1], start[chosen, 0]]))
    return found


def _alike(core: Mask, support: Mask, blank: Mask) -> Ints:
    """Numbers of the kinds of pictures with this ink (n, height, width), from 0; INVISIBLE where one shows nothing."""
    numbers = np.full(len(core), INVISIBLE, np.int64)
    flat = core.reshape(len(core), -1).astype(np.float32)
    off = (~_grown(support)).reshape(len(core), -1).astype(np.float32)
    strays = flat @ off.T
    allowed = _STRAY * flat.sum(axis=1)
    within = strays <= allowed[:, None]
    match = within & within.T
    if core.shape[1] < _FINEST_PX:
        match = np.eye(len(core), dtype=bool)
    left = ~blank
    count = 0
    while left.any():
        leader = int(np.argmax(left))
        taken = match[leader] & left
        taken[leader] = True
        numbers[taken] = count
        left &= ~taken
        count += 1
    return numbers


def _bounds(ink: Mask) -> Ints:
    """The box (left, top, right, bottom) of each picture's ink."""
    across, down = np.asarray(ink.any(axis=1)), np.asarray(ink.any(axis=2))
    edges = (across.argmax(axis=1), down.argmax(axis=1))
    ends = (ink.shape[2] - across[:, ::-1].argmax(axis=1), ink.shape[1] - down[:, ::-1].argmax(axis=1))
    return np.stack([*edges, *ends], axis=1).astype(np.int64)


def _ink(pictures: NDArray[np.uint8]) -> tuple[Mask, Mask, Mask]:
    """Pixels that surely are ink and those that may be, dark on light or light on dark; and the pictures without."""
    flat = pictures.reshape(len(pictures), -1)
    low, high = flat.min(axis=1).astype(np.float32), flat.max(axis=1).astype(np.float32)
    inverted = flat.mean(axis=1) < (low + high) / 2
    levels = (pictures - low[:, None, None]) / np.maximum(high - low, 1)[:, None, None]
    levels[inverted] = 1 - levels[inverted]
    return levels < _CORE, levels < _SUPPORT, (high - low) < LEAST_CONTRAST


def _grown(mask: Mask) -> Mask:
    """By one pixel on every side."""
    wide = mask.copy()
    wide[:, :, 1:] |= mask[:, :, :-1]
    wide[:, :, :-1] |= mask[:, :, 1:]
    grown = wide.copy()
    grown[:, 1:] |= wide[:, :-1]
    grown[:, :-1] |= wide[:, 1:]
    return grown

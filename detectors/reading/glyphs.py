"""Which glyphs of a page look alike: what is proven of one then holds for all of its kind.

Two glyphs are of one kind where the file says the same of both and no stroke of either lies off the other's strokes by
more than a pixel. A letter drawn in another's place, or something drawn over it, makes a kind of its own.
"""

from __future__ import annotations

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


def kinds(gray: Pixels, glyphs: LayerGlyphs) -> Ints:
    """For each glyph the number of its kind, from 0; INVISIBLE where there is no ink in its cell, or no cell on the
    page. `gray` is the page."""
    found = np.full(len(glyphs), INVISIBLE, np.int64)
    count = 0
    for members, windows in _windows(gray, glyphs):
        same: dict[bytes, list[int]] = {}
        for member, window in zip(members.tolist(), windows, strict=True):
            same.setdefault(window.tobytes(), []).append(member)
        pictures = np.frombuffer(b"".join(same), np.uint8).reshape(-1, *windows.shape[1:])
        numbers = _alike(pictures)
        for group, number in zip(same.values(), numbers.tolist(), strict=True):
            if number != INVISIBLE:
                found[group] = count + number
        count += int(numbers.max(initial=INVISIBLE)) + 1
    return found


def _windows(gray: Pixels, glyphs: LayerGlyphs) -> list[tuple[Ints, NDArray[np.uint8]]]:
    """Glyphs of one text and size, and their pictures, shape (n, height, width); those beside the page left out."""
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
        found.append((chosen, views[start[chosen, 1], start[chosen, 0]]))
    return found


def _alike(pictures: NDArray[np.uint8]) -> Ints:
    """Numbers of the kinds of these pictures (n, height, width), from 0; INVISIBLE where one shows nothing."""
    core, support, blank = _ink(pictures)
    numbers = np.full(len(pictures), INVISIBLE, np.int64)
    flat = core.reshape(len(core), -1).astype(np.float32)
    off = (~_grown(support)).reshape(len(core), -1).astype(np.float32)
    strays = flat @ off.T
    allowed = _STRAY * flat.sum(axis=1)
    within = strays <= allowed[:, None]
    match = within & within.T
    if pictures.shape[1] < _FINEST_PX:
        match = np.eye(len(pictures), dtype=bool)
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

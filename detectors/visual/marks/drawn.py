"""What has no shape of print and harms it: drawn strokes as of signatures, initials and stamps, and punch holes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box, Quad
from detectors.pages import PageReading

Mask = NDArray[np.bool_]

_LONG_IN: Final = 0.22
_THICK_IN: Final = 0.06
"""Marks thinner than this are what is left of a ruling."""
_NEAR_IN: Final = 0.08
_SOLID_IN: Final = 0.17
_HOLE_IN: Final = 0.8
"""Binder holes are a quarter of an inch; letters that two of them cut hang them together."""
_FLOURISH_IN: Final = (0.3, 0.18)
"""A flat stroke so near to a mark, beside it and above or below, belongs to it."""
_HIGH_IN: Final = (0.2, 1.6)
"""Lower marks are words of print that nobody read, higher ones frames and drawings."""
_CROSSED: Final = 0.5
"""Heights of a word of ink that hangs together with a stroke."""
_CELL_IN: Final = 0.1
"""A large open stroke is covered by cells of this side, so that print inside its loops stays."""


def holes(ink: Mask, dpi: float) -> Mask | None:
    """What lies at punch holes, of shape (height, width); None where there are none. `ink` is the page's."""
    side = max(3, round(_SOLID_IN * dpi))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    within = np.ones(((side * 3 // 5 - 1) | 1,) * 2, np.uint8)
    bits = ink.astype(np.uint8)
    # A disc takes ten times as long as a square; where no square fits that lies within it, it does not fit either.
    if not cv2.erode(bits, within).any() or not (fits := cv2.erode(bits, disc)).any():
        return None
    solid = cv2.dilate(fits, disc)
    count, marks, stats, _ = components(solid)
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    punched = size <= _HOLE_IN * dpi
    punched[0] = False
    if count <= 1 or not punched.any():
        return None
    reach = 2 * round(_NEAR_IN * dpi) + 1
    return np.asarray(cv2.dilate(punched[marks].view(np.uint8), np.ones((reach, reach), np.uint8)).view(bool))


def around_holes(near: Mask | None, reading: PageReading, scale: tuple[float, float]) -> list[Quad]:
    """The words that punch holes cut, in source pixels: what is left of them is read with confidence, and is another.

    `near` lies at the holes; `scale` leads from source pixels to its own, across and down.
    """
    found: list[Quad] = []
    if near is None:
        return found
    for word in reading.words:
        corners = [(x * scale[0], y * scale[1]) for x, y in word.region.corners]
        box = Box.around(corners).clipped(near.shape[1], near.shape[0])
        if box is not None and near[box.top : box.bottom, box.left : box.right].any():
            found.append(word.region)
    return found


@dataclass(frozen=True, slots=True)
class Strokes:
    """Large drawn strokes: `ink` that no word explains, `within` the boxes of words what hangs together with it, both
    of shape (height, width), and the boxes of the marks, in their pixels."""

    ink: Mask
    within: Mask
    boxes: tuple[Box, ...]


def strokes(unread: Mask, read: Mask, dpi: float) -> Strokes | None:
    """The large marks of `unread`, which is what neither words nor rulings explain; None where there are none.

    `read` is the ink in the boxes of words: what hangs together with a mark through a word is its stroke, too.
    """
    if not unread.any():
        return None
    # A loop that a ruling cut is one mark still.
    joined = cv2.morphologyEx(unread.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, marks, stats, _ = components(joined)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = (np.maximum(width, height) >= _LONG_IN * dpi) & (np.minimum(width, height) >= _THICK_IN * dpi)
    large[0] = False
    if count <= 1 or not large.any():
        return None
    reach = 2 * round(_NEAR_IN * dpi) + 1
    # What a ruling or a label's box cut off a stroke lies beside it.
    ink = cv2.dilate(large[marks].astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool) & unread
    # Print that nobody read hangs together with the words beside it on poor copies; it is lower.
    high = large & (np.minimum(width, height) >= _HIGH_IN[0] * dpi)
    if not high.any():
        return Strokes(
            ink, np.zeros_like(ink), tuple(Box(x, y, x + w, y + h) for x, y, w, h, _ in stats[large].tolist())
        )
    count, parts, extents, _ = components((unread | read).astype(np.uint8))
    ours = np.zeros(count, bool)
    ours[np.unique(parts[high[marks] & unread])] = True
    ours[0] = False
    whole = ours[parts]
    sides = np.concatenate((stats[large], extents[ours]))[:, :4].tolist()
    return Strokes(ink | whole & unread, whole & read, tuple(Box(x, y, x + w, y + h) for x, y, w, h in sides))


def drawn(found: Strokes, rest: Mask, covered: Sequence[Box], dpi: float) -> list[Box]:
    """Boxes along the strokes and the flourishes at them that `covered` leaves open; `rest` is what else no word
    explains, the rulings too: a flat stroke is taken for one, and one that lies under a signature hides it."""
    ink = found.ink.copy()
    along, across = round(_FLOURISH_IN[0] * dpi), round(_FLOURISH_IN[1] * dpi)
    least, most = _HIGH_IN[0] * dpi, _HIGH_IN[1] * dpi
    high = [box for box in found.boxes if min(box.width, box.height) >= least and box.height <= most]
    near = np.zeros(ink.shape, np.uint8)
    for box in found.boxes if high else ():
        if box.height <= most:
            near[max(box.top - across, 0) : box.bottom + across, max(box.left - along, 0) : box.right + along] = 1
    # The marks of one signature stand close together, and what lies under one of them is all of theirs.
    outlines, _ = cv2.findContours(near, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for left, top, width, height in map(cv2.boundingRect, outlines):
        whole = Box(left, top, left + width, top + height)
        if height <= most + 2 * across and any(whole.overlap(box) for box in high):
            window = np.s_[whole.top : whole.bottom, whole.left : whole.right]
            ink[window] |= rest[window]
    for box in covered:
        ink[max(box.top, 0) : box.bottom, max(box.left, 0) : box.right] = False
    tall, wide = ink.shape
    side = max(2, round(_CELL_IN * dpi))
    padded = np.pad(ink.astype(np.uint8), ((0, -tall % side), (0, -wide % side)))
    blocks = padded.reshape(padded.shape[0] // side, side, padded.shape[1] // side, side)
    cells: NDArray[np.uint8] = np.asarray(blocks.max(axis=(1, 3)), np.uint8)
    boxes: list[Box] = []
    for row in np.flatnonzero(cells.max(axis=1)):
        edges = np.flatnonzero(np.diff(cells[row].astype(np.int8), prepend=0, append=0))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            left, right, top = int(start) * side, int(end) * side, int(row) * side
            boxes.append(Box(left - 1, top - 1, min(right, wide) + 1, min(top + side, tall) + 1))
    return boxes


def crossed(found: Strokes, reading: PageReading, scale: tuple[float, float]) -> tuple[Strokes, list[Quad]]:
    """The words that strokes run through, in source pixels: the ink in a word's box is not all of the word. The strokes
    that come back are all ink that no word covers by itself.

    `scale` leads from source pixels to those of the strokes, across and down.
    """
    if not found.within.any():
        return found, []
    words: list[Quad] = []
    beside = found.within.copy()
    for word in reading.words:
        corners = [(x * scale[0], y * scale[1]) for x, y in word.region.corners]
        box = Box.around(corners).clipped(found.ink.shape[1], found.ink.shape[0])
        if box is not None:
            window = np.s_[box.top : box.bottom, box.left : box.right]
            beside[window] = False
            hit = int(np.count_nonzero(found.within[window]))
            words += [word.region] if hit >= _CROSSED * box.height else []
    return replace(found, ink=found.ink | beside), words

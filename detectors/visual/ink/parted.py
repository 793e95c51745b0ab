"""Boxes of unread ink parted around the words in them that were read surely and tell nothing of anybody: what a hand
wrote across a ruling hangs together with it, and the box of both takes the labels beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.pages import PageReading
from detectors.words.harmless import is_furniture

Mask = NDArray[np.bool_]

SURE: Final = 80.0
"""Confidence from which a word is what it was read as: engines make short common words of what a hand wrote, and are
less sure of them."""
LEAST_LETTERS: Final = 2
_EDGE_PX: Final = 1
"""Ink is softer at its edges."""


def parted(boxes: Iterable[Box], unread: Mask, reading: PageReading, scale: tuple[float, float]) -> list[Box]:
    """The boxes, those that meet such words parted into what of them is above, below and beside each; nothing of
    `unread`, which is all the ink that no word explains, is in fewer of them than before.

    `scale` leads from source pixels to those of boxes and mask, across and down.
    """
    boxes = list(boxes)
    words = _sure_words(reading, scale) if boxes else []
    return [part for box in boxes for part in _parts(box, unread, words)]


def _sure_words(reading: PageReading, scale: tuple[float, float]) -> list[tuple[Box, str]]:
    return [
        (Box.around([(x * scale[0], y * scale[1]) for x, y in word.region.corners]), word.text)
        for word in reading.words
        if word.confidence >= SURE and len(word.text) >= LEAST_LETTERS
    ]


def _parts(box: Box, unread: Mask, words: Sequence[tuple[Box, str]]) -> Iterator[Box]:
    met = (word for word, said in words if box.overlap(word) and is_furniture(said))
    taken = next((word for word in met if not unread[_window(word)].any()), None)
    if taken is None:
        yield box
        return
    top, bottom = max(box.top, taken.top), min(box.bottom, taken.bottom)
    for left, upper, right, lower in (
        (box.left, box.top, box.right, top),
        (box.left, bottom, box.right, box.bottom),
        (box.left, top, taken.left, bottom),
        (taken.right, top, box.right, bottom),
    ):
        if left < right and upper < lower and (part := _inked(Box(left, upper, right, lower), unread)):
            yield from _parts(part, unread, words)


def _window(box: Box) -> tuple[slice, slice]:
    return np.s_[max(box.top, 0) : max(box.bottom, 0), max(box.left, 0) : max(box.right, 0)]


def _inked(box: Box, unread: Mask) -> Box | None:
    """What of the box has ink, and a little around it."""
    left, top, wide, high = cv2.boundingRect(unread[_window(box)].view(np.uint8))
    if not wide:
        return None
    left, top = left + max(box.left, 0), top + max(box.top, 0)
    found = Box(left, top, left + wide, top + high).grown(_EDGE_PX)
    return Box(*(f(a, b) for f, a, b in zip((max, max, min, min), _sides(found), _sides(box), strict=True)))


def _sides(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom

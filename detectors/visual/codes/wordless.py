"""Where on a page a code may stand: where there is ink that is not surely words.

A decoder costs by area, and most of a page is print; what a reader is sure to be a word of letters is no code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.pages import PageReading, Pixels
from detectors.shrunk import shrunk

_SURE: Final = 80.0
_LETTERS: Final = 3
_SHORT: Final = 2
_LINE: Final = 2
"""So many surer words make a line of print, on which short ones are no part of a code."""
_LIKE_BARS: Final = frozenset("Il1ijt")
"""What an engine makes of bars, when it makes anything of them."""
_HIGH_IN: Final = 0.3
_PITCH: Final = (0.2, 1.5)
"""Width of a word by its characters and its height; what is read into a block of modules is narrower or wider."""
_SEEN_DPI: Final = 75.0
"""Fine bars run together to gray, which is all that is asked of them."""
_RIM_PX: Final = 2
"""At that resolution: what of a word stands out of where it was read."""
_CONTRAST: Final = 10
_WINDOW_PX: Final = 9
_DARK: Final = 128
_JOIN_IN: Final = 0.09
"""White modules side by side are rarely wider, four of the widest bars in use."""
_DENSE: Final = 0.45
"""Share of ink that a code has somewhere in so much as one join: half of it is dark. What is left of lines of print
where their words are taken away are rims, which the join makes areas of."""
_LEAST_IN: Final = 0.05
_LONG_IN: Final = 0.09
"""No code is narrower, nor shorter; rulings and single letters are."""
_ROOM_IN: Final = 0.2
"""Shown around such ink: the quiet zone, and what of the code was taken for words or paper."""
_FULL: Final = 255
_MOST: Final = 0.5
"""Share of the page from which all of it is shown."""


def wordless(gray: Pixels, dpi: float, sure: Sequence[Box]) -> list[Box]:
    """Boxes that do not overlap around all ink of the page that is not surely words, in its pixels; with room. `sure`
    are the places of those."""
    height, width = gray.shape
    scale = min(1.0, _SEEN_DPI / dpi)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = shrunk(gray, size)
    across, down = size[0] / width, size[1] / height
    quarter = (max(1, size[0] // 4), max(1, size[1] // 4))
    samples = cv2.resize(small, quarter, interpolation=cv2.INTER_NEAREST)
    paper = cv2.resize(cv2.medianBlur(samples, _WINDOW_PX), size, interpolation=cv2.INTER_LINEAR)
    # The inside of what is wider than the window is its own paper.
    ink = ((cv2.absdiff(small, paper) > _CONTRAST) | (small < _DARK)).astype(np.uint8)
    for box in sure:
        top, bottom = max(round(box.top * down) - _RIM_PX, 0), round(box.bottom * down) + _RIM_PX
        ink[top:bottom, max(round(box.left * across) - _RIM_PX, 0) : round(box.right * across) + _RIM_PX] = 0
    join, least = (max(2, round(inches * dpi * scale)) for inches in (_JOIN_IN, _LEAST_IN))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    solid = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    _, parts, stats, _ = components(solid)
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) >= _LONG_IN * dpi * scale
    long &= _dense(ink, parts, len(stats), join)
    long[0] = False
    solid = long.astype(np.uint8).take(parts)
    # With the room around them neighbours run together here, where they are few pixels.
    room = 2 * round(_ROOM_IN * dpi * scale) + 1
    near = cv2.dilate(solid, np.ones((room, room), np.uint8))
    boxes = [
        Box.around(((x / across, y / down), ((x + w) / across, (y + h) / down))).clipped(width, height)
        for x, y, w, h, _ in components(near)[2][1:].tolist()
    ]
    apart = _apart([box for box in boxes if box])
    whole = Box(0, 0, width, height)
    return apart if sum(box.area for box in apart) <= _MOST * whole.area else [whole]


def _dense(ink: Pixels, parts: NDArray[np.int32], count: int, join: int) -> NDArray[np.bool_]:
    """Which of the parts, by number, hold a window of ink as dense as a code's."""
    found = np.zeros(count, np.bool_)
    found[parts[cv2.blur(ink * np.uint8(_FULL), (join, join)) >= _DENSE * _FULL]] = True
    return found


def sure_words(reading: PageReading, dpi: float) -> list[Box]:
    """The places of words of some letters, and of short ones among them on a line of print."""
    found: list[Box] = []
    short: dict[int, list[Box]] = {}
    sure: Counter[int] = Counter()
    for word in reading.words:
        box = word.region.bounds
        letters = sum(c.isalnum() and c not in _LIKE_BARS for c in word.text)
        pitch = box.width / (len(word.text) * box.height)
        if word.confidence < _SURE or box.height > _HIGH_IN * dpi or not _PITCH[0] <= pitch <= _PITCH[1]:
            continue
        if letters >= _LETTERS:
            found.append(box)
            sure[word.line] += 1
        elif len(word.text) >= _SHORT:
            short.setdefault(word.line, []).append(box)
    return found + [box for line, boxes in short.items() if sure[line] >= _LINE for box in boxes]


def _apart(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those that overlap as one."""
    apart: list[Box] = []
    for box in boxes:
        while touching := [other for other in apart if other.overlap(box)]:
            apart = [other for other in apart if other not in touching]
            for other in touching:
                box = box.union(other)
        apart.append(box)
    return sorted(apart, key=lambda b: (b.top, b.left))

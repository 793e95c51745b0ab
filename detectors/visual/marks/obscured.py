"""Print that somebody made a mosaic of or blurred, to hide it: both can be undone, by trying what would look the same.

It is on the page as it came, so that its shape tells it: both leave tones between paper and ink where a page of sharp
print has strokes; a mosaic has squares of one level in an even grid, and blurred print is soft. Where one is told, all
other such areas of the page are too: who hides a name hides more than that, and a short one shows less of a grid.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.levels import counted
from detectors.pages import Pixels
from detectors.shrunk import shrunk
from detectors.visual.marks.squares import SIDE_PX, squared

_WORK_DPI: Final = 100.0
_PAPER: Final = (14, 7)
"""Levels under the paper from which a pixel is no paper: at first, and where one area is told."""
_INK: Final = 40
"""Levels up to which a pixel is a stroke's, whatever is beside it."""
_GROUND: Final = 0.01
"""Share of the page from which a level is a ground's, as a table's shading."""
_GROUND_NOISE: Final = 3
_STROKE: Final = (0.5, 0.55)
"""Share of the page's sharpest steps from which a step is a stroke's."""
_HIGH_IN: Final = (0.06, 1.2)
_WIDE_IN: Final = (0.18, 0.1)
_DARK: Final = 0.08
"""Share of its box that is well below the paper, between its strokes."""
_FULL: Final = (0.5, 0.35)
"""Share of its box that an area fills."""
_JOIN_IN: Final = 0.05
_BETWEEN_IN: Final = 0.12
_GROW_IN: Final = 0.08
_EDGE: Final = 70
"""Levels between neighbours beside an area that are a stroke's or a rule's."""
_BESIDE: Final = 0.12
"""Share of the line beside an area that is no paper, where the area goes on."""
_CUT: Final = (0.06, 0.12)
"""Share of such a line that has edges, along it and towards the area, where it ends."""
_SPLIT: Final = 0.85
"""Share of the box of an area that two boxes for it leave at most, so that they are better."""
_TONES: Final = (20, 8)
"""Levels between the lighter and the darker tenth of what hides print; a shaded ground has hardly any."""
_SOFT: Final = 0.1
"""Share of the page's sharpest steps that those of blurred print do not reach."""
_SOFT_LEVELS: Final = 24
_ABOVE_GRAIN: Final = 2
"""Times the levels of its paper's grain that blurred print has at least: moiré is soft as well, and has as many."""
_TILE_PX: Final = 24
_MOST_TILES: Final = 1000
_RIM_IN: Final = 0.15
"""Beside the edge of the page, where a scanner's shadow is soft too."""
_SHARP: Final = 90
"""Levels between neighbours somewhere on a page whose print is sharp."""
_SHARPEST: Final = 0.995
"""Share of the page's steps below its sharpest; a short page is paper for more than that."""
_OF_PRINT_FROM: Final = 25
_OF_PRINT: Final = (0.95, 0.8)
"""Levels from which a step is of print, and the shares of such that are below the sharpest of a short page: for a
mosaic, and for blur, as a page that was blurred whole has a sharp line, too, where somebody numbered or stamped it."""


class Way(StrEnum):
    MOSAIC = "mosaic"
    BLUR = "blur"


def obscured(gray: Pixels, dpi: float) -> list[Box]:
    """Boxes of mosaics and of blurred print, in pixels of the page."""
    scale, small, steps = _shrunk(gray, dpi)
    told = (sharpest for sharpest, soft in _looks(steps) if any(_sure(gray, dpi, scale, small, steps, sharpest, soft)))
    sharpest = next(told, None)
    if sharpest is None:
        return []
    most, paper = round(_GROW_IN * dpi), _paper(small) - _PAPER[1]
    tones = _tones(small, steps, sharpest, 1)
    areas = [box for box in _areas(tones, dpi * scale, 1) if _is_dark(_part(small, box), _part(tones, box), paper)]
    boxes = [_box(gray, box, scale) for box in areas]
    found = [_grown(gray, box, most, paper) for box in boxes if _spread(_part(gray, box)) >= _TONES[1]]
    return _joined(found, round(_BETWEEN_IN * dpi))


def surely_obscured(gray: Pixels, dpi: float) -> list[tuple[Box, Way]]:
    """Only those that tell by themselves what they are: none for being like another one."""
    scale, small, steps = _shrunk(gray, dpi)
    looks = (list(_sure(gray, dpi, scale, small, steps, *look)) for look in _looks(steps))
    return next(filter(None, looks), [])


def _shrunk(gray: Pixels, dpi: float) -> tuple[float, Pixels, Pixels]:
    """The page at the resolution of the work, by which scale, and its steps between neighbours."""
    scale = min(1.0, _WORK_DPI / dpi)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    small = shrunk(gray, size)
    steps = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    return scale, small, np.asarray(steps, np.uint8)


def _looks(steps: Pixels) -> Iterator[tuple[int, int]]:
    """Levels between neighbours at the page's sharpest print, and up to which blur has them.

    At first however little print it has; then as of a full page, whose strokes a JPEG may have left less sharp.
    """
    counts = counted(steps)
    whole = int(np.searchsorted(counts.cumsum(), _SHARPEST * steps.size))
    of_print = counts[_OF_PRINT_FROM:].cumsum()
    mosaic, blur = (_OF_PRINT_FROM + int(np.searchsorted(of_print, share * of_print[-1])) for share in _OF_PRINT)
    for sharpest, for_blur in dict.fromkeys([(max(whole, mosaic), max(whole, blur)), (whole, whole)]):
        if sharpest >= _SHARP:
            yield sharpest, min(_SOFT_LEVELS, round(_SOFT * for_blur))


def _sure(
    gray: Pixels, dpi: float, scale: float, small: Pixels, steps: Pixels, sharpest: int, soft: int
) -> Iterator[tuple[Box, Way]]:
    grain: int | None = None
    for area in _areas(_tones(small, steps, sharpest), dpi * scale, 0):
        box = _box(gray, area, scale)
        way = _hides(gray, box, soft, _RIM_IN * dpi)
        if way is Way.BLUR:
            grain = _grain(gray) if grain is None else grain
            if _spread(_part(gray, box)) < _ABOVE_GRAIN * grain:
                continue
        if way:
            yield box, way


def _grain(gray: Pixels) -> int:
    """Levels between the lighter and the darker tenth of what is usual on the page: of its paper."""
    high, wide = (side // _TILE_PX for side in gray.shape)
    if not high or not wide:
        return 0
    tiles = gray[: high * _TILE_PX, : wide * _TILE_PX].reshape(high, _TILE_PX, wide, _TILE_PX)
    some = tiles.swapaxes(1, 2).reshape(high * wide, _TILE_PX**2)[:: max(1, high * wide // _MOST_TILES)]
    dark, light = np.percentile(some, (10, 90), axis=1)
    return int(np.median(light - dark))


def _paper(small: Pixels) -> int:
    return int(counted(small)[100:].argmax()) + 100


def _joined(boxes: list[Box], gap: int) -> list[Box]:
    """What is between two of a line, so near that a letter fills it, is hidden with them."""
    found: list[Box] = []
    for box in sorted(boxes):
        for at, other in enumerate(found):
            high = min(box.bottom, other.bottom) - max(box.top, other.top)
            if box.left - other.right <= gap and 3 * high >= 2 * max(box.height, other.height):
                found[at] = other.union(box)
                break
        else:
            found.append(box)
    return found


def _is_dark(part: Pixels, tones: Pixels, paper: int) -> bool:
    """Whether an area is darker than the smear of a JPEG beside print."""
    dark = np.count_nonzero(part[tones > 0] < paper - _PAPER[1])
    return bool(dark >= _DARK * part.size)


def _grown(gray: Pixels, box: Box, most: int, paper: int) -> Box:
    """As far as what is beside it is neither paper nor a stroke."""
    sides = [box.left, box.top, box.right, box.bottom]
    for side, step in enumerate((-1, -1, 1, 1)):
        limit = gray.shape[1 - side % 2]
        for _ in range(most):
            left, top, right, bottom = sides
            at = sides[side] + min(0, step)
            if not 0 <= at < limit:
                break
            line, before = (
                (gray[at, left:right], gray[at - step, left:right])
                if side % 2
                else (gray[top:bottom, at], gray[top:bottom, at - step])
            )
            least = _BESIDE * len(line)
            if (
                np.count_nonzero(line < paper) < least
                or np.count_nonzero(cv2.absdiff(line[1:], line[:-1]) > _EDGE) > _CUT[0] * len(line)
                or np.count_nonzero(cv2.absdiff(line, before) > _EDGE) > _CUT[1] * len(line)
            ):
                break
            sides[side] += step
    return Box(*sides)


def _tones(small: Pixels, steps: Pixels, sharpest: int, look: int = 0) -> Pixels:
    """1 where a pixel is between paper and ink, of no ground and of no stroke."""
    counts, paper = counted(small), _paper(small)
    between = np.zeros(256, np.uint8)
    between[_INK : max(_INK, paper - _PAPER[look])] = 1
    for level in np.flatnonzero(counts >= _GROUND * small.size).tolist():
        if level < paper - 2 * _PAPER[0]:
            between[max(0, level - _GROUND_NOISE) : level + _GROUND_NOISE + 1] = 0
    strokes = cv2.threshold(steps, _STROKE[look] * sharpest, 1, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(cv2.bitwise_and(cv2.LUT(small, between), strokes), np.uint8)


def _areas(tones: Pixels, dpi: float, look: int) -> Iterator[Box]:
    """Boxes that tones fill."""
    join = 2 * max(1, round(_JOIN_IN * dpi / 2)) + 1
    least = max(3, round(_HIGH_IN[0] * dpi))
    closed = cv2.morphologyEx(tones, cv2.MORPH_CLOSE, np.ones((3, join), np.uint8))
    solid = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    _, numbers, stats, _ = components(solid)
    for number, (left, top, width, height, _) in enumerate(stats[1:].tolist(), 1):
        if width < _WIDE_IN[look] * dpi:
            continue
        own = numbers[top : top + height, left : left + width] == number
        for box in _split(own, Box(left, top, left + width, top + height)):
            area = np.count_nonzero(own[box.top - top : box.bottom - top, box.left - left : box.right - left])
            if box.width >= _WIDE_IN[look] * dpi and box.height <= _HIGH_IN[1] * dpi and area >= _FULL[look] * box.area:
                yield box


def _split(own: NDArray[np.bool_], box: Box) -> Iterator[Box]:
    """Boxes one above the other that hold the area `own`, which is of the size of `box`."""
    first, last = own.argmax(axis=1), own.shape[1] - own[:, ::-1].argmax(axis=1)
    rows = np.arange(1, len(own))
    above = (np.maximum.accumulate(last) - np.minimum.accumulate(first))[:-1] * rows
    low, high = np.minimum.accumulate(first[::-1])[::-1], np.maximum.accumulate(last[::-1])[::-1]
    both = above + (high - low)[1:] * rows[::-1]
    if not len(both) or int(both.min()) > _SPLIT * own.size:
        yield box
        return
    at = int(both.argmin()) + 1
    for top, part in ((0, own[:at]), (at, own[at:])):
        columns = np.flatnonzero(part.any(axis=0))
        left, right = int(columns[0]), int(columns[-1]) + 1
        place = Box(box.left + left, box.top + top, box.left + right, box.top + top + len(part))
        yield from _split(part[:, left:right], place)


def _box(gray: Pixels, box: Box, scale: float) -> Box:
    corners = ((box.left / scale, box.top / scale), (box.right / scale, box.bottom / scale))
    own = Box.around(corners).grown(1).clipped(gray.shape[1], gray.shape[0])
    if own is None:
        raise ValueError("an area lies beside its page")
    return own


def _hides(gray: Pixels, box: Box, soft: int, rim: float) -> Way | None:
    part = _part(gray, box)
    # A JPEG's own blocks in a gray ground are a grid of squares too, but all of one tone.
    if min(part.shape) < 2 * SIDE_PX[0] or _spread(part) < _TONES[0]:
        return None
    across, down = cv2.absdiff(part[:, 1:], part[:, :-1]), cv2.absdiff(part[1:], part[:-1])
    height, width = gray.shape
    inside = min(box.left, box.top, width - box.right, height - box.bottom) >= rim
    if squared(across, down):
        return Way.MOSAIC
    return Way.BLUR if inside and _blurred(part, across, down, soft) else None


def _part(gray: Pixels, box: Box) -> Pixels:
    return gray[box.top : box.bottom, box.left : box.right]


def _blurred(part: Pixels, across: Pixels, down: Pixels, soft: int) -> bool:
    rim = max(2, part.shape[0] // 8)
    if min(across.shape) <= 2 * rim or min(part.shape) <= 2 * rim:
        return False
    inner = (slice(rim, -rim), slice(rim, -rim))
    if max(_level(steps[inner], 0.99) for steps in (across, down)) > soft:
        return False
    return _spread(part[inner]) >= _TONES[0]


def _spread(part: Pixels) -> int:
    """Levels between the lighter and the darker tenth."""
    return _level(part, 0.9) - _level(part, 0.1)


def _level(pixels: Pixels, share: float) -> int:
    """The least level that this share of the pixels does not exceed."""
    return int(np.searchsorted(counted(pixels).cumsum(), share * pixels.size))

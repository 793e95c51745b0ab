"""Boxes to tick on forms, empty or crossed: an engine reads "OAlert" of one beside its word, and is sure of neither."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.components import components
from detectors.geometry import Box
from detectors.pages import PageRaster, Pixels
from detectors.shrunk import shrunk

_WORK_DPI: Final = 150.0
"""Looked for at no more than this: the smallest box has ten pixels a side there."""
_SIDE_IN: Final = (0.085, 0.25)
_LEAST_PX: Final = 8
"""A smaller box is not told from a letter O."""
_SQUARE: Final = 0.12
"""Of its side, and a pixel: how much wider or higher than the other way a box is at most."""
_RUN: Final = 0.6
"""Of the smallest side: straight runs so long are looked at; few letters have any."""
_AROUND_IN: Final = 0.25
"""Paper is the mean of so much around a pixel, print included."""
_DARKER: Final = 40
_FRAME: Final = 60
"""How much darker than the paper a frame is at least, in levels."""
_WHOLE: Final = 0.33
"""How dark the palest place of a side is beside the frame's usual; letters leave one side open."""
_CORNER: Final = 0.65
"""How dark a corner is at least beside what the two sides that meet there make of it: an O or a D has paper there."""
_EMPTY: Final = 0.05
"""How dark an empty inside is on average beside the frame."""
_BESIDE: Final = 0.03
"""The same of the paper around a box: a letter has neighbours."""
_ROOM: Final = (0.8, 0.5)
"""How much paper a box has left and right of it at least, in sides: round letters of a line have less."""
_STROKE: Final = 0.45
"""How dark a cross's two strokes are at their palest."""
_BETWEEN: Final = 0.55
"""How dark the middle of a side is at most where a cross leaves it open: a K has its stem there."""
_GRID: Final = 9


def without_checkboxes(page: PageRaster, dpi: float) -> PageRaster:
    """The page, each of its boxes to tick painted over with the paper around; the very page where it has none.

    A box goes only where it stands by itself and holds nothing, or a cross from corner to corner: what else stands in
    one may be an initial or a figure. What seems empty is left as it is, for a pencil's initial may be as pale: the
    frame alone goes.
    """
    found = _found(page.pixels, dpi)
    if not found:
        return page
    pixels = page.pixels.copy()
    for box, inside in found:
        room = box.grown(2).clipped(page.width, page.height) or box
        rim = np.concatenate(
            [
                pixels[room.top : box.top, room.left : room.right].reshape(-1, *pixels.shape[2:]),
                pixels[box.bottom : room.bottom, room.left : room.right].reshape(-1, *pixels.shape[2:]),
                pixels[box.top : box.bottom, room.left : box.left].reshape(-1, *pixels.shape[2:]),
            ]
        )
        if len(rim):
            pixels[box.top : box.bottom, box.left : box.right] = np.median(rim, axis=0).astype(np.uint8)
        if inside is not None:
            rows, columns = slice(inside.top, inside.bottom), slice(inside.left, inside.right)
            pixels[rows, columns] = page.pixels[rows, columns]
    return replace(page, pixels=pixels)


def checkboxes(pixels: Pixels, dpi: float) -> list[Box]:
    """Where boxes to tick stand, each with the blur of its frame, in pixels of the page, which is gray or RGB."""
    return [box for box, _ in _found(pixels, dpi)]


def _found(pixels: Pixels, dpi: float) -> list[tuple[Box, Box | None]]:
    """Each box with what lies within its frame; None where that is a cross."""
    scale = min(1.0, _WORK_DPI / dpi)
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    if scale < 1.0:
        gray = shrunk(gray, (round(gray.shape[1] * scale), round(gray.shape[0] * scale)))
    work_dpi = dpi * scale
    around = 2 * round(_AROUND_IN * work_dpi / 2) + 1
    darker = np.asarray(cv2.subtract(cv2.blur(gray, (around, around)), gray), np.uint8)
    height, width = pixels.shape[:2]
    found: list[tuple[Box, Box | None]] = []
    for box in _candidates(darker > _DARKER, work_dpi):
        if not _is_box(darker, box):
            continue
        corners = ((box.left / scale, box.top / scale), (box.right / scale, box.bottom / scale))
        placed = Box.around(corners).grown(1).clipped(width, height)
        if placed is None:
            continue
        inset = _inset(box)
        rows, columns = slice(box.top + inset, box.bottom - inset), slice(box.left + inset, box.right - inset)
        edge = math.ceil(inset / scale) + 1
        inside = Box(placed.left + edge, placed.top + edge, placed.right - edge, placed.bottom - edge)
        empty = darker[rows, columns].mean() <= _EMPTY * float(darker[box.top : box.bottom, box.left : box.right].max())
        found.append((placed, inside if empty else None))
    return found


def _inset(box: Box) -> int:
    """How far a frame and its blur reach in."""
    return 3 if min(box.width, box.height) >= 12 else 2


def _candidates(dark: NDArray[np.bool_], dpi: float) -> list[Box]:
    """What straight runs both ways enclose, as high as wide."""
    least, most = (side * dpi for side in _SIDE_IN)
    least = max(least, _LEAST_PX)
    run = max(round(_RUN * least), 4) | 1  # odd: an even kernel moves what it opens
    ink = dark.astype(np.uint8)
    runs = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, run), np.uint8))
    runs |= cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    _, _, stats, _ = components(runs)
    found = []
    for left, top, width, height in stats[1:, :4].tolist():
        side = min(width, height)
        if least <= side and max(width, height) <= min(most, side + max(1, _SQUARE * side)):
            found.append(Box(left, top, left + width, top + height))
    return found


def _is_box(darker: NDArray[np.uint8], box: Box) -> bool:
    """Whether four whole sides with their corners stand there, by themselves, around nothing or a cross."""
    side = min(box.width, box.height)
    outer = box.grown(max(2, round(side / 5)))
    if outer.left < 0 or outer.top < 0 or outer.right > darker.shape[1] or outer.bottom > darker.shape[0]:
        return False
    dark = darker[box.top : box.bottom, box.left : box.right].astype(np.float32)
    # A frame lies across two rows of pixels where it does not fall on one.
    sides = [dark[:2].max(axis=0), dark[-2:].max(axis=0), dark[:, :2].max(axis=1), dark[:, -2:].max(axis=1)]
    usual = float(np.median(np.concatenate(sides)))
    if usual < _FRAME or min(float(line[1:-1].min()) for line in sides) < _WHOLE * usual:
        return False
    if min(_corner(view, usual) for view in (dark, dark[:, ::-1], dark[::-1], dark[::-1, ::-1])) < _CORNER:
        return False
    around = darker[outer.top : outer.bottom, outer.left : outer.right].astype(np.float32)
    ring = np.concatenate([around[0], around[-1], around[:, 0], around[:, -1]])
    before, behind = (max(round(room * side), 2) for room in _ROOM)
    beside = (
        darker[box.top : box.bottom, max(box.left - before, 0) : box.left],
        darker[box.top : box.bottom, box.right : box.right + behind],
    )
    if max(float(ring.mean()), *(float(paper.mean()) for paper in beside)) > _BESIDE * usual:
        return False
    inset = _inset(box)
    inside = dark[inset:-inset, inset:-inset]
    return bool(inside.mean() <= _EMPTY * usual) or _is_crossed(inside, usual)


def _corner(dark: NDArray[np.float32], usual: float) -> float:
    """How dark the upper left corner is beside what the two sides that meet there make of it."""
    third = min(dark.shape) // 3
    across, down = float(np.median(dark[0, third:-third])), float(np.median(dark[third:-third, 0]))
    expected = min(across * down / max(usual, 1.0), usual) + across + down
    return float(dark[0, 0] + dark[0, 1] + dark[1, 0]) / max(expected, 0.3 * usual, 1.0)


def _is_crossed(inside: NDArray[np.float32], usual: float) -> bool:
    """Whether two strokes run from corner to corner, and nothing else is there."""
    square = cv2.resize(inside, (_GRID, _GRID), interpolation=cv2.INTER_LINEAR)
    wide = np.maximum.reduce([np.roll(square, shift, axis=1) for shift in (-1, 0, 1)])
    along = np.arange(1, _GRID - 1)
    falling, rising = wide[along, along], wide[along, _GRID - 1 - along]
    middle = _GRID // 2
    between = (square[:3, middle], square[-3:, middle], square[middle, :3], square[middle, -3:])
    darkest = max(float(cells.max()) for cells in between)
    return bool(min(falling.min(), rising.min()) >= _STROKE * usual and darkest <= _BETWEEN * usual)

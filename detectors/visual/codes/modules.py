"""Where a code stands whether it decodes or not: blocks of bars or modules, too dense and too even for print.

Torn, blurred and overprinted codes defeat a decoder and not the next one, nor a person with the other half.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Point, Quad
from detectors.pages import Pixels
from detectors.shrunk import shrunk
from detectors.visual.ink.hidden import paper_of

Mask = NDArray[np.bool_]

_WORK_DPI: Final = 150.0
_CONTRAST: Final = 40
_JOIN_IN: Final = 0.045
"""White modules side by side are rarely wider; lines of print stand further apart."""
_LEAST_IN: Final = 0.09
_TRIM: Final = 0.04
"""Share of a block at each end that its outline may have rounded off."""
_EVEN: Final = (0.28, 0.8)
"""Shares of dark pixels that codes have; print has .1 to .25, in its own line up to .35."""
_STEPS_PER_IN: Final = 8.0
_ROWS_PER_IN: Final = 3.0
"""Changes from dark to light along an inch; large shapes have less."""
_FULL: Final = 0.16
"""Share of dark pixels in the emptiest row and column of a matrix; between two lines of print there is none."""
_DENSE: Final = 0.46
_STACKED: Final = 0.28
"""Stacked codes are empty between two bars, as print is between letters, but darker than any print."""
_FINE_PER_IN: Final = 15.0
"""Changes along an inch both ways that no print has where it is so dark: of a torn code the white frame of a corner may
take a third of the rows."""
_MATRIX_IN: Final = 0.2
_DARK: Final = 100
_HALF: Final = 127
_MOST_PX: Final = 900
_BAR_IN: Final = 0.13
"""A bar is longer than the letters of print are high, up to 13 points."""
_BAR_LONGEST_IN: Final = 2.5
_BAR_THICK_IN: Final = 0.11
_SLIM: Final = 2.5
_APART_IN: Final = 0.1
"""Bars of one code stand nearer; boxes of a form further apart."""
_LEAST_BARS: Final = 6
_AGREE_DEG: Final = 6.0
_AS_LONG: Final = 0.45
"""Bars' lengths differ by less than this share: guard bars are longer, a scratch shortens one."""
_ABREAST: Final = 3.0
_MATRIX_MOST_IN: Final = 1.0
"""A code reaches this many of its bars' lengths along them at most, two labels that touch, or is a matrix of this side;
the pieces into which a lean breaks the rulings of a table follow each other over all of the page."""
_LOCAL_IN: Final = 0.05
_LOCAL_LEVELS: Final = 20
_GROUND: Final = 0.9
_FULL_SHARE: Final = 255
_MARGIN_IN: Final = 0.06
_MOST: Final = 300


def blocks(gray: Pixels, dpi: float) -> list[Quad]:
    """Rectangles around codes, dark on light and light on dark, at any angle, in pixels of the page."""
    scale = min(1.0, _WORK_DPI / dpi)
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    small = shrunk(gray, size)
    work = dpi * scale
    dark = np.asarray(cv2.subtract(paper_of(small, work), small)) > _CONTRAST
    dark |= small < _DARK
    found = [*_matrices(dark, work), *_bars(dark, work)]
    if _has_ground(dark, work):
        found += [*_matrices(~dark, work), *_bars(~dark, work)]
    side = 2 * max(1, round(_LOCAL_IN * work / 2)) + 1
    found += _bars(np.asarray(cv2.subtract(cv2.blur(small, (side, side)), small)) > _LOCAL_LEVELS, work)
    back = np.diag((1 / scale, 1 / scale, 1.0))
    return [quad.mapped(back) for quad in found]


def _has_ground(dark: Mask, dpi: float) -> bool:
    """Whether there is dark ground on the page, on which a code may be light."""
    coarse = max(1, round(_LEAST_IN * dpi / 2))
    size = (max(1, dark.shape[1] // coarse), max(1, dark.shape[0] // coarse))
    whole = dark[: size[1] * coarse, : size[0] * coarse].astype(np.uint8) * np.uint8(_FULL_SHARE)
    shares = cv2.resize(whole, size, interpolation=cv2.INTER_AREA)
    return bool((cv2.erode(shares, np.ones((2, 2), np.uint8)) > _GROUND * _FULL_SHARE).any())


def _bars(ink: Mask, dpi: float) -> Iterator[Quad]:
    """Rows of parallel bars of one length."""
    outlines, _ = cv2.findContours(ink.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    bars: list[NDArray[np.int32]] = []
    shapes: list[tuple[float, float]] = []
    sides = _longer_sides(outlines)
    for number in np.flatnonzero((sides >= _BAR_IN * dpi) & (sides <= _BAR_LONGEST_IN * dpi)).tolist():
        outline = np.asarray(outlines[number], np.int32)
        _, (a, b), degrees = cv2.minAreaRect(outline)
        length, thick = max(a, b), min(a, b)
        if length >= max(_BAR_IN * dpi, _SLIM * thick) and thick <= _BAR_THICK_IN * dpi:
            bars.append(outline)
            shapes.append((length, (degrees if a >= b else degrees + 90) % 180))
    if len(bars) < _LEAST_BARS:
        return
    near = np.zeros(ink.shape, np.uint8)
    cv2.drawContours(near, bars, -1, 1, -1)
    reach = 2 * max(1, round(_APART_IN * dpi / 2)) + 1
    _, groups = cv2.connectedComponents(cv2.dilate(near, np.ones((reach, reach), np.uint8)))
    home = np.array([groups[bar[0, 0, 1], bar[0, 0, 0]] for bar in bars])
    lengths, degrees_ = np.array(shapes).T
    for group in np.unique(home):
        members = np.flatnonzero(home == group)
        if len(members) < _LEAST_BARS:
            continue
        length, lean = np.median(lengths[members]), _middle(degrees_[members])
        apart = np.abs((degrees_[members] - lean + 90) % 180 - 90)
        alike = members[(apart <= _AGREE_DEG) & (np.abs(lengths[members] - length) <= _AS_LONG * length)]
        if len(alike) < max(_LEAST_BARS, 0.6 * len(members)):
            continue
        points = np.concatenate([bars[i] for i in members])
        along = points.reshape(-1, 2) @ (math.cos(math.radians(lean)), math.sin(math.radians(lean)))
        if float(np.ptp(along)) <= max(_ABREAST * length, _MATRIX_MOST_IN * dpi):
            at, size, degrees = cv2.minAreaRect(points)
            yield _quad(at, size, degrees, _MARGIN_IN * dpi)


def _longer_sides(outlines: Sequence[Any]) -> NDArray[np.int32]:
    """Of the upright box around each outline, all at once: a page of print has thousands."""
    if not outlines:
        return np.zeros(0, np.int32)
    points = np.concatenate(outlines)[:, 0]
    first = np.cumsum([0, *map(len, outlines[:-1])])
    extents = np.maximum.reduceat(points, first) - np.minimum.reduceat(points, first)
    return np.asarray(extents.max(axis=1) + 1, np.int32)


def _middle(degrees: NDArray[np.float64]) -> float:
    """The direction that most of them have, of lines without an arrow."""
    apart = np.abs((degrees[:, None] - degrees[None, :] + 90) % 180 - 90)
    return float(degrees[int(np.argmin(np.median(apart, axis=1)))])


def _matrices(ink: Mask, dpi: float) -> Iterator[Quad]:
    join = 2 * max(1, round(_JOIN_IN * dpi / 2)) + 1
    bits = ink.astype(np.uint8)
    joined = cv2.morphologyEx(bits, cv2.MORPH_CLOSE, np.ones((join, join), np.uint8))
    # What hangs together by a stroke, as a caption or a ruling, is no part of the block.
    thick = max(3, round(_LEAST_IN * dpi))
    solid = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8))
    # A block that is light on dark lies in a hole of the paper.
    outlines, nesting = cv2.findContours(solid, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [outline for number, outline in enumerate(outlines) if nesting[0, number, 3] < 0]
    for outline in sorted(outer, key=cv2.contourArea, reverse=True)[:_MOST]:
        at, (wide, high), degrees = cv2.minAreaRect(outline)
        if min(wide, high) < _MATRIX_IN * dpi or max(wide, high) > _MOST_PX:
            continue
        if _is_matrix(_patch(bits, at, (wide, high), degrees), wide / dpi, high / dpi):
            yield _quad(at, (wide, high), degrees, _MARGIN_IN * dpi)


def _patch(bits: NDArray[np.uint8], at: Point, size: tuple[float, float], degrees: float) -> NDArray[np.int8]:
    """The block turned level, its rounded ends cut off."""
    wide, high = round(size[0]), round(size[1])
    turn = cv2.getRotationMatrix2D(at, degrees, 1.0)
    turn[:, 2] += (wide / 2 - at[0], high / 2 - at[1])
    level = np.asarray(cv2.warpAffine(bits * 255, turn, (wide, high), flags=cv2.INTER_LINEAR))
    cut_x, cut_y = round(_TRIM * wide), round(_TRIM * high)
    return (level[cut_y : high - cut_y, cut_x : wide - cut_x] > _HALF).astype(np.int8)


def _is_matrix(patch: NDArray[np.int8], wide_in: float, high_in: float) -> bool:
    """Whether the block is modules in rows and columns, none of them empty."""
    share = float(patch.mean())
    if not _EVEN[0] <= share <= _EVEN[1]:
        return False
    emptiest = sorted(float(np.percentile(patch.mean(axis=axis), 4)) for axis in (0, 1))
    across = np.abs(np.diff(patch, axis=1)).sum(axis=1).mean() / wide_in
    down = np.abs(np.diff(patch, axis=0)).sum(axis=0).mean() / high_in
    fine = share >= _DENSE and min(across, down) >= _FINE_PER_IN and emptiest[0] >= _FULL / 2
    if not fine and emptiest[0] < _FULL and (share < _DENSE or emptiest[1] < _STACKED):
        return False
    return bool(max(across, down) >= _STEPS_PER_IN and min(across, down) >= _ROWS_PER_IN)


def _quad(at: Point, size: tuple[float, float], degrees: float, margin: float) -> Quad:
    half_wide, half_high = size[0] / 2 + margin, size[1] / 2 + margin
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def corner(u: float, v: float) -> Point:
        return at[0] + u * cos - v * sin, at[1] + u * sin + v * cos

    return Quad(
        (
            corner(-half_wide, -half_high),
            corner(half_wide, -half_high),
            corner(half_wide, half_high),
            corner(-half_wide, half_high),
        )
    )

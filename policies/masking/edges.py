"""Letters that a box would cut: engines place single words and digits by timing, not by ink, and the rest of a letter
that stands beside its box, or beyond the ruling at which the box ends, can be enough to read it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import cv2
import numpy as np

from detectors.components import components
from detectors.geometry import Box, Point, Quad
from detectors.levels import ranked
from detectors.pages import Pixels

WIDEST: Final = 1.6
"""Heights of the region: what is wider is a ruling, a frame or a picture, and no letter."""
LEVEL: Final = 0.5
"""Share of the way from paper to ink from which a pixel is ink."""
LEAST_CONTRAST: Final = 40
STEEPEST: Final = math.radians(20)
"""Of lines that run steeper the ends are no upright edges."""
LEVEL_LINE: Final = math.radians(1)
ACCENT: Final = 0.4
"""Heights of the region that an accent of a capital rises above it: engines place words by their letters alone. What
rises further is a letter of the line above, or a ruling."""
CLOSE: Final = 0.2
"""Heights that an accent may float above it."""
SPECK: Final = 0.08
"""Heights across: what is smaller is dirt."""
RULED: Final = 0.9
"""Share of a region's width along which a ruling under it, or over it, is dark."""
AT_RULING: Final = 0.35
"""Heights from a region's edge to the ruling that it ends at."""
BEYOND: Final = 0.9
"""Heights that a tail reaches beyond a ruling."""
TAIL: Final = 0.12
"""Heights that a tail reaches at least: a ruling that leans, or is printed roughly, has steps of a pixel or two."""
THIN: Final = 0.2
"""Heights across up to which a mark that goes on as far as one looks is a ruling down the page."""
SOFT: Final = 0.06
"""Heights that the soft edge of such a tail reaches: pencil is pale."""
SLANT: Final = 0.3
"""Heights that it reaches to either side of its word."""


def cut(pixels: Pixels, regions: Sequence[Quad]) -> list[Quad]:
    """The letters that lie partly in a region and partly beyond its left or right end, and of lines that run level the
    accents above it and what goes on beyond a ruling that it ends at, in source pixels.

    `pixels` are the page's, of shape (height, width) or (height, width, 3).
    """
    gray = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    found: dict[Box, None] = {}
    for region in regions:
        if abs(region.angle) <= STEEPEST:
            (a, b, c, d), height = region.corners, math.dist(region.corners[0], region.corners[3])
            for end in (_between(a, d), _between(b, c)):
                found.update(dict.fromkeys(_across(gray, end, height)))
        if abs(region.angle) <= LEVEL_LINE:
            found.update(dict.fromkeys(_above(gray, region.bounds)))
            found.update(dict.fromkeys(_beyond_rulings(gray, region.bounds)))
    return [Quad.of(box) for box in found]


def _between(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _across(gray: Pixels, end: Point, height: float) -> Iterator[Box]:
    """The marks around the end of a region that lie on both sides of it."""
    (x, y), reach = end, math.ceil(WIDEST * height)
    around = Box(math.floor(x) - reach, math.floor(y - height / 2), math.ceil(x) + reach, math.ceil(y + height / 2))
    window = around.clipped(gray.shape[1], gray.shape[0])
    if window is None:
        return
    shown = gray[window.top : window.bottom, window.left : window.right]
    edge = x - window.left
    if not 1 <= edge <= shown.shape[1] - 1:
        return
    # What lies on both sides has ink in the column of the edge; mostly there is none, and no more need be asked.
    if int(shown[:, int(edge)].min()) >= (1 - LEVEL) * int(shown.max()) + LEVEL * int(shown.min()):
        return
    darkest, paper = ranked(shown, 0, shown.size * 9 // 10)
    if paper - darkest < LEAST_CONTRAST:
        return
    ink = (shown < paper - LEVEL * (paper - darkest)).astype(np.uint8)
    count, _, stats, _ = components(ink)
    for left, top, across, down, _area in stats[1:count].tolist():
        if left + 1 <= edge <= left + across - 1 and across <= reach:
            yield Box(window.left + left, window.top + top, window.left + left + across, window.top + top + down)


def _above(gray: Pixels, region: Box) -> Iterator[Box]:
    """The marks that rise above a region's upper edge, or float close above it, and end below the line above."""
    rise, close, least = (math.ceil(share * region.height) for share in (ACCENT, CLOSE, SPECK))
    window = Box(region.left, region.top - rise, region.right, region.top + rise).clipped(gray.shape[1], gray.shape[0])
    if window is None or not 1 <= region.top - window.top < window.height:
        return
    shown = gray[window.top : window.bottom, window.left : window.right]
    edge = region.top - window.top
    # Mostly the paper is blank there, and no more need be asked.
    beyond = shown[max(0, edge - close) : edge]
    if int(beyond.min()) >= (1 - LEVEL) * int(shown.max()) + LEVEL * int(shown.min()):
        return
    darkest, paper = ranked(shown, 0, shown.size * 9 // 10)
    if paper - darkest < LEAST_CONTRAST:
        return
    ink = (shown < paper - LEVEL * (paper - darkest)).astype(np.uint8)
    count, _, stats, _ = components(ink)
    for left, top, across, down, _area in stats[1:count].tolist():
        is_letters = least <= across <= WIDEST * region.height and (top + down > edge or down >= least)
        if is_letters and 1 <= top < edge and top + down >= edge - close:
            yield Box(window.left + left, window.top + top, window.left + left + across, region.top)


def _beyond_rulings(gray: Pixels, region: Box) -> Iterator[Box]:
    """The marks on the other side of a ruling at a region's lower or upper edge that go on from it."""
    height = gray.shape[0]
    yield from _below_ruling(gray, region)
    turned = Box(region.left, height - region.bottom, region.right, height - region.top)
    for box in _below_ruling(gray[::-1], turned):
        yield Box(box.left, height - box.bottom, box.right, height - box.top)


def _below_ruling(gray: Pixels, region: Box) -> Iterator[Box]:
    near, reach, aside, soft = (math.ceil(share * region.height) for share in (AT_RULING, BEYOND, SLANT, SOFT))
    around = Box(region.left - aside, region.bottom - near, region.right + aside, region.bottom + near + reach)
    window = around.clipped(gray.shape[1], gray.shape[0])
    if window is None or region.height <= 2 * near:
        return
    shown = gray[window.top : window.bottom, window.left : window.right]
    own = shown[: 2 * near, max(region.left - window.left, 0) : region.right - window.left]
    # Mostly no row is dark along the region even beside the lightest pixel, and no more need be asked.
    dark = np.count_nonzero(own < int(shown.max()) - LEAST_CONTRAST, axis=1)
    if int(dark.max(initial=0)) < RULED * own.shape[1]:
        return
    paper = ranked(shown, 0, shown.size * 9 // 10)[1]
    ruled = np.flatnonzero((own < paper - LEAST_CONTRAST).mean(axis=1) >= RULED)
    if not len(ruled) or len(ruled) > near:
        return
    # What the pen wrote may be paler than the ruling.
    written = gray[region.top : window.top, region.left : region.right]
    level = paper - LEVEL * max(paper - int(written.min(initial=paper)), LEAST_CONTRAST)
    start = int(ruled[-1]) + 1
    count, _, stats, _ = components((shown[start : start + reach] < level).astype(np.uint8))
    widest, thin = WIDEST * region.height, THIN * region.height
    marks = [
        (left, top, across, down)
        for left, top, across, down, _area in stats[1:count].tolist()
        if top <= 1 and across <= widest and (across > thin or top + down < reach)
    ]
    if any(top + down >= TAIL * region.height for _, top, _, down in marks):
        for left, top, across, down in marks:
            first = window.top + start + top
            yield Box(window.left + left, first, window.left + left + across, first + down).grown(soft)

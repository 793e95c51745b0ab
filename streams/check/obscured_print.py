"""Print under a mosaic or a blur: both can be undone, by trying what would look the same.

Soft stamps, photographs and shaded grounds look much like it. What tells them apart is the print beside: squares and
blur spread ink and take none away, so that a line has as much of it where it is hidden as where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import pymupdf

from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.visual.marks.obscured import Way, surely_obscured
from detectors.visual.marks.squares import is_mosaic
from streams.check.finding import Found, What
from streams.check.page import Page
from streams.check.pictures import LIGHT, PAPER, upright

_WIDE_IN: Final = {Way.MOSAIC: 0.25, Way.BLUR: 0.3}
_COLOURED: Final = 30
"""Levels between its channels from which an area is a stamp, a map or a chart."""
_COVERED: Final = (0.02, 0.4)
"""Ink of an area, as a share of it in black."""
_STEP: Final = 40
"""Levels between neighbours that blurred print hardly reaches at its rim, where pictures end."""
_ENDS: Final = 0.15
_FADED_IN: Final = (0.05, 0.12)
"""So far above and below blurred print there is none of it any more; a stamp and a watermark go on."""
_SOFT: Final = 24
_GOES_ON: Final = 0.1
_FAINT: Final = 8
"""Levels under the paper up to which a pixel is grain, and from which it is a stroke's."""
_DARK: Final = 90
_SHARP: Final = 90
"""Levels between neighbours in print that is not hidden."""
_LINE_IN: Final = (0.04, 0.25)
_AS_HIGH: Final = (0.7, 2.6)
"""Heights of the line beside it that an area has."""
_AS_MUCH: Final = (0.5, 2.0)
"""Ink of a column of an area over that of one of the line beside it."""
_AS_WIDE: Final = 0.6
"""Share of an area's width that the lines above and below it take."""
_BESIDE_IN: Final = (0.6, 1.5)
_ABOVE_IN: Final = (0.3, 0.45)
"""How near a line begins, and as far as is looked."""
_GAP_IN: Final = 0.03
_LEAST_PT: Final = (72.0, 20.0)
"""Width and height of pictures that are looked at by themselves."""
_MOST_PX: Final = 40_000_000


def obscured_print(page: Page) -> Iterator[Found]:
    """In the pictures of the page at their own pixels, and on the page as it is shown."""
    for pixels, dpi, onto in _rasters(page):
        for box in hidden_print(pixels, dpi):
            place = pymupdf.Rect(box.left, box.top, box.right, box.bottom) * onto
            x0, y0, x1, y1 = (round(side, 1) for side in place)
            yield Found(What.OBSCURED, page.page.number, (x0, y0, x1, y1))


def hidden_print(pixels: Pixels, dpi: float) -> list[Box]:
    """Boxes in pixels of the page, which is gray or RGB."""
    gray = _gray(pixels)
    return [
        box
        for box, way in surely_obscured(gray, dpi)
        if not _is_coloured(pixels, box) and _is_print(gray, dpi, box, way)
    ]


def _rasters(page: Page) -> Iterator[tuple[Pixels, float, Any]]:
    """Pixels, their resolution, and the map from them to points of the page as it is shown."""
    rest = False
    for info in page.page.get_image_info(xrefs=True):
        place = upright(page, info)
        wide, high = info["width"], info["height"]
        own = place is not None and info["xref"] and not info.get("has-mask") and wide * high <= _MOST_PX
        if place is None or not own or place.width < _LEAST_PT[0] or place.height < _LEAST_PT[1]:
            rest = True
            continue
        across, down = place.width / wide, place.height / high
        pixels = _own_pixels(page.page.parent, info["xref"]) if 0.9 < across / down < 1.1 else None
        if pixels is None or (_gray(pixels) > LIGHT).mean() < PAPER:
            rest = True
            continue
        yield pixels, 72 / across, pymupdf.Matrix(across, 0, 0, down, place.x0, place.y0)
    if rest:
        yield page.pixels, 72 * page.scale, pymupdf.Matrix(1 / page.scale, 1 / page.scale)


def _own_pixels(document: Any, xref: int) -> Pixels | None:
    """None where it is a stencil, which has ink and paper and nothing between."""
    pixmap = pymupdf.Pixmap(document, xref)
    if pixmap.colorspace is None:
        return None
    if pixmap.alpha or pixmap.n not in (1, 3):
        pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.Pixmap(pixmap, 0) if pixmap.alpha else pixmap)
    rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
    if pixmap.n == 1:
        return np.ascontiguousarray(rows[:, : pixmap.width])
    return rows[:, : pixmap.width * 3].reshape(pixmap.height, pixmap.width, 3)


def _gray(pixels: Pixels) -> Pixels:
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _is_coloured(pixels: Pixels, box: Box) -> bool:
    part = _part(pixels, box.left, box.top, box.right, box.bottom)
    return part.ndim == 3 and _level(part.max(axis=2) - part.min(axis=2), 90) > _COLOURED


def _is_print(gray: Pixels, dpi: float, box: Box, way: Way) -> bool:
    paper = int(np.bincount(gray.ravel(), minlength=256)[100:].argmax()) + 100
    part = _part(gray, box.left, box.top, box.right, box.bottom)
    ink = _ink(part, paper)
    if box.width < _WIDE_IN[way] * dpi or not _COVERED[0] <= ink / box.height <= _COVERED[1]:
        return False
    if way is Way.BLUR and not _fades(gray, dpi, box, paper):
        return False
    high_in = box.height / dpi
    if any(_fit(line, high_in, ink) for line in _beside(gray, dpi, box, paper)):
        return True
    above = list(_above_and_below(gray, dpi, box, paper)) if way is Way.MOSAIC else []
    return len(above) == 2 and all(line.high_in <= _LINE_IN[1] and _fit(line, high_in, ink) for line in above)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of sharp print: its height, and its ink in pixels of black in a column."""

    high_in: float
    ink: float


def _fit(line: _Line, high_in: float, ink: float) -> bool:
    """Whether an area of that height with so much ink may be print of such a line."""
    as_high = _AS_HIGH[0] * line.high_in <= high_in <= _AS_HIGH[1] * line.high_in
    return line.high_in >= _LINE_IN[0] and as_high and _AS_MUCH[0] * line.ink <= ink <= _AS_MUCH[1] * line.ink


def _fades(gray: Pixels, dpi: float, box: Box, paper: int) -> bool:
    """Whether nothing ends above or below an area, nor goes on."""
    rim, (near, far) = max(2, round(0.06 * dpi)), (round(side * dpi) for side in _FADED_IN)
    edges = (
        _part(gray, box.left, box.top - rim, box.right, box.top + 1),
        _part(gray, box.left, box.bottom - 1, box.right, box.bottom + rim),
    )
    sharp = [cv2.absdiff(edge[1:], edge[:-1]).max(axis=0) > _STEP for edge in edges if len(edge) > 1]
    if not sharp or np.concatenate(sharp).mean() > _ENDS:
        return False
    for top, bottom in ((box.top - far, box.top - near), (box.bottom + near, box.bottom + far)):
        strip = _part(gray, box.left, top, box.right, bottom)
        if len(strip) >= 3:
            steps = cv2.morphologyEx(strip, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
            if ((strip < paper - 2 * _FAINT) & (np.asarray(steps) <= _SOFT)).mean() > _GOES_ON:
                return False
    return True


def _beside(gray: Pixels, dpi: float, box: Box, paper: int) -> Iterator[_Line]:
    """The line that the area stands in, left and right of it."""
    gap, reach, grow = round(_GAP_IN * dpi), round(_BESIDE_IN[1] * dpi), round(0.02 * dpi)
    for left, right in ((box.left - gap - reach, box.left - gap), (box.right + gap, box.right + gap + reach)):
        strip = _part(gray, left, box.top - grow, right, box.bottom + grow)
        dark = strip < paper - _DARK
        columns = np.flatnonzero(dark.any(axis=0))
        if len(columns) < 0.08 * dpi:
            continue
        first, last = int(columns[0]), int(columns[-1]) + 1
        away = first if left > box.left else strip.shape[1] - last
        runs = _runs(dark[:, first:last].mean(axis=1) >= 0.02, dpi)
        print_ = strip[:, first:last]
        if away <= _BESIDE_IN[0] * dpi and 1 <= len(runs) <= 2 and _is_sharp(print_):
            yield _Line(max(bottom - top for top, bottom in runs) / dpi, _ink(print_, paper))


def _above_and_below(gray: Pixels, dpi: float, box: Box, paper: int) -> Iterator[_Line]:
    """The next lines of print, as wide as the area."""
    gap, reach = round(_GAP_IN * dpi), round(_ABOVE_IN[1] * dpi)
    above = _part(gray, box.left, box.top - gap - reach, box.right, box.top - gap)[::-1]
    for strip in (above, _part(gray, box.left, box.bottom + gap, box.right, box.bottom + gap + reach)):
        dark = strip < paper - _DARK
        runs = _runs(dark.mean(axis=1) >= 0.02, dpi)
        if not runs or runs[0][0] > _ABOVE_IN[0] * dpi:
            continue
        top, bottom = runs[0]
        columns = np.flatnonzero(dark[top:bottom].any(axis=0))
        if columns[-1] + 1 - columns[0] >= _AS_WIDE * box.width and _is_sharp(strip[top:bottom]):
            yield _Line((bottom - top) / dpi, _ink(strip[top:bottom], paper))


def _is_sharp(part: Pixels) -> bool:
    """And no mosaic itself: then the whole page was scaled up, and nothing of it is hidden."""
    return part.shape[1] > 1 and _level(cv2.absdiff(part[:, 1:], part[:, :-1]), 98) >= _SHARP and not is_mosaic(part)


def _runs(rows: Any, dpi: float) -> list[tuple[int, int]]:
    """Lines of print, half-open, from the rows that have ink; a line's dots stand near it."""
    inked = np.flatnonzero(rows)
    if not len(inked):
        return []
    parts = np.split(inked, np.flatnonzero(np.diff(inked) > max(1.0, _GAP_IN * dpi)) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts]


def _ink(part: Pixels, paper: int) -> float:
    """Pixels of black in a column."""
    return float(np.clip(paper - _FAINT - part.astype(np.int16), 0, None).sum() / 255 / max(1, part.shape[1]))


def _part(pixels: Pixels, left: int, top: int, right: int, bottom: int) -> Pixels:
    return pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]


def _level(levels: Pixels, share: float) -> float:
    return float(np.percentile(levels, share)) if levels.size else 0.0

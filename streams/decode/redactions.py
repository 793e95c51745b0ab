"""Redactions that a PDF brings along and that do not hold: what they should hide is in the file, or to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pymupdf
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.pages import MAX_REDACTIONS

DARK: Final = 0.5
"""Brightness, 0 to 1, up to which a colour is meant to hide; a highlighter's yellow is meant to show."""
MIN_HEIGHT_PT: Final = 5.0
"""Lower ones are rules and underlines."""
MIN_GLYPHS: Final = 3
"""A box over fewer is a ticked box, or touches a word by chance."""
MIN_OUTLINES: Final = 20
"""Lines and curves of glyphs that were drawn as paths, from about three glyphs on; a shaded grid has fewer a cell."""
MAX_STROKES: Final = 8
"""Lines and curves of a box with round corners; signatures and logos have more."""
MAX_PEN_PT: Final = 72.0
"""Height of what a line with a broad pen covers; curves of a chart or an ECG are higher, and cost time to look at."""
OPAQUE: Final = 0.95

_FILL, _STROKE = "fill-path", "stroke-path"
_TEXT: Final = ("fill-text", "stroke-text")
_IMAGES: Final = ("fill-image", "fill-imgmask")
_SPACES: Final = frozenset(map(ord, " \t\r\n\u00a0"))
_REDACT: Final = 12
"""ISO 32000-2, 12.5.6.23: content that somebody marked for removal, which nobody removed."""

Trace = Sequence[dict[str, Any]]
Cells = NDArray[np.float64]
"""Boxes of shape (n, 4), as they were drawn one after the other."""


def redactions(
    page: Any, log: Sequence[tuple[str, Any]], trace: Trace, dpi: float, width_px: int, height_px: int
) -> tuple[Box, ...]:
    """Where they lie on the page's rendering, in its pixels: dark boxes and marker, drawn or annotated, over live text;
    see-through ones over a picture; marks for removal that were never carried out. `log` and `trace` are what
    `get_bboxlog` and `get_texttrace` tell of the page."""
    found = [annotation.rect for annotation in page.annots(types=(_REDACT,))]
    kinds, cells = (
        np.array([kind for kind, _ in log], np.str_),
        np.array([box for _, box in log], np.float64).reshape(-1, 4),
    )
    if _may_hide(kinds, cells):
        drawings = _numbered(page.get_drawings(), cells)
        under = _Under(_glyphs(trace), _outlines(drawings), np.flatnonzero(_of(kinds, _IMAGES)), cells)
        found += [
            place for drawing in drawings if (place := _box(drawing)) is not None and _hides(drawing, place, under)
        ]
    to_pixels = page.rotation_matrix * pymupdf.Matrix(dpi / 72, dpi / 72)
    places = [(place * to_pixels).normalize() for place in found]
    boxes = [Box.around(((place.x0, place.y0), (place.x1, place.y1))) for place in places]
    on_page = [inside for box in boxes if (inside := box.clipped(width_px, height_px)) is not None]
    return tuple(on_page[:MAX_REDACTIONS])


def _numbered(drawings: Sequence[dict[str, Any]], cells: Cells) -> list[dict[str, Any]]:
    """The drawings with their numbers in the log, as glyphs have them: drawings are counted without the empty paths,
    whose boxes in the log are inside out."""
    counted = np.flatnonzero(cells[:, 0] <= cells[:, 2]).tolist()
    return [{**drawing, "seqno": counted[min(drawing["seqno"], len(counted) - 1)]} for drawing in drawings]


def _may_hide(kinds: NDArray[np.str_], cells: Cells) -> bool:
    """Whether a path of some height lies over something drawn before it: cheaply asked, and of few pages true."""
    under = np.flatnonzero(_of(kinds, _TEXT + _IMAGES))
    paths = np.flatnonzero(_of(kinds, (_FILL, _STROKE)))
    middles = np.tile((cells[:, :2] + cells[:, 2:]) / 2, 2)
    heights = cells[:, 3] - cells[:, 1]
    over = (kinds == _FILL) | ((kinds == _STROKE) & (heights <= MAX_PEN_PT))
    return any(
        _meet(cells[number], cells[under[under < number]]).any()
        or _meet(cells[number], middles[paths[paths < number]]).any()
        for number in np.flatnonzero(over & (heights >= MIN_HEIGHT_PT))
    )


def _of(kinds: NDArray[np.str_], wanted: tuple[str, ...]) -> NDArray[np.bool_]:
    """`np.isin` would load a module, for which a confined process can open no file."""
    found = np.zeros(len(kinds), np.bool_)
    for kind in wanted:
        found |= kinds == kind
    return found


def _meet(cell: NDArray[np.float64], cells: Cells) -> NDArray[np.bool_]:
    left, top, right, bottom = cell
    met: NDArray[np.bool_] = (cells[:, 0] < right) & (cells[:, 2] > left) & (cells[:, 1] < bottom) & (cells[:, 3] > top)
    return met


def _glyphs(trace: Trace) -> NDArray[np.float64]:
    """When each was drawn, and the middle of its cell, of shape (n, 3); spaces apart."""
    told = [
        (span["seqno"], (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        for span in trace
        for code, _, _, box in span["chars"]
        if code not in _SPACES
    ]
    return np.array(told, np.float64).reshape(-1, 3)


def _outlines(drawings: Sequence[dict[str, Any]]) -> NDArray[np.float64]:
    """When each path was drawn, its middle, and how many lines and curves it has, of shape (n, 4)."""
    told = [
        (d["seqno"], (d["rect"].x0 + d["rect"].x1) / 2, (d["rect"].y0 + d["rect"].y1) / 2, len(d["items"]))
        for d in drawings
    ]
    return np.array(told, np.float64).reshape(-1, 4)


def _box(drawing: dict[str, Any]) -> Any | None:
    """The place of a drawing that is a dark box or a broad dark line."""
    filled, width = "f" in drawing["type"], drawing["width"] or 0.0
    colour = drawing["fill" if filled else "color"]
    if not colour or sum(colour) / len(colour) > DARK or len(drawing["items"]) > MAX_STROKES:
        return None
    place = pymupdf.Rect(drawing["rect"])
    if not filled:
        if width < MIN_HEIGHT_PT:
            return None  # a frame, or a ring around what it points out
        place += (-width / 2, -width / 2, width / 2, width / 2)
    return place if min(place.width, place.height) >= MIN_HEIGHT_PT else None


@dataclass(frozen=True, slots=True)
class _Under:
    """What a drawing may have been drawn over: glyphs and paths by their middles, pictures by their numbers."""

    glyphs: NDArray[np.float64]
    outlines: NDArray[np.float64]
    pictures: NDArray[np.intp]
    cells: Cells


def _hides(drawing: dict[str, Any], place: Any, under: _Under) -> bool:
    """Whether it was to hide what had been drawn before it: print, or, where it can be seen through, a picture, or
    print that was drawn as paths."""
    number = drawing["seqno"]
    opacity = drawing["fill_opacity" if "f" in drawing["type"] else "stroke_opacity"]
    if not opacity:
        return False
    if _inside(place, number, under.glyphs).sum() >= MIN_GLYPHS:
        return True
    if opacity >= OPAQUE:
        return False
    if under.outlines[_inside(place, number, under.outlines), 3].sum() >= MIN_OUTLINES:
        return True
    pictures = (pymupdf.Rect(*under.cells[picture]) for picture in under.pictures[under.pictures < number])
    return any((place & cell).get_area() > place.get_area() / 2 for cell in pictures)


def _inside(place: Any, number: int, told: NDArray[np.float64]) -> NDArray[np.bool_]:
    when, x, y = told[:, 0], told[:, 1], told[:, 2]
    found: NDArray[np.bool_] = (when < number) & (x > place.x0) & (x < place.x1) & (y > place.y0) & (y < place.y1)
    return found

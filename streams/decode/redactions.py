"""Redactions that a PDF brings along and that do not hold: what they should hide is in the file, or to be seen."""

from __future__ import annotations

from typing import Any, Final

import pymupdf

from detectors.geometry import Box
from detectors.pages import MAX_REDACTIONS

DARK: Final = 0.5
"""Brightness, 0 to 1, up to which a colour is meant to hide; a highlighter's yellow is meant to show."""
MIN_HEIGHT_PT: Final = 5.0
"""Lower ones are rules and underlines."""
MIN_GLYPHS: Final = 3
"""A box over fewer is a ticked box, or touches a word by chance."""
MAX_STROKES: Final = 8
"""Lines and curves of a box with round corners; signatures and logos have more."""
OPAQUE: Final = 0.95

_TEXT: Final = frozenset({"fill-text", "stroke-text"})
_PATHS: Final = frozenset({"fill-path", "stroke-path"})
_IMAGES: Final = frozenset({"fill-image", "fill-imgmask"})
_REDACT: Final = 12
"""ISO 32000-2, 12.5.6.23: content that somebody marked for removal, which nobody removed."""

Log = list[tuple[str, tuple[float, float, float, float]]]


def redactions(page: Any, dpi: float, width_px: int, height_px: int) -> tuple[Box, ...]:
    """Where they lie on the page's rendering, in its pixels: dark boxes and marker, drawn or annotated, over live text;
    see-through ones over a picture; marks for removal that were never carried out."""
    found = [annotation.rect for annotation in page.annots(types=(_REDACT,))]
    log: Log = page.get_bboxlog()
    if any(_may_hide(log, number) for number in range(len(log))):
        texts = _glyphs(page)
        found += [place for drawing in page.get_drawings() if (place := _hides(drawing, texts, log)) is not None]
    to_pixels = page.rotation_matrix * pymupdf.Matrix(dpi / 72, dpi / 72)
    places = [(place * to_pixels).normalize() for place in found]
    boxes = [Box.around(((place.x0, place.y0), (place.x1, place.y1))) for place in places]
    on_page = [inside for box in boxes if (inside := box.clipped(width_px, height_px)) is not None]
    return tuple(on_page[:MAX_REDACTIONS])


def _may_hide(log: Log, number: int) -> bool:
    """Whether a path of some height lies over something drawn before: that is quickly asked, and of few pages true."""
    kind, box = log[number]
    if kind not in _PATHS or box[3] - box[1] < MIN_HEIGHT_PT:
        return False
    area = pymupdf.Rect(box)
    return any(kind in _TEXT | _IMAGES and area.intersects(under) for kind, under in log[:number])


def _glyphs(page: Any) -> list[tuple[int, float, float]]:
    """When each was drawn, and the middle of its cell; spaces apart."""
    return [
        (span["seqno"], (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        for span in page.get_texttrace()
        for code, _, _, box in span["chars"]
        if not chr(code).isspace()
    ]


def _hides(drawing: dict[str, Any], texts: list[tuple[int, float, float]], log: Log) -> Any | None:
    """The place of a drawing that was to hide what had been drawn before it."""
    filled, width = "f" in drawing["type"], drawing["width"] or 0.0
    colour = drawing["fill" if filled else "color"]
    opacity = drawing["fill_opacity" if filled else "stroke_opacity"]
    if not colour or not opacity or sum(colour) / len(colour) > DARK or len(drawing["items"]) > MAX_STROKES:
        return None
    place = pymupdf.Rect(drawing["rect"])
    if not filled:
        if width < MIN_HEIGHT_PT:
            return None  # a frame, or a ring around what it points out
        place += (-width / 2, -width / 2, width / 2, width / 2)
    if min(place.width, place.height) < MIN_HEIGHT_PT:
        return None
    number = drawing["seqno"]
    if sum(1 for when, x, y in texts if when < number and (x, y) in place) >= MIN_GLYPHS:
        return place
    on_picture = any(kind in _IMAGES and (place & box).get_area() > place.get_area() / 2 for kind, box in log[:number])
    return place if on_picture and opacity < OPAQUE else None

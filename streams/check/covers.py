"""What may hide: boxes, broad strokes and pictures, in the order in which they were drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pymupdf

from streams.check.page import Glyph, Page

MIN_SIDE_PT: Final = 4.0
"""Thinner ones are rules."""
MAX_STROKES: Final = 12
"""Lines and curves of a box with round corners; what has more is a drawing."""
DARK: Final = 0.5
OPAQUE: Final = 0.95
NEAR_BLACK: Final = 0.4
"""Of the brightest channel of a colour that was meant to hide; a marker's blue or green is meant to show."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A box, a broad stroke or a picture. `number` says when it was drawn."""

    number: int
    box: Any
    colour: tuple[float, ...]
    """None of its channels where it is a picture."""
    opacity: float
    straight: bool = True
    """Whether all of its sides are."""


def covers(page: Page) -> Iterator[Cover]:
    """Drawn and annotated ones, then the pictures."""
    log = page.page.get_bboxlog()
    # Drawings are counted without the empty paths, whose boxes in the log are inside out; glyphs are not.
    counted = [number for number, (_, box) in enumerate(log) if box[0] <= box[2]]
    for drawing in page.page.get_drawings():
        filled, width = "f" in drawing["type"], drawing["width"] or 0.0
        colour, opacity = (
            (drawing["fill"], drawing["fill_opacity"]) if filled else (drawing["color"], drawing["stroke_opacity"])
        )
        box = pymupdf.Rect(drawing["rect"])
        if not filled:
            if width < MIN_SIDE_PT:
                continue
            box += (-width / 2, -width / 2, width / 2, width / 2)
        if colour and opacity and len(drawing["items"]) <= MAX_STROKES and min(box.width, box.height) >= MIN_SIDE_PT:
            straight = all(item[0] != "c" for item in drawing["items"])
            yield Cover(counted[min(drawing["seqno"], len(counted) - 1)], box, tuple(colour), opacity, straight)
    for number, (kind, box) in enumerate(log):
        if kind == "fill-image":
            yield Cover(number, pymupdf.Rect(box), (), 1.0)


def holds(cover: Cover, glyph: Glyph) -> bool:
    """Whether a cover that was drawn later lies over most of a glyph; of a picture or a box alike."""
    return cover.number > glyph.number and share(cover.box, pymupdf.Rect(glyph.box)) > 0.6


def share(whole: Any, part: Any) -> float:
    """How much of `part` lies within `whole`."""
    area = abs(part.get_area())
    return abs((whole & part).get_area()) / area if area and whole.intersects(part) else 0.0

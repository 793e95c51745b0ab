"""What pictures hold under what was drawn over them: who takes the picture out of the file has it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pymupdf

from streams.check.blocks import BLOCK_PT, block_levels, stretches
from streams.check.covers import DARK, NEAR_BLACK, OPAQUE, Cover, holds, share
from streams.check.finding import Found, What
from streams.check.page import PLAIN, Page, spread

PAPER: Final = 0.6
"""Share of light pixels from which a picture is a page of print, and no photograph."""
LIGHT: Final = 170
_INK: Final = 110
"""Levels from which a pixel is paper and below which it is ink, where the paper is white."""
_STROKES: Final = 3
"""So many begin in one row, or column, of print."""
_DARKEST_PAPER: Final = 100
_WITHIN: Final = 0.03
"""Share of a photograph's sides that a bar over eyes keeps away from its edges."""
_BAR: Final = 0.3
"""Share of a photograph that such a bar takes at most; of its sides 6 points at least."""
_BARS: Final = 6
_BAR_PT: Final = 6.0


def over_pictures(page: Page, covers: list[Cover]) -> Iterator[Found]:
    """Boxes over print that is part of a picture, or over eyes: who takes the picture out of the file has it all."""
    area = abs(page.page.rect.get_area())
    boxes = [c for c in covers if c.opacity >= OPAQUE and abs(c.box.get_area()) < area / 2 and _is_plain(page, c)]
    for info in page.page.get_image_info(xrefs=True) if boxes else ():
        place = pymupdf.Rect(info["bbox"])
        drawn = [c.number for c in covers if not c.colour and abs(c.box & place) > 0.9 * abs(place)]
        over = [c for c in boxes if drawn and c.number > min(drawn) and share(place, c.box) > 0.5]
        gray = _gray(page.page.parent, info["xref"]) if over and info["xref"] else None
        if gray is None:
            continue
        is_page = _is_page(gray)
        back = ~pymupdf.Matrix(info["transform"])
        hide = _is_print if is_page else _is_toned
        for cover in over if is_page else _bars(page, place, over, covers):
            written = any(g.number > cover.number and holds(cover, g) for g in page.glyphs)
            if written and (not cover.colour or max(cover.colour) > NEAR_BLACK):
                continue  # a number stamped on paper of its own
            part = (cover.box * back).normalize() * pymupdf.Matrix(gray.shape[1], gray.shape[0])
            cut = gray[max(0, int(part.y0)) : int(part.y1) + 1, max(0, int(part.x0)) : int(part.x1) + 1]
            if hide(cut):
                yield Found(What.PICTURE_UNDER_A_BOX, page.page.number, page.on_the_page(cover.box))


def _is_plain(page: Page, cover: Cover) -> bool:
    """Whether it is a box, or a picture that shows nothing."""
    if cover.colour:
        return True
    pixels = page.shown(_within(cover.box, 1, 1))
    return len(pixels) > 0 and spread(pixels) <= PLAIN // 4


def _within(box: Any, across: float, down: float) -> Any:
    return pymupdf.Rect(box.x0 + across, box.y0 + down, box.x1 - across, box.y1 - down)


def _bars(page: Page, place: Any, over: list[Cover], covers: list[Cover]) -> list[Cover]:
    """Black boxes within a photograph on which nothing was drawn: no legend, no frame, no symbols of a map."""
    rim = _within(place, _WITHIN * place.width, _WITHIN * place.height)
    black = [c for c in over if c.colour and max(c.colour) <= NEAR_BLACK and c.box in rim]

    def is_bare(cover: Cover) -> bool:
        letters = any(cover.box.intersects(pymupdf.Rect(glyph.box)) for glyph in page.glyphs)
        return not letters and not any(c.number > cover.number and c.box.intersects(cover.box) for c in covers)

    found = [
        c for c in black if min(c.box.width, c.box.height) >= _BAR_PT and abs(c.box) <= _BAR * abs(place) and is_bare(c)
    ]
    return found if len(black) <= _BARS else []


def blackened_pictures(page: Page, told: Sequence[Found]) -> Iterator[Found]:
    """Places that are black on the page and print in a picture of it, whatever made them black, but for those told."""
    shown = page.page.get_pixmap(dpi=72, colorspace=pymupdf.csGRAY, alpha=False)
    low, high = block_levels(shown)
    if not ((high < DARK * 255) & (high - low <= PLAIN)).any():
        return
    for info in page.page.get_image_info(xrefs=True):
        place = upright(page, info)
        whole = place is not None and share(place, page.page.rect) > PAPER
        if place is None or not (info["xref"] and whole) or info.get("has-mask"):
            continue
        gray = _gray(page.page.parent, info["xref"])
        if not _is_page(gray):
            continue
        for row in range(low.shape[0]):
            dark = (high[row] < DARK * 255) & (high[row] - low[row] <= PLAIN)
            for left, right in stretches(dark):
                box = pymupdf.Rect(*(side * BLOCK_PT for side in (left, row, right, row + 1)))
                if _is_print(_part(gray, place, box)) and not any(box.intersects(pymupdf.Rect(f.box)) for f in told):
                    yield Found(What.PICTURE_UNDER_A_BOX, page.page.number, (box.x0, box.y0, box.x1, box.y1))


def upright(page: Page, info: dict[str, Any]) -> Any | None:
    """Where a picture lies on the page as it is shown; None where it lies otherwise than it is in the file."""
    placed = pymupdf.Matrix(info["transform"]) * page.page.rotation_matrix
    level = abs(placed.b) + abs(placed.c) < 0.01 * (abs(placed.a) + abs(placed.d))
    return pymupdf.Rect(0, 0, 1, 1) * placed if level and placed.a > 0 and placed.d > 0 else None


def _part(gray: Any, place: Any, box: Any) -> Any:
    """What of a picture at that place lies in the box, both on the page as it is shown."""
    high, wide = gray.shape
    x, y = wide / place.width, high / place.height
    left, right = ((side - place.x0) * x for side in (box.x0, box.x1))
    top, bottom = ((side - place.y0) * y for side in (box.y0, box.y1))
    return gray[max(0, int(top)) : max(0, int(bottom)) + 1, max(0, int(left)) : max(0, int(right)) + 1]


def _is_page(gray: Any) -> bool:
    return bool((gray > LIGHT).mean() >= PAPER)


def _is_print(part: Any) -> bool:
    """Ink and paper in turns; the end of a box that is black in the picture, too, is none."""
    ink = part < _INK
    inked = bool(part.size) and 0.01 < ink.mean() < 0.7 and bool((part > LIGHT).mean() > 0.2)
    begin = ((~way[:-1] & way[1:]).sum(axis=0).max(initial=0) for way in (ink, ink.T))
    return inked and any(count >= _STROKES for count in begin)


def _is_toned(part: Any) -> bool:
    return bool(part.size) and float(np.percentile(part, 95) - np.percentile(part, 5)) > PLAIN


def _gray(document: Any, xref: int) -> Any:
    pixmap = pymupdf.Pixmap(document, xref)
    stencil = pixmap.colorspace is None
    if not stencil and (pixmap.alpha or pixmap.n != 1):
        pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(pixmap, 0) if pixmap.alpha else pixmap)
    rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    # A stencil's samples say where the ink is.
    return 255 - rows if stencil else _on_white(rows)


def _on_white(rows: Any) -> Any:
    """A page on gray paper as it would be on white; a photograph has no paper, and stays as it is."""
    counts = np.bincount(rows.ravel(), minlength=256)
    paper = int(counts[_DARKEST_PAPER:].argmax()) + _DARKEST_PAPER
    if paper > LIGHT or (np.abs(rows.astype(np.int16) - paper) <= PLAIN // 2).mean() < PAPER:
        return rows
    return np.minimum(rows.astype(np.uint16) * 255 // paper, 255).astype(np.uint8)

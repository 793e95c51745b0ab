"""What lies under the boxes, the marker and the pictures of a page.

The page's own pixels decide: a glyph that is in the file and of which nothing is to be seen. A header with light
letters on black, a highlighted line and a photograph show their letters, and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pymupdf

from detectors.visual.marks.squares import is_mosaic
from streams.check.comments import comments
from streams.check.covers import DARK, NEAR_BLACK, OPAQUE, Cover, covers, holds, share
from streams.check.finding import Found, What
from streams.check.obscured_print import obscured_print
from streams.check.ocr_layer import behind_a_scan, under_burned
from streams.check.page import PLAIN, UNNAMED, Glyph, Page, brightness, found_run, runs, spread
from streams.check.paths import over_paths
from streams.check.pictures import blackened_pictures, over_pictures
from streams.check.unseen import cropped_away, unseen

MIN_GLYPHS: Final = 3
"""Fewer touch a dark place by chance: a tick, the label of a bar."""
TIGHT_GLYPHS: Final = 2
"""Enough under a box that is made for one line: an age."""
TIGHT: Final = 3.0
"""Heights of its glyphs that such a box has at most."""
LINE: Final = 8
"""Letters that are seen beside a single one under a box."""
ALL_OF_IT: Final = 0.8
ROUGHLY: Final = 0.1
SEEN_THROUGH: Final = 0.72
"""Brightness up to which what is behind a see-through box is meant to be hidden; brighter ones are shading."""


def covered(page: Page) -> Iterator[Found]:
    """Everything on the page that is hidden without being taken away, or is not even hidden."""
    over = list(covers(page))
    yield from _under_dark(page, over)
    yield from _under_light(page, over)
    yield from behind_a_scan(page)
    yield from under_burned(page, over)
    yield from unseen(page, over)
    yield from cropped_away(page)
    yield from _see_through(page, over)
    yield from over_paths(page, over)
    boxed = list(over_pictures(page, over))
    yield from boxed
    yield from blackened_pictures(page, boxed)
    yield from obscured_print(page)
    yield from _marked(page)
    yield from comments(page)


def _under_dark(page: Page, covers: list[Cover]) -> Iterator[Found]:
    """Letters in a place that is dark all over, whatever made it dark; and those under a dark box with a label on."""
    labelled = [
        cover for cover in covers if cover.colour and max(cover.colour) <= NEAR_BLACK and cover.opacity >= OPAQUE
    ]

    def dark(glyph: Glyph) -> bool:
        middle = page.middle(glyph)
        if not len(middle) or page.is_drawn_again(glyph):
            return False
        if glyph.code == UNNAMED and not any(holds(cover, glyph) for cover in covers):
            return False  # what is no letter may well be a square
        if glyph.invisible and not any(holds(cover, glyph) for cover in covers if cover.colour):
            return False  # of an OCR layer over a scan
        if spread(middle) <= PLAIN:
            return brightness(middle) < DARK
        return any(holds(cover, glyph) and _mostly_dark(page, cover) for cover in labelled)

    def enough(run: list[Glyph]) -> bool:
        if len(run) == 1:
            return any(_is_made_for(page, cover, run[0]) for cover in labelled)
        return len(run) >= (TIGHT_GLYPHS if any(_is_tight(cover, run) for cover in covers) else MIN_GLYPHS)

    for run in runs(page.glyphs, dark):
        if enough(run):
            yield from found_run(page, What.TEXT_UNDER_A_BOX, run)


def _under_light(page: Page, covers: list[Cover]) -> Iterator[Found]:
    """Letters that were drawn to be seen, and over which something light was drawn later."""
    area = abs(page.page.rect.get_area())
    light = [
        cover for cover in covers if cover.opacity >= OPAQUE and (cover.colour or abs(cover.box.get_area()) < area / 2)
    ]

    squares: dict[int, bool] = {}

    def is_of_squares(cover: Cover) -> bool:
        if cover.number not in squares:
            squares[cover.number] = not cover.colour and is_mosaic(page.cut(cover.box).min(axis=2))
        return squares[cover.number]

    def hidden(glyph: Glyph) -> bool:
        over = [cover for cover in light if holds(cover, glyph)]
        if glyph.invisible or not over:
            return False
        middle = page.middle(glyph)
        if not len(middle) or spread(middle) > PLAIN:
            return any(map(is_of_squares, over))
        bright = brightness(middle)
        return bright >= DARK and abs(bright - glyph.gray) * 255 > PLAIN

    for run in runs(page.glyphs, hidden):
        if len(run) >= MIN_GLYPHS:
            yield from found_run(page, What.TEXT_UNDER_A_COVER, run)


def _see_through(page: Page, covers: list[Cover]) -> Iterator[Found]:
    pictures = [cover for cover in covers if not cover.colour]
    for cover in covers:
        if not cover.colour or cover.opacity >= OPAQUE or max(cover.colour) > NEAR_BLACK:
            continue
        pixels = page.shown(cover.box)
        if not len(pixels) or brightness(pixels) > SEEN_THROUGH:
            continue
        under = [glyph for glyph in page.glyphs if glyph.number < cover.number and holds(cover, glyph)]
        seen = [glyph for glyph in under if len(middle := page.middle(glyph)) and spread(middle) > PLAIN // 2]
        on_picture = any(p.number < cover.number and share(p.box, cover.box) > 0.5 for p in pictures)
        if len(seen) >= TIGHT_GLYPHS or (on_picture and spread(pixels) > PLAIN // 2):
            yield Found(What.SEE_THROUGH, page.page.number, page.on_the_page(cover.box), len(seen))


def _marked(page: Page) -> Iterator[Found]:
    for annotation in page.page.annots(types=(pymupdf.PDF_ANNOT_REDACT,)):
        under = sum(share(annotation.rect, pymupdf.Rect(glyph.box)) > 0.5 for glyph in page.glyphs)
        pictures = page.page.get_image_info()
        if under or any(abs(pymupdf.Rect(info["bbox"]) & annotation.rect) > 0 for info in pictures):
            yield Found(What.NOT_CARRIED_OUT, page.page.number, page.on_the_page(annotation.rect), under)


def _is_tight(cover: Cover, run: list[Glyph]) -> bool:
    tall = run[0].box[3] - run[0].box[1]
    return bool(cover.colour) and cover.box.height <= TIGHT * tall and all(holds(cover, glyph) for glyph in run)


def _is_made_for(page: Page, cover: Cover, glyph: Glyph) -> bool:
    """Whether a box hides one letter of a line of print: an initial, an age. A box that was ticked, a mark of a chart
    and a bubble of an answer sheet stand in no such line, or over no such letter."""
    x0, y0, x1, y1 = glyph.box
    wide, high = x1 - x0, y1 - y0
    if not glyph.level or not (chr(glyph.code).isupper() or chr(glyph.code).isdigit()) or chr(glyph.code) in "XO0":
        return False
    over = cover.number > glyph.number and cover.straight and share(cover.box, pymupdf.Rect(glyph.box)) >= ALL_OF_IT
    if not over:
        return False
    in_line = [g for g in page.glyphs if abs(g.box[1] - y0) < ROUGHLY * high and abs(g.box[3] - y1) < ROUGHLY * high]
    beside = [g for g in in_line if g is not glyph and not g.invisible and spread(page.middle(g)) > PLAIN]
    return cover.box.height <= 1.5 * high and cover.box.width <= wide + high and len(beside) >= LINE


def _mostly_dark(page: Page, cover: Cover) -> bool:
    """A box that is to be seen as it was drawn, but for what was written on it later."""
    written = any(glyph.number > cover.number and _touches(cover, glyph) for glyph in page.glyphs)
    pixels = page.shown(cover.box)
    return written and len(pixels) > 0 and float((pixels.max(axis=1) < DARK * 255).mean()) > 0.6


def _touches(cover: Cover, glyph: Glyph) -> bool:
    return bool(cover.box.intersects(pymupdf.Rect(glyph.box)))

"""What lies under the boxes, the marker and the pictures of a page.

The page's own pixels decide: a glyph that is in the file and of which nothing is to be seen. A header with light
letters on black, a highlighted line and a photograph show their letters, and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pymupdf

from streams.check.finding import Found, What
from streams.check.page import PLAIN, Glyph, Page, brightness, spread

MIN_GLYPHS: Final = 3
"""Fewer touch a dark place by chance: a tick, the label of a bar."""
TIGHT_GLYPHS: Final = 2
"""Enough under a box that is made for one line: an age."""
TIGHT: Final = 3.0
"""Heights of its glyphs that such a box has at most."""
MIN_SIDE_PT: Final = 4.0
"""Thinner ones are rules."""
MAX_STROKES: Final = 12
"""Lines and curves of a box with round corners; what has more is a drawing."""
DARK: Final = 0.5
OPAQUE: Final = 0.95
NEAR_BLACK: Final = 0.4
"""Of the brightest channel of a colour that was meant to hide; a marker's blue or green is meant to show."""
SEEN_THROUGH: Final = 0.72
"""Brightness up to which what is behind a see-through box is meant to be hidden; brighter ones are shading."""
BEHIND_A_SCAN: Final = 6
WELL_PLACED: Final = 0.9
"""Share of a scan's hidden letters that stand on ink: below it the layer is out of place, and says nothing of boxes."""
PAPER: Final = 0.6
"""Share of light pixels from which a picture is a page of print, and no photograph."""
_LIGHT, _INK = 170, 110

_HARMLESS: Final = re.compile(r"[xX0]+|redact(?:ed|ion)?|sealed|confidential|b[1-9][a-f]?", re.IGNORECASE)
"""What is put where the text was: X for each letter, a word that says so, an exemption's number."""


@dataclass(frozen=True, slots=True)
class Cover:
    """A box, a broad stroke or a picture. `number` says when it was drawn."""

    number: int
    box: Any
    colour: tuple[float, ...]
    """None of its channels where it is a picture."""
    opacity: float


def covered(page: Page) -> Iterator[Found]:
    """Everything on the page that a cover hides without taking it away, or does not even hide."""
    covers = list(_covers(page))
    yield from _under_dark(page, covers)
    yield from _under_light(page, covers)
    yield from _behind_a_scan(page)
    yield from _see_through(page, covers)
    yield from _over_pictures(page, covers)
    yield from _marked(page)


def _covers(page: Page) -> Iterator[Cover]:
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
            yield Cover(drawing["seqno"], box, tuple(colour), opacity)
    for number, (kind, box) in enumerate(page.page.get_bboxlog()):
        if kind == "fill-image":
            yield Cover(number, pymupdf.Rect(box), (), 1.0)


def _under_dark(page: Page, covers: list[Cover]) -> Iterator[Found]:
    """Letters in a place that is dark all over, whatever made it dark; and those under a dark box with a label on."""
    labelled = [
        cover for cover in covers if cover.colour and max(cover.colour) <= NEAR_BLACK and cover.opacity >= OPAQUE
    ]

    def dark(glyph: Glyph) -> bool:
        middle = page.middle(glyph)
        if not len(middle):
            return False
        if spread(middle) <= PLAIN:
            return brightness(middle) < DARK
        return any(_holds(cover, glyph) and _mostly_dark(page, cover) for cover in labelled)

    def enough(run: list[Glyph]) -> bool:
        return len(run) >= (TIGHT_GLYPHS if any(_is_tight(cover, run) for cover in covers) else MIN_GLYPHS)

    yield from _found(page, What.TEXT_UNDER_A_BOX, _runs(page.glyphs, dark), enough)


def _under_light(page: Page, covers: list[Cover]) -> Iterator[Found]:
    """Letters that were drawn to be seen, and over which something light was drawn later."""
    area = abs(page.page.rect.get_area())
    light = [
        cover for cover in covers if cover.opacity >= OPAQUE and (cover.colour or abs(cover.box.get_area()) < area / 2)
    ]

    def hidden(glyph: Glyph) -> bool:
        if glyph.invisible or not any(_holds(cover, glyph) for cover in light):
            return False
        middle = page.middle(glyph)
        if not len(middle) or spread(middle) > PLAIN:
            return False
        bright = brightness(middle)
        return bright >= DARK and abs(bright - glyph.gray) * 255 > PLAIN

    yield from _found(page, What.TEXT_UNDER_A_COVER, _runs(page.glyphs, hidden), lambda run: len(run) >= MIN_GLYPHS)


def _behind_a_scan(page: Page) -> Iterator[Found]:
    """Words of an OCR layer where the scan shows nothing at all: whitened, with the layer left as it was."""
    layer = [glyph for glyph in page.glyphs if glyph.invisible]
    if len(layer) < BEHIND_A_SCAN or not page.page.get_images():
        return

    def blank(glyph: Glyph) -> bool:
        middle = page.middle(glyph)
        return len(middle) > 0 and spread(middle) <= PLAIN // 2 and brightness(middle) >= DARK

    missing = list(_runs(layer, blank))
    if sum(map(len, missing)) > (1 - WELL_PLACED) * len(layer) + BEHIND_A_SCAN * 4:
        return
    yield from _found(page, What.TEXT_BEHIND_A_SCAN, iter(missing), lambda run: len(run) >= BEHIND_A_SCAN)


def _see_through(page: Page, covers: list[Cover]) -> Iterator[Found]:
    pictures = [cover for cover in covers if not cover.colour]
    for cover in covers:
        if not cover.colour or cover.opacity >= OPAQUE or max(cover.colour) > NEAR_BLACK:
            continue
        pixels = page.shown(cover.box)
        if not len(pixels) or brightness(pixels) > SEEN_THROUGH:
            continue
        under = [glyph for glyph in page.glyphs if glyph.number < cover.number and _holds(cover, glyph)]
        seen = [glyph for glyph in under if len(middle := page.middle(glyph)) and spread(middle) > PLAIN // 2]
        on_picture = any(p.number < cover.number and _share(p.box, cover.box) > 0.5 for p in pictures)
        if len(seen) >= TIGHT_GLYPHS or (on_picture and spread(pixels) > PLAIN // 2):
            yield Found(What.SEE_THROUGH, page.page.number, page.on_the_page(cover.box), len(seen))


def _over_pictures(page: Page, covers: list[Cover]) -> Iterator[Found]:
    """Boxes over print that is part of a picture: who takes the picture out of the file has it all."""
    area = abs(page.page.rect.get_area())
    boxes = [c for c in covers if c.colour and c.opacity >= OPAQUE and abs(c.box.get_area()) < area / 2]
    for info in page.page.get_image_info(xrefs=True) if boxes else ():
        place = pymupdf.Rect(info["bbox"])
        drawn = [c.number for c in covers if not c.colour and abs(c.box & place) > 0.9 * abs(place)]
        over = [c for c in boxes if drawn and c.number > min(drawn) and _share(place, c.box) > 0.5]
        gray = _gray(page.page.parent, info["xref"]) if over and info["xref"] else None
        if gray is None or (gray > _LIGHT).mean() < PAPER:
            continue
        back = ~pymupdf.Matrix(info["transform"])
        for cover in over:
            written = any(g.number > cover.number and _holds(cover, g) for g in page.glyphs)
            if written and max(cover.colour) > NEAR_BLACK:
                continue  # a number stamped on paper of its own
            part = (cover.box * back).normalize() * pymupdf.Matrix(gray.shape[1], gray.shape[0])
            cut = gray[max(0, int(part.y0)) : int(part.y1) + 1, max(0, int(part.x0)) : int(part.x1) + 1]
            if cut.size and 0.01 < (cut < _INK).mean() < 0.7 and (cut > _LIGHT).mean() > 0.2:
                yield Found(What.PICTURE_UNDER_A_BOX, page.page.number, page.on_the_page(cover.box))


def _marked(page: Page) -> Iterator[Found]:
    for annotation in page.page.annots(types=(pymupdf.PDF_ANNOT_REDACT,)):
        under = sum(_share(annotation.rect, pymupdf.Rect(glyph.box)) > 0.5 for glyph in page.glyphs)
        pictures = page.page.get_image_info()
        if under or any(abs(pymupdf.Rect(info["bbox"]) & annotation.rect) > 0 for info in pictures):
            yield Found(What.NOT_CARRIED_OUT, page.page.number, page.on_the_page(annotation.rect), under)


def _runs(glyphs: Iterable[Glyph], hidden: Callable[[Glyph], bool]) -> Iterator[list[Glyph]]:
    """Hidden glyphs that follow one another in one line."""
    run: list[Glyph] = []
    for glyph in glyphs:
        is_hidden = hidden(glyph)
        if run and not (is_hidden and _same_line(run[-1], glyph)):
            yield run
            run = []
        if is_hidden:
            run.append(glyph)
    if run:
        yield run


def _found(
    page: Page, what: What, runs: Iterator[list[Glyph]], enough: Callable[[list[Glyph]], bool]
) -> Iterator[Found]:
    for run in runs:
        text = "".join(chr(glyph.code) for glyph in run)
        if enough(run) and not _HARMLESS.fullmatch(text):
            box = pymupdf.Rect(run[0].box)
            for glyph in run[1:]:
                box |= pymupdf.Rect(glyph.box)
            yield Found(what, page.page.number, page.on_the_page(box), len(run))


def _same_line(one: Glyph, other: Glyph) -> bool:
    a, b = (one.box[1], one.box[3]), (other.box[1], other.box[3])
    if not one.level:
        a, b = (one.box[0], one.box[2]), (other.box[0], other.box[2])
    return min(a[1], b[1]) - max(a[0], b[0]) > 0.4 * min(a[1] - a[0], b[1] - b[0])


def _holds(cover: Cover, glyph: Glyph) -> bool:
    """Whether a cover that was drawn later lies over most of a glyph; of a picture or a box alike."""
    return cover.number > glyph.number and _share(cover.box, pymupdf.Rect(glyph.box)) > 0.6


def _is_tight(cover: Cover, run: list[Glyph]) -> bool:
    tall = run[0].box[3] - run[0].box[1]
    return bool(cover.colour) and cover.box.height <= TIGHT * tall and all(_holds(cover, glyph) for glyph in run)


def _mostly_dark(page: Page, cover: Cover) -> bool:
    """A box that is to be seen as it was drawn, but for what was written on it later."""
    written = any(glyph.number > cover.number and _touches(cover, glyph) for glyph in page.glyphs)
    pixels = page.shown(cover.box)
    return written and len(pixels) > 0 and float((pixels.max(axis=1) < DARK * 255).mean()) > 0.6


def _touches(cover: Cover, glyph: Glyph) -> bool:
    return bool(cover.box.intersects(pymupdf.Rect(glyph.box)))


def _share(whole: Any, part: Any) -> float:
    """How much of `part` lies within `whole`."""
    area = abs(part.get_area())
    return abs((whole & part).get_area()) / area if area and whole.intersects(part) else 0.0


def _gray(document: Any, xref: int) -> Any:
    pixmap = pymupdf.Pixmap(document, xref)
    stencil = pixmap.colorspace is None
    if not stencil and (pixmap.alpha or pixmap.n != 1):
        pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(pixmap, 0) if pixmap.alpha else pixmap)
    rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    # A stencil's samples say where the ink is.
    return 255 - rows if stencil else rows

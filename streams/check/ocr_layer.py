"""The words that an OCR program left under a scan, where the scan does not show them any more.

Of a black box that was there before the program came it makes words, too: few letters, much alike, as wide as the box,
or one word of the box and the print beside it. Such words are no leftovers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

import pymupdf

from streams.check.covers import DARK, Cover, holds, share
from streams.check.finding import Found, What
from streams.check.page import PLAIN, Glyph, Page, brightness, found_run, runs, spread, words

MISSING: Final = 6
WELL_PLACED: Final = 0.9
"""Share of a scan's hidden letters that stand on ink: below it the layer is out of place, and says nothing of boxes."""
LEFT: Final = 5
DIFFERENT: Final = 4
"""Letters, and different ones, of what was there before the box."""
_AS_WIDE: Final = (0.6, 1.7)
"""Width of its letters over that of all letters of the layer."""


def behind_a_scan(page: Page) -> Iterator[Found]:
    """Words of an OCR layer where the scan shows nothing at all: whitened, with the layer left as it was."""
    scans = [pymupdf.Rect(info["bbox"]) for info in page.page.get_image_info()]
    layer = [g for g in page.glyphs if g.invisible and any(share(scan, pymupdf.Rect(g.box)) > 0.5 for scan in scans)]
    if len(layer) < MISSING:
        return

    def blank(glyph: Glyph) -> bool:
        cell = page.shown(glyph.box)  # all of it: beside a word that is out of place there is ink above or below
        return len(cell) > 0 and spread(cell) <= PLAIN // 2 and brightness(cell) >= DARK

    missing = list(runs(layer, blank))
    if sum(map(len, missing)) > (1 - WELL_PLACED) * len(layer) + MISSING * 4:
        return
    for run in missing:
        if len(run) >= MISSING:
            yield from found_run(page, What.TEXT_BEHIND_A_SCAN, run)


def under_burned(page: Page, covers: Sequence[Cover]) -> Iterator[Found]:
    """Words of the layer, whole, in a place that is black in the scan itself."""
    layer = [g for g in page.glyphs if g.invisible and not any(holds(cover, g) for cover in covers if cover.colour)]

    def dark(glyph: Glyph) -> bool:
        middle = page.middle(glyph)
        return len(middle) > 0 and spread(middle) <= PLAIN and brightness(middle) < DARK

    burned = {id(glyph) for word in words(layer) if all(map(dark, word)) for glyph in word}
    if not burned:
        return
    typical = median(g.box[2] - g.box[0] if g.level else g.box[3] - g.box[1] for g in layer)
    for run in runs(layer, lambda glyph: id(glyph) in burned):
        wide = median(g.box[2] - g.box[0] if g.level else g.box[3] - g.box[1] for g in run) / max(typical, 1e-6)
        if (
            len(run) >= LEFT
            and len({chr(glyph.code).casefold() for glyph in run}) >= DIFFERENT
            and _AS_WIDE[0] <= wide <= _AS_WIDE[1]
        ):
            yield from found_run(page, What.TEXT_UNDER_A_BOX, run)

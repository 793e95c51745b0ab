"""Print that a drawing program wrote as paths, under a black box: no text that could be searched, and all there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pymupdf

from streams.check.covers import DARK, NEAR_BLACK, OPAQUE, Cover, share
from streams.check.finding import Found, What
from streams.check.page import PLAIN, Page, brightness, spread

MIN_STROKES: Final = 5
"""Lines and curves of a letter; a tick, an arrow and a cell of a grid have fewer."""
MIN_LETTERS: Final = 4
TALL: Final = 4.0
"""Heights of its letters that a box over a line has at most: a larger shape is part of a drawing."""


def over_paths(page: Page, covers: Sequence[Cover]) -> Iterator[Found]:
    """Boxes over a line of small paths that were drawn before them, and of which nothing is to be seen."""
    black = [c for c in covers if c.colour and max(c.colour) <= NEAR_BLACK and c.opacity >= OPAQUE]
    letters = [
        (drawing["seqno"], pymupdf.Rect(drawing["rect"]))
        for drawing in (page.page.get_drawings() if black else ())
        if "f" in drawing["type"] and len(drawing["items"]) >= MIN_STROKES
    ]
    for cover in black:
        under = [box for number, box in letters if number < cover.number and share(cover.box, box) > 0.8]
        line = [box for box in under if cover.box.height <= TALL * box.height and box.width <= 2 * box.height]
        pixels = page.shown(cover.box)
        if len(line) >= MIN_LETTERS and len(pixels) and spread(pixels) <= PLAIN and brightness(pixels) < DARK:
            yield Found(What.PATHS_UNDER_A_BOX, page.page.number, page.on_the_page(cover.box))

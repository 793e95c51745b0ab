"""A notice on each page of a copy: a strip of paper below the page with a text in print, in pixels as the page is.

42 CFR 2.32(a) has a statement accompany each disclosure; on every page it also accompanies one that is passed on alone.
The page only grows: nothing of it is covered or moved. A picture's strip depends on the page's width and nothing else,
for what a file says of its resolution may be wrong: whoever knows the width can make the strip again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from detectors.pages import PageRaster, Pixels

LETTER_SHARE: Final = 68
"""The page's width over this is the size of the print: 9 points where the page is letter paper."""
LEAST_LETTER_PX: Final = 20
"""Below it, on scans of less than 160 dpi, engines misread print; two lines hold the text of 2.32(a)(2) at 80 dpi."""
PAPER: Final = 255
INK: Final = 0
BILEVEL: Final = 128
GAP: Final = "  "
"""The face's own space is narrow enough for an engine to join two words."""


def under(page: PageRaster, text: str) -> PageRaster:
    """The page with the notice below it; wider, too, where it is narrower than a word of the text."""
    below = strip(text, page.width)
    height, width = page.height + below.shape[0], below.shape[1]
    pixels = np.full((height, width, *page.pixels.shape[2:]), PAPER, np.uint8)
    pixels[: page.height, : page.width] = page.pixels
    pixels[page.height :] = below if pixels.ndim == 2 else below[:, :, None]
    return PageRaster(pixels, page.dpi, page.bilevel, page.lossy)


@lru_cache(maxsize=32)
def strip(text: str, page_width: int) -> Pixels:
    """What stands below a page of this width: gray of shape (height, width), only black and white.

    The width is the page's, or what the longest word needs.
    """
    size = max(LEAST_LETTER_PX, page_width // LETTER_SHARE)
    font = ImageFont.load_default(size)
    margin = size
    room = max(page_width - 2 * margin, *(int(font.getlength(word)) + 1 for word in text.split()))
    lines = _broken(text, font, room)
    step = size + size // 2
    drawn = Image.new("L", (max(page_width, room + 2 * margin), 2 * margin + step * len(lines)), PAPER)
    for number, line in enumerate(lines):
        ImageDraw.Draw(drawn).text((margin, margin + number * step), line, INK, font)
    pixels = np.where(np.asarray(drawn) < BILEVEL, INK, PAPER).astype(np.uint8)
    pixels.setflags(write=False)
    return pixels


def _broken(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, room: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(lines[-1] + GAP + word) <= room:
            lines[-1] += GAP + word
        else:
            lines.append(word)
    return lines

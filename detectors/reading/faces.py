"""The standard faces, drawn by the house itself: a glyph that looks like its letter there needs no engine to read it.

Most born-digital records are set in Helvetica, Times or Courier, or in faces that were cut to stand in for them. The
drawings are MuPDF's own cuts of these (URW, AGPL with its font exception); nothing of a document enters them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pymupdf
from numpy.typing import NDArray

FACES: Final = ("helv", "hebo", "heit", "hebi", "tiro", "tibo", "tiit", "tibi", "cour", "cobo", "coit", "cobi")
"""As PyMuPDF names them: regular, bold, italic and both."""
CHARACTERS: Final = "".join(map(chr, range(0x21, 0x7F)))
SAME_WIDTH: Final = 0.02
"""Share of the size by which a glyph's width may be off its letter's."""
FITTING_SHARE: Final = 0.3
"""Of a page's glyphs at one size; widths of single letters agree by chance."""
_COLUMNS: Final = 16
_EIGHTHS: Final = 8
"""Sizes are drawn to an eighth of a pixel."""
_SHEETS_HELD: Final = 96
"""Drawings of one face at one size; each takes some 200 KB."""

Picture = NDArray[np.uint8]


def fitting(glyphs: Iterable[tuple[str, float, float]]) -> tuple[str, ...]:
    """The faces that enough of these glyphs (character, size, width, in pixels) have the width of."""
    known = [(c, size, width) for c, size, width in glyphs if len(c) == 1 and c in CHARACTERS]
    return tuple(name for name in FACES if sum(_fits(name, *glyph) for glyph in known) > FITTING_SHARE * len(known))


def drawings(
    faces: Iterable[str], character: str, size_px: float, width_px: float, up: int, height: int
) -> list[Picture]:
    """The character in each of these faces that gives it this width at this size, set on whole pixels: windows of
    `height` rows, `up` of them above the base line, as wide as the width rounds to."""
    if len(character) != 1 or character not in CHARACTERS:
        return []
    across = max(round(width_px), 1)
    found = []
    for name in faces:
        if _fits(name, character, size_px, width_px):
            sheet, cell, base = _sheet(name, round(size_px * _EIGHTHS))
            row, column = divmod(CHARACTERS.index(character), _COLUMNS)
            left, top = column * cell + cell // 4, row * cell + base - up
            if top >= 0:
                found.append(sheet[top : top + height, left : left + across])
    return found


def _fits(name: str, character: str, size_px: float, width_px: float) -> bool:
    return abs(_advance(name, character) * size_px - width_px) <= SAME_WIDTH * size_px


@lru_cache(maxsize=len(FACES))
def _font(name: str) -> Any:
    return pymupdf.Font(name)


@lru_cache(maxsize=len(FACES) * len(CHARACTERS))
def _advance(name: str, character: str) -> float:
    return float(_font(name).glyph_advance(ord(character)))


@lru_cache(maxsize=_SHEETS_HELD)
def _sheet(name: str, eighths: int) -> tuple[Picture, int, int]:
    """All characters in rows of square cells: the gray sheet, a cell's side, and the base line within a cell."""
    size = eighths / _EIGHTHS
    cell = math.ceil(1.6 * size) + 4
    base = math.ceil(1.1 * size) + 2
    height = math.ceil(len(CHARACTERS) / _COLUMNS) * cell
    set_at = [f"BT /{name} {size} Tf"]
    for place, character in enumerate(CHARACTERS):
        row, column = divmod(place, _COLUMNS)
        # PDF counts from the bottom, and a string's own brackets and backslashes are escaped by octal numbers.
        set_at.append(
            f"1 0 0 1 {column * cell + cell // 4} {height - row * cell - base} Tm (\\{ord(character):03o}) Tj"
        )
    with pymupdf.open() as document:
        page = document.new_page(width=_COLUMNS * cell, height=height)
        page.insert_font(fontname=name)
        page.insert_text((0, 0), " ", fontname=name)
        document.update_stream(page.get_contents()[0], "\n".join([*set_at, "ET"]).encode())
        pixmap = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False)
        pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        return pixels[:, : pixmap.width].copy(), cell, base

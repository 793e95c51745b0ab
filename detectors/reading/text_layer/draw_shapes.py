"""Draws the table of shapes: `python -m detectors.reading.text_layer.draw_shapes FOLDER`.

FOLDER holds TrueType files named `family-….ttf`, of `FAMILIES` the regular, bold, italic and bold italic cuts (SIL Open
Font License 1.1; DejaVu: Bitstream Vera). MuPDF's Helvetica, Times and Courier (URW, AGPL with its font exception) are
drawn beside them. Shapes of a letter that hardly differ are kept once.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from unicodedata import decomposition

import numpy as np
import pymupdf

from detectors.reading.text_layer.shapes import LEVELS, TABLE, Shapes, normal, waves

FAMILIES: Final = (
    *("arimo", "caladea", "carlito", "cousine", "dejavu", "ibm-plex-sans", "inter", "lato", "libre-franklin"),
    *("merriweather", "pt-sans", "roboto", "roboto-mono", "source-code-pro", "source-sans-3", "source-serif-4"),
    "tinos",
)
"""None that measures the product may be among them."""
STANDARD: Final = ("helv", "hebo", "heit", "hebi", "tiro", "tibo", "tiit", "tibi", "cour", "cobo", "coit", "cobi")
"""As PyMuPDF names them: regular, bold, italic and both."""
DRAWN: Final = (*range(0x21, 0x7F), *map(ord, "¡æøœßłÆØŒŁ"), *(c for c in range(0xC0, 0x180) if decomposition(chr(c))))
"""Rare letters that are common ones with a bar would keep those from being sure."""
SIZE_PX: Final = 28
"""Ten points at 200 dpi."""
APART: Final = 0.008
"""Squared distance under which two shapes are one."""
_COLUMNS: Final = 16


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    folder = arguments.parse_args().folder
    files = [file for family in FAMILIES for file in sorted(folder.glob(f"{family}-[!m]*.ttf"))]
    fonts = [*map(pymupdf.Font, STANDARD), *(pymupdf.Font(fontfile=str(file)) for file in files)]
    by_code: dict[int, list[Shapes]] = {code: [] for code in DRAWN}
    for font in fonts:
        for code, shape in _drawn(font):
            by_code[code].append(shape)
    kept = [(code, shape) for code, shapes in by_code.items() for shape in _apart(shapes)]
    packed = np.stack([np.rint(shape.clip(0, 1) * LEVELS) for _, shape in kept]).astype(np.uint8)
    np.savez_compressed(TABLE, codes=np.array([code for code, _ in kept], np.uint16), shapes=packed)


def _drawn(font: Any) -> Iterator[tuple[int, Shapes]]:
    """The shapes that the font has."""
    codes = [code for code in DRAWN if font.has_glyph(code)]
    cell = 2 * SIZE_PX
    with pymupdf.open() as document:
        page = document.new_page(width=_COLUMNS * cell, height=math.ceil(len(codes) / _COLUMNS) * cell)
        writer = pymupdf.TextWriter(page.rect)
        for place, code in enumerate(codes):
            row, column = divmod(place, _COLUMNS)
            pen = (column * cell + cell // 4, row * cell + 1.4 * SIZE_PX)
            writer.append(pen, chr(code), font=font, fontsize=SIZE_PX)
        writer.write_text(page)
        pixmap = page.get_pixmap(colorspace=pymupdf.csGRAY, alpha=False)
        pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        ink = np.asarray((255 - pixels[:, : pixmap.width]) / 255, np.float32)
    for place, code in enumerate(codes):
        row, column = divmod(place, _COLUMNS)
        shape = normal(ink[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell])
        if shape is not None:
            yield code, shape


def _apart(shapes: list[Shapes]) -> list[Shapes]:
    kept: list[Shapes] = []
    vectors: list[Shapes] = []
    for shape, vector in zip(shapes, waves(np.stack(shapes)) if shapes else (), strict=True):
        if not vectors or float((2 - 2 * (np.stack(vectors) @ vector)).min()) > APART:
            kept.append(shape)
            vectors.append(vector)
    return kept


if __name__ == "__main__":
    main()

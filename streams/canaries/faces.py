"""Fonts and the exact ink of their letters, measured on a rendering because font tables overstate it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pymupdf

_EM_PX = 64
_CELL_PX = 160
_COLUMNS = 16
_INK_BELOW = 250
"""Any pixel darker than nearly white is ink: the faintest edge counts."""
ACCENTED = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþĆćČčĖėĞğıŁłŇňŞşŠšŽž"
"""The accented letters that the name and place lists may use: each font has them all."""
_MEASURED = "".join(map(chr, range(0x21, 0x7F))) + ACCENTED

FAMILIES: dict[str, tuple[str, str]] = {
    # family: (regular, bold) as PyMuPDF and pymupdf-fonts name them
    "helvetica": ("helv", "hebo"), "times": ("tiro", "tibo"), "courier": ("cour", "cobo"),
    "fira": ("figo", "figbo"), "ubuntu-mono": ("ubuntm", "ubuntmbo"), "ubuntu": ("ubuntu", "ubuntubo"),
    "cascadia": ("cascadia", "cascadiab"), "noto": ("notos", "notosbo"),
}  # fmt: skip

Ink = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font: `ink` holds each letter's ink in ems relative to its pen position, y growing downward."""

    font: Any
    ink: dict[str, Ink]
    advance: dict[str, float]

    def width(self, text: str, size: float) -> float:
        return size * sum(self.advance[char] for char in text)

    def bounds(self, text: str, x: float, baseline: float, size: float) -> Ink:
        """The ink of a text set at a pen position, in the same unit as the size."""
        boxes = []
        for char in text:
            left, top, right, bottom = self.ink[char]
            boxes.append((x + size * left, baseline + size * top, x + size * right, baseline + size * bottom))
            x += size * self.advance[char]
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


@lru_cache(maxsize=32)
def face(name: str) -> Face:
    """The face of a PyMuPDF font name, measured once a process."""
    font = pymupdf.Font(name)
    rows = -(-len(_MEASURED) // _COLUMNS)
    with pymupdf.open() as document:
        page = document.new_page(width=_COLUMNS * _CELL_PX, height=rows * _CELL_PX)
        writer = pymupdf.TextWriter(page.rect)
        for index, char in enumerate(_MEASURED):
            writer.append(_pen(index), char, font=font, fontsize=_EM_PX)
        writer.write_text(page)
        pixmap = page.get_pixmap(colorspace=pymupdf.csGRAY)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
    ink, advance = {}, {}
    for index, char in enumerate(_MEASURED):
        pen_x, pen_y = _pen(index)
        row, column = divmod(index, _COLUMNS)
        cell = pixels[row * _CELL_PX : (row + 1) * _CELL_PX, column * _CELL_PX : (column + 1) * _CELL_PX] < _INK_BELOW
        ys, xs = np.flatnonzero(cell.any(axis=1)), np.flatnonzero(cell.any(axis=0))
        advance[char] = float(font.glyph_advance(ord(char)))
        if len(ys) == 0:
            ink[char] = (0.0, -0.01, advance[char], 0.0)
            continue
        left, right = column * _CELL_PX + int(xs[0]) - pen_x, column * _CELL_PX + int(xs[-1]) + 1 - pen_x
        top, bottom = row * _CELL_PX + int(ys[0]) - pen_y, row * _CELL_PX + int(ys[-1]) + 1 - pen_y
        ink[char] = (left / _EM_PX, top / _EM_PX, right / _EM_PX, bottom / _EM_PX)
    return Face(font, ink, advance)


def _pen(index: int) -> tuple[int, int]:
    row, column = divmod(index, _COLUMNS)
    return column * _CELL_PX + _CELL_PX // 4, row * _CELL_PX + 2 * _CELL_PX // 3

"""Pages with identifiers in print that is hard to see, and the pixels that the identifiers' ink and its rim take: the
labels before them may stay where they were read.

Each class once left an identifier in a released copy: print too small for the scale at which ink is counted, colours
as bright as their ground, pale ink, dark on dark, blocks that lean against their page.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image
from sheet import LINES

Colour = tuple[int, int, int]
Raster = NDArray[np.uint8]
Truth = NDArray[np.bool_]
Built = tuple[bytes, Truth]

PLANTED: Final = ("Patient: Quenby Starkweather", "DOB: 03/14/1962  SSN 521-48-9032", "Phone (307) 555-0184")
LABELS: Final = frozenset({"Patient:", "DOB:", "SSN", "Phone"})
WHITE: Final = (255, 255, 255)
RIM_PX: Final = 3
"""Pixels around the letters that belong to the truth: as paper they are not black before a burn."""


@dataclass(frozen=True, slots=True)
class HardPrint:
    name: str
    build: Callable[[], Built]


def letters(lines: tuple[str, ...], size_px: float, left_out: frozenset[str] = frozenset()) -> Raster:
    """Coverage (0 to 255) of lines of print, some words left out of it where they stand."""
    high, wide = round(size_px * 1.8 * len(lines)) + 4, round(size_px * 0.62 * max(map(len, lines))) + 8
    with pymupdf.open() as document:
        page = document.new_page(width=wide, height=high)
        for row, line in enumerate(lines):
            page.insert_text((2, size_px * (1.2 + 1.8 * row)), line, fontsize=size_px)
        pixmap = page.get_pixmap(dpi=72, colorspace=pymupdf.csGRAY)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
        cover = np.asarray(255 - rows, np.uint8)
        for x0, y0, x1, y1, word, *_ in page.get_text("words"):
            if word in left_out:
                cover[max(int(y0), 0) : ceil(y1), max(int(x0), 0) : ceil(x1)] = 0
    return cover


def planted(size_px: float) -> tuple[Raster, Raster]:
    """Coverage of the planted lines, and of the identifiers in them."""
    return letters(PLANTED, size_px), letters(PLANTED, size_px, LABELS)


def inked(page: Raster, cover: Raster, at: tuple[int, int], colour: Colour, telling: Raster | None = None) -> Truth:
    """Prints on the page; where the ink and its rim are, or those of the telling part of it."""
    x, y = at
    high, wide = cover.shape
    part = page[y : y + high, x : x + wide].astype(float)
    share = cover[:, :, None] / 255.0
    page[y : y + high, x : x + wide] = np.round(part * (1 - share) + np.array(colour) * share).astype(np.uint8)
    truth = np.zeros(page.shape[:2], np.uint8)
    truth[y : y + high, x : x + wide] = (cover if telling is None else telling) > 64
    reach = 2 * RIM_PX + 1
    return np.asarray(cv2.dilate(truth, np.ones((reach, reach), np.uint8)), bool)


def sheet(size: tuple[int, int], print_px: float, rows: int) -> Raster:
    """A white page with lines of plain clinical print from its top."""
    page = np.full((size[1], size[0], 3), 255, np.uint8)
    plain = letters(tuple(LINES[i % len(LINES)] for i in range(rows)), print_px)
    inked(page, plain, (size[0] // 16, size[1] // 24), (0, 0, 0))
    return page


def png(page: Raster, dpi: int = 150) -> bytes:
    out = io.BytesIO()
    Image.fromarray(page).save(out, "png", dpi=(dpi, dpi))
    return out.getvalue()


def coloured(ink: Colour, ground: Colour = WHITE) -> Callable[[], Built]:
    def build() -> Built:
        page = sheet((1240, 1754), 24, 24)
        page[1380:1640, 60:1180] = ground
        lines, values = planted(26)
        truth = inked(page, lines, (90, 1420), ink, values)
        return png(page), truth

    return build


def small(dpi: int, size_px: float) -> Callable[[], Built]:
    def build() -> Built:
        page = sheet((round(8.5 * dpi), 11 * dpi), dpi / 6, 12)
        lines, values = planted(size_px)
        truth = inked(page, lines, (dpi // 2, 6 * dpi), (0, 0, 0), values)
        return png(page, dpi), truth

    return build


def watermark() -> Built:
    page = sheet((1240, 1754), 24, 24)
    cover = letters(("STARKWEATHER",), 150)
    high, wide = cover.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), 35, 1.0)
    turn[:, 2] += (560 - wide / 2, 500 - high / 2)
    turned = np.asarray(cv2.warpAffine(cover, turn, (1120, 1000)), np.uint8)
    truth = inked(page, turned, (60, 300), (215, 215, 215))
    return png(page), truth


def leaning(degrees: float, framed: bool = False) -> Callable[[], Built]:
    def build() -> Built:
        page = sheet((1240, 1754), 24, 22)
        around = (20, 20, 20, 20, cv2.BORDER_CONSTANT)
        label, values = (np.asarray(cv2.copyMakeBorder(part, *around, value=0)) for part in planted(24))
        frame = np.zeros_like(label)
        if framed:
            cv2.rectangle(frame, (0, 0), (frame.shape[1] - 2, frame.shape[0] - 2), 255, 3)
        high, wide = label.shape
        turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
        turn[:, 2] += (400 - wide / 2, 200 - high / 2)
        parts = (label, values, frame)
        lines, telling, border = (np.asarray(cv2.warpAffine(part, turn, (800, 400)), np.uint8) for part in parts)
        inked(page, border, (300, 1260), (0, 0, 0))
        truth = inked(page, lines, (300, 1260), (0, 0, 0), telling)
        return png(page), truth

    return build


CASES = (
    HardPrint("3 point print at 600 dpi", small(600, 18)),
    HardPrint("2.4 point print at 400 dpi", small(400, 13)),
    HardPrint("2.2 point print at 200 dpi", small(200, 6.1)),
    HardPrint("green on red of equal luma", coloured((82, 168, 110), (230, 100, 100))),
    HardPrint("yellow", coloured((255, 255, 120))),
    HardPrint("amber", coloured((255, 235, 90))),
    HardPrint("pale blue", coloured((190, 225, 255))),
    HardPrint("pale gray", coloured((225, 225, 225))),
    HardPrint("light gray", coloured((210, 210, 210))),
    HardPrint("watermark", watermark),
    HardPrint("45 on black", coloured((45, 45, 45), (0, 0, 0))),
    HardPrint("60 on 10", coloured((60, 60, 60), (10, 10, 10))),
    HardPrint("85 on 40", coloured((85, 85, 85), (40, 40, 40))),
    *(HardPrint(f"block at {degrees} degrees", leaning(degrees)) for degrees in (5, 7, -7, 12)),
    HardPrint("label at 20 degrees", leaning(20, framed=True)),
)

"""What is given to the product and what is known of it: pages as files, and the ink that was planted on them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import cv2
import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from detectors.geometry import Box, Quad
from detectors.pages import Pixels

Mask = NDArray[np.bool_]
Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
DPI = 150
WIDTH_PX, HEIGHT_PX = 1275, 1650
"""A letter page at `DPI`."""
COVER = 64
"""Coverage, of 255, from which a pixel belongs to a letter."""
RIM_PX = 2
"""Pixels around the strokes that belong to a plant: as paper they are not black before a burn."""

CLINICAL = (
    "Chief complaint: shortness of breath on exertion for two weeks.",
    "Past medical history: hypertension and asthma, both well controlled.",
    "Blood pressure 138/82, heart rate 76, temperature 98.6.",
    "Lungs are clear to auscultation and the abdomen is soft.",
    "Medications: metformin 500 mg twice daily, lisinopril 10 mg.",
    "Plan: low sodium diet, more exercise, and return in three months.",
)


@dataclass(frozen=True, slots=True)
class Plant:
    """Something that must not stay on the page: `ink` are the pixels of its strokes and their rim within `box`."""

    name: str
    box: Box
    ink: Mask = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as a file. `words` are regions of clean words, in source pixels."""

    name: str
    content: bytes = field(repr=False)
    plants: tuple[Plant, ...]
    words: tuple[Quad, ...] = ()


def seeded(name: str) -> Random:
    """The same numbers for the same name."""
    return Random(name)  # noqa: S311


def blank(colour: Colour = WHITE, width: int = WIDTH_PX, height: int = HEIGHT_PX) -> Pixels:
    page: Pixels = np.empty((height, width, 3), np.uint8)
    page[:] = colour
    return page


def letters(
    lines: Sequence[str], size_px: float, font: str = "helv", leading: float = 1.8, *, values: bool = False
) -> Pixels:
    """Coverage (0 to 255) of lines of print; `font` is a PyMuPDF font or the path of a font file.

    With `values` a label that ends in a colon is left out, and what follows stays where it was.
    """
    face = pymupdf.Font(fontfile=font) if "/" in font else pymupdf.Font(font)
    wide = round(max(face.text_length(line, size_px) for line in lines) + size_px) + 8
    high = round(size_px * (leading * len(lines) + 0.6)) + 4
    with pymupdf.open() as document:
        page = document.new_page(width=wide, height=high)
        writer = pymupdf.TextWriter(page.rect)
        for row, line in enumerate(lines):
            label = line[: line.rfind(": ") + 2] if values and ": " in line else ""
            left = size_px / 2 + face.text_length(label, size_px)
            at = (left, size_px * (1.2 + leading * row))
            writer.append(at, line.removeprefix(label), font=face, fontsize=size_px)
        writer.write_text(page)
        pixmap = page.get_pixmap(dpi=72, colorspace=pymupdf.csGRAY)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    return np.asarray(255 - rows, np.uint8)


def inked(page: Pixels, cover: Pixels, at: tuple[int, int], colour: Colour = (0, 0, 0)) -> Mask:
    """Prints on the page, cut at its edges; the pixels of the strokes, in the frame of the page."""
    x, y = at
    part = page[y : y + cover.shape[0], x : x + cover.shape[1]]
    cover = cover[: part.shape[0], : part.shape[1]]
    share = cover[:, :, None] / 255.0
    part[:] = np.round(part * (1 - share) + np.array(colour) * share).astype(np.uint8)
    return strokes(page, cover, at)


def strokes(page: Pixels, cover: Pixels, at: tuple[int, int]) -> Mask:
    """Where these strokes would lie on the page."""
    x, y = at
    ink = np.zeros(page.shape[:2], bool)
    part = ink[y : y + cover.shape[0], x : x + cover.shape[1]]
    part[:] = cover[: part.shape[0], : part.shape[1]] > COVER
    return ink


def plant(name: str, drawn: Mask, rim_px: int = RIM_PX) -> Plant:
    """The plant of these strokes and their rim. Raises ValueError where there is none: it would show nothing."""
    reach = 2 * rim_px + 1
    ink = cv2.dilate(drawn.astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        raise ValueError(f"{name}: nothing was planted")
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Plant(name, box, ink[box.top : box.bottom, box.left : box.right].copy())


def clinical(page: Pixels, top: int = 90, rows: int = 12, size_px: float = 23) -> None:
    """Lines of plain clinical print, so that the engine finds a page and not a picture."""
    lines = [CLINICAL[row % len(CLINICAL)] for row in range(rows)]
    inked(page, letters(lines, size_px), (90, top))


def turned(cover: Pixels, degrees: float) -> Pixels:
    """Coverage turned clockwise on a canvas that loses nothing."""
    height, width = cover.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(width * cos + height * sin) + 2, int(width * sin + height * cos) + 2
    turn[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    return np.asarray(cv2.warpAffine(cover, turn, (wide, high), flags=cv2.INTER_AREA), np.uint8)


def png(page: Pixels, dpi: float = DPI) -> bytes:
    out = io.BytesIO()
    Image.fromarray(page).save(out, "png", dpi=(dpi, dpi))
    return out.getvalue()

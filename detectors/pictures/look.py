"""Reads a picture: its words are what is written into it, and all of that burns which does not surely tell nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.pictures.writing import Written, writing
from detectors.reading.engines.engine import LineEngine
from detectors.visual.codes.barcodes import codes
from detectors.visual.ink.accounting import InkReport
from detectors.visual.marks.find import Mark

MOST: Final = 0.3
"""Share of a picture under writing from which it is none, or not only one: a person looks."""
STANDS: Final = 2.0
LETTERS: Final = 0.7
"""Of a line's box across it, what its letters fill: by these, not by the box, what is burned is snapped to a grid."""
LEAST_PX: Final = 24
"""A frame that is smaller than this both ways holds no word."""


def read_picture(page: PageRaster, engine: LineEngine) -> tuple[PageReading, InkReport]:
    """The words, and the lines to burn. `share` is 1 where a person must look, else 0: anatomy is no ink.

    Raises RedoubtError(READER_FAILED).
    """
    found = writing(page.pixels, engine) if max(page.width, page.height) >= LEAST_PX else []
    reading = _reading(page, found, engine.name)
    lines = [box for line in found if not line.harmless for box in line.boxes]
    # Bars and modules without meaning are ribs, grain and folds here.
    said = [code for code in codes(page, reading) if code.value]
    ink = InkReport(
        share=float(_share(lines, page.pixels) > MOST),
        dark=0.0,
        specks=0.0,
        rulings=0.0,
        blobs=0.0,
        regions=tuple(_along(box) for box in lines),
        marks=tuple(Mark(Kind.BARCODE, code.region, code.value) for code in said),
    )
    return reading, ink


def _along(box: Box) -> Quad:
    """The box, read downward where it is a line that stands: a box's rim is as wide as its line is high."""
    if box.height < STANDS * box.width:
        return Quad.of(box)
    left, top, right, bottom = float(box.left), float(box.top), float(box.right), float(box.bottom)
    return Quad(((right, top), (right, bottom), (left, bottom), (left, top)))


def _of_letters(box: Box) -> Box:
    """The middle of a box across its line."""
    if box.height < STANDS * box.width:
        off = int((1 - LETTERS) / 2 * box.height)
        return Box(box.left, box.top + off, box.right, box.bottom - off)
    off = int((1 - LETTERS) / 2 * box.width)
    return Box(box.left + off, box.top, box.right - off, box.bottom)


def _share(lines: Sequence[Box], pixels: Pixels) -> float:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for box in lines:
        cv2.rectangle(mask, (box.left, box.top), (box.right - 1, box.bottom - 1), 1, -1)
    return float(mask.mean())


def _reading(page: PageRaster, found: Sequence[Written], engine: str) -> PageReading:
    """The lines from top to bottom, without letters that may be anatomy."""
    words = list[Word]()
    text = ""
    lines = [line.words for line in sorted(found, key=lambda line: line.boxes[0].top) if not line.harmless or line.sure]
    for number, line in enumerate(lines):
        for index, word in enumerate(line):
            box = word.box.clipped(page.width, page.height)
            if box is None:
                continue
            text += "" if not text else " " if index else "\n"
            region = _along(_of_letters(box))
            words.append(Word(word.text, word.confidence, region, number, len(text), len(text) + len(word.text)))
            text += word.text
    return PageReading(page.width, page.height, page.dpi, tuple(words), text, engine, picture=True)

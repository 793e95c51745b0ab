"""Some lines read again: they stand where they stood, all others are what they were, and little else is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pymupdf
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.reading.lines import read_again
from detectors.reading.read import read_page
from detectors.reading.views.view import laid, levelled

LINES = [f"{word} patient record of this clinic" for word in ("first", "next", "last")]
FAR_APART_PT = 120


class Watched:
    """The engine, and the view that it was shown last."""

    def __init__(self, engine: TesserocrEngine) -> None:
        self.engine, self.name, self.shown = engine, engine.name, np.zeros((0, 0), np.uint8)

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        self.shown = gray
        return self.engine.words(gray, dpi)


@pytest.fixture(scope="module")
def engine() -> Iterator[Watched]:
    with TesserocrEngine() as found:
        yield Watched(found)


@pytest.fixture(scope="module")
def page() -> PageRaster:
    with pymupdf.open() as document:
        sheet = document.new_page(width=400, height=500)
        for number, line in enumerate(LINES):
            sheet.insert_text((50, 80 + FAR_APART_PT * number), line, fontsize=12, fontname="tiro")
        pixmap = sheet.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY, alpha=False)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        return PageRaster(rows[:, : pixmap.width].copy(), 150.0)


def whole_view(page: PageRaster) -> Pixels:
    return levelled(laid(page)).gray


def line_of(reading: PageReading, number: int) -> Quad:
    return next(word.region for word in reading.words if word.text == LINES[number].split()[0])


def test_a_line_that_was_lost_comes_back_in_its_place(page: PageRaster, engine: Watched) -> None:
    whole = read_page(page, engine)
    assert whole.text.splitlines() == LINES
    pixels = page.pixels.copy()
    middle = line_of(whole, 1).bounds
    cv2.rectangle(pixels, (0, middle.top - 9), (page.width, middle.bottom + 9), 255, -1)
    lost = read_page(replace(page, pixels=pixels), engine)
    assert lost.text.splitlines() == [LINES[0], LINES[2]]
    again = read_again(page, engine, lost, [Quad.of(middle)])
    assert again is not None
    assert again.text.splitlines() == LINES
    kept = [word for word in again.words if word.line != 1]
    assert [word.region for word in kept] == [word.region for word in lost.words]
    printed = [int((shown < 128).any(axis=1).sum()) for shown in (engine.shown, whole_view(page))]
    assert printed[0] < printed[1] / 2


def test_a_line_that_is_read_again_stands_there_once(page: PageRaster, engine: Watched) -> None:
    whole = read_page(page, engine)
    again = read_again(page, engine, whole, [line_of(whole, 2)])
    assert again is not None
    assert again.text == whole.text


def test_most_of_a_page_is_no_lines(page: PageRaster, engine: Watched) -> None:
    whole = read_page(page, engine)
    assert read_again(page, engine, whole, [Quad.of(Box(0, 0, page.width, page.height))]) is None
    assert read_again(page, engine, replace(whole, words=(), text=""), [line_of(whole, 0)]) is None
    turned = replace(page, pixels=np.ascontiguousarray(np.rot90(page.pixels, -1)))
    assert read_again(turned, engine, read_page(turned, engine), [line_of(whole, 0)]) is None

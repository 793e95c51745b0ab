"""Pieces of a form are read as lines of their own, and their words stand where they stood on the page."""

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
from detectors.reading.pieces import pieces, read_pieces
from detectors.reading.read import read_page
from detectors.reading.views.unruled import unruled
from detectors.recognize import recognize
from detectors.words.doubt import doubtful

DPI = 84
CELLS = [(40, "Patient name"), (220, "Insurance number"), (360, "Diagnosis code")]
VALUES = ["Margit Olander", "61697499", "seasonal rhinitis"]


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as found:
        yield found


@pytest.fixture(scope="module")
def form() -> PageRaster:
    """Rows of cells, a small label above each entry, as coarse as a scan that was made for the eye."""
    with pymupdf.open() as document:
        sheet = document.new_page(width=520, height=400)
        for row in range(6):
            for (x, label), value in zip(CELLS, VALUES, strict=True):
                sheet.draw_rect(pymupdf.Rect(x, 50 + 40 * row, x + 135, 90 + 40 * row), width=0.7)
                sheet.insert_text((x + 4, 64 + 40 * row), label, fontsize=8, fontname="helv")
                sheet.insert_text((x + 4, 82 + 40 * row), value, fontsize=11, fontname="tiro")
        pixmap = sheet.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY, alpha=False)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        return PageRaster(rows[:, : pixmap.width].copy(), float(DPI))


def everywhere(page: PageRaster) -> list[Quad]:
    return [Quad.of(Box(0, 0, page.width, page.height))]


def test_each_cell_has_its_label_and_its_entry_for_pieces(form: PageRaster) -> None:
    big = np.asarray(cv2.resize(form.pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    assert len(pieces(unruled(big, 2 * DPI), 2 * DPI)) == 6 * 2 * len(CELLS)


def test_words_stand_where_they_stood_and_rows_are_lines(form: PageRaster, engine: TesserocrEngine) -> None:
    found = read_pieces(form, engine, read_page(form, engine), everywhere(form))
    assert found is not None
    number = [word for word in found.reading.words if word.text == VALUES[1]]
    assert len(number) == 6
    scale = DPI / 72
    for row, word in enumerate(number):
        entry = Box.around([(220 * scale, (70 + 40 * row) * scale), (300 * scale, (88 + 40 * row) * scale)])
        assert word.region.bounds.overlap(entry) > 0.7 * word.region.bounds.area
    lines = found.reading.text.splitlines()
    assert len(lines) == 12
    assert lines[1] == " ".join(VALUES)


def test_only_the_pieces_that_are_asked_for_are_read(form: PageRaster, engine: TesserocrEngine) -> None:
    first = read_page(form, engine)
    found = read_pieces(form, engine, first, [next(w.region for w in first.words if w.text == VALUES[1])])
    assert found is not None
    assert [word.text for word in found.reading.words] == [VALUES[1]]
    nothing = read_pieces(form, engine, first, [Quad.of(Box(0, 0, 5, 5))])
    assert nothing is not None
    assert not nothing.reading.words


def test_a_page_without_words_or_lines_has_none(form: PageRaster, engine: TesserocrEngine) -> None:
    nothing = PageReading(form.width, form.height, form.dpi, (), "", engine.name)
    assert read_pieces(form, engine, nothing, everywhere(form)) is None
    on_its_side = replace(form, pixels=np.ascontiguousarray(np.rot90(form.pixels)))
    assert read_pieces(on_its_side, engine, read_page(on_its_side, engine), everywhere(on_its_side)) is None


def test_a_sheet_that_would_fill_the_memory_is_none(
    form: PageRaster, engine: TesserocrEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.reading.pieces.MOST_SHEET", 0.1)
    assert read_pieces(form, engine, read_page(form, engine), everywhere(form)) is None


class Unsure:
    """The engine, which reads an entry of each row badly as long as it is shown the whole page."""

    def __init__(self, engine: TesserocrEngine) -> None:
        self.engine, self.name, self.shown = engine, engine.name, list[int]()

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        found = self.engine.words(gray, dpi)
        self.shown.append(len(found))
        if len(self.shown) > 1:
            return found
        return [replace(w, text="rhinibs", confidence=40.0) if w.text == "rhinitis" else w for w in found]


def test_what_is_in_doubt_on_a_coarse_page_is_read_by_its_pieces(form: PageRaster, engine: TesserocrEngine) -> None:
    poor = Unsure(engine)
    reading, ink = recognize(form, poor)
    once, _ = recognize(form, engine)
    assert reading.text == once.text
    assert [word.region for word in reading.words] == [word.region for word in once.words]
    assert not doubtful(reading)
    assert not ink.regions
    assert poor.shown[1:] == [6 * len(VALUES[2].split())]

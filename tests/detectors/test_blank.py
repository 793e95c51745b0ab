"""A page without print costs no call of an engine; one line of it, however pale, is read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.recognize import recognize
from policies.attack.finished.raster import FinishedPage, covered
from policies.attack.looks import Band
from policies.attack.readings.reread import read

DPI = 150.0


class Engine:
    """Reads one word wherever it is asked to."""

    name = "double-1"

    def __init__(self) -> None:
        self.calls = 0

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        self.calls += 1
        return [EngineWord("Kovacs", 95.0, Box(200, 480, 400, 520), 0)]


def blank(specks: int = 0) -> Pixels:
    page = np.full((1650, 1275), 250, np.uint8)
    for x, y in np.random.default_rng(3).integers(50, 1200, (specks, 2)):
        page[y : y + 2, x : x + 2] = 90
    return page


def with_a_name(level: int) -> Pixels:
    page = blank()
    cv2.putText(page, "Maria Kovacs", (200, 520), cv2.FONT_HERSHEY_SIMPLEX, 0.8, level, 2)
    return page


def attacked(pixels: Pixels, burned: tuple[Quad, ...] = ()) -> int:
    engine, (height, width) = Engine(), pixels.shape
    hidden = covered(burned, width, height)
    read(FinishedPage(pixels, DPI, lossy=False), hidden, burned, engine, [Band(0, height)])
    return engine.calls


@pytest.mark.parametrize("specks", [0, 8])
def test_nothing_is_read_where_nothing_is(specks: int) -> None:
    engine = Engine()
    reading, ink = recognize(PageRaster(blank(specks), DPI), engine)
    assert (engine.calls, reading.words, ink.regions) == (0, (), ())
    assert attacked(blank(specks)) == 0


@pytest.mark.parametrize("level", [20, 120, 200, 225])
def test_one_line_is_read(level: int) -> None:
    engine = Engine()
    assert recognize(PageRaster(with_a_name(level), DPI), engine)[0].words
    assert engine.calls >= 1
    assert attacked(with_a_name(level)) == 1


def test_a_page_of_black_boxes_is_read_where_anything_stands_beside_them() -> None:
    box = Box(190, 490, 500, 530)
    page = blank()
    page[box.top : box.bottom, box.left : box.right] = 0
    assert attacked(page, (Quad.of(box),)) == 0
    cv2.putText(page, "J", (700, 520), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 60, 2)
    assert attacked(page, (Quad.of(box),)) == 1


def test_a_code_alone_on_a_page_is_no_blank() -> None:
    import zxingcpp

    page = blank()
    code = np.array(zxingcpp.create_barcode("8841907", zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=2))
    page[300 : 300 + code.shape[0], 200 : 200 + code.shape[1]] = code
    _, ink = recognize(PageRaster(page, DPI), Engine())
    assert any(mark.region.bounds.overlap(Box(200, 300, 220, 320)) for mark in ink.marks)


@pytest.mark.parametrize(("ground", "print_"), [(100, 106), (150, 142), (200, 206), (255, 249)])
def test_print_of_hardly_any_contrast_is_turned_up(ground: int, print_: int) -> None:
    """No eye minds it, and every program that edits pictures brings it up."""
    page = np.full((1650, 1275), ground, np.uint8)
    cv2.putText(page, "Maria Kovacs", (200, 520), cv2.FONT_HERSHEY_SIMPLEX, 0.8, print_, 2)
    shown: list[Pixels] = []

    class Watching(Engine):
        def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
            shown.append(gray)
            return super().words(gray, dpi)

    assert recognize(PageRaster(page, DPI), Watching())[0].words
    assert int(np.ptp(shown[0])) > 200


@pytest.mark.parametrize("grain", [1.0, 3.0, 6.0])
def test_grain_alone_is_not_turned_up(grain: float) -> None:
    engine = Engine()
    page = np.clip(blank() + np.random.default_rng(1).normal(0, grain, (1650, 1275)), 0, 255).astype(np.uint8)
    recognize(PageRaster(page, DPI), engine)
    assert engine.calls == 0

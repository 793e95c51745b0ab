"""Whole pages read by the real engine: words, lines, text, and regions that cover the print."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pymupdf
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.reading.read import POOR_CONFIDENCE, read_page

LINES = (
    "Riverside Clinic discharge summary",
    "Patient Margaret Whitfield",
    "Born 04/17/1951 record 4471902",
    "Admitted for observation after surgery",
    "Seen again in two weeks with results",
    "Telephone 555 0142 ask for Harold",
)
WORDS = " ".join(LINES).split()


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as found:
        yield found


def page(dpi: int = 150) -> Pixels:
    with pymupdf.open() as document:
        sheet = document.new_page(width=400, height=260)
        for number, line in enumerate(LINES):
            sheet.insert_text((50, 60 + 28 * number), line, fontsize=13, fontname="tiro")
        pixmap = sheet.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY, alpha=False)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        return rows[:, : pixmap.width].copy()


def texts(reading: PageReading) -> list[str]:
    return [word.text for word in reading.words]


def assert_covers_ink(reading: PageReading, pixels: Pixels, threshold: int = 100, grow: int = 2) -> None:
    """Nothing dark is left once every word's region is painted over."""
    rest = pixels.copy()
    for word in reading.words:
        corners = np.array(word.region.corners)
        centre = corners.mean(axis=0)
        outward = corners + grow * np.sign(corners - centre)
        cv2.fillConvexPoly(rest, np.round(outward).astype(np.int32), 255)
    assert int((rest < threshold).sum()) == 0


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_a_page_reads_in_lines(engine: TesserocrEngine, dpi: int) -> None:
    pixels = page(dpi)
    reading = read_page(PageRaster(pixels, float(dpi)), engine)
    assert reading.text == "\n".join(LINES)
    assert [w.line for w in reading.words] == [n for n, line in enumerate(LINES) for _ in line.split()]
    assert (reading.width_px, reading.height_px, reading.dpi) == (pixels.shape[1], pixels.shape[0], dpi)
    assert reading.engine == engine.name
    # Tesseract cuts serifs by a pixel or two of the view.
    assert_covers_ink(reading, pixels, grow=max(2, dpi // 75))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_page_reads_upright(engine: TesserocrEngine, quarters: int) -> None:
    pixels = np.rot90(page(), quarters).copy()
    reading = read_page(PageRaster(pixels, 150.0), engine)
    assert texts(reading) == WORDS
    assert_covers_ink(reading, pixels)
    expected = {1: -np.pi / 2, 2: np.pi, 3: np.pi / 2}[quarters]
    assert all(np.cos(w.region.angle - expected) > 0.99 for w in reading.words)


@pytest.mark.parametrize("degrees", [-4.0, 1.0, 3.0])
def test_a_leaning_page_reads(engine: TesserocrEngine, degrees: float) -> None:
    straight = page()
    height, width = straight.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    pixels = np.asarray(cv2.warpAffine(straight, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255))
    reading = read_page(PageRaster(pixels.astype(np.uint8), 150.0), engine)
    assert texts(reading) == WORDS
    assert_covers_ink(reading, pixels.astype(np.uint8))


def test_a_photographed_page_reads(engine: TesserocrEngine) -> None:
    straight = cv2.resize(page(), None, fx=1.6, fy=1.6, interpolation=cv2.INTER_CUBIC)
    height, width = straight.shape
    corners = np.array([(150, 90), (width + 40, 160), (width + 130, height + 60), (60, height + 130)], np.float32)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    bend = cv2.getPerspectiveTransform(source, corners)
    pixels = cv2.warpPerspective(straight, bend, (width + 200, height + 200), flags=cv2.INTER_CUBIC, borderValue=90)
    reading = read_page(PageRaster(pixels.astype(np.uint8)), engine)
    assert [text for text in texts(reading) if text in WORDS] == WORDS
    assert_covers_ink(reading, pixels.astype(np.uint8), threshold=60)


def test_colour_reads_like_gray(engine: TesserocrEngine) -> None:
    pixels = np.repeat(page()[:, :, None], 3, axis=2)
    pixels[..., 2] = np.maximum(pixels[..., 2], 120)
    assert texts(read_page(PageRaster(pixels, 150.0), engine)) == WORDS


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (300, 200)])
def test_nothing_to_read_is_an_empty_reading(engine: TesserocrEngine, shape: tuple[int, int]) -> None:
    reading = read_page(PageRaster(np.full(shape, 255, np.uint8)), engine)
    assert reading.words == ()
    assert reading.text == ""


class Scripted:
    """An engine double that reads what it is told and counts its calls."""

    name = "scripted-0"

    def __init__(self, confidence: float) -> None:
        self.confidence, self.calls = confidence, 0

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        self.calls += 1
        height, width = gray.shape
        return [EngineWord("word", self.confidence, Box(0, 0, width, height), 0)]


@pytest.mark.parametrize(("confidence", "calls"), [(POOR_CONFIDENCE, 1), (POOR_CONFIDENCE - 1, 2)])
def test_only_a_poor_page_is_read_twice(confidence: float, calls: int) -> None:
    engine = Scripted(confidence)
    read_page(PageRaster(page(), 150.0), engine)
    assert engine.calls == calls


def test_an_empty_page_is_read_once() -> None:
    engine = Scripted(0.0)
    read_page(PageRaster(np.full((300, 300), 255, np.uint8), 150.0), engine)
    assert engine.calls == 1


def test_a_failing_engine_is_not_hidden() -> None:
    class OcrFails:
        name = "fails-0"

        def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
            raise RedoubtError(Reason.READER_FAILED)

    with pytest.raises(RedoubtError) as caught:
        read_page(PageRaster(page(), 150.0), OcrFails())
    assert caught.value.reason is Reason.READER_FAILED

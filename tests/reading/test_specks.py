"""Specks strewn over a page go before it is read; what is printed as small stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.pages import PageRaster, Pixels
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.reading.read import read_page
from detectors.reading.views.grain import quieted
from detectors.reading.views.specks import without_specks
from tests.pixels.sheets import CLINICAL, Mask, inked, letters

DPI = 84
LINES = (
    CLINICAL,
    "Dose 1.25 mg; 3.5 mmol/L: i.e. 7.5 g",
    "Seen by: J. P. Quill, M.D., at 10:45.",
    "Temp. 36.6, fit...",
)


def printed(level: int = 60, size: float = 11) -> tuple[Pixels, Mask]:
    page = np.full((4 * DPI, 17 * DPI // 2, 3), 235, np.uint8)
    ink = np.zeros(page.shape[:2], bool)
    for number, line in enumerate(LINES):
        ink |= inked(page, letters(line, size), (30, 30 + 60 * number), (level, level, level))
    return np.ascontiguousarray(page[:, :, 0]), ink


def strewn(page: Pixels, specks: int, side: int = 1, quality: int = 100) -> Pixels:
    """The page with so many dark specks, as a scanner strews them, and as a JPEG keeps them."""
    rng = np.random.default_rng(5)
    found = page.copy()
    for row, column in zip(rng.integers(0, page.shape[0], specks), rng.integers(0, page.shape[1], specks), strict=True):
        found[row : row + side, column : column + side] = 20
    if quality < 100:
        coded = cv2.imencode(".jpg", found, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    return found


def same(one: Pixels, other: Pixels, where: Mask) -> float:
    return float((one[where] == other[where]).mean())


@pytest.mark.parametrize("side", [1, 2])
@pytest.mark.parametrize("quality", [100, 50])
def test_specks_go_and_print_stays(side: int, quality: int) -> None:
    page, ink = printed()
    grown = cv2.dilate(ink.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    specked = strewn(page, 500, side, quality)
    clean = without_specks(specked, DPI)
    assert same(clean, specked, ink) >= 0.99
    dark = [int(np.count_nonzero((found < 150) & ~grown)) for found in (specked, clean)]
    assert dark[0] > 300
    assert dark[1] < 0.15 * dark[0]


def test_an_engine_reads_a_strewn_page_as_it_reads_a_clean_one() -> None:
    page, _ = printed()
    engine = TesserocrEngine()
    specked = strewn(
        np.clip(page.astype(int) + np.random.default_rng(1).normal(0, 6, page.shape), 0, 255).astype(np.uint8),
        500,
        1,
        60,
    )
    words = [word.text for word in read_page(PageRaster(page, DPI), engine).words]
    found = {
        word.text for word in read_page(PageRaster(specked, DPI, lossy=True), engine).words if word.confidence > 60
    }
    assert sum(word in found for word in words) >= 0.75 * len(words)
    assert len(found) <= 1.1 * len(words)


@pytest.mark.parametrize("size", [6, 8, 11])
def test_full_stops_dots_and_commas_stay(size: float) -> None:
    """Beside specks enough for a page to be strewn, those within reach of letters are theirs."""
    page, ink = printed(size=size)
    empty = strewn(np.full((3 * DPI, page.shape[1]), 235, np.uint8), 500)
    both = np.vstack([page, empty])
    clean = without_specks(both, DPI)
    assert clean is not both
    assert same(clean[: len(page)], page, ink) >= 0.99
    assert size < 11 or same(clean[: len(page)], page, ink) == 1


@pytest.mark.parametrize("level", [150, 170, 180])
def test_pale_print_that_falls_to_pieces_stays(level: int) -> None:
    page, ink = printed(level, 6)
    both = np.vstack([page, strewn(np.full((3 * DPI, page.shape[1]), 235, np.uint8), 500)])
    assert same(without_specks(both, DPI)[: len(page)], page, ink) >= 0.99


def test_a_page_with_few_is_left_as_it_is() -> None:
    page, _ = printed()
    few = strewn(page, 20)
    assert without_specks(few, DPI) is few
    assert without_specks(page, DPI) is page


def test_it_is_part_of_what_is_read_of_coarse_pages_alone() -> None:
    specked = strewn(printed()[0], 500)
    assert np.count_nonzero(quieted(specked, DPI) < 120) < 0.8 * np.count_nonzero(specked < 120)
    fine = strewn(np.full((900, 900), 235, np.uint8), 900)
    assert quieted(fine, 200) is fine


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (62, 62)])
@pytest.mark.parametrize("level", [0, 255])
def test_odd_pages(shape: tuple[int, int], level: int) -> None:
    page = np.full(shape, level, np.uint8)
    assert without_specks(page, DPI) is page

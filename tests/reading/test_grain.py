"""What a scanner lays over a page is taken out of what is read; what is printed stays."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.pages import PageRaster, Pixels
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.reading.read import read_page
from detectors.reading.views.grain import COARSE_DPI, noise, quieted, without_moire
from tests.pixels.sheets import CLINICAL, Mask, inked, letters

DPI = 90


def printed(level: int = 90) -> tuple[Pixels, Mask]:
    page = np.full((4 * DPI, 17 * DPI // 2, 3), 225, np.uint8)
    ink = inked(page, letters(CLINICAL, 14), (60, 40), (level, level, level))
    return np.ascontiguousarray(page[:, :, 0]), ink


def moire(shape: tuple[int, ...], across: float, down: float) -> NDArray[np.float64]:
    rows, columns = np.arange(shape[0])[:, None] * down, np.arange(shape[1])[None, :] * across
    return np.asarray(8 * (np.cos(rows) * np.sin(columns) + np.sin(rows) * np.cos(columns)))


@pytest.mark.parametrize(("across", "down"), [(0.35, 0.9), (0.7, 0.4), (0.9, 0.95)])
def test_moire_goes_and_print_stays(across: float, down: float) -> None:
    page, ink = printed()
    wavy = np.clip(page + moire(page.shape, across, down), 0, 255).astype(np.uint8)
    even = without_moire(wavy)
    inner = np.s_[20:-20, 20:-20]
    before, after = (float(p[inner][~ink[inner]].std()) for p in (wavy, even))
    assert after < before / 2
    assert np.abs(even.astype(int) - page)[ink].mean() < 6


def test_a_page_without_moire_is_left_as_it_is() -> None:
    page, _ = printed()
    assert without_moire(page) is page
    black = np.zeros((400, 400), np.uint8)
    assert without_moire(black) is black


@pytest.mark.parametrize("sigma", [0.0, 3.0, 8.0])
def test_noise_is_told_beside_print(sigma: float) -> None:
    page, _ = printed()
    grain = np.random.default_rng(3).normal(0, sigma, page.shape)
    assert noise(np.clip(page + grain, 0, 255).astype(np.uint8)) == pytest.approx(sigma, abs=0.5)


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (62, 62), (500, 63)])
def test_odd_sizes(shape: tuple[int, int]) -> None:
    assert quieted(np.full(shape, 200, np.uint8), DPI).shape == shape


def test_a_page_of_fine_pixels_is_left_as_it_is() -> None:
    page, _ = printed()
    assert quieted(page, COARSE_DPI + 1) is page


def test_words_under_grain_and_moire_are_read() -> None:
    page, _ = printed(130)
    grain = np.random.default_rng(5).normal(0, 12, page.shape)
    poor = np.clip(page + grain + moire(page.shape, 0.5, 0.8), 0, 255).astype(np.uint8)
    with TesserocrEngine() as engine:
        reading = read_page(PageRaster(poor, DPI), engine)
    read = {word.text for word in reading.words if word.confidence >= 60}
    known = {word for line in CLINICAL for word in line.split()}
    assert len(read & known) >= 0.85 * len(known)

"""A blurred page is made sharp for reading, and no other is touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.pages import PageRaster, Pixels
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.reading.read import read_page
from detectors.reading.views.sharpen import sharpened, unblurred
from tests.pixels.sheets import CLINICAL, inked, letters

DPI = 110


def printed(sigma: float, ink: int = 30) -> Pixels:
    """Lines of print under a blur of so many pixels, with a little grain."""
    page = np.full((4 * DPI, 17 * DPI // 2, 3), 235, np.uint8)
    inked(page, letters(CLINICAL, 16), (60, 40), (ink, ink, ink))
    grain = np.random.default_rng(7).normal(0, 2, page.shape[:2])
    return np.asarray(np.clip(cv2.GaussianBlur(page[:, :, 0], (0, 0), sigma) + grain, 0, 255), np.uint8)


@pytest.mark.parametrize("sigma", [1.4, 1.9])
@pytest.mark.parametrize("ink", [30, 120])
def test_steps_of_a_blurred_page_are_steeper_then(sigma: float, ink: int) -> None:
    page = printed(sigma, ink)
    sharp = sharpened(page)
    assert sharp is not None
    assert sharp.shape == page.shape
    before, after = (float(np.percentile(cv2.absdiff(p[:, 1:], p[:, :-1]), 99)) for p in (page, sharp))
    assert after > 1.2 * before


@pytest.mark.parametrize("sigma", [0.3, 0.8])
def test_a_page_that_is_sharp_enough_is_left(sigma: float) -> None:
    assert sharpened(printed(sigma)) is None


def test_a_page_with_a_few_words_is_no_more_blurred_than_they_are() -> None:
    sheet = np.full((11 * DPI, 17 * DPI // 2), 235, np.uint8)
    sheet[300:320, 200:420] = printed(0.8)[40:60, 60:280]
    assert sharpened(sheet) is None
    sheet[300:320, 200:420] = printed(1.9)[40:60, 60:280]
    assert sharpened(sheet) is not None


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_page_without_print_is_left(level: int) -> None:
    assert sharpened(np.full((300, 200), level, np.uint8)) is None


def test_words_under_a_blur_are_read() -> None:
    with TesserocrEngine() as engine:
        reading = read_page(PageRaster(printed(1.7), DPI), engine)
    read = {word.text for word in reading.words if word.confidence >= 60}
    known = {word for line in CLINICAL for word in line.split()}
    assert len(read & known) >= 0.75 * len(known)


@pytest.mark.parametrize("shape", [(331, 257), (300, 402)])
def test_waves_pass_as_wiener_says(shape: tuple[int, int]) -> None:
    page = np.ascontiguousarray(printed(2.0)[: shape[0], : shape[1]])
    steepness, (rows, columns) = 0.2, shape
    # With room enough about it what lies beyond the mirrored rim counts for nothing.
    wide = cv2.copyMakeBorder(page, 64, 64, 64, 64, cv2.BORDER_REFLECT).astype(np.float64)
    down, across = np.fft.fftfreq(wide.shape[0])[:, None], np.fft.rfftfreq(wide.shape[1])[None, :]
    passed = np.exp(-2 * (np.pi * 0.35 / steepness) ** 2 * (down**2 + across**2))
    wanted = np.fft.irfft2(np.fft.rfft2(wide) * passed * 1.03 / (passed**2 + 0.03), s=wide.shape)
    found = unblurred(page, steepness).astype(np.float64)
    inner = np.s_[20:-20, 20:-20]
    off = found[inner] - np.clip(wanted[64 : 64 + rows, 64 : 64 + columns], 0, 255)[inner]
    assert float(np.abs(off).max()) <= 3.0

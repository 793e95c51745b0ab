"""Print under a mosaic or a blur is told as a redaction that hides little; print, tables and shading are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.visual.marks.find import marks
from detectors.visual.marks.obscured import Way, surely_obscured

DPI = 150
PLACE = Box(238, 480, 638, 560)


def page() -> Pixels:
    """Lines of print, a table with a shaded head, and a value in `PLACE`."""
    found: Pixels = np.full((1650, 1275), 250, np.uint8)
    for row in range(8):
        cv2.putText(found, "The patient was seen in clinic today", (120, 120 + 40 * row), 0, 0.8, 20, 2, cv2.LINE_AA)
    cv2.putText(found, "Name: Quenby Starkweather", (120, 535), 0, 1.2, 20, 2, cv2.LINE_AA)
    cv2.rectangle(found, (120, 700), (1100, 740), 205, -1)
    for top in range(700, 1000, 40):
        cv2.rectangle(found, (120, top), (1100, top + 40), 20, 2)
        cv2.putText(found, "Sodium 140 mmol/L", (140, top + 30), 0, 0.7, 20, 2, cv2.LINE_AA)
    return found


def told(pixels: Pixels, quality: int | None = None) -> list[Quad]:
    if quality is not None:
        coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        pixels = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)
    reading = PageReading(pixels.shape[1], pixels.shape[0], DPI, (), "", "hand")
    return [mark.region for mark in marks(PageRaster(pixels, DPI), reading) if mark.kind is Kind.REDACTION]


@pytest.mark.parametrize("quality", [None, 75])
@pytest.mark.parametrize("way", ["mosaic of 8", "blur of 6"])
def test_what_hides_little_is_told(way: str, quality: int | None) -> None:
    drawn = page()
    part = drawn[PLACE.top : PLACE.bottom, PLACE.left : PLACE.right]
    if way.startswith("mosaic"):
        few = cv2.resize(part, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
        part[:] = np.kron(few, np.ones((8, 8), np.uint8))
    else:
        part[:] = cv2.GaussianBlur(part, (0, 0), 6)
    found = told(drawn, quality)
    assert found
    assert all(PLACE.grown(12).overlap(region.bounds) == region.bounds.area for region in found)


@pytest.mark.parametrize("way", ["squares of 18", "blur of 8"])
def test_where_one_is_told_all_are_and_whole(way: str) -> None:
    drawn = page()
    places = [Box(238, 490, 638, 550), Box(210, 338, 440, 368), Box(240, 746, 330, 774), Box(560, 98, 628, 128)]
    for place in places:
        part = drawn[place.top : place.bottom, place.left : place.right]
        if way.startswith("squares"):
            # As image programs do it: the last square is no smaller, so that none has 18 pixels.
            few = cv2.resize(part, (part.shape[1] // 18, part.shape[0] // 18), interpolation=cv2.INTER_AREA)
            part[:] = cv2.resize(few, part.shape[::-1], interpolation=cv2.INTER_NEAREST)
        else:
            part[:] = cv2.GaussianBlur(part, (0, 0), 8)
    found = [region.bounds for region in told(drawn, 80)]
    hidden = np.zeros(drawn.shape, bool)
    for box in found:
        assert any(place.grown(12).overlap(box) == box.area for place in places)
        hidden[box.top : box.bottom, box.left : box.right] = True
    for place in places:
        inside = (slice(place.top, place.bottom), slice(place.left, place.right))
        shown = drawn[inside] < 235
        assert np.count_nonzero(shown & hidden[inside]) >= 0.95 * np.count_nonzero(shown)


def test_print_and_shading_are_not() -> None:
    assert told(page()) == []
    assert told(page(), 60) == []
    assert told(np.asarray(cv2.GaussianBlur(page(), (0, 0), 3), np.uint8)) == [], "a blurred page hides nothing"


@pytest.mark.parametrize(("quality", "grain", "level"), [(20, 3, 215), (30, 8, 215), (40, 8, 200), (50, 5, 215)])
def test_blocks_of_a_jpeg_on_shaded_rows_are_not(quality: int, grain: int, level: int) -> None:
    drawn = np.full((990, 765), 245, np.float32)
    for row in range(12):
        cv2.putText(drawn, "The patient was seen in clinic today", (60, 60 + 22 * row), 0, 0.45, 60, 1, cv2.LINE_AA)
    for top in range(400, 800, 24):
        drawn[top : top + 14, 60:700] = level
        cv2.line(drawn, (60, top + 14), (700, top + 16), 90, 1)
    for seed in range(3):
        noise = np.random.default_rng(seed).normal(0, grain, drawn.shape)
        seen = np.clip(cv2.GaussianBlur(drawn, (0, 0), 0.7) + noise, 0, 255).astype(np.uint8)
        coded = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        assert surely_obscured(np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8), 90) == []


@pytest.mark.parametrize("across", [0.5, 0.7])
def test_moire_over_a_coarse_page_is_not(across: float) -> None:
    coarse = cv2.resize(page(), None, fx=80 / DPI, fy=80 / DPI, interpolation=cv2.INTER_AREA)
    rows, columns = np.mgrid[0 : coarse.shape[0], 0 : coarse.shape[1]]
    waves = 16 * np.sin(across * (columns + 1.3 * rows))
    light = np.linspace(0.85, 1, coarse.shape[1])
    wavy = np.asarray(np.clip((coarse * 0.7 + 50 + waves) * light, 0, 255), np.uint8)
    decoded = cv2.imdecode(cv2.imencode(".jpg", wavy, [cv2.IMWRITE_JPEG_QUALITY, 55])[1], cv2.IMREAD_GRAYSCALE)
    assert surely_obscured(np.asarray(decoded, np.uint8), 80) == []


def test_what_was_blurred_on_a_page_with_grain_is_told() -> None:
    grain = np.random.default_rng(3).normal(0, 5, (1650, 1275))
    drawn = np.asarray(np.clip(page() + grain, 0, 255), np.uint8)
    part = drawn[PLACE.top : PLACE.bottom, PLACE.left : PLACE.right]
    part[:] = cv2.GaussianBlur(part, (0, 0), 6)
    assert {way for _, way in surely_obscured(drawn, DPI)} == {Way.BLUR}


def short(lines: int) -> Pixels:
    """A page that is paper for the most part, with a name in its first line of print."""
    found: Pixels = np.full((1650, 1275), 255, np.uint8)
    cv2.putText(found, "Patient: Quenby Starkweather", (120, 200), 0, 0.8, 0, 2, cv2.LINE_AA)
    for row in range(1, lines):
        cv2.putText(found, "Walk daily.", (120, 200 + 60 * row), 0, 0.8, 0, 2, cv2.LINE_AA)
    return found


@pytest.mark.parametrize("lines", [1, 3, 4])
@pytest.mark.parametrize("way", ["mosaic of 8", "mosaic of 12", "blur of 6"])
def test_what_hides_little_is_told_and_whole_however_short_its_page(way: str, lines: int) -> None:
    drawn = short(lines)
    part = drawn[176:212, 238:526]
    if way.startswith("mosaic"):
        side = int(way.split()[-1])
        few = cv2.resize(part, (part.shape[1] // side, -(-part.shape[0] // side)), interpolation=cv2.INTER_AREA)
        part[:] = np.kron(few, np.ones((side, side), np.uint8))[: part.shape[0], : part.shape[1]]
    else:
        part[:] = cv2.GaussianBlur(part, (0, 0), 6)
    hidden = np.zeros(drawn.shape, bool)
    for region in told(drawn):
        box = region.bounds
        assert Box(238, 176, 526, 212).grown(12).overlap(box) == box.area
        hidden[box.top : box.bottom, box.left : box.right] = True
    shown = part < 235
    assert np.count_nonzero(shown & hidden[176:212, 238:526]) >= 0.97 * np.count_nonzero(shown)


@pytest.mark.parametrize("lines", [3, 8])
@pytest.mark.parametrize("quality", [None, 60])
def test_a_page_that_is_blurred_whole_hides_nothing_for_the_number_stamped_on_it(
    lines: int, quality: int | None
) -> None:
    drawn = np.asarray(cv2.GaussianBlur(short(lines), (0, 0), 5), np.uint8)
    cv2.putText(drawn, "123", (900, 1600), 0, 0.8, 0, 2, cv2.LINE_AA)
    assert told(drawn, quality) == []


@pytest.mark.parametrize(("quality", "grain", "level"), [(20, 3, 215), (30, 8, 215), (40, 8, 200), (50, 5, 215)])
def test_shaded_rows_on_a_page_with_little_print_are_not(quality: int, grain: int, level: int) -> None:
    drawn = np.full((990, 765), 245, np.float32)
    cv2.putText(drawn, "The patient was seen in clinic today", (60, 60), 0, 0.45, 0, 1, cv2.LINE_AA)
    for top in range(400, 500, 24):
        drawn[top : top + 14, 60:700] = level
    for seed in range(3):
        noise = np.random.default_rng(seed).normal(0, grain, drawn.shape)
        seen = np.clip(cv2.GaussianBlur(drawn, (0, 0), 0.7) + noise, 0, 255).astype(np.uint8)
        coded = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        assert surely_obscured(np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8), 90) == []

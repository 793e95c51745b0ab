"""Views: what the engine is shown, and that the way back to the page never loses ink."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels
from detectors.reading.views.photo import sheet
from detectors.reading.views.skew import has_print, ink, runs_down, skew_deg
from detectors.reading.views.view import (
    ENGINE_DPI,
    MAX_SIDE_PX,
    MAX_VIEW_PX,
    READ_ACROSS,
    View,
    flattened,
    leaned,
    likely_dpi,
    prepare,
    scaled,
    turned,
)


def lines(width: int = 850, height: int = 1100, step: int = 30) -> Pixels:
    page = np.full((height, width), 255, np.uint8)
    words = ("patient", "record", "Maria", "seen", "treated", "follow", "weeks", "results", "surgery")
    pick = np.random.default_rng(4)
    for y in range(80, height - 60, step):
        text = " ".join(pick.choice(words, size=pick.integers(3, 9)))
        cv2.putText(page, text, (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 1, cv2.LINE_AA)
    return page


def leaning(page: Pixels, degrees: float) -> Pixels:
    """The page turned clockwise: lines run down to the right."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (width, height), borderValue=255), np.uint8)


def identity(width: int, height: int, dpi: int = 200) -> View:
    return View(np.full((height, width), 255, np.uint8), dpi, np.eye(3))


def inside(point: tuple[float, float], region: Quad, slack: float = 1e-6) -> bool:
    corners = region.corners
    return all(
        (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax) >= -slack * (1 + math.dist((ax, ay), (bx, by)))
        for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(
    size=st.tuples(st.integers(30, 300), st.integers(30, 300)),
    dpi=st.integers(40, 700),
    quarters=st.integers(0, 3),
    lean=st.floats(-8, 8),
    nudges=st.lists(st.floats(0, 0.18), min_size=8, max_size=8),
    bend=st.booleans(),
    spot=st.tuples(*[st.floats(0, 1)] * 4),
)
def test_the_way_back_covers_the_box(
    size: tuple[int, int],
    dpi: int,
    quarters: int,
    lean: float,
    nudges: list[float],
    bend: bool,
    spot: tuple[float, float, float, float],
) -> None:
    """A word's source region, taken to the view again, holds every corner of its box with half a pixel to spare."""
    width, height = size
    view = identity(width, height, dpi)
    if bend:
        a, b, c, d, e, f, g, h = nudges
        corners = Quad(
            (
                (a * width, b * height),
                (width - c * width, d * height),
                (width - e * width, height - f * height),
                (g * width, height - h * height),
            )
        )
        view = flattened(view.gray, corners) or view
    view = leaned(turned(view, quarters), lean)
    tall, wide = view.gray.shape
    left, top = int(spot[0] * (wide - 1)), int(spot[1] * (tall - 1))
    box = Box(left, top, left + 1 + int(spot[2] * (wide - left - 1)), top + 1 + int(spot[3] * (tall - top - 1)))
    try:
        region = view.region(box)
    except ValueError:
        assert bend, "only a photo's map can turn a region inside out"
        return
    again = region.mapped(np.linalg.inv(view.to_source))
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    for x, y in Quad.of(box).corners:
        outward = (x + math.copysign(0.49, x - middle[0]), y + math.copysign(0.49, y - middle[1]))
        assert inside(outward, again, 1e-3)
    assert again.bounds.left <= box.left
    assert again.bounds.top <= box.top
    assert again.bounds.right >= box.right
    assert again.bounds.bottom >= box.bottom


@pytest.mark.parametrize("dpi", [72, 100, 150, 300, 400])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("lean", [0.0, 2.0, -5.0])
def test_ink_is_where_the_map_says(dpi: int, quarters: int, lean: float) -> None:
    """A dark block found in the view maps back onto the block in the page."""
    page = np.full((400, 300), 255, np.uint8)
    page[90:130, 40:120] = 0
    view = leaned(turned(View(page, dpi, np.eye(3)), quarters), lean)
    assert view.dpi == pytest.approx(ENGINE_DPI, abs=1) or dpi == 72
    ys, xs = np.nonzero(view.gray < 128)
    found = view.region(Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1))
    assert all(inside(corner, found, 1e-2) for corner in ((40.5, 90.5), (119.5, 90.5), (119.5, 129.5), (40.5, 129.5)))
    slack = 2 + 120 * math.sin(math.radians(abs(lean))) + 2 * dpi / 200
    assert found.bounds.left >= 40 - slack
    assert found.bounds.bottom <= 130 + slack


def test_scaling_follows_the_resolution() -> None:
    assert scaled(identity(850, 1100, 100)).gray.shape == (2200, 1700)
    assert scaled(identity(850, 1100, 400)).gray.shape == (550, 425)
    same = identity(850, 1100, 204)
    assert scaled(same) is same


def test_a_senseless_resolution_stays_within_memory() -> None:
    view = scaled(View(np.zeros((8_000, 9_000), np.uint8), 1, np.eye(3)))
    assert view.gray.size <= MAX_VIEW_PX
    long = scaled(View(np.zeros((5, 30_000), np.uint8), 100, np.eye(3)))
    assert max(long.gray.shape) <= MAX_SIDE_PX


def test_an_unknown_resolution_is_that_of_a_letter_page() -> None:
    assert likely_dpi(PageRaster(np.zeros((2200, 1700), np.uint8))) == 200
    assert likely_dpi(PageRaster(np.zeros((2200, 1700), np.uint8), 150.0)) == 150


@pytest.mark.parametrize("degrees", [-15, -8.2, -5, -2, -1, -0.5, 0.5, 1, 3, 6, 8, 11, 14])
def test_a_lean_is_measured(degrees: float) -> None:
    assert skew_deg(ink(leaning(lines(), degrees))) == pytest.approx(degrees, abs=0.25)


@pytest.mark.parametrize("page", [lines(), np.full((900, 700), 255, np.uint8), np.zeros((3, 3), np.uint8)])
def test_what_does_not_lean_is_left_alone(page: Pixels) -> None:
    assert skew_deg(ink(page)) == 0.0
    view = prepare(PageRaster(page, 200.0))
    assert view.gray.shape == (page.shape[0], max(math.floor(page.shape[1] * READ_ACROSS), 1))
    assert np.allclose(view.to_source @ (*view.gray.shape[::-1], 1), (*page.shape[::-1], 1))


def test_noise_does_not_lean() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (1100, 850)).astype(np.uint8)
    assert skew_deg(ink(noise)) == 0.0


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5, 2.0, 3.0])
def test_a_page_of_print_has_print_at_any_resolution(scale: float) -> None:
    assert has_print(ink(cv2.resize(lines(), None, fx=scale, fy=scale)))


@pytest.mark.parametrize("sigma", [0, 3, 5])
@pytest.mark.parametrize("height", [750, 1100, 1599, 1601, 2201, 3300])
def test_grain_and_specks_are_no_print(height: int, sigma: int) -> None:
    random = np.random.default_rng(height + sigma)
    page = random.normal(225, sigma, (height, height * 17 // 22))
    for x, y in random.integers(50, 500, (8, 2)):
        page[y : y + 2, x : x + 2] = 90
    grain = np.clip(page, 0, 255).astype(np.uint8)
    assert not has_print(ink(grain))


def test_lines_that_run_down_are_seen() -> None:
    assert runs_down(ink(np.rot90(lines()).copy()))
    assert not runs_down(ink(lines()))
    assert not runs_down(ink(np.full((900, 700), 255, np.uint8)))


def photographed(page: Pixels, ground: int = 70) -> tuple[Pixels, Quad]:
    height, width = page.shape
    corners = ((120.0, 90.0), (width + 60.0, 140.0), (width + 110.0, height + 100.0), (70.0, height + 60.0))
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    bend = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    picture = cv2.warpPerspective(page, bend, (width + 200, height + 180), borderValue=ground, flags=cv2.INTER_CUBIC)
    return np.asarray(picture, np.uint8), Quad(corners)


def test_a_photographed_sheet_is_found() -> None:
    picture, corners = photographed(lines())
    found = sheet(picture)
    assert found is not None
    for seen, true in zip(found.corners, corners.corners, strict=True):
        assert math.dist(seen, true) < 8


@pytest.mark.parametrize("page", [lines(), np.full((900, 700), 200, np.uint8), photographed(lines(), 240)[0]])
def test_a_scan_has_no_sheet(page: Pixels) -> None:
    assert sheet(page) is None


def test_the_flattened_view_shows_the_whole_photo() -> None:
    """What lies beside the sheet may be a note: every corner of the photo is in the view."""
    picture, corners = photographed(lines())
    view = flattened(picture, corners)
    assert view is not None
    height, width = picture.shape
    there = np.linalg.inv(view.to_source)
    for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
        u, v, w = there @ (x, y, 1.0)
        assert -1 <= u / w <= view.gray.shape[1] + 1
        assert -1 <= v / w <= view.gray.shape[0] + 1


def test_a_small_sheet_in_a_wide_photo_is_not_flattened() -> None:
    gray = np.full((1000, 1000), 60, np.uint8)
    assert flattened(gray, Quad(((450, 450), (550, 460), (540, 560), (455, 550)))) is None

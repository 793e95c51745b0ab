"""What is written into a picture is found, in each way that devices write; what a body shows is left."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from detectors.geometry import Box
from detectors.pages import PageRaster, Pixels, Source
from detectors.pictures.cine import on_every_frame
from detectors.pictures.look import read_picture
from detectors.reading.engines.ppocr_engine import PpocrEngine
from tests.pictures.__main__ import _frame
from tests.pictures.bodies import BODIES, CLUTTER
from tests.pictures.frames import Frame, frame
from tests.pictures.writing import Style, write

ENGINE = cache(PpocrEngine)
STYLES = {
    "tiny": Style(9, (255, 255, 255), "DejaVuSans"),
    "yellow": Style(14, (255, 255, 0), "DejaVuSansMono"),
    "green": Style(16, (0, 255, 0), "hershey"),
    "outlined": Style(20, (255, 255, 255), "DejaVuSans-Bold", edge="outline"),
    "half seen": Style(22, (255, 255, 255), "DejaVuSerif", share=0.5),
    "of dots": Style(20, (255, 255, 255), "bitmap"),
    "running up": Style(16, (255, 255, 255), "DejaVuSans", turned=True),
    "black": Style(20, (0, 0, 0), "DejaVuSans-Bold"),
}
GROUNDS = {"yellow": "scope", "green": "fan", "half seen": "breast", "black": "vessels", "outlined": "chest"}


def burned(pixels: Pixels, lossy: bool = False) -> Pixels:
    """1 where the picture burns."""
    _, ink = read_picture(PageRaster(pixels, lossy=lossy, source=Source.DEVICE), ENGINE())
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for region in ink.regions:
        box = region.bounds
        mask[box.top : box.bottom, box.left : box.right] = 1
    assert ink.share == 0
    return mask


def uncovered(made: Frame) -> list[str]:
    mask = burned(made.pixels)
    return [line.text for line in made.lines if line.telling and mask[line.strokes].mean() < 0.97]


@pytest.mark.parametrize("style", STYLES)
def test_each_way_to_write(style: str) -> None:
    made = frame(9_300, GROUNDS.get(style, "slice_of_ct"), STYLES[style])
    assert len([line for line in made.lines if line.telling]) >= 4
    assert uncovered(made) == []


@pytest.mark.parametrize("body", sorted(BODIES))
def test_a_body_without_writing_stays(body: str) -> None:
    rng = np.random.default_rng(9_400)
    pixels = BODIES[body](rng, (480, 640))
    for clutter in CLUTTER:
        clutter(rng, pixels)
    # The colours of a flow change as fast as letters do, and are looked for letters by themselves.
    assert burned(pixels).mean() < (0.07 if body == "flow" else 0.03)


def test_sides_stay_and_initials_go() -> None:
    pixels = BODIES["bones"](np.random.default_rng(9_500), (600, 500))
    large = Style(36, (250, 250, 250), "DejaVuSans-Bold")
    side = write(pixels, "L", (430, 250), large, telling=False)
    initials = write(pixels, "R JK", (30, 250), large, telling=True)
    mask = burned(pixels)
    assert not mask[side.strokes].any()
    assert mask[initials.strokes].mean() > 0.97


def test_a_line_that_runs_over_a_bright_rim_goes_whole() -> None:
    pixels = np.full((400, 700), 12, np.uint8)
    cv2.circle(pixels, (350, 390), 220, 200, 30)
    line = write(pixels, "Larkmoor Infirmary Vandermolen", (60, 190), Style(26, (205, 205, 205), "DejaVuSans"), True)
    assert burned(pixels)[line.strokes].mean() > 0.97


def test_half_seen_colour_on_speckle_goes_whole() -> None:
    """The frame's grays hardly tell it from its grain: no view but the one of colours shows it whole."""
    made = _frame(82_002, 39)[0]
    assert [line for line in made.lines if line.text == "ID: 4815384"]
    assert uncovered(made) == []


def test_nothing_is_written_on_a_frame_of_a_few_pixels() -> None:
    assert not burned(np.random.default_rng(1).integers(0, 255, (10, 12), dtype=np.uint8)).any()


def test_what_one_frame_of_a_series_shows_burns_on_all() -> None:
    rng = np.random.default_rng(9_600)
    clear, veiled = (BODIES["fan"](rng, (480, 640)) for _ in range(2))
    line = write(clear, "VANDERMOLEN^OTTOLINE", (20, 20), Style(16, (255, 255, 255), "DejaVuSans"), telling=True)
    readings, ink = zip(
        *(read_picture(PageRaster(p, source=Source.DEVICE), ENGINE()) for p in (clear, veiled)), strict=True
    )
    first, second = on_every_frame(readings, ink)
    assert any(region.bounds.overlap(line.box) > 0.9 * line.box.area for region in second.regions)
    assert set(ink[1].regions) < set(second.regions)
    assert set(first.regions) >= set(ink[0].regions)


def test_a_picture_full_of_writing_is_for_a_persons_eye() -> None:
    pixels = BODIES["field"](np.random.default_rng(9_700), (480, 640))
    for row in range(14):
        write(
            pixels,
            "Vandermolen, Ottoline 19610304 Larkmoor",
            (0, 2 + 34 * row),
            Style(25, (255,) * 3, "DejaVuSans-Bold"),
            True,
        )
    _, ink = read_picture(PageRaster(pixels, source=Source.DEVICE), ENGINE())
    assert ink.share == 1


def test_regions_lie_on_the_frame() -> None:
    made = frame(9_800, "fan", STYLES["tiny"])
    _, ink = read_picture(PageRaster(made.pixels, source=Source.DEVICE), ENGINE())
    whole = Box(0, 0, made.pixels.shape[1], made.pixels.shape[0])
    assert ink.regions
    assert all(region.bounds.overlap(whole) == region.bounds.area for region in ink.regions)

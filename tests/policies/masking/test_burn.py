"""Burning covers all that was decided, exactly in the pixels, and boxes tell little of what they hide."""

from __future__ import annotations

import math
import time

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.errors import Reason, RedoubtError
from detectors.findings import Finding, Kind, Layer
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Word
from policies.decisions import Action, Decision
from policies.masking.boxes import shaped
from policies.masking.burn import burn, covered, merged, regions

WIDTH, HEIGHT = 400, 300


def turned(u: float, v: float, width: float, height: float, angle: float) -> Quad:
    cos, sin = math.cos(angle), math.sin(angle)
    corners = ((u, v), (u + width, v), (u + width, v + height), (u, v + height))
    a, b, c, d = [(x * cos - y * sin, x * sin + y * cos) for x, y in corners]
    return Quad((a, b, c, d))


quads = st.builds(
    turned,
    st.floats(-20, WIDTH),
    st.floats(-20, HEIGHT),
    st.floats(1, 150),
    st.floats(1, 60),
    st.one_of(st.just(0.0), st.floats(-0.05, 0.05), st.sampled_from((math.pi / 2, -math.pi / 2, math.pi, 0.8))),
)
upright = st.builds(
    lambda x, y, w, h: Quad.of(Box(x, y, x + w, y + h)),
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(1, 150),
    st.integers(1, 60),
)


def blank(lossy: bool = False, level: int = 230) -> PageRaster:
    return PageRaster(np.full((HEIGHT, WIDTH), level, np.uint8), 200.0, lossy=lossy)


def inside(quad: Quad, x: float, y: float) -> bool:
    edges = zip(quad.corners, quad.corners[1:] + quad.corners[:1], strict=True)
    return all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= -1e-6 for (ax, ay), (bx, by) in edges)


@settings(max_examples=150, deadline=None)
@given(st.lists(quads, max_size=8), st.lists(upright, max_size=8))
def test_every_region_lies_inside_one_box(burned: list[Quad], kept: list[Quad]) -> None:
    boxes = shaped(burned, kept)
    for quad in burned:
        assert any(all(inside(box, x, y) for x, y in quad.corners) for box in boxes)


@settings(max_examples=150, deadline=None)
@given(st.lists(quads, max_size=8))
def test_every_pixel_of_every_region_stays_covered(burned: list[Quad]) -> None:
    before = covered(burned, WIDTH, HEIGHT)
    assert not (before & ~covered(merged(burned, blank()), WIDTH, HEIGHT)).any()


@settings(max_examples=150, deadline=None)
@given(st.lists(quads, max_size=5), st.booleans())
def test_burned_pixels_are_black_and_all_others_untouched(burned: list[Quad], colour: bool) -> None:
    shape = (HEIGHT, WIDTH, 3) if colour else (HEIGHT, WIDTH)
    pixels = np.random.default_rng(1).integers(1, 256, shape).astype(np.uint8)
    page = PageRaster(pixels.copy(), 200.0)
    finished = burn(page, burned)
    mask = covered(burned, WIDTH, HEIGHT)
    assert not finished.pixels[mask].any()
    assert np.array_equal(finished.pixels[~mask], pixels[~mask])
    assert np.array_equal(page.pixels, pixels)


@settings(max_examples=60, deadline=None)
@given(quads)
def test_a_pixel_is_covered_where_the_region_touches_its_square(quad: Quad) -> None:
    """Against an independent reading: points sampled densely in the region all fall on covered pixels."""
    mask = covered([quad], WIDTH, HEIGHT)
    a, b, c, d = (np.array(p) for p in quad.corners)
    s, t = np.meshgrid(np.linspace(0.001, 0.999, 80), np.linspace(0.001, 0.999, 80))
    s, t = s.ravel()[:, None], t.ravel()[:, None]
    points = np.floor((a * (1 - s) + b * s) * (1 - t) + (d * (1 - s) + c * s) * t).astype(int)
    on_page = (points >= 0).all(axis=1) & (points[:, 0] < WIDTH) & (points[:, 1] < HEIGHT)
    assert mask[points[on_page][:, 1], points[on_page][:, 0]].all()


def test_a_whole_box_burns_exactly_its_pixels() -> None:
    mask = covered([Quad.of(Box(10, 20, 30, 40))], WIDTH, HEIGHT)
    assert mask.sum() == 400
    assert mask[20:40, 10:30].all()


def line(*words: tuple[str, int, int], top: int = 100, height: int = 20) -> PageReading:
    """A line of words, each with its left and right edge."""
    placed, at = [], 0
    for text, left, right in words:
        region = Quad.of(Box(left, top, right, top + height))
        placed.append(Word(text, 95.0, region, 0, at, at + len(text)))
        at += len(text) + 1
    return PageReading(WIDTH, HEIGHT, 200.0, tuple(placed), " ".join(w[0] for w in words), "test-1")


def burned_words(reading: PageReading, *indices: int) -> list[Decision]:
    return [
        Decision(Finding(0, Kind.PERSON, 1.0, Layer.NER, (reading.words[i].region,), (i,)), Action.BURN, "r")
        for i in indices
    ]


def test_neighbours_merge_and_words_that_stay_are_not_covered() -> None:
    reading = line(("Patient", 20, 90), ("Maria", 98, 150), ("Kovacs", 158, 220), ("was", 228, 260))
    boxes = regions(reading, burned_words(reading, 1, 2), blank())
    assert len(boxes) == 1
    mask = covered(boxes, WIDTH, HEIGHT)
    assert mask[100:120, 98:220].all()
    assert not mask[:, 20:91].any()
    assert not mask[:, 228:260].any()


def test_a_word_that_stays_keeps_two_burned_words_apart() -> None:
    reading = line(("Maria", 20, 70), ("or", 76, 90), ("Anna", 96, 140))
    boxes = regions(reading, burned_words(reading, 0, 2), blank())
    assert len(boxes) == 2
    assert not covered(boxes, WIDTH, HEIGHT)[100:120, 76:90].any()


def test_names_of_different_length_leave_the_same_box() -> None:
    shapes = set()
    for right in (144, 150, 155):
        reading = line(("Name:", 20, 70), ("Xy", 102, right))
        (box,) = regions(reading, burned_words(reading, 1), blank())
        shapes.add(box.corners)
    assert len(shapes) == 1


def test_names_with_and_without_tall_letters_leave_the_same_height() -> None:
    heights = set()
    for top, height in ((100, 20), (104, 16), (104, 12)):
        tall = line(("Patient", 20, 90), ("seen", 300, 340))
        region = Quad.of(Box(120, top, 180, top + height))
        words = (*tall.words, Word("x", 90.0, region, 0, len(tall.text) + 1, len(tall.text) + 2))
        reading = PageReading(WIDTH, HEIGHT, 200.0, words, tall.text + " x", "test-1")
        (box,) = regions(reading, burned_words(reading, 2), blank())
        heights.add(round(box.bounds.height / 4))
    assert len(heights) == 1


def test_a_skewed_line_gets_one_skewed_box() -> None:
    angle = math.radians(2)
    words = tuple(Word("ab", 90.0, turned(50 + 60 * i, 100, 52, 20, angle), 0, 3 * i, 3 * i + 2) for i in range(4))
    reading = PageReading(WIDTH, HEIGHT, 200.0, words, "ab ab ab ab", "test-1")
    (box,) = regions(reading, burned_words(reading, 0, 1, 2, 3), blank())
    assert box.angle == pytest.approx(angle, abs=1e-6)
    assert covered([box], WIDTH, HEIGHT).sum() < 1.6 * covered([w.region for w in words], WIDTH, HEIGHT).sum()


def test_lines_below_each_other_stay_apart() -> None:
    boxes = merged([Quad.of(Box(20, 100, 120, 120)), Quad.of(Box(20, 130, 120, 150))], blank())
    assert len(boxes) == 2


def test_what_is_kept_is_not_burned() -> None:
    reading = line(("Maria", 20, 70))
    kept = [Decision(d.finding, Action.KEEP, "r") for d in burned_words(reading, 0)]
    assert regions(reading, kept, blank()) == ()


@pytest.mark.parametrize("action", [Action.BURN, Action.TOKENIZE, Action.GENERALISE])
def test_every_other_action_burns_the_pixels(action: Action) -> None:
    reading = line(("Maria", 20, 70))
    decided = [Decision(d.finding, action, "r") for d in burned_words(reading, 0)]
    assert covered(regions(reading, decided, blank()), WIDTH, HEIGHT)[100:120, 20:70].all()


def test_a_reading_of_another_page_is_refused() -> None:
    reading = line(("Maria", 20, 70))
    with pytest.raises(RedoubtError, match=Reason.MASKER_FAILED.value):
        regions(reading, burned_words(reading, 0), PageRaster(np.zeros((10, 10), np.uint8)))


def through_jpeg(pixels: np.ndarray, quality: int = 30) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_UNCHANGED)


def test_what_a_jpeg_smears_out_of_a_box_is_gone() -> None:
    """Two texts under one box: after the burn, the pages are the same, though their ringing differed around it."""
    pages = []
    for text in ("Kovacs", "Boateng"):
        pixels = np.full((HEIGHT, WIDTH), 235, np.uint8)
        cv2.putText(pixels, text, (103, 120), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2)
        pages.append(PageRaster(through_jpeg(pixels), 200.0, lossy=True))
    box = [Quad.of(Box(99, 99, 221, 131))]
    outside = ~covered(box, WIDTH, HEIGHT)
    assert (pages[0].pixels != pages[1].pixels)[outside].any()
    first, second = (burn(page, box).pixels for page in pages)
    assert np.array_equal(first, second)
    assert not first[99:131, 99:221].any()
    assert len(np.unique(first[96:136, 96:224])) == 2, "black inside, plain paper in the rest of the blocks"


def test_a_neighbours_ink_survives_in_a_block_that_a_box_cuts() -> None:
    pixels = np.full((HEIGHT, WIDTH), 235, np.uint8)
    pixels[100:120, 80:82] = 10
    page = PageRaster(through_jpeg(pixels, 80), 200.0, lossy=True)
    finished = burn(page, [Quad.of(Box(86, 99, 200, 121))]).pixels
    assert (finished[104:120, 80:82] > 0).all()
    assert (finished[104:120, 80:82] < 100).all()
    assert (finished[104:120, 84:86] > 200).all()
    assert not finished[99:121, 86:200].any()


@settings(max_examples=40, deadline=None)
@given(st.lists(quads, min_size=1, max_size=4), st.booleans())
def test_lossy_pages_burn_at_least_the_regions_and_nothing_beyond_their_blocks(
    burned: list[Quad], colour: bool
) -> None:
    shape = (HEIGHT, WIDTH, 3) if colour else (HEIGHT, WIDTH)
    pixels = np.random.default_rng(2).integers(1, 256, shape).astype(np.uint8)
    finished = burn(PageRaster(pixels.copy(), 200.0, lossy=True), burned).pixels
    mask = covered(burned, WIDTH, HEIGHT)
    assert not finished[mask].any()
    block = 16 if colour else 8
    near = cv2.dilate(mask.astype(np.uint8), np.ones((2 * block + 1, 2 * block + 1), np.uint8)).astype(bool)
    assert np.array_equal(finished[~near], pixels[~near])


def test_worst_case_time() -> None:
    rng = np.random.default_rng(3)
    many = [Quad.of(Box(int(x), int(y), int(x) + 40, int(y) + 20)) for x, y in rng.integers(0, 3000, (1500, 2))]
    started = time.process_time()
    shaped(many[:500], many[500:])
    assert time.process_time() - started < 5.0


def test_burning_one_more_word_leaves_the_boxes_of_other_lines_as_they_were() -> None:
    """What did not change need not be attacked again."""
    heights = [15, 15, 15, 15, 16, 16, 16, 16, 16, 18]
    words, text = [], ""
    for number, height in enumerate(heights):
        start = len(text) + bool(text)
        text += ("\n" if text else "") + f"word{number}"
        box = Box(20 + 7 * number, 28 * number, 90 + 11 * number, 28 * number + height)
        words.append(Word(f"word{number}", 90.0, Quad.of(box), number, start, len(text)))
    reading = PageReading(WIDTH, HEIGHT, 200.0, tuple(words), text, "typed")

    def seen(index: int) -> Quad:
        """Where another reader saw the word, or some ink with it."""
        return Quad.of(words[index].region.bounds.grown(4))

    def boxes(*indices: int) -> set[Quad]:
        acted = [
            Decision(Finding(0, Kind.PERSON, 1.0, Layer.ATTACKER, (seen(i),), (i,)), Action.BURN, "rule")
            for i in indices
        ]
        return set(regions(reading, acted, blank()))

    once = boxes(1, 5)
    for more in (3, 7, 8, 9):
        assert once < boxes(1, 5, more)

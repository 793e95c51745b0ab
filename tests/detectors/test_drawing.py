"""What is told of a page that is white for the most part is that page, and no other."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from detectors.drawing import GROUP, Drawing, groups_of


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (8, 64), (2200, 1700), (31, 17, 3), (64, 64, 3)])
@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 1.0])
def test_pixels_come_back_as_they_were(shape: tuple[int, ...], share: float) -> None:
    chance = np.random.default_rng(12)
    pixels = np.where(chance.random(shape) < share, chance.integers(0, 256, shape), 255).astype(np.uint8)
    told = pickle.loads(pickle.dumps(Drawing.of(pixels)))  # noqa: S301  our own
    assert np.array_equal(told.pixels(), pixels)
    assert len(told.at) <= groups_of(shape)


@pytest.mark.parametrize("place", [(0, 0), (59, 89), (30, 63), (30, 64)])
def test_one_pixel_that_is_hardly_gray_is_told(place: tuple[int, int]) -> None:
    pixels = np.full((60, 90), 255, np.uint8)
    pixels[place] = 254
    told = Drawing.of(pixels)
    assert len(told.at) == 1
    assert np.array_equal(told.pixels(), pixels)


def test_of_a_ruled_page_little_is_told() -> None:
    pixels = np.full((2200, 1700), 255, np.uint8)
    pixels[200:2000:100] = 0
    pixels[:, [200, 800, 1500]] = 0
    assert Drawing.of(pixels).samples.nbytes < pixels.nbytes / 7


def test_what_lies_past_the_page_is_refused() -> None:
    samples = np.zeros((1, GROUP), np.uint8)
    with pytest.raises(ValueError, match="no group"):
        Drawing((8, 8), np.array([1], np.uint32), samples)
    with pytest.raises(ValueError, match="no group"):
        Drawing((8, 8), np.array([0, 0], np.uint32), np.zeros((2, GROUP), np.uint8))
    with pytest.raises(ValueError, match="samples"):
        Drawing((8, 16), np.array([0, 1], np.uint32), samples)

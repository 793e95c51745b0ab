"""Percentiles by counting are those that numpy has by sorting."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.levels import level_at, ranked


@pytest.mark.parametrize("percent", [0, 0.5, 25, 50, 90, 100])
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 5), (90, 41)])
def test_the_levels_that_numpy_has(percent: float, shape: tuple[int, int]) -> None:
    levels = np.random.default_rng(5).integers(0, 256, shape).astype(np.uint8)
    for view in (levels, levels.T, levels[::3, ::2], levels.ravel()):
        assert level_at(view, percent) == pytest.approx(float(np.percentile(view, percent)))


@pytest.mark.parametrize("percent", [0, 0.5, 50, 99.2, 100])
def test_of_the_pixels_that_are_asked_for_alone(percent: float) -> None:
    levels = np.random.default_rng(6).integers(0, 256, (90, 41)).astype(np.uint8)
    where = (np.random.default_rng(7).random(levels.shape) < 0.1).astype(np.uint8)
    asked = np.percentile(levels[where > 0], percent)
    assert level_at(levels, percent, where) == pytest.approx(float(asked))
    assert level_at(levels, percent, where) != level_at(levels, percent) or percent in (0, 100)


def test_levels_at_their_places_are_those_of_sorted_pixels() -> None:
    levels = np.random.default_rng(8).integers(0, 256, (31, 17)).astype(np.uint8)
    places = [0, 1, levels.size // 50, levels.size // 2, levels.size - 1]
    assert ranked(levels, *places) == np.sort(levels, axis=None)[places].tolist()

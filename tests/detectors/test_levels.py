"""Percentiles by counting are those that numpy has by sorting."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.levels import level_at


@pytest.mark.parametrize("percent", [0, 0.5, 25, 50, 90, 100])
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 5), (90, 41)])
def test_the_levels_that_numpy_has(percent: float, shape: tuple[int, int]) -> None:
    levels = np.random.default_rng(5).integers(0, 256, shape).astype(np.uint8)
    for view in (levels, levels.T, levels[::3, ::2], levels.ravel()):
        assert level_at(view, percent) == pytest.approx(float(np.percentile(view, percent)))

"""What of blocks and boxes is set, told at once for many as one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policies.attack.finished.raster import shares

SIDES = st.integers(1, 40)


@given(SIDES, SIDES, st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_a_blocks_share_is_the_mean_of_its_pixels_and_of_the_edge_repeated(
    height: int, width: int, density: float, seed: int
) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < density
    whole = np.pad(mask, ((0, -height % 8), (0, -width % 8)), mode="edge")
    told = whole.reshape(whole.shape[0] // 8, 8, -1, 8).mean(axis=(1, 3))
    assert np.array_equal(shares(mask), told)


def test_a_full_block_and_one_but_for_a_pixel_are_told_apart() -> None:
    mask = np.ones((16, 8), np.bool_)
    mask[3, 4] = False
    assert shares(mask).tolist() == [[63 / 64], [1.0]]

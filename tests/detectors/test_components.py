"""Marks are told apart exactly as OpenCV's own call does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.components import components


@pytest.mark.parametrize("share", [0.0, 0.0002, 0.01, 0.02, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("kind", [np.uint8, np.bool_])
def test_the_same_numbers_boxes_areas_and_centres(share: float, kind: type) -> None:
    mask = (np.random.default_rng(7).random((83, 121)) < share).astype(kind)
    count, *theirs = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    found, *ours = components(mask)
    assert found == count
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)


def test_a_mask_that_is_a_view_of_another() -> None:
    mask = np.zeros((40, 60), bool)
    mask[3:9, 5:30] = True
    assert components(mask.T)[2][1].tolist() == [3, 5, 6, 25, 150]


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
@pytest.mark.parametrize("high", [83, 84])
def test_marks_in_few_rows_with_one_or_two_empty_ones_between(share: float, high: int) -> None:
    mask = np.zeros((high, 121), np.uint8)
    rows = [0, 2, 5, 6, 17, 19, 20, 31, high - 1]
    mask[rows] = np.random.default_rng(8).random((len(rows), 121)) < share
    count, *theirs = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found, *ours = components(mask)
    assert found == count
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other)

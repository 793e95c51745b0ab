"""Packed columns say what OpenCV does, at any length, edges included."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.visual.ink import columns
from detectors.visual.ink.columns import Columns

WAYS = {
    "erode": (columns.eroded, cv2.MORPH_ERODE),
    "dilate": (columns.dilated, cv2.MORPH_DILATE),
    "open": (columns.opened, cv2.MORPH_OPEN),
    "close": (columns.closed, cv2.MORPH_CLOSE),
}


@pytest.mark.parametrize("length", [1, 2, 3, 4, 7, 12, 20, 60, 201])
@pytest.mark.parametrize("ink", [0.0, 0.03, 0.4, 0.97, 1.0])
@pytest.mark.parametrize("way", WAYS)
def test_the_same_as_with_a_kernel_of_one_column(way: str, ink: float, length: int) -> None:
    work, how = WAYS[way]
    mask = (np.random.default_rng(length).random((140, 61)) < ink).astype(np.uint8)
    found = columns.unpacked(work(columns.packed(mask), length), 61)
    assert np.array_equal(found, cv2.morphologyEx(mask, how, np.ones((length, 1), np.uint8)))


@pytest.mark.parametrize("width", [1, 8, 9, 61])
def test_widened_by_the_columns_beside(width: int) -> None:
    mask = (np.random.default_rng(width).random((50, width)) < 0.2).astype(np.uint8)
    found = columns.unpacked(columns.widened(columns.packed(mask)), width)
    assert np.array_equal(found, cv2.dilate(mask, np.ones((1, 3), np.uint8)))


@pytest.mark.parametrize("work", [way for way, _ in WAYS.values()])
def test_truths_are_packed_as_numbers_are(work: Callable[[Columns, int], Columns]) -> None:
    mask = np.random.default_rng(3).random((30, 20)) < 0.3
    assert np.array_equal(work(columns.packed(mask), 5), work(columns.packed(mask.astype(np.uint8)), 5))

"""Pages made smaller for what is looked at from afar."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.smaller import smaller

SIZES = [(638, 825), (1275, 1650), (425, 550), (1020, 1320), (1000, 1100), (1700, 2200)]


@pytest.mark.parametrize("size", SIZES)
def test_a_line_of_one_pixel_shows_wherever_it_stands(size: tuple[int, int]) -> None:
    page = np.full((2200, 1700), 255, np.uint8)
    share = size[0] / page.shape[1]
    for column in range(800, 816):
        lined = page.copy()
        lined[:, column] = 0
        # Of what a mean of areas has of it, a third at least.
        assert 255 - int(smaller(lined, size).min()) >= int(255 * min(share, 1.0) / 3) - 1


@pytest.mark.parametrize("size", SIZES)
def test_print_looks_as_means_of_areas_do(size: tuple[int, int]) -> None:
    page = np.full((2200, 1700), 235, np.uint8)
    for line in range(100, 2100, 40):
        cv2.putText(page, "Patient seen on rounds, stable 0123456789", (90, line), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 20, 2)
    page = np.asarray(cv2.GaussianBlur(page, (0, 0), 0.7), np.uint8)
    found, wanted = smaller(page, size), cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    assert found.shape == wanted.shape
    assert float(cv2.absdiff(found, wanted).mean()) <= 2.0


def test_of_odd_sides_the_last_line_counts() -> None:
    page = np.full((301, 401), 255, np.uint8)
    page[-1], page[:, -1] = 0, 0
    found = smaller(page, (100, 75))
    assert found[-1].max() < 255
    assert found[:, -1].max() < 255

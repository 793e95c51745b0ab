"""A page made small by halves and a linear rest is the page that means of areas make."""

import cv2
import numpy as np
import pytest

from detectors.pages import Pixels
from detectors.shrunk import shrunk


def lines(height: int, width: int) -> Pixels:
    page = np.full((height, width), 240, np.uint8)
    for top in range(40, height - 20, 40):
        cv2.putText(page, "MRN 8841907 seen " * 6, (30, top), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2)
    return page


@pytest.mark.parametrize("size", [(850, 1100), (425, 550), (1275, 1650), (618, 800), (283, 367), (1700, 2200)])
def test_it_is_as_means_of_areas_are(size: tuple[int, int]) -> None:
    page = lines(2200, 1700)
    usual = cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(int)
    made = shrunk(page, size)
    assert made.shape == usual.shape
    assert made.dtype == np.uint8
    assert np.abs(made - usual).mean() < 8


@pytest.mark.parametrize("size", [(1171, 1515), (617, 799), (283, 367), (100, 130)])
def test_no_stroke_of_a_pixel_gets_lost(size: tuple[int, int]) -> None:
    for at in range(900, 908):
        page = np.full((2200, 1700), 255, np.uint8)
        page[at] = 0
        paler = 255 - shrunk(page, size)[:, size[0] // 2].astype(float)
        assert paler.sum() > 0.5 * 255 * size[1] / 2200


def test_colours_stay() -> None:
    page = np.zeros((100, 80, 3), np.uint8)
    page[:, :, 1] = 200
    assert (shrunk(page, (20, 25)) == (0, 200, 0)).all()

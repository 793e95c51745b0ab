"""Rulings and bars go from what is read; letters, and figures that look like rulings, stay as they are."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import pytest

from detectors.pages import Pixels
from detectors.reading.views.unruled import unruled

DPI: Final = 200.0
PAPER, INK = 240, 20
HIGH, WIDE = 600, 900
WORD: Final = (slice(200, 260), slice(100, 420))


@pytest.fixture
def print_alone() -> Pixels:
    page = np.full((HIGH, WIDE), PAPER, np.uint8)
    cv2.putText(page, "penicillin", (110, 240), cv2.FONT_HERSHEY_SIMPLEX, 1.4, INK, 3)
    return page


def test_the_frame_of_a_cell_goes_and_its_print_stays(print_alone: Pixels) -> None:
    page = print_alone.copy()
    cv2.rectangle(page, (60, 170), (800, 290), INK, 3)
    cv2.line(page, (500, 170), (500, 290), INK, 2)
    found = unruled(page, DPI)
    assert (found[WORD] == print_alone[WORD]).all()
    assert (found < 128).sum() < (print_alone < 128).sum() + 60  # corners may stay


def test_a_letter_that_crosses_its_line_stays_whole() -> None:
    page = np.full((HIGH, WIDE), PAPER, np.uint8)
    page[230:265, 300:304] = INK  # the stem of a p
    page[246:249, 60:800] = INK
    found = unruled(page, DPI)
    assert (found[230:265, 300:304] == INK).all()
    assert (found[240:256, 320:780] == PAPER).all()


@pytest.mark.parametrize("high", [16, 24, 36, 48])
def test_figures_like_rulings_stay(high: int) -> None:
    page = np.full((HIGH, WIDE), PAPER, np.uint8)
    for x in range(100, 500, 60):
        cv2.line(page, (x, 300), (x, 300 + high), INK, 3)
    assert (unruled(page, DPI) == page).all()


def test_a_dash_stays() -> None:
    page = np.full((HIGH, WIDE), PAPER, np.uint8)
    cv2.line(page, (300, 300), (370, 300), INK, 3)
    assert (unruled(page, DPI) == page).all()


def test_light_print_on_a_bar_is_turned_dark_on_light() -> None:
    page = np.full((HIGH, WIDE), PAPER, np.uint8)
    page[300:350, 60:800] = INK
    cv2.putText(page, "ALLERGIES", (80, 338), cv2.FONT_HERSHEY_SIMPLEX, 1.0, PAPER, 2)
    found = unruled(page, DPI)
    letters = (slice(312, 340), slice(80, 260))
    assert (found[letters] < 128).sum() == pytest.approx((page[letters] > 128).sum(), rel=0.1)
    assert (found[290:360, 400:850] == PAPER).all()


def test_bold_print_is_no_bar() -> None:
    page = np.full((HIGH, WIDE), PAPER, np.uint8)
    cv2.putText(page, "EMERGENCY", (80, 338), cv2.FONT_HERSHEY_SIMPLEX, 1.6, INK, 9)
    assert (unruled(page, DPI) == page).all()


def test_what_is_too_small_to_tell_is_itself() -> None:
    page = np.full((40, 900), PAPER, np.uint8)
    assert unruled(page, DPI) is page

"""A page's ink is told once for all readings of it, and shown level where they lean."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Word
from detectors.visual.ink.accounting import unexplained
from detectors.visual.ink.seen import Sights

DPI = 200.0
SIDE = (2200, 1700)


def leaning(degrees: float) -> tuple[PageRaster, PageReading]:
    """Print that leans so, of which the third line was not read."""
    turn = np.vstack([cv2.getRotationMatrix2D((850, 1100), -degrees, 1.0), (0.0, 0.0, 1.0)])
    page, words = np.full(SIDE, 255, np.uint8), []
    for line in range(6):
        top = 600 + 120 * line
        cv2.putText(page, "Zorblat Quuxin 555 0100", (400, top + 30), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
        if line != 2:
            region = Quad.of(Box(395, top - 5, 1000, top + 42)).mapped(turn)
            words.append(Word("Zorblat Quuxin 555 0100", 95.0, region, line, 0, 23))
    leans = np.asarray(cv2.warpAffine(page, turn[:2], SIDE[::-1], borderValue=255), np.uint8)
    return PageRaster(leans, DPI), PageReading(SIDE[1], SIDE[0], DPI, tuple(words), "Zorblat Quuxin 555 0100", "hand")


@pytest.mark.parametrize("degrees", [0.0, 3.0, -7.0])
def test_the_page_is_looked_at_once_for_readings_that_lean_alike(degrees: float) -> None:
    page, reading = leaning(degrees)
    sights = Sights(page)
    seen = sights.of(reading, degrees)
    assert sights.of(replace(reading, words=reading.words[1:]), degrees + 0.01) is seen
    assert sights.of(reading, degrees + 1.0) is not seen
    assert (seen.turn is None) == (degrees == 0.0)


@pytest.mark.parametrize("degrees", [0.0, 3.0, -7.0])
def test_what_was_told_before_changes_no_account(degrees: float) -> None:
    page, reading = leaning(degrees)
    fewer = replace(reading, words=reading.words[2:])
    sights = Sights(page)
    first, second = unexplained(page, reading, sights), unexplained(page, fewer, sights)
    for found, alone in ((first, unexplained(page, reading)), (second, unexplained(page, fewer))):
        assert found.share == pytest.approx(alone.share, rel=1e-6)
        assert np.allclose([r.corners for r in found.regions], [r.corners for r in alone.regions], atol=1e-6)
    assert second.share > 1.5 * first.share > 0


@pytest.mark.parametrize("degrees", [3.0, -7.0, 12.0])
def test_a_line_that_was_not_read_is_told_where_it_stands(degrees: float) -> None:
    page, reading = leaning(degrees)
    turn = np.vstack([cv2.getRotationMatrix2D((850, 1100), -degrees, 1.0), (0.0, 0.0, 1.0)])
    middle = np.array([700.0, 855.0, 1.0]) @ turn.T
    found = unexplained(page, reading).regions
    assert any(
        region.bounds.left <= middle[0] <= region.bounds.right
        and region.bounds.top <= middle[1] <= region.bounds.bottom
        for region in found
    )

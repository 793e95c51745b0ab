"""What was black in the copy that a person saw and is not now is told, on dark paper too; another coding is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.pages import PageRaster
from policies.masking.assemble import assemble
from streams.review.shown import shown_again, shows_no_more

CELL = (slice(100, 200), slice(100, 900))


def page(paper: int, ink: int, *, black: bool, lossy: bool) -> bytes:
    pixels = np.full((400, 1000), 255, np.uint8)
    pixels[CELL] = paper
    cv2.putText(pixels, "Okonkwo 4471920", (120, 160), cv2.FONT_HERSHEY_SIMPLEX, 1.5, ink, 3)
    if black:
        pixels[CELL] = 0
    return assemble([PageRaster(pixels, 100.0, lossy=lossy)])


@pytest.mark.parametrize("lossy", [False, True])
@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (120, 0), (60, 0), (0, 120), (0, 60), (90, 70)])
def test_print_that_was_black_before_shows_again(paper: int, ink: int, lossy: bool) -> None:
    seen, now = page(paper, ink, black=True, lossy=lossy), page(paper, ink, black=False, lossy=lossy)
    assert not shows_no_more(now, seen, 1)
    assert shown_again(now, seen, 1)
    assert shows_no_more(seen, now, 1), "more is black"


def test_without_a_jpeg_every_level_tells() -> None:
    assert not shows_no_more(page(9, 0, black=False, lossy=False), page(9, 0, black=True, lossy=False), 1)


@pytest.mark.parametrize("colour", [False, True])
def test_a_page_coded_more_finely_shows_no_more(colour: bool) -> None:
    rng = np.random.default_rng(5)
    pixels = rng.normal(235, 12, (400, 600, 3) if colour else (400, 600)).clip(0, 255).astype(np.uint8)
    for y in range(40, 390, 30):
        cv2.putText(pixels, "metoprolol 25 mg twice daily", (20, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (30, 25, 20), 2)
    coarse = assemble([PageRaster(pixels, 100.0, lossy=True)])
    pixels[50:60, 50:300] = 0
    fine = assemble([PageRaster(pixels, 100.0, lossy=False)])
    assert shows_no_more(fine, coarse, 1)
    assert shown_again(fine, coarse, 1) == []

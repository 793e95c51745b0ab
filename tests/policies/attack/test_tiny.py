"""Pages of every small size, burned in places or throughout: the attacker tells, and never fails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster
from policies.attack.finished.raster import covered, finished_page
from policies.attack.finished.structure import check_structure
from policies.attack.looks import Look
from policies.attack.report import Claim
from policies.attack.shapes import cuts, ghosts
from policies.masking.assemble import assemble
from policies.masking.burn import burn

SIDES = st.integers(1, 40)


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES, st.booleans(), st.booleans(), st.integers(0, 2**32 - 1))
@example(5, 30, False, True, 1)
@example(30, 6, True, True, 1)
@example(2, 2, True, False, 1)
def test_no_size_is_too_small(width: int, height: int, colour: bool, lossy: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, 3) if colour else (height, width)).astype(np.uint8)
    left, top = int(rng.integers(0, width)), int(rng.integers(0, height))
    quads = (Quad.of(Box(left, top, int(rng.integers(left, width)) + 1, int(rng.integers(top, height)) + 1)),)
    copy = assemble([burn(PageRaster(pixels, 100.0, lossy=lossy), quads)])
    check_structure(copy, Claim(((width, height),), (quads,), ()))
    for quick in (False, True):
        page, black = finished_page(copy, 0, quick=quick), covered(quads, width, height)
        ghosts.residuals(page, quads, black, Look(0))
        cuts.cut(page, quads, black)


@pytest.mark.parametrize("size", [(35, 15), (8, 8), (3, 200)])
def test_a_page_without_an_open_block_is_solid_and_has_no_ghosts(size: tuple[int, int]) -> None:
    width, height = size
    quads = (Quad.of(Box(0, 0, width, height - 1)),)
    page = burn(PageRaster(np.full((height, width), 200, np.uint8), 100.0, lossy=True), quads)
    copy = assemble([page])
    assert check_structure(copy, Claim((size,), (quads,), ())) == ()
    assert ghosts.residuals(finished_page(copy, 0), quads, covered(quads, width, height), Look(0)) == []

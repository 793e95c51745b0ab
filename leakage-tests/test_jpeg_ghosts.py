"""What JPEG smears of a covered name over the blocks that its box cuts: does the copy hold it?

Sources: Farid, "Exposing Digital Forgeries from JPEG Ghosts", IEEE TIFS 2009; ITU-T T.81, A.3: eight by eight samples
are coded as one, so that ink rings through all of its block and past the edge of a box.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels
from policies.attack.finished.raster import FinishedPage, covered
from policies.attack.shapes.ghosts import ghosts
from policies.masking.burn import burn
from streams.decode.images import open_image
from tests.policies.attack.made import DPI, drawn

NAMES = ("Ottoline Brackenbury", "Quenby Starkweathers")
LEFT, ROWS = 160, 480
AROUND = ((60, 80, "Harrow Street Clinic"), (60, 210, "Visit 12 of the year"))
STARTS = [110 + 0.48 * step for step in range(0, 16, 4)]
"""Baselines a pixel apart, so that boxes cut their blocks at every height."""


def scanned(name: str, baseline: float, quality: int, noise: float) -> Pixels:
    page = drawn([*AROUND, (60, baseline, "Patient:"), (LEFT, baseline, name)])[:ROWS].astype(np.float32)
    if noise:
        page += np.random.default_rng(1).normal(0, noise, page.shape)
    _, encoded = cv2.imencode(".jpg", page.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE), np.uint8)


@cache
def box_over(baseline: float) -> Box:
    """As tight as a box may be: around the ink of either name."""
    ys, xs = np.nonzero(np.minimum(*(drawn([(LEFT, baseline, name)]) for name in NAMES)) < 250)
    return Box(int(xs.min()) - 1, int(ys.min()) - 1, int(xs.max()) + 2, int(ys.max()) + 2)


def kept_as(kind: str, page: Pixels) -> PageRaster:
    """What the decoder makes of it in a file of that kind."""
    file = io.BytesIO()
    Image.fromarray(page).save(file, kind, dpi=(DPI, DPI))
    (found,) = open_image(file.getvalue(), kind).pages
    return found


@pytest.mark.parametrize("quality", [30, 60, 85])
@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_two_names_under_one_box_leave_the_same_page(
    quality: int, noise: float, record_property: Callable[[str, object], None]
) -> None:
    smeared, left = 0, 0
    for baseline in STARTS:
        box = box_over(baseline)
        pages = [scanned(name, baseline, quality, noise) for name in NAMES]
        apart = pages[0] != pages[1]
        apart[box.top : box.bottom, box.left : box.right] = False
        smeared += int(apart.sum())
        copies = [burn(PageRaster(page, DPI, False, True), [Quad.of(box)]).pixels for page in pages]
        left += int((copies[0] != copies[1]).sum())
    record_property("case", f"ghost of a covered name, JPEG quality {quality}{', grain' if noise else ''}")
    record_property("source", "Farid 2009; ITU-T T.81")
    record_property("figure", f"{left} pixels tell the names apart, of {smeared} beside the boxes before")
    assert smeared > 100
    assert left == 0


@pytest.mark.parametrize("quality", [30, 60, 85])
@pytest.mark.parametrize(("kind", "noise"), [("PNG", 0.0), ("TIFF", 4.0)])
def test_nor_where_the_scan_was_kept_without_loss_since(
    quality: int, kind: str, noise: float, record_property: Callable[[str, object], None]
) -> None:
    left, told = 0, 0
    for baseline in STARTS:
        box = Quad.of(box_over(baseline))
        rasters = [kept_as(kind, scanned(name, baseline, quality, noise)) for name in NAMES]
        copies = [burn(raster, [box]).pixels for raster in rasters]
        left += int((copies[0] != copies[1]).sum())
        told += sum(len(ghosts(FinishedPage(c, DPI, False), [box], covered([box], *c.shape[::-1]))) for c in copies)
    record_property("case", f"ghost of a covered name, JPEG quality {quality} kept as {kind}")
    record_property("source", "Farid 2009; Fan and de Queiroz 2003")
    record_property("figure", f"{left} pixels tell the names apart, {told} boxes haunted")
    assert (left, told) == (0, 0)


@pytest.mark.parametrize("noise", [0.0, 4.0])
def test_what_never_was_a_jpeg_keeps_its_sharp_edges(noise: float) -> None:
    page = drawn([*AROUND, (60, 110, "Patient:"), (LEFT, 110, NAMES[0])])[:ROWS].astype(np.float32)
    page += np.random.default_rng(1).normal(0, noise, page.shape)
    assert not kept_as("PNG", page.clip(0, 255).astype(np.uint8)).lossy

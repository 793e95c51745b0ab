"""A page of a finished copy read by itself, and a copy that is not held in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster
from policies.attack.finished.raster import finished_page
from policies.attack.finished.structure import check_structure, sheets
from policies.attack.report import Claim
from policies.masking.assemble import assemble

BOX = Box(40, 30, 120, 60)


def page(number: int, *, bilevel: bool = False) -> PageRaster:
    pixels = np.full((200 + 10 * number, 300), 255, np.uint8)
    pixels[100 : 110 + number, 20:250:7] = 0
    pixels[BOX.top : BOX.bottom, BOX.left : BOX.right] = 0
    return PageRaster(pixels, 100.0, bilevel)


PAGES = [page(number, bilevel=number % 2 == 0) for number in range(5)]
COPY = assemble(PAGES)
CLAIM = Claim(tuple((p.width, p.height) for p in PAGES), ((Quad.of(BOX),),) * len(PAGES), ())


@dataclass
class Elsewhere:
    """A copy of which only what was asked for is in memory."""

    content: bytes = field(repr=False)
    largest: int = 0

    def __len__(self) -> int:
        return len(self.content)

    def read(self, start: int, end: int) -> bytes:
        assert 0 <= start <= end <= len(self.content)
        self.largest = max(self.largest, end - start)
        return self.content[start:end]


def test_a_sheet_shows_what_the_copy_shows() -> None:
    for number, sheet in zip([3, 0], sheets(COPY, [3, 0]), strict=True):
        alone, within = finished_page(sheet, 0), finished_page(COPY, number)
        assert np.array_equal(alone.pixels, within.pixels)
        assert (alone.dpi, alone.lossy) == (within.dpi, within.lossy)
        assert check_structure(sheet, Claim(CLAIM.page_sizes[number : number + 1], CLAIM.burned[:1], ())) == ()


def test_a_sheet_holds_nothing_of_other_pages() -> None:
    [sheet] = sheets(COPY, [1])
    assert len(sheet) < len(COPY) / 2
    assert sheet.count(b"/Subtype /Image") == 1


@pytest.mark.parametrize("number", [-1, len(PAGES)])
def test_a_page_that_is_not_there(number: int) -> None:
    with pytest.raises(RedoubtError) as caught:
        list(sheets(COPY, [number]))
    assert caught.value.reason is Reason.FORBIDDEN_OBJECT


def test_a_copy_that_is_read_in_pieces_is_checked_as_a_whole() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (900, 900), np.uint8)
    large = assemble([PageRaster(noise, 100.0)] * 3)
    claim = Claim(((900, 900),) * 3, ((),) * 3, ())
    copy = Elsewhere(large)
    assert check_structure(copy, claim) == ()
    assert copy.largest < len(large) / 2
    middle = len(large) // 2
    for changed in (large[:-7], large + b" ", large[:middle] + large[middle + 1 :], b"\n" + large):
        assert check_structure(Elsewhere(changed), claim) == check_structure(changed, claim) != ()


def test_pages_that_were_looked_at_are_forgotten() -> None:
    """MuPDF would keep a quarter of a gigabyte of them in every process."""
    raster = PageRaster(np.random.default_rng(7).integers(0, 256, (2000, 1500), np.uint8), 200.0)
    [sheet] = sheets(assemble([raster]), [0])

    def look() -> int:
        for _ in range(25):
            finished_page(sheet, 0)
        rows = Path("/proc/self/status").read_text().splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS:")) // 1024

    assert look() + 40 > (look(), look())[1]

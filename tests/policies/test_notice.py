"""The notice stands below each page: readable, the same each time, and nothing else where it stands."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from detectors.errors import Reason
from detectors.pages import PageRaster
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies.attack.finished.structure import check_structure
from policies.attack.report import Claim
from policies.masking.assemble import assemble
from policies.masking.burn import burn
from policies.notice import LEAST_LETTER_PX, strip, under
from policies.scope.authorization import NOTICE
from tests.policies.masking.test_assemble import BOXES, PAGES, decoded


@pytest.mark.parametrize("width", [120, 640, 1275, 1700, 3400])
def test_an_engine_reads_it_at_every_width(width: int) -> None:
    shown = np.array(strip(NOTICE, width))
    if width > 1700:  # as every reader of 400 dpi does
        shown = np.asarray(cv2.resize(shown, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    with TesserocrEngine() as engine:
        words = engine.words(shown, 200)
    assert " ".join(word.text for word in words) == NOTICE


@pytest.mark.parametrize("name", PAGES)
def test_the_page_only_grows(name: str) -> None:
    page = PAGES[name]
    grown = under(page, NOTICE)
    assert np.array_equal(grown.pixels[: page.height, : page.width], page.pixels)
    assert (grown.dpi, grown.bilevel, grown.lossy) == (page.dpi, page.bilevel, page.lossy)
    assert grown.height > page.height + LEAST_LETTER_PX


def reasons(page: PageRaster, notice: str | None = NOTICE, size: tuple[int, int] | None = None) -> tuple[Reason, ...]:
    claim = Claim((size or (page.width, page.height),), (BOXES,), (), notice)
    return check_structure(assemble([page]), claim)


@pytest.mark.parametrize("name", PAGES)
def test_the_attacker_takes_it_for_what_it_is_and_nothing_else_for_it(name: str) -> None:
    page = burn(PAGES[name], BOXES)
    size, grown = (page.width, page.height), under(page, NOTICE)
    assert reasons(grown, size=size) == ()
    assert reasons(grown, notice=None, size=size) == (Reason.PAGE_COUNT_CHANGED,), "none was due"
    assert reasons(page) == (Reason.PAGE_COUNT_CHANGED,), "it is missing"
    blank = grown.pixels.copy()
    blank[page.height :] = 255
    assert reasons(dataclasses.replace(grown, pixels=blank), size=size) == (Reason.FORBIDDEN_OBJECT,)
    printed = grown.pixels.copy()
    printed[-16:] = page.pixels[:16]
    printed[-16:-4, 5:80] = 0
    assert reasons(dataclasses.replace(grown, pixels=printed), size=size) == (Reason.FORBIDDEN_OBJECT,)


def test_a_page_narrower_than_a_word_of_it_becomes_wider() -> None:
    page = PageRaster(np.zeros((90, 60, 3), np.uint8), 0.0, lossy=True)
    grown = under(page, NOTICE)
    assert grown.width > 120
    assert check_structure(assemble([grown]), Claim(((60, 90),), ((),), (), NOTICE)) == ()
    beside = grown.pixels.copy()
    beside[20:40, 80:120] = 90
    copy = assemble([dataclasses.replace(grown, pixels=beside)])
    assert check_structure(copy, Claim(((60, 90),), ((),), (), NOTICE)) == (Reason.FORBIDDEN_OBJECT,)
    assert decoded(copy).shape[:2] == grown.pixels.shape[:2]


@pytest.mark.parametrize("height", [90, 95, 96])
def test_coloured_noise_above_it_rings_into_it_and_nothing_is_smuggled_there(height: int) -> None:
    pixels = np.where(np.random.default_rng(height).random((height, 413, 3)) < 0.5, 0, 255).astype(np.uint8)
    size, claim = (413, height), Claim(((413, height),), ((),), (), NOTICE)
    for lossy in (True, False):
        grown = under(PageRaster(pixels, 100.0, lossy=lossy), NOTICE)
        assert check_structure(assemble([grown]), claim) == (), lossy
        for ink in ((0, 0, 0), (255, 255, 0), (150, 150, 150)):
            printed = grown.pixels.copy()
            printed[height : height + 2, 40:200:4] = ink
            copy = assemble([dataclasses.replace(grown, pixels=printed)])
            assert check_structure(copy, claim) == (Reason.FORBIDDEN_OBJECT,), (ink, lossy, size)

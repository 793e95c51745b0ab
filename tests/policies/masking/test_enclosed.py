"""A letter that nobody read between two burned pieces of a line burns; words, dots, rulings and rows apart do not."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels
from policies.masking.burn import burn
from policies.masking.enclosed import enclosed
from tests.policies.attack.made import DPI, drawn

Y = 100.0


def line(between: str) -> tuple[Pixels, list[Quad]]:
    """A name with that in its middle, and the boxes of its two ends."""
    page = drawn([(60, Y, "Ayoub"), (106, Y, between), (128, Y, "Akyena")])
    return page, [Quad.of(_ink(60, "Ayoub")), Quad.of(_ink(128, "Akyena"))]


def _ink(x: float, text: str) -> Box:
    ys, xs = np.nonzero(drawn([(x, Y, text)]) < 200)
    return Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)


@pytest.mark.parametrize("between", ["A.", "J", "0."])
def test_an_initial_goes(between: str) -> None:
    page, burned = line(between)
    (found,) = enclosed(page, burned, burned)
    letter = _ink(106, between[0]).clipped(*page.shape[::-1])
    assert letter is not None
    assert found.bounds.overlap(letter) == letter.area
    assert (
        burn(PageRaster(page, DPI), [*burned, found])
        .pixels[letter.top : letter.bottom, letter.left : letter.right]
        .max()
        == 0
    )


@pytest.mark.parametrize("channels", [1, 3])
def test_a_word_that_was_read_there_stays(channels: int) -> None:
    page, burned = line("A.")
    shown = page if channels == 1 else np.repeat(page[..., None], 3, axis=2)
    assert enclosed(shown, burned, [*burned, Quad.of(_ink(106, "A."))]) == []
    assert len(enclosed(shown, burned, burned)) == 1


@pytest.mark.parametrize("between", ["", ".", "-"])
def test_what_is_no_initial_stays(between: str) -> None:
    page, burned = line(between)
    assert enclosed(page, burned, burned) == []


def test_what_stands_between_columns_or_lines_stays() -> None:
    page, (first, second) = line("A.")
    b = second.bounds
    assert enclosed(page, [first, Quad.of(Box(b.left + 200, b.top, b.right + 200, b.bottom))], []) == []
    assert enclosed(page, [first, Quad.of(Box(b.left, b.top + 40, b.right, b.bottom + 40))], []) == []
    assert enclosed(page, [first], []) == []
    assert enclosed(page, [], []) == []

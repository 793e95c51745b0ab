"""Ones and capital I in a comb look as the edges of its cells do: beside what else was written there they burn."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.ink.accounting import unexplained

DPI = 150
TOP = 300


def comb(value: str, cell: int = 40, high: int = 34, ink: int = 40, pen: int = 2, *, edges: bool = False) -> Pixels:
    """A row between two rulings, one sign to each `cell` pixels from column 160 on; `edges` are drawn before each."""
    page: Pixels = np.full((1650, 1275), 255, np.uint8)
    for y in (TOP, TOP + high):
        cv2.line(page, (140, y), (1100, y), 0, 2)
    for column, char in enumerate(value):
        x = 160 + cell * column
        if edges:
            cv2.line(page, (x - cell // 2, TOP), (x - cell // 2, TOP + high), 0, 2)
        if char in "1I":
            cv2.line(page, (x, TOP + 2), (x, TOP + high - 2), ink, pen)
        elif char != " ":
            cv2.putText(page, char, (x - 8, TOP + high - 5), cv2.FONT_HERSHEY_SIMPLEX, high / 38, ink, pen, cv2.LINE_AA)
    return page


def read(said: str | None = None, box: Box | None = None) -> PageReading:
    words = (Word(said, 95.0, Quad.of(box), 0, 0, len(said)),) if said and box else ()
    return PageReading(1275, 1650, float(DPI), words, said or "", "hand")


@pytest.mark.parametrize("value", ["1117114111", "11-41-1171", "ILLI HIL"])
@pytest.mark.parametrize(("cell", "high", "ink", "pen"), [(40, 34, 40, 2), (46, 40, 110, 2), (36, 30, 0, 3)])
@pytest.mark.parametrize("edges", [False, True])
def test_each_upright_stroke_of_a_filled_comb_burns(
    value: str, cell: int, high: int, ink: int, pen: int, edges: bool
) -> None:
    page = comb(value, cell, high, ink, pen, edges=edges)
    regions = [region.bounds for region in unexplained(PageRaster(page, DPI), read()).regions]
    for column, char in enumerate(value):
        if char in "1I":
            x = 160 + cell * column
            stroke = Box(x - 1, TOP + 4, x + 1, TOP + high - 4)
            assert any(stroke.overlap(region) == stroke.area for region in regions), column


def test_a_letter_in_a_filled_comb_burns_however_surely_it_was_read() -> None:
    page = comb("I7HII")
    letter = Box(230, TOP + 4, 258, TOP + 32)
    regions = unexplained(PageRaster(page, DPI), read("H", letter)).regions
    assert Quad.of(letter) in regions


def test_an_empty_comb_and_a_table_of_words_that_were_read_keep_their_edges() -> None:
    assert unexplained(PageRaster(comb("          ", edges=True), DPI), read()).regions == ()
    page = comb("")
    for x in (150, 300, 450, 600):
        cv2.line(page, (x, TOP), (x, TOP + 34), 0, 2)
    cv2.putText(page, "Yes", (320, TOP + 28), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 2, cv2.LINE_AA)
    assert unexplained(PageRaster(page, DPI), read("Yes", Box(318, TOP + 6, 372, TOP + 30))).regions == ()

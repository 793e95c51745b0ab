"""Loose glyphs join the word beside them, and nothing else does."""

from __future__ import annotations

import time

import numpy as np
import pytest

from detectors.geometry import Box
from detectors.pages import Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.strays import with_strays

WORD = EngineWord("1951", 90.0, Box(100, 100, 160, 130), 0)


def page(*marks: Box) -> Pixels:
    return inked(WORD.box.grown(-4), *marks)


def inked(*marks: Box) -> Pixels:
    gray = np.full((300, 600), 255, np.uint8)
    for box in marks:
        gray[box.top : box.bottom, box.left : box.right] = 0
    return gray


@pytest.mark.parametrize("glyph", [Box(165, 102, 172, 128), Box(85, 104, 95, 129), Box(170, 98, 176, 134)])
def test_a_glyph_beside_a_word_joins_it(glyph: Box) -> None:
    (word,) = with_strays(page(glyph), [WORD])
    assert word.box == WORD.box.union(glyph)
    assert (word.text, word.confidence, word.line) == (WORD.text, WORD.confidence, WORD.line)


@pytest.mark.parametrize(
    "mark",
    [
        Box(200, 102, 210, 128),  # too far
        Box(165, 140, 172, 166),  # another line
        Box(165, 110, 170, 114),  # a speck
        Box(165, 20, 170, 280),  # a ruling
        Box(165, 104, 400, 128),  # a bar
    ],
)
def test_what_is_no_glyph_of_the_word_stays_out(mark: Box) -> None:
    assert with_strays(page(mark), [WORD]) == [WORD]


@pytest.mark.parametrize("glyph", [Box(92, 103, 108, 127), Box(155, 103, 172, 128)])
def test_a_glyph_that_the_box_cuts_is_taken_whole(glyph: Box) -> None:
    (word,) = with_strays(inked(glyph, Box(115, 104, 148, 126)), [WORD])
    assert word.box == WORD.box.union(glyph)


def test_a_cut_glyph_is_the_word_s_that_holds_most_of_it_or_of_both() -> None:
    for_ = EngineWord("for", 90.0, Box(60, 100, 98, 130), 0)
    own, other = Box(92, 103, 112, 127), Box(84, 103, 103, 127)
    grown = [[word.box.left, word.box.right] for word in with_strays(inked(own), [for_, WORD])]
    assert grown == [[60, 98], [92, 160]]
    grown = [[word.box.left, word.box.right] for word in with_strays(inked(other), [for_, WORD])]
    assert grown == [[60, 103], [100, 160]]


def test_a_ruling_or_a_line_above_is_cut_and_no_glyph() -> None:
    for mark in (Box(20, 110, 130, 114), Box(20, 110, 130, 132), Box(90, 20, 110, 290)):
        assert with_strays(inked(mark), [WORD]) == [WORD]


def test_a_glyph_between_words_goes_to_the_nearer() -> None:
    other = EngineWord("record", 90.0, Box(190, 100, 250, 130), 0)
    glyph = Box(165, 102, 172, 128)
    first, second = with_strays(page(glyph), [WORD, other])
    assert first.box.right == 172
    assert second == other


def test_a_page_of_noise_costs_little() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2200, 1700)).astype(np.uint8)
    started = time.process_time()
    with_strays(noise, [WORD] * 500)
    assert time.process_time() - started < 3

"""Strokes of a pen are covered with their flourishes and the words that they run through; other words stay."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.ink.accounting import unexplained
from policies.masking.burn import covered
from tests.pixels.pens import drawn, signature
from tests.pixels.sheets import letters

DPI = 150
SAID = ("Signature:", "I", "have", "read", "and", "understood", "the", "above.")


def form() -> tuple[Pixels, PageReading]:
    """Words in a row, level with y 600, and lines of print above."""
    page: Pixels = np.full((1650, 1275), 255, np.uint8)
    words, text = [], ""
    for line, top in enumerate((200, 250, 300, 350, 590)):
        left = 100
        for said in SAID:
            ink = letters((said,), 24)
            ys, xs = np.nonzero(ink > 64)
            ink = ink[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
            box = Box(left, top, left + ink.shape[1], top + ink.shape[0])
            page[box.top : box.bottom, box.left : box.right] = 255 - ink
            words.append(Word(said, 96.0, Quad.of(box), line, len(text), len(text) + len(said)))
            text += said + " "
            left = box.right + 10
    return page, PageReading(1275, 1650, DPI, tuple(words), text, "hand")


def put(page: Pixels, cover: Pixels, left: int, top: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    window = page[top : top + cover.shape[0], left : left + cover.shape[1]]
    np.minimum(window, 255 - cover, out=window)
    ink = np.zeros(page.shape, bool)
    ink[top : top + cover.shape[0], left : left + cover.shape[1]] = cover > 64
    return ink


def burned(page: Pixels, reading: PageReading) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return covered(unexplained(PageRaster(page, DPI), reading).regions, page.shape[1], page.shape[0])


def gone(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], reading: PageReading) -> list[str]:
    bounds = [(word, word.region.bounds) for word in reading.words]
    return [w.text for w, b in bounds if mask[b.top : b.bottom, b.left : b.right].mean() > 0.1]


@pytest.mark.parametrize("seed", range(4))
def test_a_signature_is_covered_on_its_line_with_the_flourish_that_lies_on_it(seed: int) -> None:
    page, reading = form()
    cv2.line(page, (90, 900), (800, 900), 0, 2)
    cover = signature(Random(seed), 420)  # noqa: S311
    ink = put(page, cover, 160, 896 - cover.shape[0])
    ink |= put(page, drawn([[(0, 3), (150, 0), (320, 2)]], 2.2), 200, 895)
    mask = burned(page, reading)
    assert mask[ink].mean() > 0.99
    assert gone(mask, reading) == []
    assert not mask[:, 900:].any()


@pytest.mark.parametrize("seed", range(4))
def test_words_that_a_signature_runs_through_go_with_it(seed: int) -> None:
    page, reading = form()
    cover = signature(Random(seed), 420)  # noqa: S311
    ink = put(page, cover, 140, 606 - cover.shape[0] // 2)
    mask = burned(page, reading)
    assert mask[ink].mean() > 0.98
    assert 1 <= len(gone(mask, reading)) < len(SAID)


def test_words_beside_and_within_a_drawn_frame_stay() -> None:
    page, reading = form()
    cv2.ellipse(page, (400, 602), (390, 60), 0, 0, 360, 0, 3, cv2.LINE_AA)
    mask = burned(page, reading)
    assert mask.any()
    assert gone(mask, reading) == []


@pytest.mark.parametrize("thick", [4, 7])
def test_a_stamp_is_covered_with_its_frame(thick: int) -> None:
    page, reading = form()
    cover: Pixels = np.zeros((130, 330), np.uint8)
    cv2.rectangle(cover, (5, 5), (324, 124), 255, thick)
    cover[30:100, 20:310] = np.maximum(cover[30:100, 20:310], stamped(("Quuxin Family", "Practice"))[:70, :290])
    ink = put(page, cover, 500, 900)
    assert burned(page, reading)[ink].mean() > 0.99


def stamped(lines: tuple[str, ...]) -> Pixels:
    found: Pixels = np.zeros((70, 290), np.uint8)
    said = letters(lines, 24)[:70, :290]
    found[: said.shape[0], : said.shape[1]] = said
    return found

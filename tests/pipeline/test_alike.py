"""A page that was just read is not read again; the answers stand in the pages' order all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from detectors.pages import PageRaster, TextLayer
from streams.pipeline.alike import NEAR, each_once


def page(level: int) -> PageRaster:
    return PageRaster(np.full((8, 9), level, np.uint8), 100.0)


class Reader:
    """Answers with the level of a page, `behind` pages late, as a pool does."""

    def __init__(self, behind: int = 0) -> None:
        self.read: list[int] = []
        self._behind = behind

    def __call__(self, pages: Iterable[PageRaster]) -> Iterator[int]:
        waiting: list[int] = []
        for shown in pages:
            self.read.append(int(shown.pixels[0, 0]))
            waiting.append(self.read[-1])
            if len(waiting) > self._behind:
                yield waiting.pop(0)
        yield from waiting


@pytest.mark.parametrize("behind", [0, 3, 100])
@pytest.mark.parametrize(
    "levels", [[], [7], [7, 7, 7], [1, 2, 1, 2, 3], [1, 2, 2, 1, 1], [9, *range(10, 40), 9, 5], [1, 2, 3, 3, 3, 1] * 30]
)
def test_every_page_has_its_answer_and_is_read_once(levels: list[int], behind: int) -> None:
    reader = Reader(behind)
    assert list(each_once(map(page, levels), reader)) == levels
    assert reader.read == list(dict.fromkeys(levels))[: len(reader.read)] or len(levels) > NEAR
    assert len(reader.read) <= len(set(levels)) * (1 + len(levels) // NEAR)


def test_one_pixel_or_another_resolution_is_another_page() -> None:
    other = page(7)
    other.pixels[3, 3] = 6
    reader = Reader()
    assert list(each_once([page(7), other, replace(page(7), dpi=200.0), replace(page(7), lossy=True)], reader))
    assert len(reader.read) == 4


def test_pages_with_a_text_of_their_own_are_read_each() -> None:
    reader = Reader()
    told = replace(page(7), layer=TextLayer.under_scan())
    assert list(each_once([page(7), told, told], reader)) == [7, 7, 7]
    assert len(reader.read) == 3


def test_what_was_read_long_ago_is_forgotten() -> None:
    levels = [200, *range(NEAR + 1), 200]
    reader = Reader()
    assert list(each_once(map(page, levels), reader)) == levels
    assert reader.read.count(200) == 2

"""Rows of drawn print that an engine read in part: what hangs together with a letter that no word holds is unread."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Word
from detectors.reading.text_layer.small_print import small_print

DPI = 200.0
PX = DPI / 72
NO_PICTURES = np.empty((0, 4), np.float32)
LINE = "Ximena Quispe DOB 07/09/1948 MRN 99817263"
LEFT, BASE = 40.0, 60.0


def _page(size: float, ground: float) -> PageRaster:
    """The line in print of that size, drawn in black or white on a bar of that level."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=100)
        page.draw_rect((20, BASE - 20, 380, BASE + 15), color=None, fill=(ground,) * 3)
        page.insert_text((LEFT, BASE), LINE, fontsize=size, color=(float(ground < 0.5),) * 3)
        pixmap = page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
        pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    return PageRaster(pixels, DPI)


def _box(part: str, size: float) -> Box:
    """Where a part of the line has its letters."""
    at = LINE.index(part)
    left, right = (LEFT + pymupdf.get_text_length(LINE[:end], fontsize=size) for end in (at, at + len(part)))
    return Box(round(left * PX), round((BASE - 0.74 * size) * PX), round(right * PX), round(BASE * PX) + 1)


def _read(size: float, *parts: str) -> list[Word]:
    """These as an engine reads them that is sure."""
    return [Word(part, 95.0, Quad.of(_box(part, size)), 0, 0, len(part)) for part in parts]


def _share(places: tuple[Quad, ...], box: Box) -> float:
    """The share of a box's columns that places on its line hold."""
    held = np.zeros(box.width, bool)
    for place in (quad.bounds for quad in places):
        if box.overlap(place):
            held[max(place.left - box.left, 0) : max(place.right - box.left, 0)] = True
    return float(held.mean())


SIZES = pytest.mark.parametrize("size", [5.5, 6.5, 8.0])
GROUNDS = pytest.mark.parametrize("ground", [0.0, 0.25, 1.0])


@SIZES
@GROUNDS
@pytest.mark.parametrize("read", [("07", "1948"), ("07/09/1",), ("/09/1948",), ("07/0", "948")])
def test_a_date_that_is_read_in_part_is_unread_as_a_whole(size: float, ground: float, read: tuple[str, ...]) -> None:
    words = _read(size, "Ximena", "Quispe", "DOB", *read, "MRN", "99817263")
    told = small_print(_page(size, ground), NO_PICTURES, (), words)
    assert _share(told, _box("07/09/1948", size)) > 0.95
    for other in ("Ximena", "Quispe", "99817263"):
        assert _share(told, _box(other, size)) < 0.1


@SIZES
@GROUNDS
def test_what_stands_beside_ink_that_is_known_to_be_unread_goes_with_it(size: float, ground: float) -> None:
    words = _read(size, "Ximena", "Quispe", "DOB", "948", "MRN", "99817263")
    told = small_print(_page(size, ground), NO_PICTURES, (Quad.of(_box("07/09/1", size)),), words)
    assert _share(told, _box("948", size)) > 0.9
    assert _share(told, _box("Quispe", size)) < 0.1


@SIZES
@GROUNDS
def test_a_row_whose_words_were_all_read_is_explained(size: float, ground: float) -> None:
    assert small_print(_page(size, ground), NO_PICTURES, (), _read(size, *LINE.split())) == ()

"""Straight lines alone: rulings and shading are nothing to read, and any mark among them is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pymupdf
import pytest

from detectors.geometry import Box
from detectors.pages import PageRaster
from detectors.reading.text_layer.proof import LayerWord
from detectors.reading.text_layer.remainder import without
from detectors.reading.text_layer.straight import nothing_but_lines
from streams.decode.pdf import open_pdf

Draw = Callable[[Any], object]


def shown(*drawings: Draw) -> PageRaster:
    with pymupdf.open() as document:
        page = document.new_page()
        for draw in drawings:
            draw(page)
        return next(iter(open_pdf(bytes(document.tobytes())).pages))


def form(page: Any) -> None:
    """Rulings single and double, a table whose rows and columns are shorter than a ruling, and shading."""
    page.draw_rect((50, 60, 400.3, 80), color=None, fill=(0.9, 0.9, 0.9))
    for y in (100, 119.4, 138.8, 158.2, 160.6):
        page.draw_line((50, y), (545, y), width=0.7)
    for x in (50, 85, 300.2, 545):
        page.draw_line((x, 100), (x, 158.2), width=0.7)
    page.draw_line((50, 300), (50, 700), width=1.2)


def a_code(page: Any) -> None:
    for number, wide in enumerate((1, 2, 1, 3, 1, 1, 2, 3, 1, 2, 2, 1)):
        page.draw_rect((200 + 4 * number, 400, 200 + 4 * number + wide, 460), color=None, fill=(0, 0, 0))


def pale_bars(page: Any, module: float = 1.5, level: float = 0.55) -> None:
    """Code 128 of eight digits."""
    at = 60.0
    for bar, gap in zip("213121213212311", "123212122123132", strict=True):
        page.draw_rect((at, 200, at + int(bar) * module, 260), color=None, fill=(level,) * 3)
        at += (int(bar) + int(gap)) * module


def hairline_letters(page: Any) -> None:
    """HILL, 90 points high, in bars of 2 points."""
    bars = ((60, 150, 62, 240), (118, 150, 120, 240), (62, 194, 118, 196), (140, 150, 142, 240))
    bars += ((220, 150, 222, 240), (222, 238, 280, 240))
    for bar in bars:
        page.draw_rect(bar, color=None, fill=(0, 0, 0))


MARKS: dict[str, Draw] = {
    "a word": lambda page: page.insert_text((200, 500), "Kovacs", fontsize=10),
    "pale": lambda page: page.insert_text((200, 500), "Kovacs", fontsize=10, color=(0.97, 0.97, 0.97)),
    "tiny": lambda page: page.insert_text((200, 500), "Kovacs", fontsize=2),
    "on shading": lambda page: page.insert_text((60, 74), "Kovacs", fontsize=9, color=(0.7, 0.7, 0.7)),
    "in colour": lambda page: page.insert_text((60, 74), "Kovacs", fontsize=9, color=(1.0, 0.85, 0.95)),
    "on a ruling": lambda page: page.insert_text((60, 101), "lill", fontsize=9),
    "huge": lambda page: page.insert_text((60, 500), "HILL", fontsize=160),
    "a stroke": lambda page: page.draw_line((100, 500), (300, 510), width=0.4),
    "dots": lambda page: page.draw_line((100, 500), (300, 500), width=1.0, dashes="[1 2] 0"),
    "a code": a_code,
    "a pale code": pale_bars,
    "a paler and wider code": lambda page: pale_bars(page, 2.0, 0.7),
    "hairline letters": hairline_letters,
}


def test_a_form_without_its_words_is_nothing_but_lines() -> None:
    page = shown(form)
    assert nothing_but_lines(page.pixels, page.dpi)


@pytest.mark.parametrize("mark", MARKS)
def test_no_mark_among_them_is_overlooked(mark: str) -> None:
    page = shown(form, MARKS[mark])
    assert not nothing_but_lines(page.pixels, page.dpi)


def test_a_ruling_goes_on_beneath_a_word_that_reaches_into_it() -> None:
    page = shown(form, lambda page: page.insert_text((60, 98.5), "gypsy", fontsize=10))
    assert page.layer is not None
    cells = [Box(*(round(side) for side in cell)) for cell in page.layer.places[:, 1:].tolist()]
    bare = without(page, [LayerWord("gypsy", cells[0], 0, tuple(cells))])
    assert nothing_but_lines(bare.pixels, page.dpi)
    assert not nothing_but_lines(page.pixels, page.dpi)

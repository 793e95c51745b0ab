"""A proven word explains the ink of its own letters: other print in its cell is read, told as ink, or makes it wait."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pymupdf
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from foreign_print import AS, SPOTS, Foreign, Spot, outlined, page_with

from detectors.geometry import Box
from detectors.pages import LayerState, PageRaster
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from streams.decode.decoder import Decoder

DEADLINE_S = 120.0
TOLD = 0.8
"""Share of the secret's place that has to be told: its first and last pixels are its rim."""
HIGHEST: Final = 2
"""Times its size; a higher word was read of the letters beside it."""


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as found:
        yield found


@pytest.mark.parametrize("way", AS)
@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name.replace(" ", "_"))
def test_small_print_that_no_layer_tells_is_not_taken_for_the_letters(
    spot: Spot, way: str, decoder: Decoder, engine: TesserocrEngine
) -> None:
    foreign = page_with(spot, way, 31)
    page = decoder.decode(foreign.content, DEADLINE_S)[0]
    reading, ink = recognize(page, engine)
    highest = HIGHEST * spot.size * page.dpi / 72
    read = [w.region for w in reading.words if not w.glyphs and w.region.bounds.height <= highest]
    marks = [mark.region for mark in ink.marks]
    assert _told(page, [region.bounds for region in (*ink.regions, *marks, *read)], foreign) > TOLD


def test_nor_is_it_where_the_layer_is_not_believed(decoder: Decoder, engine: TesserocrEngine) -> None:
    """An engine's word over it is as wide, and explains it no more than a proven one does."""
    spot = SPOTS[0]
    foreign = page_with(spot, "paths", 33)
    with pymupdf.open(stream=foreign.content) as document:
        document[0].insert_text((300, 700), "of nobody", fontsize=10, render_mode=3)
        page = decoder.decode(bytes(document.tobytes()), DEADLINE_S)[0]
    reading, ink = recognize(page, engine)
    assert reading.layer is LayerState.INVISIBLE
    assert _told(page, [region.bounds for region in ink.regions], foreign) > TOLD


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_nor_is_it_on_a_page_that_lies_on_its_side_or_head(
    turn: int, decoder: Decoder, engine: TesserocrEngine
) -> None:
    """None of its glyphs is told, and the engine's words are as wide there as anywhere."""
    foreign = page_with(SPOTS[0], "paths", 34)
    with pymupdf.open(stream=foreign.content) as document:
        page = document[0]
        page.set_rotation(turn)
        placed = pymupdf.Rect(foreign.place) * page.rotation_matrix
        raster = decoder.decode(bytes(document.tobytes()), DEADLINE_S)[0]
    reading, ink = recognize(raster, engine)
    assert reading.layer is LayerState.NONE
    assert _told(raster, [region.bounds for region in ink.regions], Foreign(b"", tuple(placed.normalize()))) > TOLD


def test_print_that_shows_through_letters_alone_is_none_of_theirs(decoder: Decoder, engine: TesserocrEngine) -> None:
    """White print on a letter: without the text it is white on white."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=300)
        page.insert_text((60, 200), "I", fontsize=90, fontname="hebo")
        for line in range(12):
            page.insert_text((120, 60 + 14 * line), "The wound was clean and dry.", fontsize=10)
        outlined(page, Spot("", 68, 160, 2.6, (1, 1, 1)), "Quispe")
        raster = decoder.decode(bytes(document.tobytes()), DEADLINE_S)[0]
    assert raster.layer is not None
    assert raster.layer.covered.size
    _, ink = recognize(raster, engine)
    assert _told(raster, [region.bounds for region in ink.regions], Foreign(b"", (68, 158.2, 76, 160))) > TOLD


def _told(page: PageRaster, boxes: Sequence[Box], foreign: Foreign) -> float:
    """The share of its place that the boxes hold."""
    told = np.zeros((page.height, page.width), bool)
    for box in boxes:
        told[box.top : box.bottom, box.left : box.right] = True
    left, top, right, bottom = (round(point * page.dpi / 72) for point in foreign.place)
    return float(told[top:bottom, left:right].mean())


def test_the_page_without_it_is_proven_and_nothing_is_told(decoder: Decoder, engine: TesserocrEngine) -> None:
    spot = Spot("nothing", 72, 400, 3.5, (1, 1, 1))
    reading, ink = recognize(decoder.decode(page_with(spot, "paths", 32).content, DEADLINE_S)[0], engine)
    assert reading.layer is LayerState.PROVEN
    assert all(word.glyphs for word in reading.words)
    assert ink.regions == ()

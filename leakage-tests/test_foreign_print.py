"""A proven word explains the ink of its own letters: other print in its cell is read, told as ink, or makes it wait."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from foreign_print import AS, SPOTS, Spot, page_with

from detectors.pages import LayerState
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
    told = np.zeros((page.height, page.width), bool)
    highest = HIGHEST * spot.size * page.dpi / 72
    read = [w.region for w in reading.words if not w.glyphs and w.region.bounds.height <= highest]
    for box in [region.bounds for region in (*ink.regions, *(mark.region for mark in ink.marks), *read)]:
        told[box.top : box.bottom, box.left : box.right] = True
    left, top, right, bottom = (round(point * page.dpi / 72) for point in foreign.place)
    assert told[top:bottom, left:right].mean() > TOLD


def test_the_page_without_it_is_proven_and_nothing_is_told(decoder: Decoder, engine: TesserocrEngine) -> None:
    spot = Spot("nothing", 72, 400, 3.5, (1, 1, 1))
    reading, ink = recognize(decoder.decode(page_with(spot, "paths", 32).content, DEADLINE_S)[0], engine)
    assert reading.layer is LayerState.PROVEN
    assert all(word.glyphs for word in reading.words)
    assert ink.regions == ()

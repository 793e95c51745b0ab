"""No text layer is believed: each lie is told, and what the page shows is read all the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from lying_layers import LIES, Lie, honest

from detectors.pages import LayerState, PageRaster
from detectors.reading.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from streams.decode.decoder import Decoder

DEADLINE_S = 120.0


def by_name(lie: Lie) -> str:
    return lie.name.replace(" ", "_")


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


@pytest.fixture(scope="module")
def engine() -> Iterator[TesserocrEngine]:
    with TesserocrEngine() as found:
        yield found


def first_page(decoder: Decoder, content: bytes) -> PageRaster:
    return decoder.decode(content, DEADLINE_S)[0]


@pytest.mark.parametrize("lie", LIES, ids=by_name)
def test_a_lying_layer_is_told_and_not_used(lie: Lie, decoder: Decoder, engine: TesserocrEngine) -> None:
    content = lie.build()
    with pymupdf.open(stream=content) as document:
        assert not lie.shown or lie.shown not in document[0].get_text()
    reading, _ = recognize(first_page(decoder, content), engine)
    assert reading.layer is lie.state
    assert reading.engine == engine.name
    assert lie.shown in reading.text
    assert "anybody" not in reading.text


def test_an_honest_layer_is_used_and_nothing_is_read_twice(decoder: Decoder, engine: TesserocrEngine) -> None:
    page = first_page(decoder, honest())
    reading, ink = recognize(page, engine)
    assert reading.layer is LayerState.PROVEN
    assert reading.engine == f"layer+{engine.name}"
    with pymupdf.open(stream=honest()) as document:
        assert reading.text.split() == document[0].get_text().split()
    assert ink.regions == ()

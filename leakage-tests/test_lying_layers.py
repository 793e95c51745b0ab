"""No text layer is believed: each lie is told, and what the page shows is read all the same."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pymupdf
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from lying_layers import AT, LIES, SIZE_PT, Drawing, Lie, honest, outlined, pdf

from detectors.pages import LayerState, PageRaster
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from detectors.visual.ink.explained import EXPLAINS_FROM
from streams.decode.decoder import Decoder

DEADLINE_S = 120.0
DARK, COVERED = 60, 0.9
"""Level up to which a pixel of a copy is burned, and the share of a secret's place that has to be."""


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
    if lie.shown:
        assert lie.shown in reading.text
    else:
        assert not {"news", "anybody"} & set(reading.text.split())


def test_an_honest_layer_is_used_and_nothing_is_read_twice(decoder: Decoder, engine: TesserocrEngine) -> None:
    page = first_page(decoder, honest())
    reading, ink = recognize(page, engine)
    assert reading.layer is LayerState.PROVEN
    assert reading.engine == f"layer+{engine.name}"
    with pymupdf.open(stream=honest()) as document:
        assert reading.text.split() == document[0].get_text().split()
    assert ink.regions == ()
    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301  as it passes between processes


def _beside(draw: Drawing) -> bytes:
    """An honest page, and something on it besides."""
    return pdf(draw)()


def _struck(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text(AT, SECRET, fontsize=9)
    wide = pymupdf.get_text_length(SECRET, fontsize=9)
    for up in (4.8, 2.4):
        page.draw_line((AT[0] - 2, AT[1] - up), (AT[0] + wide + 2, AT[1] - up), width=0.6)


def _in_a_word(document: pymupdf.Document, page: pymupdf.Page) -> None:
    page.insert_text((AT[0], AT[1] + 30), "I", fontsize=72)
    page.insert_text((AT[0] + 20, AT[1] + 30), "nformation on the following visit", fontsize=11)
    outlined(page, (AT[0] + 24, AT[1]), SECRET, 7)


def _yellow(document: pymupdf.Document, page: pymupdf.Page) -> None:
    with pymupdf.open() as other:
        sheet = other.new_page(width=page.rect.width, height=page.rect.height)
        sheet.insert_text(AT, SECRET, fontsize=SIZE_PT, color=(1, 1, 0.3))
        svg = sheet.get_svg_image(text_as_path=True)
    with pymupdf.open(stream=svg.encode(), filetype="svg") as shapes:
        page.show_pdf_page(page.rect, pymupdf.open("pdf", shapes.convert_to_pdf()), 0)


SECRET = "SSN 123-45-6789"
PLACES = ((_struck, (82, 313, 125, 320)), (_in_a_word, (102, 315, 135, 320)), (_yellow, (87, 312, 140, 320)))
"""What is drawn, and where it lies, in points."""


@pytest.mark.parametrize("scan", [False, True], ids=["layer", "scan"])
@pytest.mark.parametrize(("draw", "place"), PLACES, ids=["struck_through", "in_the_box_of_a_word", "yellow"])
def test_what_nobody_could_read_is_told_as_ink(
    draw: Drawing, place: tuple[int, ...], scan: bool, decoder: Decoder, engine: TesserocrEngine
) -> None:
    page = first_page(decoder, _beside(draw))
    reading, ink = recognize(replace(page, layer=None) if scan else page, engine)
    told = np.zeros((page.height, page.width), bool)
    burned = [w.region for w in reading.words if "123-45-6789" in w.text or w.confidence < EXPLAINS_FROM]
    for box in [region.bounds for region in (*ink.regions, *burned)]:
        told[box.top : box.bottom, box.left : box.right] = True
    left, top, right, bottom = (round(point * page.dpi / 72) for point in place)
    assert told[top:bottom, left:right].mean() > 0.9


@pytest.mark.parametrize("name", ["struck", "in a word", "map"])
def test_no_copy_shows_what_the_layer_hides(name: str, tmp_path: Path) -> None:
    """Through the mask and the attack."""
    builds = {"struck": lambda: _beside(_struck), "in a word": lambda: _beside(_in_a_word), "map": LIES[8].build}
    file = tmp_path / "lie.pdf"
    file.write_bytes(builds[name]())
    command = [sys.executable, "-m", "streams.cli", "redact", str(file), "--out", str(tmp_path / "out")]
    done = subprocess.run([*command, "--profile", "maximal"], capture_output=True, timeout=240, check=False)
    assert done.returncode in (0, 3)
    place = {"struck": PLACES[0][1], "in a word": PLACES[1][1], "map": (60, 313, 98, 320)}[name]
    for copy in (tmp_path / "out").glob("*.pdf"):
        with pymupdf.open(copy) as document:
            pixmap = document[0].get_pixmap(dpi=100, clip=pymupdf.Rect(place), colorspace=pymupdf.csGRAY)
        assert (np.frombuffer(pixmap.samples, np.uint8) < DARK).mean() > COVERED

"""Nothing that a decoder reads stays: codes drawn here, turned, inverted and damaged, and strangers' codes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.codes.barcodes import codes
from detectors.visual.codes.wordless import sure_words, wordless
from policies.attack.finished.raster import FinishedPage
from policies.attack.looks import Band
from policies.attack.shapes import barcodes as attackers
from policies.attack.shapes.barcodes import residuals
from policies.masking import burn

FORMATS = ("QRCode", "Code128", "DataMatrix", "PDF417", "Code39", "Aztec")
STRANGERS = Path(__file__).parents[4] / "shared" / "corpora" / "barcodes"


def page_with(name: str, scale: int = 3) -> Pixels:
    code = zxingcpp.create_barcode("8841907", zxingcpp.barcode_format_from_str(name))
    drawn = np.array(code.to_image(scale=scale))
    page = np.full((drawn.shape[0] + 300, max(drawn.shape[1] + 200, 500)), 235, np.uint8)
    page[120 : 120 + drawn.shape[0], 100 : 100 + drawn.shape[1]] = drawn
    cv2.putText(page, "Chart label", (100, 80), cv2.FONT_HERSHEY_SIMPLEX, 1, 40, 2)
    return page


def read(page: PageRaster, text: str = "", lines: Sequence[Box] = ()) -> PageReading:
    """A reading that is sure of this text on each of these lines."""
    starts = range(0, len(lines) * (len(text) + 1), len(text) + 1)
    words = [
        Word(text, 95.0, Quad.of(box), number, start, start + len(text))
        for number, (box, start) in enumerate(zip(lines, starts, strict=True))
    ]
    return PageReading(page.width, page.height, page.dpi, tuple(words), "\n".join([text] * len(lines)), "none")


def burned(pixels: Pixels) -> Pixels:
    """What the first reader finds is burned, then what the attacker still finds, as in the pipeline."""
    page = PageRaster(pixels, 200.0)
    first = burn.burn(page, burn.merged([code.region for code in codes(page, read(page))], page))
    whole = [Band(0, first.height)]
    left = residuals(FinishedPage(first.pixels, 200.0, lossy=False), 0, whole, lambda *_: True)
    return burn.burn(first, burn.merged([found.region for found in left], first)).pixels


def readable(pixels: Pixels) -> list[str]:
    views = (pixels, cv2.GaussianBlur(pixels, (0, 0), 1.0), 255 - pixels)
    return [code.text for view in views for code in zxingcpp.read_barcodes(np.ascontiguousarray(view))]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("turned", ["upright", "sideways", "inverted", "speckled"])
def test_nothing_decodes_afterwards(name: str, turned: str) -> None:
    pixels = page_with(name)
    if turned == "sideways":
        pixels = np.ascontiguousarray(np.rot90(pixels))
    elif turned == "inverted":
        pixels = 255 - pixels
    elif turned == "speckled":
        noise = np.random.default_rng(5).random(pixels.shape)
        pixels = np.where(noise < 0.01, 255 - pixels, pixels).astype(np.uint8)
    if not readable(pixels):
        pytest.fail("the case shows nothing: no decoder reads the page that it starts from")
    assert readable(burned(pixels)) == []


def test_a_page_without_codes_keeps_its_pixels() -> None:
    page = PageRaster(np.full((800, 600), 240, np.uint8), 200.0)
    cv2.putText(page.pixels, "Plain text 12345", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 1, 20, 2)
    assert codes(page, read(page)) == ()


def test_the_attacker_finds_a_code_that_was_left() -> None:
    pixels = page_with("QRCode")
    whole = [Band(0, pixels.shape[0])]
    found = residuals(FinishedPage(pixels, 200.0, lossy=False), 0, whole, lambda *_: True)
    assert len(found) == 1
    assert found[0].certain


@pytest.mark.skipif(
    not STRANGERS.exists() and not os.environ.get("REDOUBT_REQUIRE_CORPORA"),
    reason="the collection of strangers' codes is not beside this checkout",
)
def test_no_strangers_code_decodes_afterwards() -> None:
    files = sorted(json.loads((STRANGERS / "payloads.json").read_text()))
    left = [name for name in files if readable(burned(cv2.imread(str(STRANGERS / name), cv2.IMREAD_GRAYSCALE)))]
    assert len(files) > 50
    assert left == []


def test_decoders_are_shown_what_words_leave() -> None:
    """A page of print with one small code among its lines: the code is found, the lines are not searched; neither by
    the first reader nor by the attacker."""
    pixels = np.full((2200, 1700), 235, np.uint8)
    lines = [Box(120, top, 1580, top + 26) for top in range(100, 2100, 40) if not 900 <= top < 1060]
    for line in lines:
        cv2.putText(pixels, "m" * 54, (line.left, line.bottom - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2)
    code = np.array(zxingcpp.create_barcode("8841907", zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=3))
    pixels[930 : 930 + code.shape[0], 700 : 700 + code.shape[1]] = code
    raster, whole = FinishedPage(pixels, 200.0, lossy=False), [Band(0, 2200)]
    (found,) = residuals(raster, 0, whole, lambda *_: True, lines)
    assert found.region.bounds.overlap(Box(700, 930, 700 + code.shape[1], 930 + code.shape[0])) > 0
    page = PageRaster(pixels, 200.0)
    reading = read(page, "m" * 54, lines)
    assert [code.value for code in codes(page, reading) if code.value] == ["8841907"]
    for shown in (attackers.places(pixels, 200.0, whole, lines), wordless(pixels, 200.0, sure_words(reading, 200.0))):
        assert sum(place.area for place in shown) < 0.05 * pixels.size


def test_what_stands_out_of_words_is_shown_to_no_decoder() -> None:
    """Print whose words were read lower than they are: rims of lines stand so near that a join fills between them."""
    pixels = np.full((2200, 1700), 255, np.uint8)
    lines = [Box(120, top, 1580, top + 16) for top in range(100, 2100, 34)]
    for line in lines:
        cv2.putText(pixels, "d" * 72, (line.left, line.bottom + 1), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2)
    for shown in (attackers.places(pixels, 200.0, [Band(0, 2200)], lines), wordless(pixels, 200.0, lines)):
        assert sum(place.area for place in shown) < 0.05 * pixels.size


def test_a_code_on_a_gray_label_is_decoded() -> None:
    made = np.array(zxingcpp.create_barcode("MRN B0012345", zxingcpp.BarcodeFormat.DataMatrix).to_image(scale=2))
    label = np.where(np.pad(made, 8, constant_values=255) > 0, 200, 60).astype(np.uint8)
    pixels = np.full((1000, 800), 255, np.uint8)
    pixels[600 : 600 + label.shape[0], 200 : 200 + label.shape[1]] = label
    page = PageRaster(pixels, 200.0)
    assert [code.value for code in codes(page, read(page)) if code.value] == ["MRN B0012345"]


@pytest.mark.parametrize(
    ("scale", "found"), [(50, 0), (10, 1)], ids=["as large as a page's table", "as large as a label"]
)
def test_what_does_not_decode_is_no_code_where_it_is_as_large_as_a_table(scale: int, found: int) -> None:
    options = {"scale": 1, "add_quiet_zones": False}
    made = np.array(zxingcpp.create_barcode("MRN B0012345", zxingcpp.BarcodeFormat.DataMatrix).to_image(**options))
    inside = np.random.default_rng(3).random(made.shape) < 0.4
    inside[[0, -1]] = inside[:, [0, -1]] = False
    torn = np.kron(np.where(inside, 255 - made, made), np.ones((scale, scale), np.uint8))
    pixels = np.full((2000, 2000), 255, np.uint8)
    pixels[100 : 100 + torn.shape[0], 100 : 100 + torn.shape[1]] = torn
    assert [code.valid for code in zxingcpp.read_barcodes(pixels, return_errors=True)] == [False], "shows nothing"
    page = PageRaster(pixels, 200.0)
    assert len({code.region.bounds.width // 40 for code in codes(page, read(page))}) == found


def test_a_block_of_modules_is_no_code_where_lines_of_sure_words_fill_it() -> None:
    modules = np.random.default_rng(7).integers(0, 2, (20, 20)).astype(np.uint8)
    page = np.full((600, 700), 245, np.uint8)
    page[200:360, 200:360] = 20 + 220 * np.kron(modules, np.ones((8, 8), np.uint8))
    raster = PageRaster(page, 200.0)
    lines = [Box(205, top, 350, top + 26) for top in range(202, 350, 32)]
    assert len(codes(raster, read(raster))) == 1
    assert codes(raster, read(raster, "tablet", lines)) == ()
    # one guess into the modules, or words that are none, is what an engine makes of a code
    assert len(codes(raster, read(raster, "tablet", [Box(205, 205, 355, 240)]))) == 1
    assert len(codes(raster, read(raster, "Il1", lines))) == 1


def test_what_no_print_is_as_wide_as_is_no_word() -> None:
    """Three letters as wide as a line are what an engine makes of bars."""
    pixels = page_with("Code128")
    page = PageRaster(pixels, 200.0)
    bars = Box(90, 115, pixels.shape[1] - 95, pixels.shape[0] - 175)
    lines = [Box(bars.left, top, bars.right, top + 20) for top in range(bars.top, bars.bottom, 20)]
    assert "8841907" in [code.value for code in codes(page, read(page, "mmm", lines))]


@pytest.mark.parametrize("seed", range(3))
def test_grain_and_moire_on_bare_paper_are_no_broken_codes(seed: int) -> None:
    y, x = np.mgrid[:1320, :1020]
    paper = 225 + 8 * np.sin(2 * np.pi * (0.8 * x + 0.6 * y) / 5)
    paper += np.random.default_rng(seed).normal(0, 12, paper.shape)
    page = np.clip(cv2.GaussianBlur(paper, (0, 0), 0.6), 0, 255).astype(np.uint8)
    raster = PageRaster(page, 120.0)
    assert codes(raster, read(raster)) == ()


@pytest.mark.parametrize("level", [20, 190])
def test_a_torn_code_on_such_paper_is_found_however_pale(level: int) -> None:
    code = 255 - page_with("PDF417")[120:-180, 100:-100].astype(np.float64)
    paper = np.full((900, 900), 235.0) + np.random.default_rng(1).normal(0, 4, (900, 900))
    half = code[:, : code.shape[1] // 2]
    paper[300 : 300 + half.shape[0], 200 : 200 + half.shape[1]] -= half / 255 * (235 - level)
    raster = PageRaster(np.clip(paper, 0, 255).astype(np.uint8), 150.0)
    assert any(
        c.region.bounds.overlap(Box(200, 300, 200 + half.shape[1], 300 + half.shape[0]))
        for c in codes(raster, read(raster))
    )


def test_the_attacker_searches_no_grain_for_codes() -> None:
    code = page_with("QRCode")
    page = np.full((2200, 1700), 235, np.float64)
    page[400 : 400 + code.shape[0], 300 : 300 + code.shape[1]] = code
    grainy = np.clip(page + np.random.default_rng(3).normal(0, 14, page.shape), 0, 255).astype(np.uint8)
    whole = [Band(0, 2200)]
    assert sum(box.area for box in attackers.places(grainy, 200.0, whole, ())) < 0.1 * grainy.size
    assert residuals(FinishedPage(grainy, 200.0, lossy=False), 0, whole, lambda *_: True)

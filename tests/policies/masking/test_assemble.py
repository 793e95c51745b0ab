"""The finished file holds new pixels and nothing else, the same bytes each time, and boxes that decode to black."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pymupdf
import pytest
from PIL import Image

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster
from policies.attack.finished.structure import check_structure
from policies.attack.report import Claim
from policies.masking.assemble import Assembled, assemble, sheet
from policies.masking.burn import burn, covered
from policies.masking.jpeg import BLACK, black_boxes, coded, cut_blocks

SHAPE = (403, 301)
BOXES = (
    Quad.of(Box(21, 35, 90, 61)),
    Quad.of(Box(100, 33, 203, 58)),
    Quad(((50.3, 200.2), (180.1, 204.7), (179.2, 230.0), (49.4, 225.5))),
)


def written(noise: float = 0.0) -> np.ndarray:
    pixels = np.full(SHAPE, 245, np.uint8)
    for row in range(20, SHAPE[0], 22):
        cv2.putText(pixels, "Patient was seen today for", (5, row), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 1)
    grain = np.random.default_rng(5).normal(0, noise, SHAPE) if noise else 0
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def coloured() -> np.ndarray:
    pixels = np.repeat(written(6)[:, :, None], 3, axis=2)
    pixels[:, :, 0] //= 2
    return pixels


PAGES = {
    "bilevel": PageRaster(np.where(written() < 128, 0, 255).astype(np.uint8), 204.0, bilevel=True),
    "gray": PageRaster(written(), 200.0),
    "scan": PageRaster(cv2.imdecode(cv2.imencode(".jpg", written(9))[1], 0), 150.0, lossy=True),
    "colour": PageRaster(coloured(), 0.0, lossy=True),
}


def decoded(content: bytes, page: int = 0) -> np.ndarray:
    with pymupdf.open(stream=content, filetype="pdf") as document:
        pixmap = pymupdf.Pixmap(document, document[page].get_images()[0][0])
        pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, pixmap.n)
    return pixels[:, :, 0] if pixels.shape[2] == 1 else pixels


@pytest.mark.parametrize("name", PAGES)
def test_boxes_decode_to_black_and_the_rest_stays(name: str) -> None:
    page = burn(PAGES[name], BOXES)
    pixels = decoded(assemble([page]))
    assert pixels.shape == page.pixels.shape
    assert pixels[covered(BOXES, page.width, page.height)].max() <= BLACK
    assert np.abs(pixels.astype(int) - page.pixels).mean() < (0.001 if page.bilevel else 4)


@pytest.mark.parametrize("name", PAGES)
def test_the_attacker_finds_nothing_amiss_in_its_structure(name: str) -> None:
    page = burn(PAGES[name], BOXES)
    assert check_structure(assemble([page]), Claim(((page.width, page.height),), (BOXES,), ())) == ()


def test_the_attacker_would_find_a_box_that_was_not_burned() -> None:
    page = PAGES["gray"]
    reasons = check_structure(assemble([page]), Claim(((page.width, page.height),), (BOXES,), ()))
    assert reasons == (Reason.REGION_NOT_SOLID,)


def test_bilevel_pages_come_back_bit_for_bit() -> None:
    rng = np.random.default_rng(8)
    for width in (1, 7, 8, 9, 301):
        page = PageRaster(np.where(rng.random((50, width)) < 0.3, 0, 255).astype(np.uint8), 200.0, bilevel=True)
        assert np.array_equal(decoded(assemble([page])), page.pixels)


@pytest.mark.parametrize("colour", [False, True])
def test_print_on_even_paper_comes_back_bit_for_bit_in_half_the_bytes(colour: bool) -> None:
    pixels = np.full((1100, 850), 255, np.uint8)
    pixels[300:660, 100:401] = written()[:360]
    page = PageRaster(np.dstack([pixels, pixels, np.minimum(pixels, 200)]) if colour else pixels, 200.0)
    even, blurred = sheet(page, 0).data, sheet(PageRaster(page.pixels, 200.0, lossy=True), 0).data
    assert np.array_equal(decoded(assemble([page])), page.pixels)
    assert b"/FlateDecode" in even
    assert b"/DCTDecode" in blurred, "a scan is a JPEG again"
    assert 2 * len(even) < len(blurred)
    noise = np.random.default_rng(3).integers(0, 256, pixels.shape).astype(np.uint8)
    assert b"/DCTDecode" in sheet(PageRaster(noise, 200.0), 0).data


def test_the_same_pixels_make_the_same_bytes() -> None:
    pages = [burn(page, BOXES) for page in PAGES.values()]
    assert assemble(pages) == assemble(iter(pages))


def test_pages_in_order_with_the_sizes_that_their_resolution_implies() -> None:
    with pymupdf.open(stream=assemble(PAGES.values()), filetype="pdf") as document:
        assert document.page_count == len(PAGES)
        assert not document.is_repaired
        for page, raster in zip(document, PAGES.values(), strict=True):
            dpi = raster.dpi or 200.0
            assert page.rect.width == pytest.approx(raster.width * 72 / dpi, abs=0.01)
            assert page.rect.height == pytest.approx(raster.height * 72 / dpi, abs=0.01)


def test_no_page_is_larger_than_a_viewer_shows() -> None:
    with pymupdf.open(stream=assemble([PageRaster(written(), 0.5)]), filetype="pdf") as document:
        assert max(document[0].rect.width, document[0].rect.height) <= 14_400


def test_it_renders_as_it_was_burned() -> None:
    page = burn(PAGES["gray"], BOXES)
    with pymupdf.open(stream=assemble([page]), filetype="pdf") as document:
        rendered = document[0].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY)
    shown = np.frombuffer(rendered.samples, np.uint8).reshape(rendered.height, rendered.stride)[:, : rendered.width]
    height, width = (min(a, b) for a, b in zip(shown.shape, page.pixels.shape, strict=True))
    assert np.abs(shown[:height, :width].astype(int) - page.pixels[:height, :width]).mean() < 4


def test_nothing_but_pages_and_pixels_is_in_the_file() -> None:
    content = assemble([burn(PAGES["colour"], BOXES), PAGES["bilevel"]])
    for word in (b"Info", b"Metadata", b"Producer", b"Creat", b"ModDate", b"Exif", b"/ID", b"Annots", b"Outlines"):
        assert word not in content
    with pymupdf.open(stream=content, filetype="pdf") as document:
        assert not any(document[0].get_text())
        assert document.xref_length() == 1 + 2 + 3 * 2
        jpeg = document.xref_stream_raw(5)
    with Image.open(io.BytesIO(jpeg)) as image:
        assert not image.getexif()
        assert "comment" not in image.info


def test_no_pages_are_no_file() -> None:
    with pytest.raises(RedoubtError, match=Reason.NO_PAGES.value):
        assemble([])


def test_more_pixels_than_jpeg_holds_are_refused() -> None:
    with pytest.raises(RedoubtError, match=Reason.TOO_MANY_PIXELS.value):
        assemble([PageRaster(np.zeros((65_501, 8), np.uint8), lossy=True)])


def put_away() -> tuple[bytes, Assembled, list[int]]:
    """A file whole, the same one with its sheets elsewhere, and which of them were fetched."""
    made = [sheet(page, number) for number, page in enumerate(PAGES.values())]
    fetched: list[int] = []

    def load(number: int) -> bytes:
        fetched.append(number)
        return made[number].data

    return assemble(PAGES.values()), Assembled([(len(s.data), s.starts) for s in made], load), fetched


def test_a_file_whose_sheets_lie_elsewhere_is_the_same_file() -> None:
    whole, found, fetched = put_away()
    assert b"".join(found.pieces()) == whole
    assert len(found) == len(whole)
    assert fetched == list(range(len(PAGES)))


def test_any_range_of_it_can_be_read() -> None:
    whole, found, _ = put_away()
    cuts = sorted({0, 1, len(whole) - 1, len(whole), *range(0, len(whole), len(whole) // 9)})
    for start in cuts:
        for end in cuts:
            assert found.read(start, end) == whole[start:end]
    assert found.read(5, len(whole) + 100) == whole[5:]


def test_pages_read_one_after_another_are_fetched_once() -> None:
    whole, found, fetched = put_away()
    for start in range(0, len(whole), 100):
        found.read(start, start + 100)
    assert fetched == list(range(len(PAGES)))


def test_a_sheet_that_changed_its_size_is_no_part_of_the_file() -> None:
    with pytest.raises(RedoubtError) as caught:
        Assembled([(10, (0,))], lambda _: b"short").read(0, 10_000)
    assert caught.value.reason is Reason.MASKER_FAILED


def test_a_file_is_itself_wherever_it_lies() -> None:
    whole, found, _ = put_away()
    _, again, _ = put_away()
    assert found == whole
    assert found == again
    assert found != whole[:-1] + b" "
    assert found != whole[:-1]
    assert found != Assembled([(1, (0,))], lambda _: b"x")


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("quality", [50, 95, 100])
def test_the_blocks_that_a_box_cuts_tell_how_black_it_decodes(seed: int, quality: int) -> None:
    rng = np.random.default_rng(seed)
    high, wide = (int(side) for side in rng.integers(60, 200, 2))
    page = np.full((high, wide, 3) if seed % 2 else (high, wide), 235, np.uint8)
    if seed % 3:
        page = rng.integers(0, 256, page.shape).astype(np.uint8)
    for top, left in rng.integers(0, 100, (3, 2)).tolist():
        page[top : top + 20, left : left + 37] = 0
    boxes = black_boxes(page)
    assert boxes.any()
    cut, where = cut_blocks(page, boxes)
    decoded = np.asarray(cv2.imdecode(coded(page, quality), cv2.IMREAD_UNCHANGED))
    of_blocks = np.asarray(cv2.imdecode(coded(cut, quality), cv2.IMREAD_UNCHANGED))
    assert int(of_blocks[where].max(initial=0)) == int(decoded[boxes > 0].max())

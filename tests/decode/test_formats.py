"""What comes out of each format: the pixels a viewer shows, in their own resolution, the right way up."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pymupdf
import pytest
from PIL import Image

from detectors.pages import PageRaster, Pixels
from streams.decode.decoder import Decoder
from tests.decode.files import drawing, encoded, gray_of, scan_pdf, text_pdf

DEADLINE_S = 30.0
DPI = (200, 200)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def one(decoder: Decoder, content: bytes) -> PageRaster:
    (page,) = decoder.decode(content, DEADLINE_S)
    return page


def difference(a: Pixels, b: Pixels) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


def test_png_keeps_every_pixel(decoder: Decoder) -> None:
    page = one(decoder, encoded(drawing(), "PNG", dpi=(150, 150)))
    assert np.array_equal(page.pixels, gray_of(drawing()))
    assert page.dpi == pytest.approx(150, abs=0.1)
    assert (page.bilevel, page.lossy) == (False, False)


MODES = [
    (kind, mode)
    for kind, modes in (
        ("PNG", ("1", "L", "P", "LA", "RGB", "RGBA", "I;16")),
        ("TIFF", ("1", "L", "P", "LA", "RGB", "RGBA", "CMYK", "I;16")),
        ("JPEG", ("L", "RGB", "CMYK")),
    )
    for mode in modes
]


@pytest.mark.parametrize(("kind", "mode"), MODES)
def test_every_mode_shows_the_same_page(decoder: Decoder, mode: str, kind: str) -> None:
    plain = drawing(400, 500)
    deep = Image.fromarray(gray_of(plain).astype(np.uint16) * 257)
    image = deep if mode == "I;16" else plain.convert(mode)
    page = one(decoder, encoded(image, kind))
    assert page.pixels.shape == (500, 400)
    assert difference(page.pixels, gray_of(plain)) < 3
    assert page.lossy == (kind == "JPEG")


def test_colour_stays(decoder: Decoder) -> None:
    image = Image.new("RGB", (300, 200), (255, 255, 255))
    image.paste((200, 20, 20), (10, 10, 50, 50))
    page = one(decoder, encoded(image, "PNG"))
    assert np.array_equal(page.pixels, np.asarray(image))


def test_what_is_transparent_lies_on_white(decoder: Decoder) -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 20, 20))
    page = one(decoder, encoded(image, "PNG"))
    assert page.pixels[50, 50] == 255
    assert page.pixels[15, 15] == 0


@pytest.mark.parametrize(("compression", "mode", "lossy"), [
    ("group3", "1", False), ("group4", "1", False), ("tiff_lzw", "L", False), ("tiff_lzw", "RGB", False),
    ("tiff_adobe_deflate", "L", False), ("packbits", "L", False), ("jpeg", "L", True), ("jpeg", "RGB", True),
])  # fmt: skip
def test_tiff_pages(decoder: Decoder, compression: str, mode: str, lossy: bool) -> None:
    sheets = [drawing(400 + 10 * n, 500, mode) for n in range(3)]
    content = encoded(
        sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression=compression, dpi=(200, 200)
    )
    pages = decoder.decode(content, DEADLINE_S)
    assert [page.width for page in pages] == [400, 410, 420]
    for page, sheet in zip(pages, sheets, strict=True):
        assert difference(page.pixels, gray_of(sheet)) < (3 if lossy else 0.01)
        assert (page.dpi, page.bilevel, page.lossy) == (200.0, mode == "1", lossy)


def test_a_standard_fax_gets_its_proportions(decoder: Decoder) -> None:
    squeezed = drawing(864, 540, "1")
    page = one(decoder, encoded(squeezed, "TIFF", compression="group4", dpi=(204, 98)))
    assert page.pixels.shape == (1080, 864)
    assert page.bilevel
    assert np.array_equal(page.pixels[::2], gray_of(squeezed))
    assert page.dpi == pytest.approx(200, abs=5)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_the_orientation_tag_is_honoured(decoder: Decoder, kind: str, orientation: int) -> None:
    upright = drawing(400, 500)
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180], 4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90], 7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    stored = upright
    for step in undo.get(orientation, []):
        stored = stored.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = one(decoder, encoded(stored, kind, exif=exif))
    assert page.pixels.shape == (500, 400)
    assert difference(page.pixels, gray_of(upright)) < 3


@pytest.mark.parametrize(("dpi", "size", "expected"), [
    (72, (3000, 4000), 0.0), (300, (2550, 3300), 300.0), (20, (400, 500), 0.0), (5000, (400, 500), 0.0),
])  # fmt: skip
def test_only_a_believable_resolution_is_told(
    decoder: Decoder, dpi: int, size: tuple[int, int], expected: float
) -> None:
    assert one(decoder, encoded(drawing(*size), "PNG", dpi=(dpi, dpi))).dpi == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_scan_gives_its_own_pixels(decoder: Decoder, rotation: int) -> None:
    scan = drawing(680, 880)
    page = one(decoder, scan_pdf(encoded(scan, "PNG"), rotation))
    assert np.array_equal(page.pixels, np.rot90(gray_of(scan), -rotation // 90))
    assert page.dpi == pytest.approx(80, abs=0.5)
    assert not page.lossy


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_turned_on_its_page_gives_its_own_pixels(decoder: Decoder, turn: int) -> None:
    scan = drawing(880, 680) if turn != 180 else drawing(680, 880)
    page = one(decoder, scan_pdf(encoded(scan, "PNG"), rotate=turn))
    native = gray_of(scan)
    assert any(np.array_equal(page.pixels, np.rot90(native, quarters)) for quarters in (1, 2, 3))
    assert page.pixels.shape == (880, 680)
    # MuPDF's own rendering says which way is up.
    with pymupdf.open(stream=scan_pdf(encoded(scan, "PNG"), rotate=turn)) as document:
        pixmap = document[0].get_pixmap(dpi=80, colorspace=pymupdf.csGRAY)
        shown = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    assert difference(page.pixels, shown) < 8


def test_a_jpeg_scan_is_lossy_and_a_fax_bilevel(decoder: Decoder) -> None:
    photo = encoded(drawing(680, 880), "JPEG", quality=80)
    page = one(decoder, scan_pdf(photo))
    assert page.lossy
    assert np.array_equal(page.pixels, np.asarray(Image.open(io.BytesIO(photo))))
    fax = drawing(1360, 1760, "1")
    page = one(decoder, scan_pdf(encoded(fax, "TIFF", compression="group4")))
    assert page.bilevel
    assert np.array_equal(page.pixels, gray_of(fax))


@pytest.mark.parametrize(
    "made", [{"quality": 30}, {"quality": 95}, {"quality": 80, "progressive": True}, {"quality": 80, "optimize": True}]
)
def test_a_gray_jpeg_has_the_levels_that_a_viewer_shows(decoder: Decoder, made: dict[str, int]) -> None:
    """Two decoders know it, and the one that is asked must say what the other would."""
    content = scan_pdf(encoded(drawing(680, 880), "JPEG", **made))
    with pymupdf.open(stream=content) as document:
        pixmap = pymupdf.Pixmap(document, document[0].get_images()[0][0])
        shown = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    assert np.array_equal(one(decoder, content).pixels, shown)


def test_a_jpeg_whose_levels_the_file_turns_round_is_shown_so(decoder: Decoder) -> None:
    with pymupdf.open(stream=scan_pdf(encoded(drawing(680, 880), "JPEG"))) as document:
        upright = document.tobytes()
        document.xref_set_key(document[0].get_images()[0][0], "Decode", "[1 0]")
        turned_round = document.tobytes()
    shown, other = one(decoder, upright).pixels, one(decoder, turned_round).pixels
    assert np.array_equal(other, 255 - shown)


def drawn_over(draw: str) -> bytes:
    """A scan with something else on its page."""
    with pymupdf.open(stream=scan_pdf(encoded(drawing(680, 880), "PNG"))) as document:
        page = document[0]
        if draw == "text":
            page.insert_text((300, 600), "Over the scan", fontsize=20)
        elif draw == "box":
            page.draw_rect(pymupdf.Rect(40, 40, 300, 120), color=None, fill=(0, 0, 0))
        elif draw == "note":
            page.add_freetext_annot(pymupdf.Rect(200, 500, 500, 560), "A note on the scan", fontsize=20)
        elif draw == "field":
            widget = pymupdf.Widget()
            widget.field_type, widget.field_name = pymupdf.PDF_WIDGET_TYPE_TEXT, "name"
            widget.field_value, widget.rect = "Filled in by hand", pymupdf.Rect(200, 500, 500, 540)
            page.add_widget(widget)
        return bytes(document.tobytes())


@pytest.mark.parametrize("draw", ["text", "box", "note", "field"])
def test_what_lies_on_a_scan_is_in_the_page(decoder: Decoder, draw: str) -> None:
    page = one(decoder, drawn_over(draw))
    assert page.dpi == 200.0
    bare = one(decoder, scan_pdf(encoded(drawing(680, 880), "PNG")))
    shown = np.asarray(Image.fromarray(page.pixels).convert("L").resize((680, 880), Image.Resampling.BOX))
    assert (np.abs(shown.astype(int) - bare.pixels.astype(int)) > 100).sum() > 50


def test_a_picture_that_is_named_and_not_shown_is_no_scan(decoder: Decoder) -> None:
    """The page draws a picture of its own; its resources name one of the same size that looks almost like it."""
    with pymupdf.open(stream=scan_pdf(encoded(Image.new("L", (850, 1100), 203), "PNG"))) as document:
        xref = document[0].get_contents()[0]
        level = b"\xc8" * (850 * 1100)
        document.update_stream(
            xref, b"q 612 0 0 792 0 0 cm BI /W 850 /H 1100 /CS /G /BPC 8 ID " + level + b" EI Q", compress=False
        )
        page = one(decoder, document.tobytes())
    assert int(np.median(page.pixels)) == 200


def test_an_invisible_text_layer_leaves_a_scan_a_scan(decoder: Decoder) -> None:
    with pymupdf.open(stream=scan_pdf(encoded(drawing(680, 880), "PNG"))) as document:
        document[0].insert_text((72, 72), "OCR layer", render_mode=3)
        content = document.tobytes()
    assert np.array_equal(one(decoder, content).pixels, gray_of(drawing(680, 880)))


def test_text_renders_in_gray_and_colour_in_colour(decoder: Decoder) -> None:
    page = one(decoder, text_pdf())
    assert page.pixels.shape == (2200, 1700)
    assert page.dpi == 200.0
    assert (page.pixels < 100).any()
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), "red", color=(1, 0, 0))
        content = document.tobytes()
    assert one(decoder, content).pixels.ndim == 3


def test_a_mixed_page_has_the_resolution_of_its_scan(decoder: Decoder) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_text((72, 72), "A letter with a scan in it")
        picture = encoded(drawing(1000, 1000), "JPEG")
        page.insert_image(pymupdf.Rect(100, 200, 388, 488), stream=picture)
        content = document.tobytes()
    found = one(decoder, content)
    assert found.dpi == pytest.approx(250, abs=1)
    assert found.lossy


def test_a_hidden_layer_stays_hidden(decoder: Decoder) -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        layer = document.add_ocg("hidden", on=False)
        page.insert_text((72, 72), "Not shown", oc=layer)
        content = document.tobytes()
    assert int(one(decoder, content).pixels.min()) == 255


def test_an_open_password_is_no_obstacle(decoder: Decoder) -> None:
    content = text_pdf(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="")
    assert len(decoder.decode(content, DEADLINE_S)) == 1


def test_the_same_bytes_give_the_same_pixels(decoder: Decoder) -> None:
    content = drawn_over("note")
    assert np.array_equal(one(decoder, content).pixels, one(decoder, content).pixels)

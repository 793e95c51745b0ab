"""The structure check passes a clean copy, and finds each way in which a copy may carry more than pixels."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from PIL import Image

from detectors.errors import Reason
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster
from policies.attack.finished.raster import coverage
from policies.attack.finished.structure import check_structure
from policies.attack.report import Claim
from policies.masking.assemble import assemble
from policies.masking.burn import burn

sys.path.insert(0, str(Path(__file__).parent))
from made import drawn, jpeg, pdf

BOX = Box(200, 180, 520, 230)
PAGE = drawn([(100, 100, "Maria Kovacs-Boateng"), (100, 300, "Blood pressure 120/80")])
BURNED = PAGE.copy()
BURNED[BOX.top : BOX.bottom, BOX.left : BOX.right] = 0
HEIGHT, WIDTH = PAGE.shape
CLAIM = Claim(((WIDTH, HEIGHT),), ((Quad.of(BOX),),), ())
CLEAN = pdf([(BURNED, None)])
JPEG = jpeg(BURNED)


def stream(entries: bytes, data: bytes) -> bytes:
    return b"<<" + entries + b"/Length %d>>\nstream\n" % len(data) + data + b"\nendstream"


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "Maria Kovacs"
    out = io.BytesIO()
    Image.fromarray(BURNED).save(out, "jpeg", exif=exif)
    return out.getvalue()


def with_comment() -> bytes:
    return JPEG[:2] + b"\xff\xfe\x00\x0eMaria Kovacs" + JPEG[2:]


def with_jfif_thumbnail() -> bytes:
    return JPEG[:4] + b"\x00\x13" + JPEG[6:18] + b"\x01\x01" + b"\x80\x80\x80" + JPEG[20:]


def saved_again() -> bytes:
    with pymupdf.open(stream=CLEAN, filetype="pdf") as document:
        document.set_metadata({"title": "Maria Kovacs"})
        return bytes(document.tobytes())


def incremental(tmp: Path) -> bytes:
    file = tmp / "copy.pdf"
    file.write_bytes(CLEAN)
    with pymupdf.open(file) as document:
        document[0].set_rotation(0)
        document.saveIncr()
    grown = file.read_bytes()
    assert len(grown) > len(CLEAN)
    return grown


@pytest.mark.parametrize("image", [None, JPEG, jpeg(BURNED, 75)], ids=["flate", "jpeg", "jpeg_75"])
def test_a_clean_copy_passes(image: bytes | None) -> None:
    assert check_structure(pdf([(BURNED, image)]), CLAIM) == ()


def test_a_clean_fax_copy_passes() -> None:
    bilevel = np.where(BURNED > 127, 255, 0).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(bilevel).convert("1").save(out, "tiff", compression="group4", tiffinfo={278: HEIGHT})
    tiff = Image.open(io.BytesIO(out.getvalue()))
    start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    assert len(tiff.tag_v2[273]) == 1, "one strip"
    data = out.getvalue()[start : start + length]

    def copy(data: bytes) -> bytes:
        image = (
            b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1" % (WIDTH, HEIGHT)
            + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d/BlackIs1 true>>" % (WIDTH, HEIGHT)
            + (b"/Decode[1 0]" if tiff.tag_v2[262] == 0 else b"")
        )
        w, h = b"%.2f" % (WIDTH * 0.48), b"%.2f" % (HEIGHT * 0.48)
        drawing = b"q " + w + b" 0 0 " + h + b" 0 0 cm /Im0 Do Q"
        made = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + w + b" " + h
            + b"]/Contents 4 0 R/Resources<</XObject<</Im0 5 0 R>>>>>>",
            stream(b"", drawing),
            stream(image, data),
        ]  # fmt: skip
        out = bytearray(b"%PDF-1.4\n")
        offsets = []
        for number, body in enumerate(made, 1):
            offsets.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        at = len(out)
        out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % o for o in offsets)
        return bytes(out + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % at)

    assert check_structure(copy(data), CLAIM) == ()
    assert check_structure(copy(data + b"Maria Kovacs"), CLAIM) == (Reason.FORBIDDEN_OBJECT,)


FORBIDDEN = {
    "info dictionary": pdf([(BURNED, None)], trailer_extra=b"/Info 6 0 R", objects=[b"<</Title<4d61726961>>>"]),
    "info inside the catalog": pdf([(BURNED, None)], catalog=b"/Info<</Title<4d61>>>"),
    "xmp metadata": pdf([(BURNED, None)], catalog=b"/Metadata 6 0 R", objects=[stream(b"", b"<x:xmpmeta/>")]),
    "outline": pdf([(BURNED, None)], catalog=b"/Outlines 6 0 R", objects=[b"<</Count 0>>"]),
    "attachment": pdf([(BURNED, None)], catalog=b"/Names<</EmbeddedFiles 6 0 R>>", objects=[b"<</Names[]>>"]),
    "form": pdf([(BURNED, None)], catalog=b"/AcroForm<</Fields[]>>"),
    "script": pdf([(BURNED, None)], catalog=b"/OpenAction<</S/JavaScript/JS<00>>>"),
    "optional content": pdf([(BURNED, None)], catalog=b"/OCProperties<</OCGs[]/D<<>>>>"),
    "annotation": pdf([(BURNED, None)], page_extra=b"/Annots[6 0 R]", objects=[b"<</Subtype/Text/Contents<4d61>>>"]),
    "thumbnail": pdf([(BURNED, None)], page_extra=b"/Thumb 5 0 R"),
    "private page data": pdf([(BURNED, None)], page_extra=b"/PieceInfo<<>>"),
    "crop box": pdf([(BURNED, None)], page_extra=b"/CropBox[0 0 100 100]"),
    "turned page": pdf([(BURNED, None)], page_extra=b"/Rotate 90"),
    "soft mask": pdf([(BURNED, None)], image_extra=b"/SMask 5 0 R"),
    "alternate image": pdf([(BURNED, None)], image_extra=b"/Alternates[]"),
    "text layer": pdf([(BURNED, None)], content_extra=b" BT /F1 9 Tf 3 Tr 90 690 Td <4d61726961> Tj ET"),
    "second image drawn": pdf([(BURNED, None)], content_extra=b" q 9 0 0 9 0 0 cm /Im1 Do Q"),
    "orphan stream": pdf([(BURNED, None)], objects=[stream(b"", b"Maria Kovacs")]),
    "comment between objects": pdf([(BURNED, None)], between=b"% Maria Kovacs\n"),
    "bytes before the header": b"Maria" + CLEAN,
    "bytes behind the end": CLEAN + b"Maria Kovacs",
    "exif": pdf([(BURNED, with_exif())]),
    "jpeg comment": pdf([(BURNED, with_comment())]),
    "jpeg thumbnail": pdf([(BURNED, with_jfif_thumbnail())]),
    "bytes behind the jpeg": pdf([(BURNED, JPEG + b"Maria Kovacs")]),
    "library metadata": saved_again(),
    "truncated": CLEAN[:-40],
    "empty": b"",
    "not a pdf": JPEG,
}


@pytest.mark.parametrize("copy", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_finds_what_has_no_place(copy: bytes) -> None:
    assert check_structure(copy, CLAIM) == (Reason.FORBIDDEN_OBJECT,)


def test_finds_an_earlier_revision(tmp_path: Path) -> None:
    assert check_structure(incremental(tmp_path), CLAIM) == (Reason.FORBIDDEN_OBJECT,)


def test_finds_bytes_behind_the_deflated_end() -> None:
    wrong = CLEAN.replace(b"\nendstream\nendobj\nxref", b"Maria\nendstream\nendobj\nxref")
    # the length says less than what stands there
    assert wrong != CLEAN
    assert check_structure(wrong, CLAIM) == (Reason.FORBIDDEN_OBJECT,)


def test_finds_a_changed_page_count_or_size() -> None:
    extra = pdf([(BURNED, None), (PAGE, None)])
    smaller = pdf([(BURNED[:-10], None)])
    assert check_structure(extra, CLAIM) == (Reason.PAGE_COUNT_CHANGED,)
    assert check_structure(smaller, CLAIM) == (Reason.PAGE_COUNT_CHANGED,)
    two = Claim(CLAIM.page_sizes * 2, CLAIM.burned * 2, ())
    assert check_structure(CLEAN, two) == (Reason.PAGE_COUNT_CHANGED,)


def test_finds_swapped_pages() -> None:
    other = PAGE.copy()
    other[900:950, 200:400] = 0
    claim = Claim(CLAIM.page_sizes * 2, (CLAIM.burned[0], (Quad.of(Box(200, 900, 400, 950)),)), ())
    assert check_structure(pdf([(BURNED, None), (other, None)]), claim) == ()
    assert check_structure(pdf([(other, None), (BURNED, None)]), claim) == (Reason.REGION_NOT_SOLID,)


def _short(by_px: int) -> np.ndarray:
    page = PAGE.copy()
    page[BOX.top : BOX.bottom, BOX.left : BOX.right - by_px] = 0
    return page


def _gray(level: int) -> np.ndarray:
    page = PAGE.copy()
    page[BOX.top : BOX.bottom, BOX.left : BOX.right] = level
    return page


@pytest.mark.parametrize("lossy", [False, True])
@pytest.mark.parametrize(
    "page", [PAGE, _short(1), _short(3), _gray(77), _gray(30), _gray(178)],
    ids=["not burned", "1 px short", "3 px short", "70 % gray", "dark gray", "30 % gray"],
)  # fmt: skip
def test_finds_a_region_that_is_not_solid(page: np.ndarray, lossy: bool) -> None:
    copy = pdf([(page, jpeg(page) if lossy else None)])
    assert check_structure(copy, CLAIM) == (Reason.REGION_NOT_SOLID,)


def test_a_turned_region_is_checked_to_its_edges() -> None:
    quad = Quad(((200, 200), (500, 260), (490, 310), (190, 250)))
    found = coverage(quad, WIDTH, HEIGHT)
    assert found is not None
    box, touched = found
    page = PAGE.copy()
    page[box.top : box.bottom, box.left : box.right][touched] = 0
    claim = Claim(CLAIM.page_sizes, ((quad,),), ())
    assert check_structure(pdf([(page, None)]), claim) == ()
    rows, columns = np.nonzero(touched)
    page[box.top + rows[0], box.left + columns[0]] = 255
    assert check_structure(pdf([(page, None)]), claim) == (Reason.REGION_NOT_SOLID,)


@pytest.mark.parametrize("quality", [75, 80, 90])
def test_jpeg_ringing_is_no_leak(quality: int) -> None:
    """Boxes off the block grid, over noisy paper: the worst that an honest copy does."""
    rng = np.random.default_rng(5)
    page = np.clip(PAGE.astype(int) + rng.normal(0, 12, PAGE.shape), 0, 255).astype(np.uint8)
    quads = []
    for i in range(40):
        box = Box(57 + 13 * i, 101 + 31 * i, 57 + 13 * i + 91 + i, 101 + 31 * i + 23)
        page[box.top : box.bottom, box.left : box.right] = 0
        quads.append(Quad.of(box))
    claim = Claim(CLAIM.page_sizes, (tuple(quads),), ())
    assert check_structure(pdf([(page, jpeg(page, quality))]), claim) == ()


def test_a_colour_copy_with_subsampled_chroma_passes() -> None:
    page = cv2.cvtColor(BURNED, cv2.COLOR_GRAY2RGB)
    page[BOX.bottom :, :, 2] //= 2
    encoded = jpeg(cv2.cvtColor(page, cv2.COLOR_RGB2BGR), 80)
    copy = pdf([(page, encoded)]).replace(b"/ColorSpace/DeviceGray", b"/ColorSpace/DeviceRGB ", 1)
    # the replacement keeps the length, so that the offsets stay true
    assert check_structure(copy, CLAIM) == ()


@pytest.mark.parametrize(("bilevel", "colour"), [(False, False), (False, True), (True, False)])
def test_what_the_product_makes_passes(bilevel: bool, colour: bool) -> None:
    pixels = np.where(PAGE > 127, 255, 0).astype(np.uint8) if bilevel else PAGE
    raster = PageRaster(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB) if colour else pixels, 150.0, bilevel)
    turned = Quad(((200, 700), (500, 760), (490, 810), (190, 750)))
    regions = (Quad.of(BOX), turned)
    copy = assemble([burn(raster, regions), burn(raster, ())])
    claim = Claim(CLAIM.page_sizes * 2, (regions, ()), ())
    assert check_structure(copy, claim) == ()
    assert check_structure(copy, Claim(CLAIM.page_sizes * 2, (regions, regions), ())) == (Reason.REGION_NOT_SOLID,)

"""DICOM: every frame as a viewer shows it, nothing of the header, and a reason where there is nothing to show."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.data import get_testdata_files
from pydicom.dataset import Dataset
from pydicom.uid import MPEG4HP41, ExplicitVRLittleEndian, JPEGExtended12Bit

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, Source
from streams.decode.batch import Flaw
from streams.decode.decoder import Decoder
from streams.decode.formats import opened
from streams.decode.limits import BATCH_PAGES, MAX_PAGES, MEMORY_BYTES
from streams.decode.magic import Format, identify
from tests.decode.decoding import DEADLINE_S, outcome, reason
from tests.decode.dicoms import deflated, frames, of_jpegs, overlaid, written
from tests.decode.files import drawing, encoded, gray_of, text_pdf

SHIPPED = sorted(Path(file) for file in get_testdata_files() if Path(file).suffix == ".dcm")
"""Files of scanners and toolkits, in most of the transfer syntaxes that there are."""
GRAY = np.arange(64 * 48, dtype=np.uint16).reshape(48, 64)
PRINT = gray_of(drawing(400, 300))


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def one(decoder: Decoder, content: bytes) -> PageRaster:
    (page,) = decoder.decode(content, DEADLINE_S)
    return page


def test_a_frame_keeps_its_pixels_and_nothing_tells_its_scale(decoder: Decoder) -> None:
    page = one(decoder, frames(PRINT, WindowCenter="128", WindowWidth="256"))
    assert np.array_equal(page.pixels, PRINT)
    assert (page.dpi, page.lossy, page.layer) == (0.0, False, None)


def test_every_frame_is_a_page_in_order_across_batches(decoder: Decoder) -> None:
    shades = [np.full((40, 60), 10 * n, np.uint8) for n in range(BATCH_PAGES + 5)]
    for shade in shades:
        shade[0, 0], shade[0, 1] = 0, 255
    pages = decoder.decode(frames(*shades), DEADLINE_S)
    assert [int(page.pixels[9, 9]) for page in pages] == [10 * n for n in range(BATCH_PAGES + 5)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, lambda v: v / v.max() * 255),
        ({"WindowCenter": "1000.5", "WindowWidth": "1001"}, lambda v: (v - 500) / 1000 * 255),
        ({"WindowCenter": ["500", "9"], "WindowWidth": ["1001", "9"]}, lambda v: (v + 0.5) / 1000 * 255),
        ({"RescaleSlope": "2", "RescaleIntercept": "-1000", "WindowCenter": "500.5", "WindowWidth": "1001"},
         lambda v: (2 * v - 1000) / 1000 * 255),
        ({"WindowCenter": "1000", "WindowWidth": "0"}, lambda v: v / v.max() * 255),
        ({"kind": "MONOCHROME1"}, lambda v: 255 - v / v.max() * 255),
    ],
    ids=["its own levels", "a window", "the first of two", "in its unit", "a window of nothing", "dark is bright"],
)  # fmt: skip
def test_levels_go_to_the_screen_as_the_file_says(
    decoder: Decoder, values: dict[str, Any], expected: Callable[[Any], Any]
) -> None:
    page = one(decoder, frames(GRAY, bits=12, **values))
    assert np.abs(page.pixels - np.clip(expected(GRAY.astype(float)), 0, 255)).max() <= 1


def test_levels_below_zero_and_levels_of_each_frame(decoder: Decoder) -> None:
    signed = (GRAY.astype(np.int16) - 1000, GRAY.astype(np.int16))
    group = Dataset()
    group.FrameVOILUTSequence = [Dataset()]
    group.FrameVOILUTSequence[0].WindowCenter, group.FrameVOILUTSequence[0].WindowWidth = "0.5", "2001"
    low, high = decoder.decode(frames(*signed, PerFrameFunctionalGroupsSequence=[group]), DEADLINE_S)
    assert np.abs(low.pixels - np.clip((signed[0] + 1000) / 2000 * 255, 0, 255)).max() <= 1
    assert np.abs(high.pixels - GRAY / GRAY.max() * 255).max() <= 1


def test_a_flat_frame_is_one_level(decoder: Decoder) -> None:
    assert len(np.unique(one(decoder, frames(np.full((20, 30), 77, np.uint16))).pixels)) == 1


def test_colour_and_palette(decoder: Decoder) -> None:
    colours = np.zeros((40, 50, 3), np.uint8)
    colours[5:9, 5:9] = (200, 20, 20)
    assert np.array_equal(one(decoder, frames(colours, kind="RGB")).pixels, colours)
    assert np.array_equal(one(decoder, frames(colours.astype(np.uint16) << 8, kind="RGB")).pixels, colours)
    ramp = np.arange(256, dtype=np.uint16) << 8
    tables = {f"{c}PaletteColorLookupTableDescriptor": [256, 0, 16] for c in ("Red", "Green", "Blue")}
    tables |= {f"{c}PaletteColorLookupTableData": ramp.tobytes() for c in ("Red", "Green")}
    tables |= {"BluePaletteColorLookupTableData": bytes(512)}
    page = one(decoder, frames(GRAY.astype(np.uint8), kind="PALETTE COLOR", **tables))
    assert np.array_equal(page.pixels[..., 0], GRAY.astype(np.uint8))
    assert not page.pixels[..., 2].any()


def test_paper_has_its_resolution_and_a_body_none(decoder: Decoder) -> None:
    assert one(decoder, frames(PRINT, NominalScannedPixelSpacing=["0.127", "0.127"])).dpi == pytest.approx(200)
    assert one(decoder, frames(PRINT, PixelSpacing=["0.127", "0.127"])).dpi == 0


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"}, Source.DEVICE),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.1"}, Source.DEVICE),
        ({}, Source.FRAME),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.77.1.4"}, Source.FRAME),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1", "NominalScannedPixelSpacing": ["0.127", "0.127"]}, Source.FILE),
    ],
    ids=["ultrasound", "radiograph", "capture", "photograph", "scanned"],
)
def test_the_class_hints_at_what_a_frame_shows(decoder: Decoder, values: dict[str, Any], source: Source) -> None:
    assert one(decoder, frames(PRINT, **values)).source is source


class TestOverlays:
    """What is written over a picture and not in it: a viewer shows both."""

    @staticmethod
    def marks(rows: int = 48) -> Any:
        found = np.zeros((rows, 64), np.uint8)
        found[10:14, 20:40] = 1
        return found

    def test_it_is_drawn_light_on_dark_and_dark_on_light(self, decoder: Decoder) -> None:
        for ground, ink in ((30, 255), (220, 0)):
            levels = {"WindowCenter": "128", "WindowWidth": "256"}
            page = one(decoder, overlaid(frames(np.full((48, 64), ground, np.uint8), **levels), self.marks()))
            assert (page.pixels[10:14, 20:40] == ink).all()
            assert (page.pixels[20:] == ground).all()

    def test_one_stands_over_every_frame(self, decoder: Decoder) -> None:
        dark = np.zeros((48, 64), np.uint8)
        pages = decoder.decode(overlaid(frames(dark, dark), self.marks()), DEADLINE_S)
        assert all((page.pixels[10:14, 20:40] == 255).all() for page in pages)

    def test_several_stand_each_over_its_own(self, decoder: Decoder) -> None:
        dark = np.zeros((48, 64), np.uint8)
        both = np.concatenate([self.marks(), 1 - self.marks()])
        pages = decoder.decode(overlaid(frames(dark, dark, dark), both, frames=2, at=2), DEADLINE_S)
        assert [int(page.pixels[11, 30]) for page in pages] == [0, 255, 0]
        assert [int(page.pixels[0, 0]) for page in pages] == [0, 0, 255]

    @pytest.mark.parametrize(("origin", "at"), [((41, 61), (7, 30)), ((-4, -24), (5, 0)), ((900, 900), None)])
    def test_it_may_begin_beside_the_picture(
        self, decoder: Decoder, origin: tuple[int, int], at: tuple[int, int] | None
    ) -> None:
        page = one(decoder, overlaid(frames(np.zeros((48, 64), np.uint8)), self.marks(), origin))
        drawn = np.argwhere(page.pixels)
        top, left = origin[0] - 1, origin[1] - 1
        there = [(y + top, x + left) for y, x in np.argwhere(self.marks()) if 0 <= y + top < 48 and 0 <= x + left < 64]
        assert [tuple(place) for place in drawn] == there

    def test_a_torn_one_is_damage(self, decoder: Decoder) -> None:
        content = overlaid(frames(np.zeros((48, 64), np.uint8)), self.marks())
        file = pydicom.dcmread(io.BytesIO(content))
        file[0x6000, 0x0010].value = 480
        out = io.BytesIO()
        file.save_as(out)
        assert reason(decoder, out.getvalue()) is Reason.DAMAGED


def test_a_jpeg_is_lossy_and_a_torn_one_is_told(decoder: Decoder) -> None:
    image = drawing(400, 300)
    jpeg = encoded(image, "JPEG", quality=80)
    whole = decoder.batch(of_jpegs(image, jpeg, jpeg), 0, DEADLINE_S)
    assert [page.lossy for page in whole.pages] == [True, True]
    assert np.abs(whole.pages[1].pixels.astype(int) - PRINT).mean() < 3
    assert whole.flaws is Flaw.NONE
    torn = jpeg[: len(jpeg) * 2 // 3]
    told = outcome(decoder, of_jpegs(image, jpeg, torn))
    assert told is Reason.DAMAGED or decoder.batch(of_jpegs(image, jpeg, torn), 0, DEADLINE_S).flaws is Flaw.MENDED


def test_a_document_in_it_is_opened_as_one(decoder: Decoder) -> None:
    inner = text_pdf(3)
    held = written(ExplicitVRLittleEndian, EncapsulatedDocument=inner, MIMETypeOfEncapsulatedDocument="application/pdf")
    assert identify(held) is Format.DICOM
    pages, own = (decoder.decode(content, DEADLINE_S) for content in (held, inner))
    assert len(pages) == 3
    assert all(np.array_equal(a.pixels, b.pixels) and a.layer is not None for a, b in zip(pages, own, strict=True))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: written(ExplicitVRLittleEndian, ContentSequence=[]), Reason.NO_PAGES),
        (lambda: written(ExplicitVRLittleEndian, EncapsulatedDocument=b"<ClinicalDocument/>"), Reason.UNKNOWN_FORMAT),
        (lambda: film(MPEG4HP41, 8), Reason.UNKNOWN_FORMAT),
        (lambda: film(JPEGExtended12Bit, 12), Reason.UNKNOWN_FORMAT),
        (lambda: frames(PRINT, NumberOfFrames=MAX_PAGES + 1), Reason.TOO_MANY_PAGES),
        (lambda: frames(PRINT, Rows=40_000), Reason.TOO_MANY_PIXELS),
        (lambda: frames(PRINT, Rows=301), Reason.DAMAGED),
        (lambda: bytes(128) + b"DICM" + bytes(40), Reason.DAMAGED),
    ],
    ids=["a report", "a text", "a film", "12 bits", "frames", "a large one", "a short one", "nothing"],
)
def test_what_cannot_be_shown_has_its_reason(decoder: Decoder, content: Callable[[], bytes], why: Reason) -> None:
    assert reason(decoder, content()) is why


def test_a_deflated_file_is_shown_and_a_bomb_is_not(decoder: Decoder) -> None:
    assert np.array_equal(one(decoder, deflated(frames(PRINT))).pixels, one(decoder, frames(PRINT)).pixels)
    assert reason(decoder, deflated(frames(PRINT), MEMORY_BYTES // 2**20)) is Reason.TOO_MANY_PIXELS


def test_items_within_items_end(decoder: Decoder) -> None:
    nest = b""
    for _ in range(3_000):
        item = b"\xfe\xff\x00\xe0" + len(nest).to_bytes(4, "little") + nest
        nest = b"\x08\x00\x40\x11SQ\0\0" + len(item).to_bytes(4, "little") + item
    assert isinstance(outcome(decoder, frames(PRINT) + nest), list | Reason)


def film(syntax: str, bits: int) -> bytes:
    layout = {"Rows": 64, "Columns": 64, "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2"}
    depth = {"BitsAllocated": 16, "BitsStored": bits, "HighBit": bits - 1, "PixelRepresentation": 0}
    item = b"\xfe\xff\x00\xe0" + (0).to_bytes(4, "little")
    stream = item + b"\xfe\xff\x00\xe0" + (8).to_bytes(4, "little") + bytes(8) + b"\xfe\xff\xdd\xe0" + bytes(4)
    return written(syntax, **layout, **depth, PixelData=stream)


@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"II*\x00", b"\x89PNG\r\n\x1a\n"])
def test_another_formats_head_before_it_changes_nothing(decoder: Decoder, head: bytes) -> None:
    content = frames(PRINT)
    assert len(decoder.decode(head.ljust(128, b"\0") + content[128:], DEADLINE_S)) == 1


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_confined_process_shows_what_any_other_does(decoder: Decoder, file: Path) -> None:
    """No codec starts a thread or loads a module once it is locked in: that would end the process."""
    content = file.read_bytes()
    found, expected = outcome(decoder, content), unconfined(content)
    if isinstance(found, Reason) or isinstance(expected, Reason):
        assert found is expected
    else:
        assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(found, expected, strict=True))


def unconfined(content: bytes) -> list[PageRaster] | Reason:
    try:
        return list(islice(opened(content).pages, BATCH_PAGES))
    except RedoubtError as error:
        return error.reason
    except Exception:  # noqa: BLE001  damage shows in every library as it likes
        return Reason.DAMAGED


def test_most_of_them_are_shown() -> None:
    """The table above may not be one of refusals."""
    assert sum(not isinstance(unconfined(file.read_bytes()), Reason) for file in SHIPPED) >= 50


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["plain", "jpeg", "overlay"])
def test_a_file_that_broke_off_is_refused(decoder: Decoder, kind: str, share: float) -> None:
    image = Image.fromarray(PRINT)
    content = {
        "plain": lambda: frames(PRINT),
        "jpeg": lambda: of_jpegs(image, encoded(image, "JPEG"), encoded(image, "JPEG")),
        "overlay": lambda: overlaid(frames(PRINT), np.ones((300, 400), np.uint8)),
    }[kind]()
    cut = content[: int(len(content) * share)]
    found = outcome(decoder, cut)
    assert isinstance(found, Reason) or decoder.batch(cut, 0, DEADLINE_S).flaws is Flaw.MENDED

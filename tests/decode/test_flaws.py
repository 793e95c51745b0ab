"""A document that is shown although it is broken says so; a sound one never does."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PIL import Image

from detectors.errors import Reason, RedoubtError
from streams.canaries import documents
from streams.canaries.documents import Format
from streams.decode.batch import Flaw
from streams.decode.decoder import Decoder
from streams.decode.limits import BATCH_PAGES
from tests.decode.files import drawing, encoded, scan_pdf, text_pdf
from tests.decode.hostile import HOSTILE, pdf, stream

DEADLINE_S = 60.0


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with Decoder() as found:
        yield found


def flaws(decoder: Decoder, content: bytes) -> Flaw:
    return decoder.batch(content, 0, DEADLINE_S).flaws


def letter(
    content: bytes, *more: bytes, resources: bytes = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
) -> bytes:
    """One page that is drawn by `content`, a stream object, the fourth; `more` objects follow."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<%s>>>>" % resources
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, *more)


LINES = b"BT /F 12 Tf 72 700 Td (Diagnosis: none) Tj 0 -20 Td (Allergies: penicillin) Tj ET\n" * 20
PACKED = zlib.compress(LINES)


def picture(data: bytes) -> bytes:
    keys = (
        b"/Type/XObject/Subtype/Image/Width 850/Height 1100/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
    )
    return letter(stream(b"q 612 0 0 792 0 0 cm /I Do Q"), stream(data, keys), resources=b"/XObject<</I 5 0 R>>")


SCAN = zlib.compress(np.asarray(drawing(850, 1100)).tobytes())


def wrong_address(content: bytes, number: int) -> bytes:
    """The table of a sound file sends who looks for an object to somewhere else."""
    row = [*re.finditer(rb"\d{10} 00000 n ", content)][number - 1]
    return content[: row.start()] + b"0000000012" + content[row.start() + 10 :]


BROKEN: dict[str, Callable[[], bytes]] = {
    "its end is cut off": lambda: text_pdf(5)[:-300],
    "its table is gone": lambda: letter(stream(LINES)).replace(b"xref", b"xxxx"),
    "its table points elsewhere": lambda: wrong_address(letter(stream(LINES)), 4),
    "its tree leaves pages out": lambda: text_pdf(3).replace(b"/Count 3", b"/Count 2"),
    "its text breaks off": lambda: letter(stream(PACKED[: len(PACKED) // 2], b"/Filter/FlateDecode")),
    "its text is not what it was": lambda: letter(stream(PACKED[:40] + b"\0\0" + PACKED[42:], b"/Filter/FlateDecode")),
    "its text is no drawing": lambda: letter(stream(LINES + b"(Patient: Mar")),
    "its scan breaks off": lambda: picture(SCAN[: len(SCAN) // 2]),
    "its scan is not there": lambda: letter(stream(b"/I Do"), resources=b"/XObject<</I 9 0 R>>"),
}  # fmt: skip


@pytest.mark.parametrize("harm", BROKEN)
def test_what_was_mended_is_told(decoder: Decoder, harm: str) -> None:
    assert flaws(decoder, BROKEN[harm]()) is Flaw.MENDED


def test_what_shows_late_is_told_with_its_batch(decoder: Decoder) -> None:
    content = text_pdf(BATCH_PAGES + 2)
    # The last page's content: found missing only by who comes to that page.
    last = max(int(n) for n in re.findall(rb"/Contents\D*(\d+) 0 R", content))
    broken = wrong_address(content, last)
    assert decoder.batch(broken, 0, DEADLINE_S).flaws is Flaw.NONE
    assert decoder.batch(broken, BATCH_PAGES, DEADLINE_S).flaws is Flaw.MENDED


PHOTOGRAPH = encoded(drawing(1700, 2200), "JPEG")
HALF = PHOTOGRAPH[: len(PHOTOGRAPH) // 2]
ENDED = HALF + b"\xff\xd9"
"""As a decoder likes it: it says that it is at its end."""
FAX = encoded(drawing(1728, 2200, "1"), "TIFF", compression="group4", save_all=True, append_images=[drawing(mode="1")])


def beside(data: bytes, how: bytes) -> bytes:
    """A page of text with a small picture that is packed so."""
    keys = b"/Type/XObject/Subtype/Image/Width 1700/Height 2200/BitsPerComponent 8/ColorSpace/DeviceGray/Filter" + how
    return with_a_picture(stream(data, keys))


def masked(data: bytes) -> bytes:
    """A page of text with a small picture that shows where a JPEG is light."""
    plain = b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray"
    keys = b"/Type/XObject/Subtype/Image/Width 1700/Height 2200/BitsPerComponent 8/ColorSpace/DeviceGray"
    return with_a_picture(stream(bytes(100), plain + b"/SMask 6 0 R"), stream(data, keys + b"/Filter/DCTDecode"))


def with_a_picture(*objects: bytes) -> bytes:
    resources = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</I 5 0 R>>"
    content = b"BT /F 12 Tf 72 700 Td (Diagnosis: none) Tj ET q 300 0 0 300 72 100 cm /I Do Q"
    return letter(stream(content), *objects, resources=resources)


def holed(content: bytes, filling: bytes = b"\0") -> bytes:
    """The strip of a TIFF that holds most ends in filling."""
    with Image.open(io.BytesIO(content)) as image:
        strips = zip(image.tag_v2[279], image.tag_v2[273], strict=True)  # type: ignore[attr-defined]
    length, start = max(strips)
    return content[: start + length // 2] + filling * (length - length // 2) + content[start + length :]


HALVED: dict[str, Callable[[], bytes]] = {
    "a JPEG": lambda: HALF,
    "a JPEG that somebody ended": lambda: ENDED,
    "a progressive one": lambda: (
        (whole := encoded(drawing(), "JPEG", progressive=True))[: len(whole) // 2] + b"\xff\xd9"
    ),
    "a scan in JPEG": lambda: scan_pdf(PHOTOGRAPH).replace(PHOTOGRAPH[len(HALF) :], bytes(len(PHOTOGRAPH) - len(HALF))),
    "a JPEG beside text": lambda: beside(ENDED, b"/DCTDecode"),
    "a JPEG that is packed": lambda: beside(zlib.compress(ENDED), b"[/FlateDecode/DCTDecode]"),
    "a JPEG as a mask": lambda: masked(ENDED),
    "a PNG": lambda: encoded(drawing(), "PNG")[:3_000],
    "a fax": lambda: holed(FAX),
    "a fax in one dimension": lambda: holed(encoded(drawing(mode="1"), "TIFF", compression="group3")),
    "a JPEG in a TIFF": lambda: holed(encoded(drawing(), "TIFF", compression="jpeg")),
    "a packed TIFF": lambda: holed(encoded(drawing(), "TIFF", compression="tiff_lzw")),
    "a deflated TIFF": lambda: holed(encoded(drawing(), "TIFF", compression="tiff_adobe_deflate"), b"\xff"),
    "a fax whose second page is cut off": lambda: FAX[:-200],
    "a fax in a ring": HOSTILE["tiff_frames_in_a_ring"],
}


@pytest.mark.parametrize("kind", HALVED)
def test_half_a_picture_is_refused_or_told(decoder: Decoder, kind: str) -> None:
    """Every library here shows the rest in gray or white, some of them without a word."""
    try:
        found: Flaw | Reason = flaws(decoder, HALVED[kind]())
    except RedoubtError as error:
        found = error.reason
    assert found in (Flaw.MENDED, Reason.DAMAGED)


SOUND: dict[str, Callable[[], bytes]] = {
    "a JPEG beside text": lambda: beside(PHOTOGRAPH, b"/DCTDecode"),
    "a JPEG as a mask": lambda: masked(PHOTOGRAPH),
    "text": lambda: letter(stream(LINES)),
    "packed": lambda: text_pdf(3, garbage=4, deflate=True, use_objstms=1),
    "revised": lambda: text_pdf(3).replace(b"%%EOF", b"%%EOF\n"),
    "a scan": lambda: picture(SCAN),
    "a scan in JPEG": lambda: scan_pdf(PHOTOGRAPH),
    "something before it": lambda: b"\n\n" + text_pdf(),
    "a PNG": lambda: encoded(drawing(), "PNG"),
    "a JPEG": lambda: PHOTOGRAPH,
    "a JPEG in four colours": lambda: encoded(drawing(mode="CMYK"), "JPEG"),
    "a progressive JPEG": lambda: encoded(drawing(mode="RGB"), "JPEG", progressive=True),
    "a fax": lambda: FAX,
    "a fax in one dimension": lambda: encoded(drawing(mode="1"), "TIFF", compression="group3"),
    "a JPEG in a TIFF": lambda: encoded(drawing(mode="RGB"), "TIFF", compression="jpeg"),
    "a packed TIFF": lambda: encoded(drawing(mode="RGBA"), "TIFF", compression="tiff_lzw"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_file_is_not_doubted(decoder: Decoder, kind: str) -> None:
    assert flaws(decoder, SOUND[kind]()) is Flaw.NONE


def test_no_document_of_ours_is_doubted(decoder: Decoder) -> None:
    for document in documents.generate(17, 2 * len(Format)):
        assert flaws(decoder, document.content) is Flaw.NONE, document.id

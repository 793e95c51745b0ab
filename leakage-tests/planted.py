"""Finished copies with one leak planted in each, which the attacker must find: it is a validator only if it can fail.

Every plant is a copy of the same clean page with its identifiers burned, and what the masker claims of it.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pymupdf
import zxingcpp
from PIL import Image

from detectors.errors import Reason
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, Pixels
from policies.attack.report import Claim, Secret
from policies.masking.assemble import assemble
from policies.masking.burn import burn
from tests.policies.attack.made import DPI, drawn, jpeg, pdf

Line = tuple[float, float, str]

LABELS: Final[tuple[Line, ...]] = (
    (60, 80, "Harrow Street Clinic"),
    (60, 110, "Patient:"),
    (60, 130, "Date of Birth:"),
    (60, 150, "MRN:"),
    (60, 170, "Phone:"),
)
VALUES: Final[tuple[Line, ...]] = (
    (160, 110, "Ottoline Brackenbury-Szabo"),
    (160, 130, "07/22/1957"),
    (160, 150, "QX-7730194"),
    (160, 170, "(307) 555-0146"),
)
BODY: Final[tuple[Line, ...]] = (
    (60, 230, "Chief complaint: cough and fever for three days."),
    (60, 250, "Past medical history: hypertension, asthma. No surgery."),
    (60, 270, "Blood pressure 138/82, heart rate 76, temperature 98.6."),
    (60, 290, "Medications: metformin 500 mg twice daily, aspirin 81 mg."),
    (60, 310, "Plan: continue current therapy, low sodium diet, return in one week."),
)
SECRETS: Final = tuple(
    Secret(kind, line[2])
    for kind, line in zip((Kind.PERSON, Kind.BIRTH_DATE, Kind.MRN, Kind.PHONE), VALUES, strict=True)
)
REST_PX: Final = 100
"""Seven letters or digits of each value. Of five and fewer an engine makes something else, since the box cuts the first
one: they are not found."""
READ: Final = frozenset({Reason.KNOWN_VALUE_READABLE, Reason.RESIDUAL_FINDING})


@dataclass(frozen=True, slots=True)
class Scene:
    """A copy and what is claimed of it."""

    copy: bytes
    claim: Claim


def region(line: Line, cut_px: int = 0) -> Box:
    """The box over a line of print; `cut_px` leaves so much of its right end open."""
    x, y, text = line
    ink = np.nonzero((drawn([(x, y, text)]) < 200).any(axis=0))[0]
    return Box(int(ink[0]) - 3, int((y - 11) * DPI / 72), int(ink[-1]) + 4 - cut_px, int((y + 4) * DPI / 72))


def burned(lines: Sequence[Line] = VALUES, level: int = 0, cut_px: int = 0) -> tuple[Pixels, tuple[Quad, ...]]:
    """The page with these lines under boxes of this gray level."""
    page = drawn([*LABELS, *VALUES, *BODY])
    boxes = [region(line, cut_px) for line in lines]
    for box in boxes:
        page[box.top : box.bottom, box.left : box.right] = level
    return page, tuple(Quad.of(box) for box in boxes)


PAGE, REGIONS = burned()
SIZE: Final = (PAGE.shape[1], PAGE.shape[0])
CLAIM: Final = Claim((SIZE,), (REGIONS,), SECRETS)
CLEAN: Final = Scene(pdf([(PAGE, None)]), CLAIM)
CLEAN_JPEG: Final = Scene(pdf([(PAGE, jpeg(PAGE))]), CLAIM)


def built(**extras: object) -> Callable[[], Scene]:
    return lambda: Scene(pdf([(PAGE, None)], **extras), CLAIM)  # type: ignore[arg-type]


def shown(change: Callable[[Pixels], Pixels]) -> Callable[[], Scene]:
    """A page whose pixels show more than they should; boxes and structure are in order."""
    return lambda: Scene(pdf([(change(PAGE.copy()), None)]), CLAIM)


def left_open(line: Line) -> Callable[[], Scene]:
    def build() -> Scene:
        page, quads = burned([value for value in VALUES if value is not line])
        return Scene(pdf([(page, None)]), Claim((SIZE,), (quads,), SECRETS))

    return build


def cut_off() -> Scene:
    """Every box ends before its value does, and the masker claims no more than it burned."""
    page, quads = burned(cut_px=REST_PX)
    return Scene(pdf([(page, None)]), Claim((SIZE,), (quads,), SECRETS))


def other_page() -> Scene:
    page, _ = burned()
    behind = drawn([(60, 80, "Continued. Seen with Ms. Brackenbury-Szabo on the ward."), *BODY])
    return Scene(pdf([(page, None), (behind, None)]), Claim((SIZE, SIZE), (REGIONS, ()), SECRETS))


def swapped() -> Scene:
    behind = drawn(BODY)
    return Scene(pdf([(behind, None), (PAGE, None)]), Claim((SIZE, SIZE), (REGIONS, ()), SECRETS))


def not_solid(level: int = 255, cut_px: int = 0) -> Callable[[], Scene]:
    def build() -> Scene:
        page = drawn([*LABELS, *VALUES, *BODY])
        for line in VALUES:
            box = region(line, cut_px)
            part = page[box.top : box.bottom, box.left : box.right]
            np.minimum(part, level, out=part)
        return Scene(pdf([(page, None)]), CLAIM)

    return build


def shining() -> Scene:
    """Boxes so dark that each pixel passes for black, and what they cover in them."""
    page = drawn([*LABELS, *VALUES, *BODY])
    for line in VALUES:
        box = region(line)
        page[box.top : box.bottom, box.left : box.right] //= 20
    return Scene(pdf([(page, jpeg(page, 95))]), CLAIM)


def scan(quality: int, grain: float) -> Pixels:
    """The page before anything was burned, as a scanner's JPEG gives it."""
    noise = np.random.default_rng(1).normal(0, grain, PAGE.shape) if grain else 0
    paper = (235 if grain else 255) - 0.9 * (255 - drawn([*LABELS, *VALUES, *BODY]).astype(np.float32))
    coded = jpeg((paper + noise).clip(0, 255).astype(np.uint8), quality)
    return np.asarray(cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def drawn_over(quality: int, grain: float, again: int | None) -> Callable[[], Scene]:
    """Black drawn into a scan's pixels as tightly as the ink allows, and coded again or not."""

    def build() -> Scene:
        page = scan(quality, grain)
        for box in INK:
            page[box.top : box.bottom, box.left : box.right] = 0
        return Scene(pdf([(page, jpeg(page, again) if again else None)]), BARE)

    return build


def masked(quality: int, grain: float) -> Scene:
    """The same boxes as the masker makes them."""
    page = burn(PageRaster(scan(quality, grain), DPI, False, True), BARE.burned[0])
    return Scene(assemble([page]), BARE)


def ink(line: Line) -> Box:
    ys, xs = np.nonzero(drawn([line]) < 250)
    return Box(int(xs.min()) - 1, int(ys.min()) - 1, int(xs.max()) + 2, int(ys.max()) + 2)


INK: Final = [ink(line) for line in VALUES]
BARE: Final = Claim((SIZE,), (tuple(Quad.of(box) for box in INK),), ())


def over(*lines: Line, darkest: int = 0) -> Callable[[Pixels], Pixels]:
    return lambda page: np.minimum(page, np.maximum(drawn(lines), darkest))


def with_code(page: Pixels) -> Pixels:
    image = np.asarray(zxingcpp.create_barcode("MRN QX-7730194", zxingcpp.BarcodeFormat.QRCode).to_image(scale=6))
    page[1000 : 1000 + image.shape[0], 200 : 200 + image.shape[1]] = image
    return page


def revised() -> Scene:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "copy.pdf"
        file.write_bytes(CLEAN.copy)
        with pymupdf.open(file) as document:
            document[0].set_rotation(0)
            document.saveIncr()
        return Scene(file.read_bytes(), CLAIM)


def with_exif() -> Scene:
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010E] = "Ottoline Brackenbury-Szabo"
    Image.fromarray(PAGE).save(out, "jpeg", exif=exif)
    return Scene(pdf([(PAGE, out.getvalue())]), CLAIM)


def with_comment() -> Scene:
    image = jpeg(PAGE)
    return Scene(pdf([(PAGE, image[:2] + b"\xff\xfe\x00\x0eOttoline Bra" + image[2:])]), CLAIM)


@dataclass(frozen=True, slots=True)
class Planted:
    """A leak by name, the public failure or risk behind it, and the reasons of which the attacker must give one."""

    name: str
    build: Callable[[], Scene]
    expected: frozenset[Reason]
    source: str


_FORBIDDEN: Final = frozenset({Reason.FORBIDDEN_OBJECT})
_SOLID: Final = frozenset({Reason.REGION_NOT_SOLID})
_GHOST: Final = frozenset({Reason.RESIDUAL_FINDING})
_FARID: Final = "Farid, JPEG Ghosts, IEEE TIFS 2009"
_TEXT: Final = b" BT /F 9 Tf (Ottoline) Tj ET"
_NSA: Final = "NSA 2008, Hidden Data and Metadata in Adobe PDF Files"

PLANTED: Final = (
    Planted("text under the picture", built(content_extra=_TEXT), _FORBIDDEN, "Manafort filing, 2019"),
    Planted("document information", built(trailer_extra=b"/Info<</Title(Ottoline)>>"), _FORBIDDEN, _NSA),
    Planted("xmp", built(catalog=b"/Metadata 9 0 R"), _FORBIDDEN, _NSA),
    Planted("outline title", built(catalog=b"/Outlines<</Title(Ottoline)>>"), _FORBIDDEN, _NSA),
    Planted("attachment", built(catalog=b"/Names<</EmbeddedFiles<</Names[]>>>>"), _FORBIDDEN, _NSA),
    Planted("optional content", built(catalog=b"/OCProperties<</OCGs[]>>"), _FORBIDDEN, _NSA),
    Planted("form field", built(catalog=b"/AcroForm<</Fields[]>>"), _FORBIDDEN, _NSA),
    Planted("script", built(catalog=b"/OpenAction<</S/JavaScript>>"), _FORBIDDEN, _NSA),
    Planted("annotation", built(page_extra=b"/Annots[<</Subtype/Text>>]"), _FORBIDDEN, _NSA),
    Planted("page thumbnail", built(page_extra=b"/Thumb 5 0 R"), _FORBIDDEN, _NSA),
    Planted("crop box", built(page_extra=b"/CropBox[0 0 100 100]"), _FORBIDDEN, "NSA 2005, Redacting with Confidence"),
    Planted("private page data", built(page_extra=b"/PieceInfo<<>>"), _FORBIDDEN, "ISO 32000-1, 14.5"),
    Planted("picture's alternate", built(image_extra=b"/Alternates[]"), _FORBIDDEN, "ISO 32000-1, 8.9.5.4"),
    Planted("object that nothing leads to", built(objects=[b"<</Note/Ottoline>>"]), _FORBIDDEN, "ISO 32000-1, 7.5"),
    Planted("bytes between objects", built(between=b"% Ottoline\n"), _FORBIDDEN, "ISO 32000-1, 7.5"),
    Planted("bytes behind the end", lambda: Scene(CLEAN.copy + b"Ottoline", CLAIM), _FORBIDDEN, "CVE-2023-21036"),
    Planted("earlier revision", revised, _FORBIDDEN, "incremental saves keep what was deleted (NSA 2008)"),
    Planted("exif of the picture", with_exif, _FORBIDDEN, "photographs of 2003 with whole thumbnails"),
    Planted("comment of the picture", with_comment, _FORBIDDEN, "ISO/IEC 10918-1, COM"),
    Planted("nothing burned", not_solid(), _SOLID, "the masker fails in silence"),
    Planted("see-through marker", not_solid(level=70), _SOLID, "AT&T filing, 2006"),
    Planted("dark gray for black", not_solid(level=24), _SOLID, "levels pulled apart again"),
    Planted("black that a name shines through", shining, _SOLID, "levels pulled apart again"),
    *(
        Planted(f"ghost of a JPEG at {quality}, {told}", drawn_over(quality, grain, again), _GHOST, _FARID)
        for quality, grain, again, told in (
            (50, 0.0, None, "not coded again"),
            (50, 0.0, 80, "coded again at 80"),
            (85, 0.0, 95, "coded again at 95"),
            (50, 4.0, 80, "in grain, coded again at 80"),
            (75, 4.0, 95, "in grain, coded again at 95"),
        )
    ),
    Planted("edge left by a pixel", not_solid(level=0, cut_px=1), _SOLID, "glyph edges at a box's rim"),
    Planted("pages swapped", swapped, _SOLID, "pages of a TIFF or PDF in another order"),
    Planted(
        "page added",
        lambda: Scene(pdf([(PAGE, None), (drawn(VALUES), None)]), CLAIM),
        frozenset({Reason.PAGE_COUNT_CHANGED}),
        "readers that see the first page only",
    ),
    *(
        Planted(f"{secret.kind.value} left readable", left_open(line), READ, "a detector misses")
        for secret, line in zip(SECRETS, VALUES, strict=True)
    ),
    Planted("rest beside every box", cut_off, READ, "boxes by words mapped wrongly"),
    Planted("burned here, readable there", other_page, READ, "Maxwell deposition, 2020: the index told the names"),
    Planted(
        "name again in a footer", shown(over((60, 740, "Printed for O. Brackenbury-Szabo"))), READ, "headers repeat"
    ),
    Planted("name misread by a letter", shown(over((60, 740, "BRACKENBURY-SZAB0"))), READ, "OCR confusions"),
    Planted("unknown number", shown(over((60, 740, "SSN 521-48-9032"))), READ, "a detector misses what nobody named"),
    Planted(
        "pale print", shown(over((60, 740, "DOB 07/22/1957"), darkest=150)), READ, "print that one threshold loses"
    ),
    Planted("qr code", shown(with_code), READ, "boarding passes and vaccination cards shown with their codes"),
)

"""DICOM files through `redoubt redact`: what is printed on each frame and over it, and what the header says."""

from __future__ import annotations

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from detectors.pages import Pixels
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from streams.cli.report import OF_DICOM
from tests.acceptance.command import Redaction, layers, page_pixels, read, redact
from tests.cli.conftest import page
from tests.decode.dicoms import NAME, frames, overlaid, written

FONT = ImageFont.load_default(22)
SSN, OTHER_SSN, ON_TOP = "517-48-2931", "519-22-7780", "523-61-0094"


def screen(*lines: str) -> Pixels:
    """As devices print on their dark screens."""
    image = Image.new("L", (640, 480), 0)
    for row, line in enumerate(lines):
        ImageDraw.Draw(image).text((30, 30 + 44 * row), line, fill=235, font=FONT)
    return np.asarray(image)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Redaction:
    folder = tmp_path_factory.mktemp("dicom")
    levels = {"WindowCenter": "128", "WindowWidth": "256"}
    shown = (screen("Gain 60 Depth 11 cm", f"SSN: {SSN}"), screen("Gain 64 Depth 12 cm", f"SSN: {OTHER_SSN}"))
    over = (screen("", "", "", f"SSN: {ON_TOP}") > 128).astype(np.uint8)
    contents = {
        "cine": overlaid(frames(*shown, **levels), over),
        "letter": written("1.2.840.10008.1.2.1", EncapsulatedDocument=page(f"SSN: {SSN}")),
        "report": written("1.2.840.10008.1.2.1", ContentSequence=[]),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return redact([folder / name for name in contents], folder / "out", profile="hipaa-safe-harbor")


def test_every_frame_is_a_page_and_each_number_is_gone(run: Redaction) -> None:
    with pymupdf.open(stream=run.copies[1]) as document:
        assert document.page_count == 2
    with TesserocrEngine() as engine:
        for number, depth in enumerate(("11", "12")):
            words = read(engine, 255 - page_pixels(run.copies[1], number))
            assert "Depth" in words
            assert depth in words
            assert not {SSN, OTHER_SSN, ON_TOP} & set(words.split())
    numbers = [box for box in run.entry(1)["boxes"] if box["kind"] == "ssn"]
    assert {box["page"] for box in numbers} == {1, 2}
    assert len(numbers) >= 4, "the one in the overlay is burned on both"


def test_a_letter_in_it_is_redacted_as_a_letter(run: Redaction) -> None:
    with TesserocrEngine() as engine:
        words = read(engine, page_pixels(run.copies[2]))
    assert "metformin" in words
    assert SSN not in words


def test_nothing_of_the_header_goes_on(run: Redaction) -> None:
    said = run.stdout + run.stderr + str(run.report)
    for copy in run.copies.values():
        assert layers(copy) == ""
        assert all(part.encode() not in copy for part in NAME.split("^"))
    assert "STARKWEATHER" not in said.upper()


def test_it_says_what_became_of_the_files(run: Redaction) -> None:
    assert [entry.get("came_as") for entry in run.report["documents"]] == ["dicom", "dicom", None]
    assert run.entry(3)["reasons"] == ["no_pages"]
    assert f"from DICOM, file 1, 2: {OF_DICOM}" in run.stderr

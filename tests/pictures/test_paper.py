"""A frame is a picture or a sheet of paper by its pixels, whatever the file says it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from detectors.pages import Pixels, Source
from detectors.pictures.picture import is_picture
from tests.pictures.bodies import BODIES
from tests.pictures.frames import frame
from tests.pixels import hands, scans

DARK_AROUND = {"bones", "slice_of_ct", "head_of_mr", "fan", "flow", "breast", "scope", "counts"}
"""Bodies that no paper looks like."""


@pytest.mark.parametrize("body", sorted(BODIES))
def test_a_body_is_a_picture(body: str) -> None:
    for seed in range(4):
        pixels = frame(9_100 + seed, body).pixels
        assert is_picture(pixels, Source.DEVICE)
        assert is_picture(pixels, Source.FRAME) or body not in DARK_AROUND
        assert not is_picture(pixels, Source.FILE), "what came as a document is one"


def papers() -> Iterator[tuple[str, Pixels]]:
    for grade in scans.Grade:
        yield from ((sheet.name, pixels) for sheet, pixels in scans.sheets(9_200, grade, 3))
    yield from ((sheet.name, pixels) for sheet, pixels in hands.sheets(9_201))


@pytest.mark.parametrize("source", [Source.FRAME, Source.DEVICE])
def test_paper_is_paper_whatever_the_file_says(source: Source) -> None:
    assert not [name for name, pixels in papers() if is_picture(pixels, source)]


def test_a_screen_of_print_and_a_negative_are_no_bodies() -> None:
    screen = Image.new("L", (640, 480), 0)
    for row in range(12):
        line = "Left ventricle 4.6 cm  EF 55 %"
        ImageDraw.Draw(screen).text((30, 20 + 36 * row), line, fill=230, font=ImageFont.load_default(22))
    assert not is_picture(np.asarray(screen), Source.FRAME)
    for name, pixels in papers():
        if name.startswith("clean"):
            assert not is_picture(255 - pixels, Source.FRAME)

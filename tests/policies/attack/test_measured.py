"""At depth `structure` nothing is read, and what shows beside a box all the same is seen: ghosts, cuts, widths."""

from __future__ import annotations

import cv2
import numpy as np
import pymupdf
import pytest

from detectors.errors import Reason, RedoubtError
from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import LayerState, PageReading, Pixels, Word
from detectors.reading.engines.engine import EngineWord
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import Claim, Residual, Secret
from tests.policies.attack.made import DPI, drawn, jpeg, pdf

NAME = "Zsazsa Quenneville-Brackenbury"
AT = (110.0, 202.4)
LINES = [
    (60.0, 120.0, "Harrow Street Clinic, seen for a regular visit of the year"),
    (60.0, AT[1], "Patient:"),
    (60.0, 250.0, "Past medical history includes hypertension and asthma without surgery."),
    (60.0, 270.0, "Continue current therapy with metformin twice daily and return next week."),
]
BOX = Box(220, 396, 640, 436)
"""Over all of the name, with air on every side."""


class NeverReads:
    name = "none"

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        raise RedoubtError(Reason.READER_FAILED)


def proven(lines: list[tuple[float, float, str]]) -> PageReading:
    """The page's own words, the name's among them, placed as the file tells."""
    texts, words, offset = list[str](), list[Word](), 0
    for number, (x, y, line) in enumerate(lines):
        for piece in line.split(" "):
            wide = pymupdf.get_text_length(piece, "helv", 11)
            corners = (value * DPI / 72 for value in (x, y - 9, x + wide, y + 2.5))
            words.append(
                Word(
                    piece,
                    99.0,
                    Quad.of(Box.around([(a, b) for a, b in _pairs(*corners)])),
                    number,
                    offset,
                    offset + len(piece),
                )
            )
            texts.append(piece)
            x, offset = x + wide + pymupdf.get_text_length(" ", "helv", 11), offset + len(piece) + 1
    return PageReading(1275, 1650, DPI, tuple(words), " ".join(texts), "layer", LayerState.PROVEN)


def _pairs(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, bottom)]


def attacked(page: Pixels, box: Box, *, lossy: bool = False) -> list[Residual]:
    page = page.copy()
    page[box.top : box.bottom, box.left : box.right] = 0
    claim = Claim(((page.shape[1], page.shape[0]),), ((Quad.of(box),),), (Secret(Kind.PERSON, NAME),))
    look = Look(0, proven=proven([*LINES, (*AT, NAME)]))
    copy = pdf([(page, jpeg(page, 95) if lossy else None)])
    return list(reread_page(copy, look, claim, NeverReads(), lambda *_: True))


def page_of_all() -> Pixels:
    return drawn([*LINES, (*AT, NAME)])


def test_a_page_is_not_read() -> None:
    found = attacked(page_of_all(), BOX)
    assert [r for r in found if r.reason is not Reason.WIDTH_TELLS] == [], "the print beside the box stays"
    claim, copy = Claim(((1275, 1650),), ((),), ()), pdf([(page_of_all(), None)])
    with pytest.raises(RedoubtError):
        reread_page(copy, Look(0), claim, NeverReads(), lambda *_: True)


def test_letters_that_a_box_cuts() -> None:
    cut = Box(BOX.left, 414, BOX.right, BOX.bottom)
    found = [r for r in attacked(page_of_all(), cut) if r.kind is Kind.INK]
    assert found
    assert all(r.region.bounds.bottom <= cut.top + 1 for r in found)


@pytest.mark.parametrize("lossy", [True, False])
def test_a_ghost(lossy: bool) -> None:
    _, coded = cv2.imencode(".jpg", page_of_all(), [cv2.IMWRITE_JPEG_QUALITY, 50])
    ys, xs = np.nonzero(drawn([(*AT, NAME)]) < 250)
    tight = Box(int(xs.min()) - 1, int(ys.min()) - 1, int(xs.max()) + 2, int(ys.max()) + 2)
    found = attacked(np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8), tight, lossy=lossy)
    assert [r for r in found if r.kind is Kind.INK]
    whole = Box(tight.left // 8 * 8 - 8, tight.top // 8 * 8 - 8, tight.right // 8 * 8 + 16, tight.bottom // 8 * 8 + 16)
    assert not [r for r in attacked(page_of_all(), whole, lossy=lossy) if r.kind is Kind.INK]


def test_a_width_that_gives_the_name_away() -> None:
    columns = np.nonzero((drawn([(*AT, NAME)]) < 200).any(axis=0))[0]
    tight = Box(int(columns[0]) - 3, BOX.top, int(columns[-1]) + 4, BOX.bottom)
    told = [r for r in attacked(page_of_all(), tight) if r.reason is Reason.WIDTH_TELLS]
    assert [r.region.bounds for r in told] == [tight]

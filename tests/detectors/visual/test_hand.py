"""A value that no press printed is told as handwriting, in black ink and however surely it was read; print is not."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import cv2
import numpy as np
import pymupdf
import pytest

from detectors.findings import Kind
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.marks.find import marks
from tests.pixels.pens import capitals

DPI = 150
TEXT = "The patient was seen today and is doing well without any new complaint."
VALUES = ("Quenby Starkweather", "03/26/1953", "(844) 838-4467")


def printed(text: str, face: str, size: float = 30) -> Pixels:
    """Gray print on paper, cut at its ink."""
    font = pymupdf.Font(face)
    with pymupdf.open() as document:
        page = document.new_page(width=font.text_length(text, size) + 40, height=2 * size)
        writer = pymupdf.TextWriter(page.rect)
        writer.append((20, 1.4 * size), text, font=font, fontsize=size)
        writer.write_text(page)
        pixmap = page.get_pixmap(colorspace=pymupdf.csGRAY)
        gray = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)[:, : pixmap.width]
    ys, xs = np.nonzero(gray < 128)
    return np.asarray(gray[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1], np.uint8)


def written(gray: Pixels) -> Pixels:
    """The same letters as a hand draws them: pulled this way and that."""
    padded = cv2.copyMakeBorder(gray, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=255)
    high, wide = padded.shape
    noise = np.random.default_rng(3).normal(0, 1, (2, high, wide)).astype(np.float32)
    pull = [cv2.GaussianBlur(part, (0, 0), 5) for part in noise]
    ys, xs = np.mgrid[0:high, 0:wide].astype(np.float32)
    across, down = (3.2 * part / part.std() for part in pull)
    return np.asarray(cv2.remap(padded, xs + across, ys + down, cv2.INTER_LINEAR, borderValue=255), np.uint8)


def told(values: list[Pixels], says: Sequence[str] = VALUES, ink: tuple[int, int, int] = (0, 0, 0)) -> list[Quad]:
    """What is told of a form whose cells hold these in that ink, read as `says`, under some lines of running text."""
    page: Pixels = np.full((1650, 1275), 255, np.uint8)
    words: list[Word] = []
    text = ""

    def put(line: int, drawn: Pixels, said: str, left: int, top: int) -> None:
        nonlocal text
        page[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
        text += " " if text else ""
        box = Box(left, top, left + drawn.shape[1], top + drawn.shape[0])
        words.append(Word(said, 96.0, Quad.of(box), line, len(text), len(text) + len(said)))
        text += said

    for line in range(3):
        left = 90
        for said in TEXT.split():
            drawn = printed(said, "helv", 24)
            put(line, drawn, said, left, 200 + 50 * line + 24 - drawn.shape[0])
            left += drawn.shape[1] + 10
    for line, (said, drawn) in enumerate(zip(says, values, strict=True), 3):
        put(line, printed("Label:", "helv", 24), "Label:", 90, 300 + 100 * line)
        put(line, drawn, said.replace(" ", ""), 400, 300 + 100 * line)
    reading = PageReading(1275, 1650, DPI, tuple(words), text, "hand")
    shown = page if ink == (0, 0, 0) else np.repeat(page[:, :, None], 3, axis=2)
    if shown.ndim == 3:
        cells = shown[300:, 400:].astype(np.float32) / 255
        shown[300:, 400:] = np.round(cells * 255 + (1 - cells) * np.array(ink)).astype(np.uint8)
    return [mark.region for mark in marks(PageRaster(shown, DPI), reading) if mark.kind is Kind.HANDWRITING]


@pytest.mark.parametrize("face", ["helv", "tiit", "cour", "hebo"])
def test_print_of_any_face_is_no_handwriting(face: str) -> None:
    drawn = [printed(value, face) for value in VALUES]
    assert told(drawn) == []
    fax = [np.where(cv2.GaussianBlur(one, (0, 0), 1.0) > 190, 255, 0).astype(np.uint8) for one in drawn]
    assert told(fax) == []


def test_a_written_value_is_told_and_its_label_is_not() -> None:
    drawn = [written(printed(value, "helv", 34)) for value in VALUES]
    found = told(drawn)
    assert len(found) >= 2
    assert all(region.bounds.left == 400 for region in found)


INITIALS = ("DS", "NRE", "TJM", "AS", "WD", "CE", "LN", "SR")


@pytest.mark.parametrize(("ink", "most"), [((0, 0, 0), 3), ((40, 50, 140), 1)])
def test_initials_are_told_and_more_surely_in_a_colour(ink: tuple[int, int, int], most: int) -> None:
    drawn = [255 - capitals(Random(said), said, 26) for said in INITIALS]  # noqa: S311
    found = told(drawn, INITIALS, ink)
    assert len(INITIALS) - len(found) <= most
    assert all(region.bounds.left == 400 for region in found)


@pytest.mark.parametrize("face", ["helv", "tiro", "cour", "hebo"])
@pytest.mark.parametrize("ink", [(0, 0, 0), (170, 20, 30)])
def test_printed_abbreviations_flags_and_marks_of_a_form_are_no_initials(face: str, ink: tuple[int, int, int]) -> None:
    says = ("BP", "HR", "NPO", "IV", "H", "RN", "120", "76")
    assert told([printed(said, face, 26) for said in says], says, ink) == []


def test_short_numbers_are_told_as_longer_ones_are() -> None:
    drawn = [written(printed(said, "helv", 34)) for said in ("433", "258", "36")]
    assert len(told(drawn, ("433", "258", "36"))) >= 2


def figures(number: str, rng: Random, by_px: int, high_px: float, pen_px: int) -> Pixels:
    """Leaning figures of a shape that no common face has, each set up to so many pixels too high or too low."""
    face, fine = cv2.FONT_HERSHEY_SCRIPT_COMPLEX, 4
    scale = fine * high_px / 22
    canvas: Pixels = np.full(
        (round(fine * (2 * high_px + 20)), round(fine * high_px * len(number)) + 80), 255, np.uint8
    )
    x = 20
    for char in number:
        at = (x, round(fine * 1.5 * high_px) + fine * rng.randint(-by_px, by_px))
        cv2.putText(canvas, char, at, face, scale, 0, fine * pen_px, cv2.LINE_AA)
        x += cv2.getTextSize(char, face, scale, 1)[0][0]
    ys, xs = np.nonzero(canvas < 128)
    canvas = canvas[ys.min() - fine : ys.max() + fine, xs.min() - fine : xs.max() + fine]
    return np.asarray(cv2.resize(canvas, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA), np.uint8)


NUMBERS = ("83720465", "295-47-1836", "(715) 921-8578", "30592746")


@pytest.mark.parametrize(("high_px", "pen_px"), [(28, 2), (34, 3), (24, 2)])
def test_figures_that_stand_unevenly_are_written_and_even_ones_are_not(high_px: float, pen_px: int) -> None:
    rng = Random(high_px)  # noqa: S311
    uneven = [figures(number, rng, 3, high_px, pen_px) for number in NUMBERS]
    assert len(told(uneven, NUMBERS)) >= 3
    even = [figures(number, rng, 0, high_px, pen_px) for number in NUMBERS]
    assert told(even, NUMBERS) == []
    fax = [np.where(cv2.GaussianBlur(one, (0, 0), 1.0) > 190, 255, 0).astype(np.uint8) for one in even]
    assert told(fax, NUMBERS) == []


def test_a_short_number_as_high_as_what_is_written_is_written_too_and_one_as_high_as_print_is_not() -> None:
    rng = Random(7)  # noqa: S311
    drawn = [figures(number, rng, 3, 30, 2) for number in NUMBERS] + [
        printed("606", "tiit", 44),
        printed("76", "helv", 24),
    ]
    found = {region.bounds.top for region in told(drawn, (*NUMBERS, "606", "76"))}
    assert 1000 in found
    assert 1100 not in found

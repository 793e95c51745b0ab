"""Codes that do not decode, photographs, handwriting and drawn strokes are found; print is none of them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp

from detectors.findings import Kind, Layer, Span
from detectors.geometry import Box, Quad
from detectors.pages import PageRaster, PageReading, Pixels, Word
from detectors.visual.codes.encoded import identifiers, with_encoded
from detectors.visual.ink.accounting import unexplained
from detectors.visual.marks.find import marks
from policies.masking.burn import covered

DPI = 150
LINES = ("Patient was seen today in good spirits", "Illinois hill mill, 111 ill", "Follow up in two weeks or sooner")


def paper(colour: bool = False) -> Pixels:
    return np.full((1650, 1275, 3) if colour else (1650, 1275), 255, np.uint8)


def words_on(
    page: Pixels, lines: tuple[str, ...] = LINES, top: int = 200, ink: object = 0
) -> list[tuple[str, Box, int]]:
    """Print; each word with its box and line."""
    placed = []
    for row, line in enumerate(lines):
        left = 120
        for word in line.split():
            (wide, high), base = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, 0.8, 2)
            at = (left, top + 50 * row + high)
            cv2.putText(page, word, at, cv2.FONT_HERSHEY_SIMPLEX, 0.8, ink, 2, cv2.LINE_AA)
            placed.append((word, Box(left, top + 50 * row, left + wide, top + 50 * row + high + base), row))
            left += wide + 16
    return placed


def reading(page: Pixels, *placed: tuple[list[tuple[str, Box, int]], float]) -> PageReading:
    words, text, line = [], "", 0
    for found, confidence in placed:
        for word, box, row in found:
            text += " " if text else ""
            words.append(Word(word, confidence, Quad.of(box), line + row, len(text), len(text) + len(word)))
            text += word
        line += 50
    return PageReading(page.shape[1], page.shape[0], float(DPI), tuple(words), text, "hand")


def regions(page: Pixels, read: PageReading, kind: Kind) -> list[Quad]:
    return [mark.region for mark in marks(PageRaster(page, DPI), read) if mark.kind is kind]


def code(name: str, scale: int = 3) -> Pixels:
    drawn = zxingcpp.create_barcode("88419071", zxingcpp.barcode_format_from_str(name))
    return np.array(drawn.to_image(scale=scale, add_quiet_zones=False))


@pytest.mark.parametrize("name", ["Code128", "Code39", "ITF", "QRCode", "PDF417"])
@pytest.mark.parametrize("harm", ["torn", "blurred", "inverted and torn"])
def test_a_code_that_no_decoder_reads_is_a_mark(name: str, harm: str) -> None:
    page = paper()
    read = reading(page, (words_on(page), 95.0))
    drawn = code(name)
    if harm == "blurred":
        drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 1.6), np.uint8)
    else:
        drawn = drawn[:, : drawn.shape[1] * 6 // 10]
    if harm.startswith("inverted"):
        drawn = 255 - drawn
        page[680 : 720 + drawn.shape[0], 180 : 220 + drawn.shape[1]] = 0
    page[700 : 700 + drawn.shape[0], 200 : 200 + drawn.shape[1]] = drawn
    found = regions(page, read, Kind.BARCODE)
    mask = covered(found, page.shape[1], page.shape[0])
    # The wide bars that begin a stacked code stand apart from it, and are left to the accounting of ink.
    most = 0.65 if name == "PDF417" else 0.85
    assert mask[700 : 700 + drawn.shape[0], 200 : 200 + drawn.shape[1]].mean() > most
    assert not mask[:600].any()


def test_print_tables_and_pictures_are_no_codes() -> None:
    page = paper()
    for top in range(700, 1400, 40):
        cv2.rectangle(page, (100, top), (1100, top + 40), 0, 2)
    placed = words_on(page) + words_on(page, LINES * 4, 706)
    cv2.circle(page, (1150, 100), 60, 0, -1)
    assert regions(page, reading(page, (placed, 95.0)), Kind.BARCODE) == []


def test_the_line_below_a_code_goes_with_it() -> None:
    page = paper()
    drawn = code("Code128")[:80]
    page[700:780, 120 : 120 + drawn.shape[1]] = drawn
    caption, below = words_on(page, ("88419071",), 786), words_on(page, ("Plan",), 900)
    found = regions(page, reading(page, (caption, 20.0), (below, 95.0)), Kind.BARCODE)
    assert Quad.of(caption[0][1]) in found
    assert not any(region.bounds.overlap(below[0][1]) for region in found)


def test_what_a_code_says_is_found_in_the_text() -> None:
    known = identifiers(["MRN8841907", "https://example.org/x?id=55-01-220", "HELLO"])
    text = "seen for MRN 884-1907 today, 8841907, not 88419070 nor 12.5 mg; ref 5501220"
    found = [text[s.start : s.end] for s in with_encoded(text, [Span(0, 4, Kind.CITY, 0.5, Layer.NER)], known)]
    assert found == ["seen", "MRN 884-1907", "8841907", "5501220"]
    assert with_encoded(text, [], ()) == []


def toned(page: Pixels, at: Box) -> None:
    ys, xs = np.mgrid[0 : at.height, 0 : at.width].astype(np.float32)
    tone = 70 + 120 * xs / at.width + 30 * np.sin(ys / 25)
    page[at.top : at.bottom, at.left : at.right] = tone if page.ndim == 2 else tone[:, :, None]


@pytest.mark.parametrize("colour", [False, True])
def test_a_photograph_is_a_mark_and_shaded_print_is_none(colour: bool) -> None:
    page = paper(colour)
    page[650:720, 100:1200] = 205
    ink = (0, 0, 0) if colour else 0
    placed = words_on(page, ink=ink) + words_on(page, LINES[:1], 665, ink)
    assert regions(page, reading(page, (placed, 95.0)), Kind.PICTURE) == []
    at = Box(400, 900, 640, 1200)
    toned(page, at)
    found = regions(page, reading(page, (placed, 95.0)), Kind.PICTURE)
    assert sum(region.bounds.overlap(at) for region in found) > 0.95 * at.area
    assert sum(region.bounds.area for region in found) < 1.5 * at.area


def test_words_of_a_pen_are_marks_and_coloured_headings_are_none() -> None:
    page = paper(colour=True)
    blue = (40, 50, 150)
    black = words_on(page, LINES * 3, ink=(0, 0, 0))
    pen, heading = words_on(page, ("Quenby 03/14 6",), 900, blue), words_on(page, ("Assessment and plan",), 1000, blue)
    read = reading(page, (black, 95.0), (pen, 62.0), (heading, 95.0))
    assert set(regions(page, read, Kind.HANDWRITING)) == {Quad.of(box) for _, box, _ in pen}


def test_a_form_in_blue_print_is_no_handwriting() -> None:
    page = paper(colour=True)
    read = reading(page, (words_on(page, LINES * 3, ink=(40, 50, 150)), 80.0))
    assert regions(page, read, Kind.HANDWRITING) == []


def test_a_signature_is_covered_where_it_runs_whatever_an_engine_makes_of_it() -> None:
    page = paper()
    placed = words_on(page)
    xs = np.linspace(0, 1, 400)
    curve = np.stack([200 + 500 * xs, 900 + 60 * np.sin(38 * xs) * (1 - 0.5 * xs)], axis=1)
    strokes = np.zeros_like(page)
    cv2.polylines(strokes, [np.round(curve).astype(np.int32)], False, 255, 3)
    page[strokes > 0] = 0
    cv2.line(page, (150, 930), (900, 930), 0, 2)
    misread = [("nuw", Box(200, 838, 480, 962), 0)]
    report = unexplained(PageRaster(page, DPI), reading(page, (placed, 95.0), (misread, 45.0)))
    mask = covered(report.regions, page.shape[1], page.shape[0])
    assert mask[strokes > 0].mean() > 0.9
    assert not any(mask[b.top : b.bottom, b.left : b.right].any() for _, b, _ in placed)


def test_words_that_a_punch_hole_cuts_are_not_explained() -> None:
    page = paper()
    placed = words_on(page)
    cut = placed[2][1]
    cv2.circle(page, (cut.right, cut.top), 20, 20, -1)
    report = unexplained(PageRaster(page, DPI), reading(page, (placed, 95.0)))
    assert Quad.of(cut) in report.regions
    assert Quad.of(placed[-1][1]) not in report.regions


@pytest.mark.parametrize(
    ("name", "level", "scale", "found"),
    [
        ("Zorblatwick", 203, 1.7, True),
        ("Zorblatwick", 203, 0.8, False),
        ("Zorblatwick", 0, 1.7, False),
        ("Confidential", 203, 1.7, False),
        ("Hypertension", 203, 1.7, False),
        ("NO2", 203, 1.7, False),
    ],
)
def test_a_name_in_large_pale_type_is_a_logo(name: str, level: int, scale: float, found: bool) -> None:
    page = paper()
    text = words_on(page)
    (wide, high), base = cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, scale, 3)
    cv2.putText(page, name, (120, 600 + high), cv2.FONT_HERSHEY_SIMPLEX, scale, level, 3, cv2.LINE_AA)
    box = Box(120, 600, 120 + wide, 600 + high + base)
    read = reading(page, (text, 95.0), ([(name, box, 0)], 95.0))
    assert regions(page, read, Kind.PICTURE) == ([Quad.of(box)] if found else [])


@pytest.mark.parametrize(
    ("letters", "high", "confidence", "found"),
    [
        ("JV", 46, 75.0, True),
        ("Wk", 46, 84.0, True),
        ("on", 46, 84.0, False),
        ("JV", 46, 96.0, False),
        ("JV", 24, 75.0, False),
        ("J4", 46, 75.0, False),
    ],
)
def test_initials_that_fill_their_box_are_a_hands(letters: str, high: int, confidence: float, found: bool) -> None:
    page = paper()
    text = words_on(page)
    box = Box(120, 600, 214, 600 + high)
    read = reading(page, (text, 95.0), ([(letters, box, 0)], confidence))
    assert (Quad.of(box) in regions(page, read, Kind.HANDWRITING)) == found

"""Boxes to tick are told from letters, and what stands in one that is no cross stays to be read."""

from __future__ import annotations

from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from detectors.pages import PageRaster
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from detectors.visual.marks.checkboxes import checkboxes, without_checkboxes
from detectors.words.doubt import doubtful

FOLDER = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FACES = sorted(
    {*FOLDER.glob("DejaVuS*.ttf"), *FOLDER.glob("STIXGeneral*.ttf"), *FOLDER.glob("cm[rbst]*10.ttf")}
    - {FOLDER / "cmsy10.ttf"}
)
WORDS = "Sheila Flowers PO Box 80 no Orange Lakeshore worsen TAMPUBOLON Dodo O'Toole DOODO 0800 bodoni"
CHOICES = ("Alert", "Confused", "Walker", "Wheelchair")
FINE = 4
"""Drawn so many times larger, and made smaller: frames fall between pixels as a scanner's do."""


def worn(image: Image.Image, grain: float, seed: int) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    gray = np.clip(np.asarray(image, float) + rng.normal(0, grain, image.size[::-1]), 0, 255).astype(np.uint8)
    coded = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


def form(dpi: int, inside: str = "", rows: int = 3, ink: int = 20) -> tuple[Image.Image, list[tuple[float, float]]]:
    """Rows of boxes with a word behind each, and the left upper corner of each box in pixels."""
    side, fine = 0.14 * dpi * FINE, dpi * FINE
    image = Image.new("L", (round(8.5 * fine), round((0.8 + 0.3 * rows) * fine)), 250)
    pen = ImageDraw.Draw(image)
    face = ImageFont.truetype(str(FACES[0]), round(10 / 72 * fine))
    small = ImageFont.truetype(str(FACES[0]), round(side * 0.75))
    corners = []
    for row in range(rows):
        for column, word in enumerate(CHOICES):
            left, top = (0.5 + 1.7 * column) * fine + row, (0.4 + 0.3 * row) * fine + column
            corners.append((left / FINE, top / FINE))
            pen.rectangle((left, top, left + side, top + side), outline=20, width=round(0.011 * fine))
            if inside == "cross":
                pen.line((left, top, left + side, top + side), 20, round(0.011 * fine))
                pen.line((left, top + side, left + side, top), 20, round(0.011 * fine))
            elif inside:
                pen.text((left + side / 2, top + side / 2), inside, ink, small, anchor="mm")
            pen.text((left + 1.7 * side, top + side), word, 20, face, anchor="ls")
    return image.resize((image.width // FINE, image.height // FINE), Image.Resampling.BOX), corners


@pytest.mark.parametrize("dpi", [80, 100, 150, 200, 300])
@pytest.mark.parametrize("inside", ["", "cross"])
def test_boxes_are_found_where_they_stand(dpi: int, inside: str) -> None:
    image, corners = form(dpi, inside)
    found = checkboxes(worn(image, 4, dpi), dpi)
    near = 0.03 * dpi
    met = [any(abs(b.left - x) < near and abs(b.top - y) < near for b in found) for x, y in corners]
    assert sum(met) >= 0.8 * len(met)
    assert len(found) == sum(met)


@pytest.mark.parametrize("dpi", [75, 80, 100, 150, 200])
@pytest.mark.parametrize("inside", ["D", "K", "4", "7", "A"])
def test_an_initial_or_figure_in_a_box_stays(dpi: int, inside: str) -> None:
    image, _ = form(dpi, inside)
    assert checkboxes(worn(image, 4, dpi), dpi) == []


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
@pytest.mark.parametrize("inside", ["J", "I", "L", "Q"])
@pytest.mark.parametrize("ink", [150, 200, 210])
def test_a_pale_one_stays_too(dpi: int, inside: str, ink: int) -> None:
    """A pencil's, on paper of 250: painted out, it would count as read."""
    image, corners = form(dpi, inside, ink=ink)
    page = worn(image, 2, dpi)
    bare = without_checkboxes(PageRaster(page, dpi), dpi).pixels
    for left, top in corners:
        middle = (
            slice(round(top + 0.05 * dpi), round(top + 0.08 * dpi)),
            slice(round(left + 0.05 * dpi), round(left + 0.08 * dpi)),
        )
        assert (bare[middle] == page[middle]).all()


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.stem)
def test_no_letter_is_a_box(face: Path) -> None:
    """However small, and with room around it as initials have."""
    for dpi in (75, 80, 100, 150, 200):
        for points in (7, 9, 11, 14):
            font = ImageFont.truetype(str(face), max(6, round(points / 72 * dpi)))
            image = Image.new("L", (16 * dpi, 4 * dpi), 250)
            pen = ImageDraw.Draw(image)
            for number, line in enumerate(
                ("D O B D. O. Q 0 8 B 6 9 U H M N", "D  O  0  Q  8  X  E  H", "D.O. QUINN 000 808")
            ):
                pen.text((12, 10 + number * points / 72 * dpi * 1.8), line, 20, font)
            for spaced in range(4):
                left, top = 12.0, 10 + (number + 1 + spaced) * points / 72 * dpi * 1.8
                for letter in WORDS:
                    pen.text((left, top), letter, 20, font)
                    left += pen.textlength(letter, font) + spaced * dpi / 80
            assert checkboxes(worn(image, 3, dpi + points), dpi) == [], (dpi, points)


def test_the_modules_of_a_code_are_none() -> None:
    rng = np.random.default_rng(3)
    modules = (rng.random((29, 29)) < 0.5).astype(np.uint8) * 255
    for size in (3, 5, 8, 12):
        page = np.full((1100, 850), 255, np.uint8)
        code = np.kron(modules, np.ones((size, size), np.uint8))
        page[100 : 100 + code.shape[0], 100 : 100 + code.shape[1]] = code
        assert checkboxes(page, 100) == [], size


def test_the_page_is_painted_over_there_and_nowhere_else() -> None:
    image, _ = form(150)
    colour = cv2.cvtColor(worn(image, 0, 1), cv2.COLOR_GRAY2RGB)
    page = PageRaster(colour, 150.0)
    bare = without_checkboxes(page, 150.0)
    changed = (bare.pixels != colour).any(axis=2)
    for box in checkboxes(colour, 150.0):
        assert bare.pixels[box.top : box.bottom, box.left : box.right].min() > 200
        changed[box.top : box.bottom, box.left : box.right] = False
    assert not changed.any()
    assert without_checkboxes(bare, 150.0) is bare


def test_choices_beside_boxes_are_read_surely() -> None:
    """Of such rows of 90 dots an inch a third of the words was doubtful, and burned."""
    image, corners = form(90, rows=8)
    with TesserocrEngine() as engine:
        reading, ink = recognize(PageRaster(worn(image, 6, 2), 90.0), engine)
    words = [word.text for index, word in enumerate(reading.words) if index not in doubtful(reading)]
    assert sum(word in CHOICES for word in words) >= 0.9 * len(corners)
    assert ink.regions == ()

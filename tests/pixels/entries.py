"""Values written by hand beside printed labels: a sheet for each way that a form asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels
from tests.pixels import hands
from tests.pixels.paint import values
from tests.pixels.pens import INKS
from tests.pixels.sheets import CLINICAL, Colour, Mask, Sheet, blank, clinical, inked, letters, plant, png, seeded

BLACK: Final[Colour] = (0, 0, 0)
Write = Callable[[str, float], Pixels]
"""Coverage of a line in somebody's hand, of that size in pixels."""
Layout = Callable[[Pixels, Random, Write, Colour], Mask]


def ruled(page: Pixels, left: int, right: int, y: int) -> None:
    cv2.line(page, (left, y), (right, y), BLACK, 2)


def on_lines(sink: float) -> Layout:
    """Beside labels, on lines; with `sink` so many line heights deeper, across them."""

    def lay(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
        found = np.zeros(page.shape[:2], bool)
        for row, (label, value) in enumerate(zip(("Name:", "DOB:", "SSN:", "Phone:"), values(rng), strict=True)):
            top = 880 + 90 * row
            inked(page, letters((label,), 24), (100, top))
            ruled(page, 220, 900, top + 40)
            cover = write(value, 36)
            found |= inked(page, cover, (240, round(top + 40 - cover.shape[0] * (0.8 - sink))), ink)
        return found

    return lay


def over_labels(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """On a line that has its label below."""
    found = np.zeros(page.shape[:2], bool)
    for row, (label, value) in enumerate(
        zip(("Patient", "Born", "Telephone"), values(rng)[:2] + values(rng)[3:], strict=True)
    ):
        top = 880 + 120 * row
        ruled(page, 120, 800, top + 46)
        inked(page, letters((label,), 18), (120, top + 46))
        cover = write(value, 36)
        found |= inked(page, cover, (140, round(top + 44 - cover.shape[0] * 0.8)), ink)
    return found


def in_cells(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """In boxes that have their label in a corner."""
    found = np.zeros(page.shape[:2], bool)
    for number, (label, value) in enumerate(
        zip(("1 NAME", "2 BIRTH DATE", "3 SSN", "4 PHONE"), values(rng), strict=True)
    ):
        left, top = 90 + 540 * (number % 2), 880 + 100 * (number // 2)
        cv2.rectangle(page, (left, top), (left + 540, top + 100), BLACK, 2)
        inked(page, letters((label,), 15), (left, top))
        found |= inked(page, write(value, 34), (left + 20, top + 36), ink)
    return found


def combed(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """One sign to a box."""
    found = np.zeros(page.shape[:2], bool)
    for row, value in enumerate((values(rng)[0].split()[-1].upper()[:12], values(rng)[2].replace("-", ""))):
        inked(page, letters((("NAME", "SSN")[row],), 20), (90, 890 + 110 * row))
        for column, char in enumerate(value):
            left, top = 190 + 48 * column, 880 + 110 * row
            cv2.rectangle(page, (left, top), (left + 48, top + 56), BLACK, 2)
            found |= inked(page, write(char, 36), (left + 2, top + 2), ink)
    return found


def digits(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """Numbers alone."""
    found = np.zeros(page.shape[:2], bool)
    for row, label in enumerate(("MRN", "Account no.", "Chart no.")):
        inked(page, letters((label,), 22), (100, 880 + 90 * row))
        number = str(rng.randint(10**6, 10**8)) if row < 2 else str(rng.randint(100, 999))
        found |= inked(page, write(number, 36), (280, 868 + 90 * row), ink)
    return found


def with_slashes(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """Between slashes and brackets that the form prints."""
    found = np.zeros(page.shape[:2], bool)
    inked(page, letters(("Date of birth:          /          /",), 24), (100, 880))
    for left, part in zip((275, 355, 440), values(rng)[1].split("/"), strict=True):
        found |= inked(page, write(part, 32), (left, 874), ink)
    inked(page, letters(("Telephone: (            )             -",), 24), (100, 970))
    code, rest = values(rng)[3].split()
    for left, part in zip((255, 355, 470), (code.strip("()"), *rest.split("-")), strict=True):
        found |= inked(page, write(part, 32), (left, 964), ink)
    return found


def on_dots(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    found = np.zeros(page.shape[:2], bool)
    for row, (label, value) in enumerate(zip(("Name", "Born", "No.", "Tel."), values(rng), strict=True)):
        inked(page, letters((f"{label} " + "." * 80,), 22), (100, 880 + 90 * row))
        cover = write(value, 36)
        found |= inked(page, cover, (200, round(916 + 90 * row - cover.shape[0] * 0.75)), ink)
    return found


def in_columns(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """In a table under its headings."""
    found = np.zeros(page.shape[:2], bool)
    inked(page, letters(("Name                                    Born                  Telephone",), 20), (100, 870))
    for row in range(4):
        ruled(page, 90, 1180, 910 + 56 * row)
        if row < 3:
            name, born, _, phone = values(rng)
            for left, value in ((100, name.split()[-1]), (490, born), (780, phone)):
                found |= inked(page, write(value, 30), (left, 912 + 56 * row), ink)
    return found


def underlined(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """A label and a value that the pen underlines."""
    found = np.zeros(page.shape[:2], bool)
    for row, value in enumerate(values(rng)[:2]):
        inked(page, letters((("Attention:", "Since:")[row],), 26), (100, 880 + 110 * row))
        cover = write(value, 38)
        found |= inked(page, cover, (270, 866 + 110 * row), ink)
        cv2.line(page, (270, 922 + 110 * row), (250 + cover.shape[1], 918 + 110 * row), ink, 2, cv2.LINE_AA)
    return found


def between_lines(page: Pixels, rng: Random, write: Write, ink: Colour) -> Mask:
    """Squeezed between lines of print."""
    inked(page, letters(CLINICAL, 22, leading=2.6), (90, 870))
    found = np.zeros(page.shape[:2], bool)
    for row, value in enumerate(values(rng)[:3]):
        found |= inked(page, write(value, 24), (rng.randint(120, 600), 902 + 114 * row), ink)
    return found


LAYOUTS: Final[dict[str, Layout]] = {
    "on lines": on_lines(0.0),
    "across lines": on_lines(0.3),
    "over their labels": over_labels,
    "in boxes": in_cells,
    "in combs": combed,
    "digits alone": digits,
    "between slashes": with_slashes,
    "on dotted lines": on_dots,
    "in columns": in_columns,
    "underlined": underlined,
    "between lines of print": between_lines,
}


def sheets(seed: int) -> Iterator[tuple[Sheet, Pixels]]:
    """Two sheets a layout, in black and in another ink, each in a hand drawn by lot."""
    for name, lay in LAYOUTS.items():
        for colour in ("black", "ink"):
            rng = seeded(f"{seed}/{name}/{colour}")
            page = blank()
            clinical(page)
            ink = INKS["black"] if colour == "black" else INKS[rng.choice(("blue", "green", "pencil", "violet"))]
            found = lay(page, rng, _hand(rng), ink)
            yield Sheet(f"{name}, {colour}", png(page), (plant(name, found),)), page


def _hand(rng: Random) -> Write:
    paths = hands.fonts()
    if paths:
        path = str(rng.choice(paths))
        return lambda text, size: letters((text,), size, path)
    face = rng.choice(sorted(hands.HERSHEY.values()))

    def write(text: str, size: float) -> Pixels:
        cover = hands.hershey(text, face, rng)
        scale = size / 40
        return np.asarray(cv2.resize(cover, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)

    return write

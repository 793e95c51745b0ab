"""Every way to print an identifier so that an engine passes it by: a sheet for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import cv2
import numpy as np
import pymupdf

from detectors.pages import Pixels
from tests.pixels.sheets import (
    HEIGHT_PX,
    WIDTH_PX,
    Colour,
    Mask,
    Sheet,
    blank,
    clinical,
    inked,
    letters,
    plant,
    png,
    seeded,
    strokes,
    turned,
)

SIZE_PX = 26
AT = (120, 900)
BLACK: Colour = (0, 0, 0)


def identifiers(rng: Random) -> tuple[str, ...]:
    """Lines that name somebody: made-up names, numbers of valid shape."""
    first, last = (
        rng.choice(("Quenby", "Ottoline", "Thaddeus", "Iphigenia")),
        rng.choice(("Starkweather", "Vandermolen")),
    )
    ssn = f"{rng.randint(100, 660)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}"
    born = f"{rng.randint(1, 12):02}/{rng.randint(1, 28):02}/{rng.randint(1931, 1989)}"
    phone = f"({rng.randint(200, 989)}) {rng.randint(200, 989)}-{rng.randint(1000, 9999)}"
    return (f"Patient: {first} {last}", f"DOB: {born}", f"SSN: {ssn}", f"Phone: {phone}")


def values(rng: Random) -> tuple[str, ...]:
    """The same without their labels."""
    return tuple(line.split(": ")[1] for line in identifiers(rng))


def labelled(
    page: Pixels,
    rng: Random,
    size_px: float = SIZE_PX,
    at: tuple[int, int] = AT,
    colour: Colour = BLACK,
    change: Callable[[Pixels], Pixels] = lambda cover: cover,
) -> Mask:
    """Prints labels and values; the strokes of the values."""
    lines = identifiers(rng)
    inked(page, change(letters(lines, size_px)), at, colour)
    return strokes(page, change(letters(lines, size_px, values=True)), at)


Painter = Callable[[Pixels, Random], Mask]
"""Draws on a page that has clinical print in its upper third; gives the strokes of the identifiers."""


def on_ground(ink: Colour, ground: Colour) -> Painter:
    def paint(page: Pixels, rng: Random) -> Mask:
        page[860:1130, 90:1180] = ground
        return labelled(page, rng, colour=ink)

    return paint


def at_size(size_px: float) -> Painter:
    def paint(page: Pixels, rng: Random) -> Mask:
        if size_px > 150:
            lines = identifiers(rng)[1:2]
            inked(page, letters(lines, size_px), (10, 830))
            return strokes(page, letters(lines, size_px, values=True), (10, 830))
        if size_px > 60:
            title = "Mr. "
            found = inked(page, letters((title + values(rng)[0].split()[-1], *values(rng)[1:2]), size_px), (10, 830))
            ends = 10 + size_px / 2 + pymupdf.Font("helv").text_length(title, size_px)
            found[: round(830 + 1.6 * size_px), : round(ends)] = False
            return found
        return labelled(page, rng, size_px)

    return paint


def at_angle(degrees: float) -> Painter:
    def paint(page: Pixels, rng: Random) -> Mask:
        return labelled(page, rng, at=(300, 800), change=lambda cover: turned(cover, degrees))

    return paint


def cells(page: Pixels, rng: Random) -> Mask:
    """A tight ruled table: one value to a cell, rulings that touch the print."""
    parts = [part for value in values(rng) for part in value.split()]
    found = np.zeros(page.shape[:2], bool)
    for index, value in enumerate(parts):
        left, top = 90 + 270 * (index % 4), 860 + 38 * (index // 4)
        found |= inked(page, letters((value,), 24), (left - 6, top - 4))
    for row in range(len(parts) // 4 + 2):
        cv2.line(page, (90, 860 + 38 * row), (1170, 860 + 38 * row), BLACK, 2)
    for column in range(5):
        cv2.line(page, (90 + 270 * column, 860), (90 + 270 * column, 860 + 38 * (len(parts) // 4 + 1)), BLACK, 2)
    return found


def combed(page: Pixels, rng: Random) -> Mask:
    """One letter to a box, as forms for machines want it."""
    found = np.zeros(page.shape[:2], bool)
    for row, value in enumerate((values(rng)[0].split()[-1].upper(), values(rng)[2])):
        for column, char in enumerate(value):
            left, top = 100 + 46 * column, 880 + 90 * row
            cv2.rectangle(page, (left, top), (left + 46, top + 54), BLACK, 2)
            found |= inked(page, letters((char,), 30), (left - 3, top - 2))
    return found


def outlined(page: Pixels, rng: Random) -> Mask:
    def hollow(cover: Pixels) -> Pixels:
        return np.asarray(cv2.subtract(cover, cv2.erode(cover, np.ones((3, 3), np.uint8))), np.uint8)

    return labelled(page, rng, 44, (80, 830), change=hollow)


def stamped(page: Pixels, rng: Random) -> Mask:
    """Print that a stamp in strong colour lies over."""
    found = labelled(page, rng)
    stamp = turned(letters(("RECEIVED",), 84, "hebo"), -12)
    inked(page, stamp, (170, 830), (150, 20, 30))
    cv2.ellipse(page, (430, 960), (300, 120), -12, 0, 360, (150, 20, 30), 5)
    return found


def dotted(page: Pixels, rng: Random) -> Mask:
    """Values at the end of dotted leaders, and on dotted lines."""
    found = np.zeros(page.shape[:2], bool)
    for row, value in enumerate(values(rng)):
        top = 860 + 60 * row
        found |= inked(page, letters((value,), SIZE_PX), (700, top))
        for left in range(120, 1150, 9):
            cv2.circle(page, (left, top + 36), 1, BLACK, -1)
    return found


def struck(page: Pixels, rng: Random) -> Mask:
    """Crossed out by a pen, which hides nothing."""
    found = labelled(page, rng)
    for row in range(4):
        y = AT[1] + round(SIZE_PX * (0.9 + 1.8 * row))
        cv2.line(page, (AT[0], y), (AT[0] + 480, y + 3), BLACK, 3)
    return found


def mirrored(page: Pixels, rng: Random) -> Mask:
    return labelled(page, rng, change=lambda cover: np.ascontiguousarray(cover[:, ::-1]))


def punched(page: Pixels, rng: Random) -> Mask:
    """Print at the margin that binder holes cut."""
    found = inked(page, letters(values(rng), SIZE_PX), (10, 880))
    for x, y in ((48, 912), (130, 960), (60, 1006)):
        cv2.circle(page, (x, y), 20, (30, 30, 30), -1, cv2.LINE_AA)
        cv2.circle(found_ := found.astype(np.uint8), (x, y), 23, 0, -1)
        found = found_.astype(bool)
    return found


def spaced(page: Pixels, rng: Random) -> Mask:
    """Letters with wide gaps between."""
    return inked(page, letters([" ".join(value) for value in values(rng)], 22), (60, 880))


def hatched(page: Pixels, rng: Random) -> Mask:
    """On a security pattern of fine lines."""
    for x in range(80, 1190, 7):
        cv2.line(page, (x, 850), (x + 60, 1090), (150, 150, 150), 1, cv2.LINE_AA)
    return labelled(page, rng)


def margin(page: Pixels, rng: Random) -> Mask:
    """At the very edge of the sheet."""
    name, phone = identifiers(rng)[0], identifiers(rng)[3]
    inked(page, letters((name,), 20), (2, HEIGHT_PX - 42))
    inked(page, turned(letters((phone,), 20), 90), (WIDTH_PX - 50, 500))
    found = strokes(page, letters((name,), 20, values=True), (2, HEIGHT_PX - 42))
    return found | strokes(page, turned(letters((phone,), 20, values=True), 90), (WIDTH_PX - 50, 500))


def overprinted(page: Pixels, rng: Random) -> Mask:
    """Two lines of type over each other, as a form that slipped in the printer."""
    inked(page, letters(("Signature of responsible party and date",) * 4, SIZE_PX), (AT[0] + 5, AT[1] + 8))
    return labelled(page, rng)


def patterned(page: Pixels, rng: Random) -> Mask:
    """A dot-matrix printer's letters."""

    def dots(cover: Pixels) -> Pixels:
        out = np.zeros_like(cover)
        out[::3, ::3] = cover[::3, ::3]
        return np.asarray(cv2.dilate(out, np.ones((2, 2), np.uint8)), np.uint8)

    return labelled(page, rng, 30, change=dots)


def hidden_badly(how: str, size_px: int) -> Painter:
    """Values under a mosaic or a blur, as a picture editor makes them."""

    def paint(page: Pixels, rng: Random) -> Mask:
        found = labelled(page, rng)
        part = page[880:1110, 200:620]
        if how == "mosaic":
            few = cv2.resize(part, None, fx=1 / size_px, fy=1 / size_px, interpolation=cv2.INTER_AREA)
            part[:] = cv2.resize(few, part.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        else:
            part[:] = cv2.GaussianBlur(part, (0, 0), size_px)
        found[:, :200] = False
        return found

    return paint


WAYS: dict[str, Painter] = {
    "light on dark": on_ground((255, 255, 255), (20, 20, 20)),
    "white on mid gray": on_ground((255, 255, 255), (150, 150, 150)),
    "dark on dark": on_ground((70, 70, 70), (20, 20, 20)),
    "red on green of equal luma": on_ground((200, 60, 60), (60, 134, 60)),
    "blue on dark red": on_ground((60, 60, 220), (120, 20, 30)),
    "yellow on white": on_ground((250, 240, 90), (255, 255, 255)),
    "pale gray": on_ground((222, 222, 222), (255, 255, 255)),
    "tiny, 4 points": at_size(8.3),
    "tiny, 3 points": at_size(6.3),
    "huge, 60 points": at_size(125),
    "huge, 100 points": at_size(210),
    "down the page": at_angle(90),
    "up the page": at_angle(-90),
    "upside down": at_angle(180),
    "at 30 degrees": at_angle(30),
    "at 45 degrees": at_angle(-45),
    "at 8 degrees": at_angle(8),
    "mirrored": mirrored,
    "in table cells": cells,
    "in comb boxes": combed,
    "outlined": outlined,
    "under a stamp": stamped,
    "on dotted leaders": dotted,
    "struck out": struck,
    "cut by punch holes": punched,
    "letters far apart": spaced,
    "on a pattern of lines": hatched,
    "at the edge of the sheet": margin,
    "overprinted": overprinted,
    "dot matrix": patterned,
    "under a mosaic of 6": hidden_badly("mosaic", 6),
    "under a mosaic of 10": hidden_badly("mosaic", 10),
    "blurred by 4": hidden_badly("blur", 4),
}


def sheets(seed: int) -> Iterator[tuple[Sheet, Pixels]]:
    """One sheet a way, and its pixels."""
    for name, paint in WAYS.items():
        page = blank()
        clinical(page)
        found = paint(page, seeded(f"{seed}/{name}"))
        yield Sheet(name, png(page), (plant(name, found),)), page

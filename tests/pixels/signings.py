"""Every way to sign, stamp and show somebody: a sheet for each."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

import cv2
import numpy as np
from PIL import Image

from detectors.pages import Pixels
from tests.pixels.paint import values
from tests.pixels.pens import INKS, initials, signature, tick
from tests.pixels.sheets import CLINICAL, DPI, Colour, Mask, Sheet, blank, clinical, inked, letters, plant, png, seeded
from tests.pixels.sheets import turned as turn

BLACK: Final[Colour] = (0, 0, 0)
Painter = Callable[[Pixels, Random], Mask]
"""Draws on a page that has clinical print in its upper third; gives the strokes of the mark."""


def none(page: Pixels) -> Mask:
    return np.zeros(page.shape[:2], bool)


def on_a_line(ink: str, pen_px: float = 2.2, width_px: int = 400, degrees: float = 0) -> Painter:
    """On a line, over its label."""

    def paint(page: Pixels, rng: Random) -> Mask:
        inked(page, letters(("Signature of physician",), 20), (120, 1130))
        cv2.line(page, (120, 1125), (700, 1125), BLACK, 2)
        cover = signature(rng, width_px, pen_px)
        cover = turn(cover, degrees) if degrees else cover
        return inked(page, cover, (160, 1135 - cover.shape[0]), INKS[ink])

    return paint


def through_its_label(page: Pixels, rng: Random) -> Mask:
    inked(page, letters(("Signature:",), 26), (110, 995))
    cv2.line(page, (240, 1035), (800, 1035), BLACK, 2)
    cover = signature(rng, 430)
    return inked(page, cover, (rng.randint(130, 200), 1045 - cover.shape[0]), INKS[rng.choice(("black", "blue"))])


def over_print(page: Pixels, rng: Random) -> Mask:
    """Over the last line of what was signed."""
    inked(page, letters(CLINICAL[:4], 23), (90, 900))
    cover = signature(rng, 460)
    return inked(page, cover, (rng.randint(100, 300), 1040 - cover.shape[0] // 2), INKS[rng.choice(("black", "blue"))])


def boxed(height_px: int, box_px: tuple[int, int]) -> Painter:
    """Initials in a column of boxes, a line of print at each."""

    def paint(page: Pixels, rng: Random) -> Mask:
        found = none(page)
        ink = INKS[rng.choice(("black", "blue"))]
        for row in range(3):
            top = 880 + 90 * row
            cv2.rectangle(page, (110, top), (110 + box_px[0], top + box_px[1]), BLACK, 2)
            inked(page, letters((CLINICAL[row],), 22), (120 + box_px[0], top - 2))
            cover = initials(rng, height_px)
            found |= inked(page, cover, (118, top + box_px[1] // 2 - cover.shape[0] // 2), ink)
        return found

    return paint


def ticked(page: Pixels, rng: Random) -> Mask:
    """Boxes that are ticked, each with initials at the end of its line. A tick names nobody."""
    found = none(page)
    for row in range(3):
        top = 880 + 80 * row
        cv2.rectangle(page, (110, top), (138, top + 28), BLACK, 2)
        inked(page, letters((CLINICAL[row],), 22), (150, top - 4))
        inked(page, tick(rng, 24), (112, top - 6), INKS["blue"])
        found |= inked(page, initials(rng, 28), (930, top - 4), INKS["blue"])
    return found


def in_the_margin(page: Pixels, rng: Random) -> Mask:
    found = none(page)
    for row in range(3):
        found |= inked(page, initials(rng, 22), (20, 130 + 150 * row), INKS["black"])
    return found


def after_a_line(page: Pixels, rng: Random) -> Mask:
    """Initials behind corrections."""
    found = none(page)
    for row in range(2):
        top = 880 + 70 * row
        inked(page, letters((CLINICAL[3],), 23), (90, top))
        cv2.line(page, (200, top + 28), (330, top + 26), INKS["blue"], 2, cv2.LINE_AA)
        found |= inked(page, initials(rng, 26), (710, top), INKS["blue"])
    return found


def in_a_table(page: Pixels, rng: Random) -> Mask:
    """Across the rulings of a table."""
    for row in range(5):
        cv2.line(page, (90, 880 + 50 * row), (1170, 880 + 50 * row), BLACK, 2)
        inked(page, letters((("Given by", "Checked by", "Dose", "Time", "Route")[row],), 20), (95, 884 + 50 * row))
    for column in range(5):
        cv2.line(page, (90 + 270 * column, 880), (90 + 270 * column, 1080), BLACK, 2)
    found = inked(page, signature(rng, 240), (400, 880), INKS["black"])
    return found | inked(page, signature(rng, 210), (700, 950), INKS["blue"])


def twice(page: Pixels, rng: Random) -> Mask:
    found = inked(page, signature(rng, 420), (160, 950), INKS["black"])
    return found | inked(page, signature(rng, 380), (230, 985), INKS["blue"])


def stamp(ink: Colour, degrees: float, *, over: bool = False) -> Painter:
    """A practice's stamp in a frame; over print it lies across two lines."""

    def paint(page: Pixels, rng: Random) -> Mask:
        if over:
            inked(page, letters(CLINICAL[:4], 23), (90, 900))
        cover = cv2.copyMakeBorder(letters(values(rng), 24, "hebo"), 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=0)
        cv2.rectangle(cover, (2, 2), (cover.shape[1] - 3, cover.shape[0] - 3), 255, 3)
        return inked(page, turn(np.asarray(cover, np.uint8), degrees), (480, 850), ink)

    return paint


def date_stamp(page: Pixels, rng: Random) -> Mask:
    """Round, pale and turned: a name around, a day across."""
    ink, name, found = (165, 150, 190), f"{values(rng)[0].upper()} RN", none(page)
    for index, char in enumerate(name):
        degrees = -130 + 280 * index / len(name)
        x, y = 600 + 105 * math.sin(math.radians(degrees)), 1000 - 105 * math.cos(math.radians(degrees))
        cover = turn(letters((char,), 24), degrees)
        found |= inked(page, cover, (round(x - cover.shape[1] / 2), round(y - cover.shape[0] / 2)), ink)
    for radius in (80, 130):
        cv2.circle(page, (600, 1000), radius, ink, 3, cv2.LINE_AA)
    return found | inked(page, turn(letters((values(rng)[1],), 22), -18), (530, 965), ink)


def sticker(page: Pixels, rng: Random) -> Mask:
    """A patient's label stuck on aslant: a ground of its own, a shadow at its edge."""
    cover = letters(values(rng), 20, "cour")
    high, wide = cover.shape[0] + 30, cover.shape[1] + 30
    ground: Pixels = np.full((high, wide), 255, np.uint8)
    text: Pixels = np.zeros((high, wide), np.uint8)
    text[15 : 15 + cover.shape[0], 15 : 15 + cover.shape[1]] = cover
    degrees = rng.choice((-7, 4, 11))
    at = (500, 850)
    inked(page, turn(ground, degrees), (at[0] + 3, at[1] + 4), (120, 120, 120))
    inked(page, turn(ground, degrees), at, rng.choice(((250, 240, 160), (235, 235, 225), (205, 230, 250))))
    return inked(page, turn(text, degrees), at, BLACK)


def logo(ground: Colour, ink: Colour, degrees: float = 0) -> Painter:
    def paint(page: Pixels, rng: Random) -> Mask:
        cv2.rectangle(page, (140, 880), (640, 1080), ground, -1)
        cover = letters((values(rng)[0].split()[-1], "& Partners"), 44, rng.choice(("tibi", "hebo")))
        cover[cover.shape[0] // 2 :] = 0
        return inked(page, turn(cover, degrees) if degrees else cover, (170, 890), ink)

    return paint


def portrait(width: int, height: int, rng: Random) -> tuple[Pixels, Mask]:
    """A drawn head before a ground, gray, and where its face is."""
    noise = np.random.default_rng(rng.getrandbits(32))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    ys, xs = ys * 380 / height, xs * 300 / width
    tone = rng.uniform(110, 190) + 40 * xs / 300 - 30 * ys / 380
    head = ((xs - 150) / 80) ** 2 + ((ys - 150) / 105) ** 2
    tone = np.where(((xs - 150) / 140) ** 2 + ((ys - 390) / 130) ** 2 < 1, rng.uniform(50, 110), tone)
    tone = np.where(head < 1, rng.uniform(150, 215) - 60 * head + 12 * np.sin(xs / 9), tone)
    tone = np.where((head < 1.15) & (ys < 105), 45 + 10 * np.sin(xs / 4), tone)
    for x in (120, 180):
        tone = np.where(((xs - x) / 12) ** 2 + ((ys - 145) / 6) ** 2 < 1, 40, tone)
    tone = np.where(((xs - 150) / 28) ** 2 + ((ys - 205) / 6) ** 2 < 1, 110, tone)
    tone = cv2.GaussianBlur(tone + noise.normal(0, 5, tone.shape).astype(np.float32), (0, 0), 0.8)
    return np.clip(tone, 0, 255).astype(np.uint8), np.asarray(head < 1)


def shown(width: int, height: int, rim_px: int = 0, *, halftone: bool = False) -> Painter:
    """A photograph, perhaps in a black frame, perhaps as a copier's dots."""

    def paint(page: Pixels, rng: Random) -> Mask:
        gray, face = portrait(width, height, rng)
        if halftone:
            grid = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) * 16 + 8
            gray = np.where(gray > np.tile(grid, (height // 4 + 1, width // 4 + 1))[:height, :width], 255, 0)
        left, top = 480, 870
        page[top - rim_px : top + height + rim_px, left - rim_px : left + width + rim_px] = 10
        page[top : top + height, left : left + width] = gray[:, :, None]
        found = none(page)
        found[top : top + height, left : left + width] = face
        return found

    return paint


def thumb(page: Pixels, rng: Random) -> Mask:
    """A finger's print, as those leave who cannot sign."""
    cv2.rectangle(page, (480, 870), (640, 1070), BLACK, 2)
    inked(page, letters(("Right thumb",), 18), (480, 1075))
    ys, xs = np.mgrid[0:180, 0:130].astype(np.float32)
    bend, slope = rng.uniform(0.02, 0.05), rng.uniform(-0.2, 0.2)
    far = np.hypot(xs - 65 + slope * ys, 1.2 * (ys - 80)) + 6 * np.sin(bend * xs + 0.04 * ys)
    ridges = np.where(np.sin(far * 2 * math.pi / 5.5) > 0, 255.0, 0) * (
        ((xs - 65) / 62) ** 2 + ((ys - 90) / 86) ** 2 < 1
    )
    return inked(page, np.asarray(cv2.GaussianBlur(ridges, (0, 0), 0.7), np.uint8), (495, 880), (60, 60, 70))


def on_dark(page: Pixels, rng: Random) -> Mask:
    """White on black, as a photostat has it."""
    page[860:1130, 90:1180] = 25
    inked(page, letters(("Signature of physician",), 20), (120, 1080), (240, 240, 240))
    return inked(page, signature(rng, 420), (160, 920), (240, 240, 240))


WAYS: Final[dict[str, Painter]] = {
    **{f"signature in {ink}": on_a_line(ink) for ink in INKS},
    "signature with a thin pen": on_a_line("black", 1.1),
    "signature with a thin blue pen": on_a_line("blue", 1.1),
    "signature with a thin pale pen": on_a_line("pencil", 1.3),
    "signature with a marker": on_a_line("black", 6),
    "small signature": on_a_line("black", 1.6, 130),
    "wide signature": on_a_line("blue", 3, 800),
    "signature aslant": on_a_line("black", 2.2, 400, -18),
    "signature up the page": on_a_line("black", 2.2, 240, -90),
    "signature through its label": through_its_label,
    "signature over print": over_print,
    "signatures in a table": in_a_table,
    "two signatures": twice,
    "signature, white on black": on_dark,
    "initials in boxes": boxed(24, (80, 44)),
    "initials in tight boxes": boxed(30, (70, 34)),
    "initials at ticked boxes": ticked,
    "initials in the margin": in_the_margin,
    "initials behind corrections": after_a_line,
    "pale stamp": stamp((190, 170, 205), 8),
    "gray stamp aslant": stamp((150, 150, 150), -24),
    "red stamp over print": stamp((190, 60, 60), -9, over=True),
    "pale round stamp": date_stamp,
    "sticker": sticker,
    "photograph in a black frame": shown(240, 300, 14),
    "small photograph": shown(90, 112),
    "halftone photograph": shown(240, 300, halftone=True),
    "logo, white on green": logo((20, 110, 90), (255, 255, 255)),
    "logo, pale on paper": logo((255, 255, 255), (190, 205, 225)),
    "logo aslant": logo((235, 225, 200), (150, 60, 30), -12),
    "thumb print": thumb,
}  # fmt: skip


def coarse(page: Pixels, found: Mask, dpi: int) -> tuple[Pixels, Mask]:
    """The page and its mask at a lower resolution."""
    size = (round(page.shape[1] * dpi / DPI), round(page.shape[0] * dpi / DPI))
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(found.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8), np.asarray(share > 0.3)


def jpeg(page: Pixels, quality: int, dpi: int) -> tuple[bytes, Pixels]:
    """The page as a file, and what a reader sees of it."""
    out = io.BytesIO()
    Image.fromarray(page).save(out, "jpeg", quality=quality, dpi=(dpi, dpi))
    return out.getvalue(), np.asarray(Image.open(io.BytesIO(out.getvalue())))


def sheets(seed: int) -> Iterator[tuple[Sheet, Pixels]]:
    """One sheet a way, and its pixels; some ways once more as coarse scans and faxes."""
    for name, paint in WAYS.items():
        page = blank()
        clinical(page)
        found = paint(page, seeded(f"{seed}/{name}"))
        yield Sheet(name, png(page), (plant(name, found),)), page
    for name in ("signature in blue", "signature through its label", "signature over print", "initials in boxes"):
        rng = seeded(f"{seed}/{name}/again")
        page = blank()
        clinical(page)
        found = WAYS[name](page, rng)
        bits = np.where(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY) > 150, 255, 0).astype(np.uint8)[:, :, None].repeat(3, 2)
        yield Sheet(f"{name}, faxed", png(bits), (plant(name, found & (bits[:, :, 0] == 0)),)), bits
        small, small_found = coarse(page, found, 100)
        content, seen = jpeg(small, 40, 100)
        yield Sheet(f"{name}, JPEG of 100 dpi", content, (plant(name, small_found),)), seen

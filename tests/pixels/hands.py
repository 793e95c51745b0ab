"""Marks that are no print: handwriting, signatures, initials, stamps and pictures, each on a sheet of its own.

Fonts of handwriting come from Debian packages where they are installed or laid out in a folder: fonts-bwht,
fonts-breip, fonts-dkg-handwriting, fonts-kristi, fonts-rufscript, fonts-dancingscript, fonts-femkeklaver, fonts-sjfonts
and fonts-humor-sans. Without any, strokes of OpenCV's two Hershey script faces stand in, and the figures say so.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

import cv2
import numpy as np

from detectors.pages import Pixels
from tests.pixels.paint import values
from tests.pixels.sheets import Mask, Sheet, blank, clinical, inked, letters, plant, png, seeded, turned

FOLDERS: Final = (os.environ.get("REDOUBT_TEST_HANDWRITING", ".testbed/handwriting"), "/usr/share/fonts")
FILES: Final = (
    "BecauseWeBuild-Regular.otf", "BecauseWeConnect-Regular.otf", "BecauseWeCreate-Regular.otf",
    "BecauseWeLearn-Regular.otf", "BecauseWeMentor-Regular.otf", "BecauseWeOrganize-Regular.otf", "Breip.ttf",
    "dkg.ttf", "Kristi.ttf", "Rufscript010.ttf", "DancingScript-Regular.otf", "femkeklaver.ttf", "SteveHand.ttf",
    "Delphine.ttf",
    "Humor-Sans.ttf",
)  # fmt: skip
HERSHEY: Final = {
    "Hershey script": cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    "Hershey script, heavy": cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
}
BLUE: Final = (40, 50, 140)
FORM: Final = ("Patient name:", "Date of birth:", "Telephone:")


def fonts() -> list[Path]:
    """Handwriting fonts that are there, each once: all of a folder of one's own, of the system's these."""
    found: dict[str, Path] = {}
    for number, folder in enumerate(FOLDERS):
        for path in sorted(Path(folder).rglob("*.[ot]tf")):
            if number == 0 or path.name in FILES:
                found.setdefault(path.name, path.resolve())
    return [found[name] for name in sorted(found, key=lambda name: (name not in FILES, name))]


def sheets(seed: int) -> Iterator[tuple[Sheet, Pixels]]:
    """A form filled by each hand, then signatures, initials, stamps and pictures."""
    for path in fonts():
        rng = seeded(f"{seed}/{path.name}")
        covers = [letters((line,), 40, str(path)) for line in _values(rng)]
        yield _form(f"form in {path.stem}", covers)
    for name, face in HERSHEY.items():
        rng = seeded(f"{seed}/{name}")
        yield _form(f"form in {name}", [hershey(line, face, rng) for line in _values(rng)])
    for number in range(4):
        rng = seeded(f"{seed}/signature/{number}")
        yield _signed(f"signature {number + 1}", signature(rng, 420), rng)
    for number in range(2):
        rng = seeded(f"{seed}/initials/{number}")
        yield _signed(f"initials {number + 1}", signature(rng, 110), rng)
    for name, draw in {
        "round stamp": _round_stamp,
        "stamp of a practice": _box_stamp,
        "logo with a name": _logo,
    }.items():
        page = _typed()
        yield _sheet(name, page, draw(page, seeded(f"{seed}/{name}")))
    for name, colour in {"photograph": True, "gray photograph": False}.items():
        page = _typed()
        yield _sheet(name, page, _photograph(page, seeded(f"{seed}/{name}"), colour=colour))


def signature(rng: Random, width_px: int) -> Pixels:
    """Coverage of one flowing stroke with loops, ascenders and a flourish, as wide as given."""
    height = max(70, width_px // 4)
    canvas: Pixels = np.zeros((2 * height, width_px + 80), np.uint8)
    turns = max(2, width_px // 45)
    points = []
    phase, lean = rng.uniform(0, 6), rng.uniform(0.1, 0.5)
    for step in range(turns * 24):
        along = step / (turns * 24)
        high = height * (0.32 if rng.random() < 0.985 else 0.6) * (0.55 + 0.45 * math.sin(2.1 * along * turns + phase))
        angle = 2 * math.pi * along * turns
        x = 30 + along * width_px + 14 * math.sin(angle) + lean * high * math.cos(angle)
        points.append((x, height + high * math.cos(angle) + 10 * math.sin(5 * along)))
    flourish = [(30 + width_px * t, height * (1.45 + 0.12 * math.sin(6 * t + phase))) for t in np.linspace(1, 0.1, 20)]
    for line in (points, flourish):
        cv2.polylines(canvas, [np.round(line).astype(np.int32)], False, 255, rng.choice((2, 3)), cv2.LINE_AA)
    return canvas


def _values(rng: Random) -> tuple[str, ...]:
    name, born, _, phone = values(rng)
    return name, born, phone


def hershey(text: str, face: int, rng: Random) -> Pixels:
    (wide, high), base = cv2.getTextSize(text, face, 1.3, 2)
    canvas: Pixels = np.zeros((high + base + 30, wide + 30), np.uint8)
    x = 10
    for char in text:
        cv2.putText(canvas, char, (x, high + 8 + rng.randint(-2, 2)), face, 1.3, 255, 2, cv2.LINE_AA)
        x += cv2.getTextSize(char, face, 1.3, 2)[0][0]
    return canvas


def _typed() -> Pixels:
    page = blank()
    clinical(page)
    return page


def _form(name: str, covers: list[Pixels]) -> tuple[Sheet, Pixels]:
    """Printed labels with handwritten values beside them."""
    page = _typed()
    strokes = np.zeros(page.shape[:2], bool)
    for row, (label, cover) in enumerate(zip(FORM, covers, strict=True)):
        top = 860 + 110 * row
        inked(page, letters((label,), 24), (100, top + 10))
        cv2.line(page, (300, top + 62), (1100, top + 62), (0, 0, 0), 1)
        strokes |= inked(page, cover, (310, max(top + 58 - cover.shape[0] * 3 // 4, 0)), BLUE)
    return _sheet(name, page, strokes)


def _signed(name: str, cover: Pixels, rng: Random) -> tuple[Sheet, Pixels]:
    page = _typed()
    inked(page, letters(("Signature of physician",), 20), (120, 1130))
    cv2.line(page, (120, 1125), (700, 1125), (0, 0, 0), 2)
    return _sheet(
        name, page, inked(page, cover, (140, 1120 - cover.shape[0] * 2 // 3), rng.choice((BLUE, (10, 10, 10))))
    )


def _round_stamp(page: Pixels, rng: Random) -> Mask:
    """A name on a circle, in a clerk's violet."""
    strokes = np.zeros(page.shape[:2], bool)
    name = f"DR {values(rng)[0].upper()} MD"
    for index, char in enumerate(name):
        degrees = -140 + 280 * index / len(name)
        x, y = 600 + 120 * math.sin(math.radians(degrees)), 1000 - 120 * math.cos(math.radians(degrees))
        cover = turned(letters((char,), 26), degrees)
        strokes |= inked(page, cover, (round(x - cover.shape[1] / 2), round(y - cover.shape[0] / 2)), (110, 50, 140))
    for radius in (90, 150):
        cv2.circle(page, (600, 1000), radius, (110, 50, 140), 3, cv2.LINE_AA)
    return strokes


def _box_stamp(page: Pixels, rng: Random) -> Mask:
    cover = cv2.copyMakeBorder(letters(values(rng), 24, "cour"), 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=0)
    cv2.rectangle(cover, (2, 2), (cover.shape[1] - 3, cover.shape[0] - 3), 255, 2)
    return inked(page, turned(np.asarray(cover, np.uint8), rng.choice((-6, 6, 14))), (400, 860), (170, 40, 60))


def _logo(page: Pixels, rng: Random) -> Mask:
    """A family's name in large letters on a coloured ground."""
    cv2.ellipse(page, (340, 1000), (190, 90), 0, 0, 360, (20, 110, 120), -1, cv2.LINE_AA)
    strokes = inked(page, letters((values(rng)[0].split()[-1],), 44, "tibi"), (200, 960), (255, 255, 255))
    inked(page, letters(("Family Practice",), 40, "tibi"), (560, 970), (20, 110, 120))
    return strokes


def _photograph(page: Pixels, rng: Random, *, colour: bool) -> Mask:
    """A drawn head before a ground: continuous tone, as a badge or a chart's cover has it."""
    width, height = 300, 380
    noise = np.random.default_rng(rng.getrandbits(32))
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    tone = 150 + 40 * xs / width - 30 * ys / height
    head = ((xs - 150) / 80) ** 2 + ((ys - 150) / 105) ** 2
    tone = np.where(head < 1, 205 - 60 * head + 12 * np.sin(xs / 9), tone)
    shoulders = ((xs - 150) / 140) ** 2 + ((ys - 390) / 130) ** 2
    tone = np.where(shoulders < 1, 80 + 30 * shoulders, tone)
    hair = (head < 1.15) & (ys < 105)
    tone = np.where(hair, 45 + 10 * np.sin(xs / 4), tone)
    for x in (120, 180):
        tone = np.where(((xs - x) / 12) ** 2 + ((ys - 145) / 6) ** 2 < 1, 40, tone)
    tone = np.where(((xs - 150) / 28) ** 2 + ((ys - 205) / 6) ** 2 < 1, 110, tone)
    tone = cv2.GaussianBlur(tone + noise.normal(0, 5, tone.shape).astype(np.float32), (0, 0), 1.0)
    tint = np.array((1.0, 0.86, 0.74)) if colour else np.ones(3)
    page[880 : 880 + height, 480 : 480 + width] = np.clip(tone[:, :, None] * tint, 0, 255).astype(np.uint8)
    found = np.zeros(page.shape[:2], bool)
    found[880 : 880 + height, 480 : 480 + width] = head < 1
    return found


def _sheet(name: str, page: Pixels, strokes: Mask) -> tuple[Sheet, Pixels]:
    return Sheet(name, png(page), (plant(name, strokes),)), page

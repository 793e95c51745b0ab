"""What devices write into pictures, and where: truth by construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from detectors.geometry import Box
from detectors.pages import Pixels
from tests.pictures.bodies import Random

Mask = NDArray[np.bool_]

SURNAMES: Final = ("Starkweather", "Vandermolen", "Oyelaran", "Brzezicki", "Lo", "Thistlewood", "Quispe", "Ng")
GIVEN: Final = ("Quenby", "Ottoline", "Thaddeus", "Iphigenia", "Bo", "Marisol", "Xavi", "Ana")
HOUSES: Final = ("Larkmoor Infirmary", "ST BRENNOC HOSP", "Pellworth Clinic", "EASTVALE MED CTR")
MONTHS: Final = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
HARMLESS: Final = (
    *("MI 1.1", "TIS 0.4", "Gn 60", "120 kV", "5 cm", "WL: 40 WW: 400", "AP ERECT", "SUPINE", "Z: 1.2"),
    *("RT 48 Hz", "Depth 16 cm", "mA 250", "SID 180 cm"),
)
SIDES: Final = ("L", "R")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """What was written: its strokes in the whole frame, its box, and whether it tells somebody."""

    text: str
    strokes: Mask
    box: Box
    telling: bool


@dataclass(frozen=True, slots=True)
class Style:
    """How a device writes. `share` is how much of the ground is covered; `edge` what is drawn around the letters."""

    size_px: int
    colour: tuple[int, int, int]
    face: str
    share: float = 1.0
    edge: str = ""
    turned: bool = False


FACES: Final = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSerif", "STIXGeneral", "hershey", "bitmap")
LEAST_CONTRAST: Final = 50
"""Gray levels that a device keeps from the ground, so that somebody can read it."""
COLOURS: Final = ((255, 255, 255), (255, 255, 0), (0, 255, 0), (200, 200, 200), (0, 255, 255), (255, 160, 60))


def values(rng: Random) -> list[str]:
    """Everything that tells somebody, in the forms in which devices write it."""
    surname, given = str(rng.choice(SURNAMES)), str(rng.choice(GIVEN))
    year, month, day = int(rng.integers(1931, 2024)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    hour, minute, second = int(rng.integers(0, 24)), int(rng.integers(0, 60)), int(rng.integers(0, 60))
    number = str(rng.integers(10_000, 99_999_999))
    one: list[Callable[[], str]] = [
        lambda: f"{surname.upper()}^{given.upper()}",
        lambda: f"{surname}, {given}",
        lambda: f"{given} {surname}",
        lambda: f"{surname.upper()} {given[0]}",
        lambda: f"ID: {number}",
        lambda: number.zfill(8),
        lambda: f"Acc {number[:6]}A",
        lambda: f"{day:02}/{month:02}/{year}",
        lambda: f"{year}-{month:02}-{day:02}",
        lambda: f"{day:02}-{MONTHS[3 * month - 3 : 3 * month]}-{year % 100:02}",
        lambda: f"{year}{month:02}{day:02}",
        lambda: f"{hour:02}:{minute:02}:{second:02}",
        lambda: f"DOB {month}/{day}/{year}",
        lambda: f"{int(rng.integers(1, 99)):03}Y {rng.choice(('M', 'F'))}",
        lambda: str(rng.choice(HOUSES)),
        lambda: f"Dr. {surname}",
        lambda: f"Op: {given[:2].upper()}{surname[:1]}",
    ]
    return [one[index]() for index in rng.permutation(len(one))]


def cover(text: str, style: Style) -> NDArray[np.float32]:
    """How much of each pixel the letters cover, 0 to 1, tight around them."""
    if style.face == "hershey":
        scale = style.size_px / 22
        (width, height), base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        plane = np.zeros((height + base + 4, width + 4), np.uint8)
        cv2.putText(
            plane, text, (2, height + 2), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, max(1, style.size_px // 14), cv2.LINE_AA
        )
    else:
        bitmap = style.face == "bitmap"
        font = (
            ImageFont.load_default_imagefont() if bitmap else ImageFont.truetype(str(_file(style.face)), style.size_px)
        )
        _, _, right, bottom = (int(v) for v in font.getbbox(text))
        image = Image.new("L", (right + 4, bottom + 4), 0)
        ImageDraw.Draw(image).text((2, 2), text, fill=255, font=font)
        plane = np.asarray(image)
        if bitmap and style.size_px >= 20:
            plane = np.kron(plane, np.ones((style.size_px // 10,) * 2, np.uint8))
    rows, columns = np.flatnonzero(plane.any(axis=1)), np.flatnonzero(plane.any(axis=0))
    tight = plane[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.asarray(np.rot90(tight) if style.turned else tight, np.float32) / 255


def write(pixels: Pixels, text: str, at: tuple[int, int], style: Style, telling: bool) -> Line:
    """Writes onto the frame, with its top left corner there, moved to lie on the frame whole."""
    plane = cover(text, style)
    height, width = plane.shape
    top, left = max(0, min(at[1], pixels.shape[0] - height)), max(0, min(at[0], pixels.shape[1] - width))
    plane = plane[: pixels.shape[0], : pixels.shape[1]]
    where = (slice(top, top + plane.shape[0]), slice(left, left + plane.shape[1]))
    strokes = np.zeros(pixels.shape[:2], bool)
    strokes[where] = plane > 0.5
    if style.edge == "outline":
        rim = cv2.dilate(strokes.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
        pixels[rim] = 0
    elif style.edge == "box":
        pixels[max(top - 2, 0) : where[0].stop + 2, max(left - 2, 0) : where[1].stop + 2] = 0
    style = _seen(pixels, strokes, style)
    ink = (
        np.array(style.colour, np.float32)
        if pixels.ndim == 3
        else np.float32(np.dot(style.colour, (0.299, 0.587, 0.114)))
    )
    share = style.share * (plane if pixels.ndim == 2 else plane[..., None])
    pixels[where] = (pixels[where] * (1 - share) + ink * share).round().astype(np.uint8)
    return Line(text, strokes, Box(left, top, left + plane.shape[1], top + plane.shape[0]), telling)


def _seen(pixels: Pixels, strokes: Mask, style: Style) -> Style:
    """The style, in full where a person could not make it out there, and white or black where that is not enough."""
    ground = cv2.dilate(strokes.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool) & ~strokes
    around = pixels[ground].reshape(ground.sum(), -1).astype(np.float32)
    luma = np.float32(np.dot(style.colour, (0.299, 0.587, 0.114)))
    ink = np.array(style.colour, np.float32) if pixels.ndim == 3 else luma
    needed = max(LEAST_CONTRAST, 2.5 * float(around.std(axis=0).max()))
    for share in (style.share, 1.0):
        if share * np.abs(ink - around.mean(axis=0)).max() >= needed:
            return replace(style, share=share)
    level = 255 if around.mean() < 128 else 0
    return replace(style, share=1.0, colour=(level, level, level))


def _file(face: str) -> Path:
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf"

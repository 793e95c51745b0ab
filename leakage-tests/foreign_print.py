"""Small print that no text layer tells, beside and over text that is proven: drawn as paths, or stamped as a picture.

Each case is a page of honest text and a secret among it, of 2.5 to 5 points: over ascenders, between lines, in a blank,
along a ruling, on a bar. An engine that reads the honest word reads past it, and the word's cell holds it.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pymupdf
from PIL import Image

GIVEN = ("Odalys", "Thaddeus", "Ximena", "Ignatius", "Saoirse", "Bartholomew", "Philippa", "Quentin")
FAMILY = ("Vanterpool", "Oyelaran", "Szymborski", "Featherstone", "Quispe", "Abernathy", "Kjellberg", "Mirzakhani")
PROSE = (
    "The wound was clean and the dressing was changed before noon.",
    "Appetite is better and sleep was sound for most of the night.",
    "Walks the length of the hall with one rest and no shortness of breath.",
    "No fever since the drain was pulled; the white count came down.",
    "Teaching on stairs and on lifting was done and well understood.",
    "Potassium was replaced by mouth and will be checked at breakfast.",
)
LEFT, TOP, STEP, LINES = 72.0, 90.0, 17.0, 24
BAR = (72.0, 600.0, 500.0, 614.0)
RULE_Y = 560.0

Draw = Callable[[Any], None]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A page, and where in points the secret lies on it."""

    content: bytes
    place: Box


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the secret stands: left end and base line; `under` is drawn before it, `ink` and `size` are its own."""

    name: str
    x: float
    y: float
    size: float = 3.5
    ink: tuple[float, float, float] = (0.0, 0.0, 0.0)
    under: Draw | None = None
    short: bool = False


def _bar(ink: float) -> Draw:
    return lambda page: page.draw_rect(BAR, color=None, fill=(ink,) * 3)


def _rule(page: Any) -> None:
    page.draw_line((LEFT, RULE_Y), (540, RULE_Y), width=0.7)


def _bullet(page: Any) -> None:
    page.draw_circle((66, base(6) - 3), 1.6, color=None, fill=(0, 0, 0))


def base(line: int) -> float:
    """The base line of a line of the page."""
    return TOP + STEP * line


SPOTS = (
    Spot("over the ascenders", LEFT + 20, base(4) - 7.2, 3),
    Spot("over the ascenders, smaller", LEFT + 90, base(9) - 7.4, 2.5),
    Spot("between lines", LEFT + 60, base(7) + 6.5, 4),
    Spot("over short letters", LEFT + 110, base(12) - 5.4, 3),
    Spot("under the base line", LEFT + 33, base(14) + 3.2, 3),
    Spot("at the height of the letters", LEFT + 40, base(10) - 1.6, 2.8, (0.75, 0.1, 0.1)),
    Spot("in a blank", LEFT + 21.0, base(16) - 1.5, 2.5, short=True),
    Spot("along a ruling", LEFT + 100, RULE_Y - 1, 4, under=_rule),
    Spot("on a ruling", LEFT + 200, RULE_Y + 1.2, 3.5, under=_rule),
    Spot("white on a bar", BAR[0] + 8, 609, 5, (1, 1, 1), _bar(0)),
    Spot("larger white on a bar", BAR[0] + 8, 610, 8, (1, 1, 1), _bar(0)),
    Spot("gray on gray", BAR[0] + 90, 609, 5, (0.45,) * 3, _bar(0.75)),
    Spot("beside a bullet", 50.0, base(6) - 1, 3.5, under=_bullet, short=True),
    Spot("blue over the ascenders", LEFT + 160, base(18) - 6.8, 3.5, (0.0, 0.0, 0.7)),
)
AS = ("paths", "stamp")


def page_with(spot: Spot, way: str, seed: int) -> Foreign:
    """A page of prose in an order of its own, with the secret at its spot."""
    choose = random.Random(f"{seed} {spot.name} {way}")  # noqa: S311  invented names
    secret = choose.choice(GIVEN) + " " + choose.choice(FAMILY)
    secret = secret.split()[1][:5] if spot.short else f"{secret} {choose.randint(10**6, 10**7 - 1)}"
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        if spot.under is not None:
            spot.under(page)
        for line in range(LINES):
            page.insert_text((LEFT, base(line)), choose.choice(PROSE), fontsize=10, fontname="helv")
        (outlined if way == "paths" else stamped)(page, spot, secret)
        wide = pymupdf.get_text_length(secret, fontsize=spot.size)
        place = (spot.x, spot.y - 0.72 * spot.size, spot.x + wide, spot.y)
        return Foreign(bytes(document.tobytes(garbage=3, deflate=True)), place)


def outlined(page: Any, spot: Spot, text: str) -> None:
    """The text drawn as shapes."""
    with pymupdf.open() as other:
        sheet = other.new_page(width=page.rect.width, height=page.rect.height)
        sheet.insert_text((spot.x, spot.y), text, fontsize=spot.size, color=spot.ink)
        svg = sheet.get_svg_image(text_as_path=True)
    with pymupdf.open(stream=svg.encode(), filetype="svg") as shapes:
        page.show_pdf_page(page.rect, pymupdf.open("pdf", shapes.convert_to_pdf()), 0)


def stamped(page: Any, spot: Spot, text: str) -> None:
    """The text as a picture of one bit a pixel, its paper see-through."""
    wide = pymupdf.get_text_length(text, fontsize=spot.size) + 2
    high = 1.3 * spot.size
    with pymupdf.open() as other:
        sheet = other.new_page(width=wide, height=high)
        sheet.insert_text((1, spot.size), text, fontsize=spot.size)
        pixmap = sheet.get_pixmap(dpi=600, colorspace=pymupdf.csGRAY)
    gray = Image.frombytes("L", (pixmap.width, pixmap.height), pixmap.samples)
    inked = gray.point(lambda level: 255 if level < 128 else 0)
    stamp = Image.new("RGBA", gray.size, (*(round(255 * part) for part in spot.ink), 0))
    stamp.putalpha(inked)
    held = io.BytesIO()
    stamp.save(held, "png")
    at = (spot.x - 1, spot.y - spot.size, spot.x - 1 + wide, spot.y - spot.size + high)
    page.insert_image(pymupdf.Rect(at), stream=held.getvalue())

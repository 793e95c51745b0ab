"""Synthetic documents as scanners, fax machines and copiers give them: clean, poor, degraded and worn."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

import cv2
import numpy as np
import pymupdf
from PIL import Image

from detectors.geometry import Homography, Quad
from detectors.pages import Pixels
from streams.canaries import damage, render
from streams.canaries.documents import RENDER_DPI, Format, Layout, SyntheticDocument, one
from tests.pixels import papers
from tests.pixels.sheets import Mask, Plant, Sheet, plant, seeded

_HALF = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.0, 0.0, 1.0]])
INK_FROM: Final = 0.5
"""Share of the way from paper to black from which a pixel of the undamaged page is ink."""


class Grade(StrEnum):
    CLEAN = "clean"
    POOR = "poor"
    DEGRADED = "degraded"
    WORN = "worn"
    """Worn paper and poor printers, of which the others have none."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A damaged page, the undamaged one at its place, and the map from the page's own pixels."""

    pixels: Pixels
    dpi: int
    how: str
    onto: Homography


def sheets(seed: int, grade: Grade, count: int) -> Iterator[tuple[Sheet, Pixels]]:
    """`count` first pages of documents of all layouts in turn, with their pixels."""
    layouts = tuple(Layout)
    for index in range(count):
        rng = seeded(f"pixels/{seed}/{grade}/{index}")
        document = one(seed, index, layouts[index % len(layouts)], Format.BORN_DIGITAL_PDF)
        yield _sheet(document, grade, index, rng)


def _sheet(document: SyntheticDocument, grade: Grade, index: int, rng: Random) -> tuple[Sheet, Pixels]:
    noise = np.random.default_rng(rng.getrandbits(64))
    ways = WAYS[grade]
    name, make = list(ways.items())[(index + index // len(ways)) % len(ways)]
    with pymupdf.open(stream=document.content, filetype="pdf") as vector:
        scan, content = make(vector, rng, noise)
        clean = _at_place(vector, scan)
    strokes = clean < 255 * (1 - INK_FROM)
    plants = tuple(
        planted
        for number, identifier in enumerate(document.identifiers)
        if identifier.page == 0
        and (planted := _planted(f"{identifier.kind} {number}", identifier.regions, strokes, scan))
    )
    words = tuple(w.region.mapped(scan.onto) for w in document.words if w.page == 0 and not w.identifiers)
    return Sheet(f"{grade} {index}: {document.layout}, {name}, {scan.how}", content, plants, words), scan.pixels


def _planted(name: str, regions: tuple[Quad, ...], strokes: Mask, scan: Scan) -> Plant | None:
    inside = np.zeros(strokes.shape, np.uint8)
    for region in regions:
        corners = np.array(region.mapped(scan.onto).corners)
        cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), 1)
    ink = strokes & inside.astype(bool)
    # What fell off the sheet is not in the picture.
    return plant(name, ink, rim_px=1) if ink.any() else None


def _at_place(vector: pymupdf.Document, scan: Scan) -> Pixels:
    page = render.gray(vector, 0, (RENDER_DPI, RENDER_DPI))
    height, width = scan.pixels.shape[:2]
    centred = np.linalg.inv(_HALF) @ scan.onto @ _HALF
    shrunk = page if scan.onto[0, 0] > 0.75 else cv2.GaussianBlur(page, (0, 0), 0.4 / scan.onto[0, 0])
    return np.asarray(cv2.warpPerspective(shrunk, centred, (width, height), borderValue=255), np.uint8)


Way = Callable[[pymupdf.Document, Random, np.random.Generator], tuple[Scan, bytes]]


def _flatbed(dpis: tuple[int, ...], *, poor: bool, coding: str, extra: str = "") -> Way:
    """A flatbed's or feeder's gray page."""

    def make(vector: pymupdf.Document, rng: Random, noise: np.random.Generator) -> tuple[Scan, bytes]:
        dpi = rng.choice(dpis)
        page = render.gray(vector, 0, (dpi, dpi))
        scale = np.diag((dpi / RENDER_DPI, dpi / RENDER_DPI, 1.0))
        if extra == "crooked":
            page, turn = _crooked(page, rng.choice((-1, 1)) * rng.uniform(3.0, 15.0))
            scale = turn @ scale
        if extra == "bleed-through":
            page = _bleeding(page, rng)
        if extra in papers.WEARS:
            page = papers.WEARS[extra](page, dpi, rng)
        result = damage.scanned(page, dpi, poor, noise)
        pixels, onto = result.pixels, result.homography @ scale
        if extra == "holes":
            pixels = _holed(pixels, dpi, rng)
        if extra == "tinted":
            pixels = _tinted(pixels, rng)
        content = _coded(pixels, dpi, coding, rng.randint(50, 70) if poor else rng.randint(75, 92))
        return Scan(pixels, dpi, f"{dpi} dpi", onto), content

    return make


def _fax(*, poor: bool) -> Way:
    def make(vector: pymupdf.Document, rng: Random, noise: np.random.Generator) -> tuple[Scan, bytes]:
        result = damage.faxed(render.gray(vector, 0, render.FAX_DPI), poor, noise)
        scale = np.diag((render.FAX_DPI[0] / RENDER_DPI, render.FAX_DPI[1] / RENDER_DPI, 1.0))
        return Scan(result.pixels, render.FAX_DPI[0], "fax", result.homography @ scale), render.tiff_g4([result.pixels])

    return make


def _phone(*, poor: bool) -> Way:
    def make(vector: pymupdf.Document, rng: Random, noise: np.random.Generator) -> tuple[Scan, bytes]:
        dpi = rng.choice((150, 200))
        result = damage.photographed(render.gray(vector, 0, (dpi, dpi)), poor, noise)
        content = render.jpeg(result.pixels, rng.randint(80, 90), dpi)
        scale = np.diag((dpi / RENDER_DPI, dpi / RENDER_DPI, 1.0))
        return Scan(result.pixels, dpi, f"{dpi} dpi", result.homography @ scale), content

    return make


def _ruined(*, blur: float, contrast: float, quality: int) -> Way:
    """Blur in pixels of the scan, contrast as a share, and a JPEG's quality: one of them far gone, or all a little."""

    def make(vector: pymupdf.Document, rng: Random, noise: np.random.Generator) -> tuple[Scan, bytes]:
        dpi = rng.choice((80, 100, 120, 150))
        result = damage.scanned(render.gray(vector, 0, (dpi, dpi)), dpi, False, noise)
        pixels = cv2.GaussianBlur(result.pixels, (0, 0), blur * rng.uniform(0.8, 1.2))
        level = rng.uniform(0.8, 1.2) * contrast
        pale = np.clip(pixels * level + 235 * (1 - level) + noise.normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)
        scale = np.diag((dpi / RENDER_DPI, dpi / RENDER_DPI, 1.0))
        content = _coded(pale, dpi, "jpeg", quality + rng.randint(-3, 3))
        return Scan(pale, dpi, f"{dpi} dpi", result.homography @ scale), content

    return make


def _coded(pixels: Pixels, dpi: int, coding: str, quality: int) -> bytes:
    if coding == "jpeg":
        return render.jpeg(pixels, quality, dpi)
    out = io.BytesIO()
    if coding == "png":
        Image.fromarray(pixels).save(out, "png", dpi=(dpi, dpi))
    elif coding == "tiff":
        Image.fromarray(pixels).save(out, "tiff", compression="tiff_lzw", dpi=(dpi, dpi))
    else:
        height, width = pixels.shape[:2]
        with pymupdf.open() as document:
            page = document.new_page(width=width * 72 / dpi, height=height * 72 / dpi)
            page.insert_image(page.rect, stream=render.jpeg(pixels, quality, dpi))
            return bytes(document.tobytes())
    return out.getvalue()


def _crooked(page: Pixels, degrees: float) -> tuple[Pixels, Homography]:
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = int(width * cos + height * sin), int(width * sin + height * cos)
    turn[:, 2] += (wide / 2 - width / 2, high / 2 - height / 2)
    onto = np.vstack([turn, (0, 0, 1)])
    centred = (np.linalg.inv(_HALF) @ onto @ _HALF)[:2]
    return np.asarray(cv2.warpAffine(page, centred, (wide, high), borderValue=255), np.uint8), onto


def _bleeding(page: Pixels, rng: Random) -> Pixels:
    """The back of the sheet shines through, mirrored."""
    back = 255 - cv2.GaussianBlur(np.ascontiguousarray(page[:, ::-1]), (0, 0), 1.5)
    return np.asarray(np.clip(page.astype(np.float32) - rng.uniform(0.06, 0.14) * back, 0, 255), np.uint8)


def _holed(pixels: Pixels, dpi: int, rng: Random) -> Pixels:
    out = pixels.copy()
    for inch in (1.2, 2.6, 5.5, 8.4, 9.8):
        centre = (int(rng.uniform(0.25, 0.4) * dpi), int(inch * dpi))
        cv2.circle(out, centre, int(0.13 * dpi), rng.randint(10, 80), -1, cv2.LINE_AA)
    return out


def _tinted(pixels: Pixels, rng: Random) -> Pixels:
    """Coloured paper, in RGB."""
    tint = np.array([rng.uniform(0.82, 1.0) for _ in range(3)], np.float32)
    return np.asarray(np.clip(pixels[:, :, None] * tint, 0, 255), np.uint8)


_LOW = (80, 90, 100, 120)
WAYS: Final[dict[Grade, dict[str, Way]]] = {
    Grade.CLEAN: {
        "JPEG": _flatbed((150, 200, 300), poor=False, coding="jpeg"),
        "PNG": _flatbed((150, 200), poor=False, coding="png"),
        "PDF": _flatbed((200, 300), poor=False, coding="pdf"),
        "fax": _fax(poor=False),
        "coloured paper": _flatbed((150, 200), poor=False, coding="jpeg", extra="tinted"),
        "TIFF": _flatbed((200,), poor=False, coding="tiff"),
        "phone": _phone(poor=False),
    },
    Grade.POOR: {
        "JPEG": _flatbed(_LOW, poor=True, coding="jpeg"),
        "holes": _flatbed(_LOW, poor=True, coding="pdf", extra="holes"),
        "crooked": _flatbed(_LOW, poor=True, coding="jpeg", extra="crooked"),
        "bleed-through": _flatbed(_LOW, poor=True, coding="jpeg", extra="bleed-through"),
        "fax": _fax(poor=True),
        "PNG": _flatbed(_LOW, poor=True, coding="png"),
        "coloured paper": _flatbed(_LOW, poor=True, coding="jpeg", extra="tinted"),
    },
    Grade.DEGRADED: {
        "blur": _ruined(blur=1.6, contrast=0.8, quality=60),
        "low contrast": _ruined(blur=0.6, contrast=0.25, quality=60),
        "strong JPEG": _ruined(blur=0.6, contrast=0.8, quality=12),
        "all": _ruined(blur=1.0, contrast=0.45, quality=25),
    },
    Grade.WORN: {name: _flatbed((100, 150, 200), poor=False, coding="jpeg", extra=name) for name in papers.WEARS},
}

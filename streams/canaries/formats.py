"""The file formats: how laid-out pages become a file, and how its points become source pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

import numpy as np
import pymupdf

from detectors.geometry import Homography
from detectors.pages import Pixels
from streams.canaries import damage, render

RENDER_DPI = 200
"""Born-digital pages are rendered at this resolution by the decoder, so their truth is in those pixels."""
SCAN_DPI = (150, 200, 200, 300)
LOW_SCAN_DPI = (110, 100, 90, 80)
"""What old archives and the cheapest settings of scanners give: letters six to nine pixels high."""


class Format(StrEnum):
    BORN_DIGITAL_PDF = "born_digital_pdf"
    SCANNED_PDF = "scanned_pdf"
    FAX_TIFF = "fax_tiff"
    PHOTO_JPEG = "photo_jpeg"
    MIXED_PDF = "mixed_pdf"


SUFFIXES = {Format.FAX_TIFF: ".tiff", Format.PHOTO_JPEG: ".jpg"}


@dataclass(frozen=True, slots=True)
class Frame:
    """How one page's points become source pixels, and how many there are."""

    homography: Homography
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Job:
    """One document to render. `vector` is closed by the renderer; `scan_dpi` are the resolutions to choose from."""

    vector: pymupdf.Document
    poor: bool
    rng: Random
    noise: np.random.Generator
    scan_dpi: tuple[int, ...] = SCAN_DPI

    @property
    def pages(self) -> range:
        return range(len(self.vector))


Rendered = tuple[bytes, list[Frame]]


def _scale(dpi: tuple[int, int]) -> Homography:
    return np.diag([dpi[0] / 72, dpi[1] / 72, 1.0])


def _frame(homography: Homography, pixels: Pixels) -> Frame:
    return Frame(homography, int(pixels.shape[1]), int(pixels.shape[0]))


def _digital_frame(job: Job, page: int) -> Frame:
    rect = job.vector[page].rect * pymupdf.Matrix(RENDER_DPI / 72, RENDER_DPI / 72)
    return Frame(_scale((RENDER_DPI, RENDER_DPI)), rect.irect.width, rect.irect.height)


def _born_digital(job: Job) -> Rendered:
    frames = [_digital_frame(job, number) for number in job.pages]
    return render.pdf_bytes(job.vector), frames


def _scan(job: Job, page: int, dpi: int) -> tuple[bytes, Frame]:
    result = damage.scanned(render.gray(job.vector, page, (dpi, dpi)), dpi, job.poor, job.noise)
    quality = job.rng.randint(50, 65) if job.poor else job.rng.randint(70, 85)
    return render.jpeg(result.pixels, quality, dpi), _frame(result.homography @ _scale((dpi, dpi)), result.pixels)


def _scanned(job: Job) -> Rendered:
    dpi = job.rng.choice(job.scan_dpi[:3] if job.poor else job.scan_dpi)
    scans = [_scan(job, number, dpi) for number in job.pages]
    return render.with_scans(job.vector, [data for data, _ in scans]), [frame for _, frame in scans]


def _mixed(job: Job) -> Rendered:
    dpi, first = job.rng.choice(job.scan_dpi), job.rng.randrange(2)
    scans: list[bytes | None] = []
    frames = []
    for number in job.pages:
        data, frame = (None, _digital_frame(job, number)) if number % 2 == first else _scan(job, number, dpi)
        scans.append(data)
        frames.append(frame)
    return render.with_scans(job.vector, scans), frames


def _faxed(job: Job) -> Rendered:
    results = [damage.faxed(render.gray(job.vector, page, render.FAX_DPI), job.poor, job.noise) for page in job.pages]
    job.vector.close()
    frames = [_frame(r.homography @ _scale(render.FAX_DPI), r.pixels) for r in results]
    return render.tiff_g4([r.pixels for r in results]), frames


def _photographed(job: Job) -> Rendered:
    dpi = (RENDER_DPI, RENDER_DPI)
    result = damage.photographed(render.gray(job.vector, 0, dpi), job.poor, job.noise)
    job.vector.close()
    data = render.jpeg(result.pixels, job.rng.randint(80, 90), RENDER_DPI)
    return data, [_frame(result.homography @ _scale(dpi), result.pixels)]


RENDERERS: dict[Format, Callable[[Job], Rendered]] = {
    Format.BORN_DIGITAL_PDF: _born_digital,
    Format.SCANNED_PDF: _scanned,
    Format.FAX_TIFF: _faxed,
    Format.PHOTO_JPEG: _photographed,
    Format.MIXED_PDF: _mixed,
}

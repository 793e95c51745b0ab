"""What is on a page besides print, found as what it is: codes, photographs, what a hand wrote, and what somebody made
a mosaic of or blurred."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np

from detectors.findings import Kind
from detectors.geometry import Quad
from detectors.pages import PageRaster, PageReading
from detectors.visual.codes.barcodes import captions, codes
from detectors.visual.marks.logos import logos
from detectors.visual.marks.obscured import obscured
from detectors.visual.marks.pen import handwritten
from detectors.visual.marks.photographs import photographs

LIKELY_WIDTH_IN: Final = 8.5
"""A page without a resolution is a letter page."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A region of that kind in source pixels. `says` is what a code decodes to."""

    kind: Kind
    region: Quad
    says: str | None = field(default=None, repr=False)


def marks(page: PageRaster, reading: PageReading) -> tuple[Mark, ...]:
    """All marks on the page; `reading` are its words."""
    gray = page.pixels if page.pixels.ndim == 2 else np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    dpi = page.dpi if page.dpi > 0 else page.width / LIKELY_WIDTH_IN
    found = codes(page, reading)
    return (
        *(Mark(Kind.BARCODE, code.region, code.value) for code in found),
        *(Mark(Kind.BARCODE, region) for region in captions(found, reading)),
        *(Mark(Kind.PICTURE, Quad.of(box)) for box in photographs(gray, dpi, reading)),
        *(Mark(Kind.PICTURE, word.region) for word in logos(gray, reading.words)),
        *(Mark(Kind.REDACTION, Quad.of(box)) for box in obscured(gray, dpi)),
        *(Mark(Kind.HANDWRITING, word.region) for word in handwritten(page.pixels, gray, dpi, reading)),
    )

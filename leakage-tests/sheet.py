"""The page that every case is made of: some lines of a chart that hold nothing to hide."""

from __future__ import annotations

from collections.abc import Callable

import pymupdf
from PIL import Image

LINES = (
    "Chief complaint: shortness of breath on exertion.",
    "Past medical history: hypertension and asthma.",
    "Blood pressure 138/82, heart rate 76, temperature 98.6.",
    "Medications: metformin 500 mg twice daily.",
    "Plan: low sodium diet and more exercise.",
)
WIDTH_PT, HEIGHT_PT = 420, 300
AT = (36, 200)
"""Where builders that draw their canary put it, below the lines."""

Builder = Callable[[str], bytes]


def document_of_lines() -> pymupdf.Document:
    document = pymupdf.open()
    page = document.new_page(width=WIDTH_PT, height=HEIGHT_PT)
    for row, line in enumerate(LINES):
        page.insert_text((36, 50 + 22 * row), line, fontsize=11)
    return document


def image_of_lines(canary: str = "") -> Image.Image:
    with document_of_lines() as document:
        if canary:
            document[0].insert_text(AT, f"SSN: {canary}", fontsize=11)
        pixmap = document[0].get_pixmap(dpi=150)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)

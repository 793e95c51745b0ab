"""Documents for the decoder's tests, made in memory: pictures, PDFs around them, and things that are neither."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pymupdf
from PIL import Image, ImageDraw

from detectors.pages import Pixels


def drawing(width: int = 850, height: int = 1100, mode: str = "L") -> Image.Image:
    """A page with print in its top left corner and a block in its bottom right: no turn or flip looks like another."""
    white: Any = 255 if mode in ("L", "1") else (255,) * len(mode)
    image = Image.new(mode, (width, height), white)
    pen = ImageDraw.Draw(image)
    for line in range(12):
        pen.text((50, 50 + 34 * line), f"Patient Maria Kovacs {line}", fill=0 if mode in ("L", "1") else (0, 0, 0))
    pen.rectangle((width - 200, height - 90, width - 60, height - 50), fill=0 if mode in ("L", "1") else (0, 0, 0))
    return image


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def scan_pdf(picture: bytes, rotation: int = 0, **place: Any) -> bytes:
    """One letter page filled by a picture."""
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, stream=picture, keep_proportion=False, **place)
        page.set_rotation(rotation)
        return bytes(document.tobytes())


def text_pdf(pages: int = 1, width: float = 612, height: float = 792, **save: Any) -> bytes:
    with pymupdf.open() as document:
        for number in range(pages):
            document.new_page(width=width, height=height).insert_text((72, 72), f"Page {number}")
        return bytes(document.tobytes(**save))


def pdf_without_pages() -> bytes:
    body = (
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    offsets = (body.index(b"1 0 obj"), body.index(b"2 0 obj"))
    table = b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + table + b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def tiff_bomb(width: int, height: int) -> bytes:
    """A few bytes that claim a bilevel page of that size, one strip of nothing."""
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 1),
        (259, 3, 1, 4),
        (262, 3, 1, 0),
        (273, 4, 1, 8),
        (278, 4, 1, height),
        (279, 4, 1, 4),
    ]
    head = b"II*\x00" + struct.pack("<I", 16) + b"\x00" * 8
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return head + table + b"\x00" * 4


def gray_of(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("L"), np.uint8)

"""Finished copies made by hand, clean ones and broken ones."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import cv2
import numpy as np
import pymupdf

from detectors.pages import Pixels

DPI = 150


def drawn(lines: Sequence[tuple[float, float, str]], size_pt: float = 11, width_pt: float = 612) -> Pixels:
    """A white gray page of letter size at 150 dpi; each line stands at (x, baseline y) in points."""
    with pymupdf.open() as document:
        page = document.new_page(width=width_pt, height=792)
        for x, y, text in lines:
            page.insert_text((x, y), text, fontsize=size_pt, fontname="helv")
        pixmap = page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY)
        rows = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        return rows[:, : pixmap.width].copy()


def jpeg(pixels: Pixels, quality: int = 85) -> bytes:
    ok, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert ok
    return encoded.tobytes()


def pdf(
    images: Sequence[tuple[Pixels, bytes | None]],
    catalog: bytes = b"",
    page_extra: bytes = b"",
    image_extra: bytes = b"",
    trailer_extra: bytes = b"",
    content_extra: bytes = b"",
    between: bytes = b"",
    objects: Sequence[bytes] = (),
) -> bytes:
    """A strict PDF of one image a page: Flate where no JPEG bytes are given. The extras are put in as they stand."""
    bodies: list[bytes] = [b"", b""]
    kids = []
    for pixels, encoded in images:
        height, width = pixels.shape[:2]
        page, content, image = (len(bodies) + i for i in (1, 2, 3))
        kids.append(b"%d 0 R" % page)
        w, h = b"%.2f" % (width * 72 / DPI), b"%.2f" % (height * 72 / DPI)
        drawing = b"q " + w + b" 0 0 " + h + b" 0 0 cm /Im0 Do Q" + content_extra
        data, name = (zlib.compress(pixels.tobytes()), b"FlateDecode") if encoded is None else (encoded, b"DCTDecode")
        bodies.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 " + w + b" " + h + b"]/Contents %d 0 R" % content
            + b"/Resources<</XObject<</Im0 %d 0 R>>>>" % image + page_extra + b">>"
        )  # fmt: skip
        bodies.append(b"<</Length %d>>\nstream\n" % len(drawing) + drawing + b"\nendstream")
        bodies.append(
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d" % (width, height)
            + b"/ColorSpace/" + (b"DeviceGray" if pixels.ndim == 2 else b"DeviceRGB") + b"/BitsPerComponent 8"
            + b"/Filter/" + name + b"/Length %d" % len(data) + image_extra + b">>\nstream\n" + data + b"\nendstream"
        )  # fmt: skip
    bodies[0] = b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>"
    bodies[1] = b"<</Type/Pages/Count %d/Kids[" % len(kids) + b" ".join(kids) + b"]>>"
    bodies += objects
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n" + between
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R" % (len(bodies) + 1) + trailer_extra + b">>\n"
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)

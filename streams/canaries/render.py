"""From laid-out sheets to files: vector pages, rasters of them, and the containers that carry them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
import pymupdf
from PIL import Image

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from streams.canaries.faces import face
from streams.canaries.sheet import PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Print, Stroke

FAX_DPI = (204, 196)
"""Group 4 fine resolution, across and down (ITU-T T.30)."""
_EPOCH = "D:20240101000000Z"


def vector_pages(prints: Sequence[Print], strokes: Sequence[Stroke], pages: int) -> pymupdf.Document:
    """An open PDF of letter pages with these words and lines; the caller closes it."""
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page(width=PAGE_WIDTH_PT, height=PAGE_HEIGHT_PT)
        shape = page.new_shape()
        for stroke in (s for s in strokes if s.page == number):
            left, top, right, bottom = stroke.box
            if top == bottom or left == right:
                shape.draw_line((left, top), (right, bottom))
                shape.finish(width=stroke.width)
            else:
                shape.draw_rect(pymupdf.Rect(left, top, right, bottom))
                shape.finish(width=stroke.width, fill=(stroke.gray,) * 3 if stroke.gray < 1 else None)
        shape.commit()
        writer = pymupdf.TextWriter(page.rect)
        for word in (w for w in prints if w.page == number):
            writer.append((word.x, word.baseline), word.text, font=face(word.font).font, fontsize=word.size)
        writer.write_text(page)
    return document


def gray(document: pymupdf.Document, page: int, dpi: tuple[int, int]) -> Pixels:
    """One page as gray pixels."""
    matrix = pymupdf.Matrix(dpi[0] / 72, dpi[1] / 72)
    pixmap = document[page].get_pixmap(matrix=matrix, colorspace=pymupdf.csGRAY, alpha=False)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
    return np.ascontiguousarray(pixels[:, : pixmap.width])


def jpeg(pixels: Pixels, quality: int, dpi: int) -> bytes:
    """JPEG bytes of gray or RGB pixels, with the resolution in the JFIF header and nothing else."""
    image = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    done, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RedoubtError(Reason.DAMAGED)
    data = bytes(coded)
    # the JFIF segment is the first: units at offset 13, densities at 14 to 17 (ITU-T T.871)
    return data[:13] + b"\x01" + dpi.to_bytes(2, "big") * 2 + data[18:]


def tiff_g4(pages: Sequence[Pixels]) -> bytes:
    """A bilevel multi-page TIFF, Group 4."""
    images = [Image.fromarray(page).convert("1", dither=Image.Dither.NONE) for page in pages]
    out = io.BytesIO()
    images[0].save(out, "TIFF", compression="group4", save_all=True, append_images=images[1:], dpi=FAX_DPI)
    return out.getvalue()


def with_scans(document: pymupdf.Document, scans: Sequence[bytes | None]) -> bytes:
    """PDF bytes in which each page that has a scan is that picture alone; closes the document."""
    out = pymupdf.open()
    for number, scan in enumerate(scans):
        if scan is None:
            out.insert_pdf(document, from_page=number, to_page=number)
        else:
            page = out.new_page(width=PAGE_WIDTH_PT, height=PAGE_HEIGHT_PT)
            page.insert_image(page.rect, stream=scan, keep_proportion=False)
    document.close()
    return pdf_bytes(out)


def pdf_bytes(document: pymupdf.Document) -> bytes:
    """The same bytes for the same pages: fixed dates, no fresh file identifier; closes the document."""
    document.subset_fonts()
    document.set_metadata({"producer": "records", "creationDate": _EPOCH, "modDate": _EPOCH})
    data = bytes(document.tobytes(deflate=True, garbage=3, no_new_id=True))
    document.close()
    return data

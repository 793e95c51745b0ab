"""A new PDF from rasters and nothing else: the same bytes for the same pixels.

Each page is one full-page image (ISO 32000-1, 8.9): CCITT Group 4 for bilevel pages, JPEG for the others. The file
holds a catalog, the page tree, and page, contents and image objects; no metadata, no dates, no file identifier.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ROWSPERSTRIP, STRIPBYTECOUNTS, STRIPOFFSETS, TiffImageFile

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster, Pixels

FALLBACK_DPI: Final = 200.0
"""For pages that say nothing of their resolution: that of a fine fax and of most office scanners."""
MAX_SIDE_PT: Final = 14_400.0
"""ISO 32000-1, annex C: no page may be larger."""
MAX_JPEG_SIDE_PX: Final = 65_500
QUALITIES: Final = (80, 95, 100)
"""Tried in this order until every box decodes to black; .01 s and 0.5 MB a page at 80, half as much again at 95."""
BLACK: Final = 8
"""Gray levels that a decoded box may differ from black. JPEG at 80 reaches 33 where an edge cuts a block, at 95 8."""
_BOX_SIDE_PX: Final = 7
"""Black areas that hold a square of this side are looked at when the encoding is checked: boxes, not strokes."""
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PER_PAGE: Final = 3


def assemble(pages: Iterable[PageRaster]) -> bytes:
    """The finished file. Raises RedoubtError(NO_PAGES), RedoubtError(TOO_MANY_PIXELS) for what JPEG cannot hold."""
    bodies: list[bytes] = []
    for page in pages:
        first = 3 + _PER_PAGE * (len(bodies) // _PER_PAGE)
        bodies += _page_objects(page, first)
    if not bodies:
        raise RedoubtError(Reason.NO_PAGES)
    count = len(bodies) // _PER_PAGE
    kids = " ".join(f"{3 + _PER_PAGE * i} 0 R" for i in range(count))
    tree = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode()]
    return _file(tree + bodies)


def _page_objects(page: PageRaster, number: int) -> list[bytes]:
    dpi = page.dpi if page.dpi > 0 else FALLBACK_DPI
    dpi = max(dpi, max(page.width, page.height) * 72.0 / MAX_SIDE_PT)
    width, height = f"{page.width * 72.0 / dpi:.4f}", f"{page.height * 72.0 / dpi:.4f}"
    data, entries = _group4(page) if page.bilevel and page.pixels.ndim == 2 else _jpeg(page)
    return [
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {number + 1} 0 R"
            f" /Resources << /XObject << /I {number + 2} 0 R >> >> >>"
        ).encode(),
        _stream("", f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode()),
        _stream(f"/Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} {entries} ", data),
    ]


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries}/Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(bodies: list[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(_HEADER)
    offsets = []
    for number, body in enumerate(bodies, start=1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets))
    out.write(f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _jpeg(page: PageRaster) -> tuple[bytes, str]:
    if max(page.width, page.height) > MAX_JPEG_SIDE_PX:
        raise RedoubtError(Reason.TOO_MANY_PIXELS)
    colour = page.pixels.ndim == 3
    pixels = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR) if colour else page.pixels
    space = "/DeviceRGB" if colour else "/DeviceGray"
    return _solid_jpeg(pixels), f"/ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode"


def _solid_jpeg(pixels: Pixels) -> bytes:
    """JPEG data without metadata, in which every black box is black. Raises RedoubtError(MASKER_FAILED)."""
    brightest = pixels if pixels.ndim == 2 else pixels.max(axis=2)
    black = (brightest == 0).astype(np.uint8)
    boxes = cv2.morphologyEx(black, cv2.MORPH_OPEN, np.ones((_BOX_SIDE_PX, _BOX_SIDE_PX), np.uint8)).astype(np.bool_)
    for quality in QUALITIES:
        options = [cv2.IMWRITE_JPEG_QUALITY, quality]
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
        done, data = cv2.imencode(".jpg", pixels, options)
        if not done:
            raise RedoubtError(Reason.MASKER_FAILED)
        if not boxes.any() or _brightest(data, boxes) <= BLACK:
            return bytes(data)
    raise RedoubtError(Reason.MASKER_FAILED)


def _brightest(data: Pixels, where: NDArray[np.bool_]) -> int:
    decoded = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise RedoubtError(Reason.MASKER_FAILED)
    return int(np.asarray(decoded)[where].max())


def _group4(page: PageRaster) -> tuple[bytes, str]:
    """The one strip of a Group 4 TIFF that libtiff makes of the page; a set bit is a black pixel, as in ITU-T T.6."""
    out = io.BytesIO()
    Image.fromarray(page.pixels < 128).save(out, "TIFF", compression="group4", tiffinfo={ROWSPERSTRIP: page.height})
    tiff = out.getvalue()
    with TiffImageFile(io.BytesIO(tiff)) as read:
        tags: Any = read.tag_v2
        offsets, lengths = tags[STRIPOFFSETS], tags[STRIPBYTECOUNTS]
    if len(offsets) != 1:
        raise RedoubtError(Reason.MASKER_FAILED)
    data = tiff[offsets[0] : offsets[0] + lengths[0]]
    parameters = f"/DecodeParms << /K -1 /Columns {page.width} /Rows {page.height} >>"
    return data, f"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode {parameters}"

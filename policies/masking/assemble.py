"""A new PDF from rasters and nothing else: the same bytes for the same pixels.

Each page is one full-page image (ISO 32000-1, 8.9): CCITT Group 4 for bilevel pages, Flate for print on even paper as
a renderer makes it, JPEG for the others. The file holds a catalog, the page tree, and page, contents and image objects;
no metadata, no dates, no file identifier.

A chart's file is larger than memory should be: pages are made one by one, as sheets that can be put away, and the file
is what stands around them.
"""

from __future__ import annotations

import io
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

import cv2
import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import ROWSPERSTRIP, STRIPBYTECOUNTS, STRIPOFFSETS, TiffImageFile

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from policies.masking.jpeg import solid

FALLBACK_DPI: Final = 200.0
"""For pages that say nothing of their resolution: that of a fine fax and of most office scanners."""
MAX_SIDE_PT: Final = 14_400.0
"""ISO 32000-1, annex C: no page may be larger."""
MAX_JPEG_SIDE_PX: Final = 65_500
EVEN: Final = 0.15
"""Share of a page's pixels that differ from the one before them, up to which Flate is tried: born-digital pages have
.01 to .1, scans .2 and more."""
DEFLATED: Final = 0.12
"""Share of its bytes that a page may have under Flate; born-digital pages have .02 to .08, and of JPEG at 95 thrice
that."""
_EVERY: Final = 16
"""One row in so many is looked at."""
_LEVEL: Final = 1
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PER_PAGE: Final = 3
_COMPARED: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """The objects of one finished page as they stand in the file; `starts` says where in `data` each begins."""

    data: bytes = field(repr=False)
    starts: tuple[int, ...]


class Assembled:
    """A finished file whose sheets lie elsewhere: its size, any range of it, and the whole in pieces.

    `sheets` are (length of the data, starts) of every page in order, `load` brings the data of one. Raises
    RedoubtError(NO_PAGES), and RedoubtError(MASKER_FAILED) where a sheet is not what it was.
    """

    def __init__(self, sheets: Sequence[tuple[int, tuple[int, ...]]], load: Callable[[int], bytes]) -> None:
        if not sheets:
            raise RedoubtError(Reason.NO_PAGES)
        self._load = load
        self._lengths = [length for length, _ in sheets]
        head, starts = _head(len(sheets))
        at = len(head)
        for length, within in sheets:
            starts += [at + start for start in within]
            at += length
        self._ends = (head, _tail(starts, at))
        self._offsets = list(accumulate((len(head), *self._lengths, len(self._ends[1])), initial=0))
        self._last: tuple[int, bytes] = (0, head)

    def __len__(self) -> int:
        return self._offsets[-1]

    def read(self, start: int, end: int) -> bytes:
        """The bytes in [start, end)."""
        parts: list[bytes] = []
        number = bisect_right(self._offsets, start) - 1
        end = min(end, self._offsets[-1])
        while start < end:
            begin, stop = self._offsets[number], min(end, self._offsets[number + 1])
            parts.append(self._part(number)[start - begin : stop - begin])
            start, number = stop, number + 1
        return b"".join(parts)

    def __eq__(self, other: object) -> bool:
        """Whether `other` is the same file, here or in memory."""
        if isinstance(other, Assembled):
            return len(self) == len(other) and all(
                self.read(at, at + _COMPARED) == other.read(at, at + _COMPARED) for at in range(0, len(self), _COMPARED)
            )
        if isinstance(other, bytes):
            return len(self) == len(other) and all(
                self.read(at, at + _COMPARED) == other[at : at + _COMPARED] for at in range(0, len(self), _COMPARED)
            )
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def pieces(self) -> Iterator[bytes]:
        """The whole file in order: what stands before the pages, each page, and what stands behind them."""
        for number in range(len(self._lengths) + 2):
            yield self._part(number)

    def _part(self, number: int) -> bytes:
        if number in (0, len(self._lengths) + 1):
            return self._ends[number > 0]
        kept, data = self._last
        if kept != number:
            data = self._load(number - 1)
            if len(data) != self._lengths[number - 1]:
                raise RedoubtError(Reason.MASKER_FAILED)
            self._last = (number, data)
        return data


def assemble(pages: Iterable[PageRaster]) -> bytes:
    """The finished file of a few pages. Raises RedoubtError(NO_PAGES), and as `sheet` does."""
    sheets = [sheet(page, number) for number, page in enumerate(pages)]
    found = Assembled([(len(s.data), s.starts) for s in sheets], lambda number: sheets[number].data)
    return b"".join(found.pieces())


def sheet(page: PageRaster, number: int) -> Sheet:
    """Page `number` of a file, which counts from 0. Raises RedoubtError(TOO_MANY_PIXELS) for what JPEG cannot hold."""
    first = 3 + _PER_PAGE * number
    data, starts = bytearray(), []
    for body in _page_objects(page, first):
        starts.append(len(data))
        data += _object(first + len(starts) - 1, body)
    return Sheet(bytes(data), tuple(starts))


def _page_objects(page: PageRaster, number: int) -> list[bytes]:
    dpi = page.dpi if page.dpi > 0 else FALLBACK_DPI
    dpi = max(dpi, max(page.width, page.height) * 72.0 / MAX_SIDE_PT)
    width, height = f"{page.width * 72.0 / dpi:.4f}", f"{page.height * 72.0 / dpi:.4f}"
    data, entries = _group4(page) if page.bilevel and page.pixels.ndim == 2 else _flate(page) or _jpeg(page)
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


def _object(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def _head(pages: int) -> tuple[bytes, list[int]]:
    """Header, catalog and page tree, and where the two objects begin."""
    kids = " ".join(f"{3 + _PER_PAGE * number} 0 R" for number in range(pages))
    catalog = _object(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    tree = _object(2, f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode())
    return _HEADER + catalog + tree, [len(_HEADER), len(_HEADER) + len(catalog)]


def _tail(starts: Sequence[int], at: int) -> bytes:
    """The cross-reference table of objects that begin at `starts`, and the trailer, which stand at `at`."""
    size = len(starts) + 1
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n".encode()
    return f"xref\n0 {size}\n0000000000 65535 f \n".encode() + table + trailer


def _flate(page: PageRaster) -> tuple[bytes, str] | None:
    """The page's own samples; None where they are too many. What is even takes less so than as a JPEG, and less time,
    and every pixel stays what it is."""
    rows = page.pixels[::_EVERY]
    if page.lossy or np.count_nonzero(rows[:, 1:] != rows[:, :-1]) > EVEN * rows.size:
        return None
    data = zlib.compress(page.pixels.tobytes(), _LEVEL)
    return (data, _entries(page, "FlateDecode")) if len(data) <= DEFLATED * page.pixels.nbytes else None


def _entries(page: PageRaster, name: str) -> str:
    space = "DeviceRGB" if page.pixels.ndim == 3 else "DeviceGray"
    return f"/ColorSpace /{space} /BitsPerComponent 8 /Filter /{name}"


def _jpeg(page: PageRaster) -> tuple[bytes, str]:
    if max(page.width, page.height) > MAX_JPEG_SIDE_PX:
        raise RedoubtError(Reason.TOO_MANY_PIXELS)
    pixels = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2BGR) if page.pixels.ndim == 3 else page.pixels
    return solid(pixels), _entries(page, "DCTDecode")


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

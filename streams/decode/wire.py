"""What passes between the gateway and a decoding child: a document in, length-checked pages out.

The child is taken to be hostile: every number it sends is held against a bound before it is used.
"""

from __future__ import annotations

import math
import socket
import struct
import time
from dataclasses import astuple
from typing import Final

import numpy as np

from detectors.drawing import GROUP, Drawing, groups_of
from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import MAX_GLYPHS, MAX_PICTURES, MAX_REDACTIONS, PageRaster, Pixels, Source, TextLayer
from streams.decode.batch import Flaw
from streams.decode.limits import BATCH_PAGES, BATCH_SAMPLES, MAX_BYTES, MAX_PAGE_PIXELS, MAX_PAGES, MAX_SIDE_PX
from streams.decode.rasters import is_bilevel

_REQUEST: Final = struct.Struct("!QII")
"""Bytes of the document, the first page wanted, and how many at most."""
_ANSWER: Final = struct.Struct("!cIIBBd")
"""Kind; width and height in pixels; channels; flags; dpi. Unused fields are 0.

At the end, in place of width, height and flags: pages sent, pages that the document has, and its flaws.
"""

_PAGE, _END, _REFUSED = b"P", b"E", b"R"
_BILEVEL, _LOSSY, _LAYERED, _SCANNED, _REDACTED = 1, 2, 4, 8, 16
_SOURCE: Final = 32
"""Times the page's source: the two bits above these."""
_LAYER: Final = struct.Struct("!IIII")
"""After a page's pixels, where it has a text layer: how many glyphs, pictures and covered glyphs, and how many groups
of samples of the page without its text are not white. Their numbers follow, then the groups' and their samples."""
_REDACTIONS: Final = struct.Struct("!I")
"""After these, where it has redactions of its own: how many. Their boxes follow."""
_ALL_FLAWS: Final = int(~Flaw.NONE)
MAX_WIRE_DPI: Final = 2_400.0

_REASONS: Final = (
    Reason.EMPTY,
    Reason.UNKNOWN_FORMAT,
    Reason.DAMAGED,
    Reason.ENCRYPTED,
    Reason.NO_PAGES,
    Reason.TOO_MANY_BYTES,
    Reason.TOO_MANY_PAGES,
    Reason.TOO_MANY_PIXELS,
)
"""The only codes a child may give: their order is the wire form."""


def send_document(link: socket.socket, content: bytes, first: int, at_most: int) -> None:
    link.sendall(_REQUEST.pack(len(content), first, at_most))
    link.sendall(content)


def receive_document(link: socket.socket) -> tuple[bytes, int, int]:
    """The document, the first page wanted, and how many at most. Raises RedoubtError(TOO_MANY_BYTES), EOFError."""
    head = bytearray(_REQUEST.size)
    _fill(link, memoryview(head))
    length, first, at_most = _REQUEST.unpack(head)
    if length > MAX_BYTES:
        raise RedoubtError(Reason.TOO_MANY_BYTES)
    content = bytearray(length)
    _fill(link, memoryview(content))
    return bytes(content), int(first), int(at_most)


def send_page(link: socket.socket, page: PageRaster) -> None:
    channels = 1 if page.pixels.ndim == 2 else 3
    layer = page.layer
    flags = (_BILEVEL if page.bilevel else 0) | (_LOSSY if page.lossy else 0)
    flags |= 0 if layer is None else _SCANNED if layer.scanned else _LAYERED
    flags |= (_REDACTED if page.redactions else 0) | _SOURCE * page.source
    link.sendall(_ANSWER.pack(_PAGE, page.width, page.height, channels, flags, page.dpi))
    link.sendall(np.ascontiguousarray(page.pixels).data.cast("B"))
    if layer is not None and not layer.scanned:
        drawn = 0 if layer.bare is None else len(layer.bare.at)
        link.sendall(_LAYER.pack(len(layer.codes), len(layer.pictures), len(layer.covered), drawn))
        link.sendall(b"".join(n.tobytes() for n in (layer.codes, layer.places, layer.pictures, layer.covered)))
        if layer.bare is not None:
            link.sendall(layer.bare.at.tobytes() + layer.bare.samples.tobytes())
    if page.redactions:
        link.sendall(_REDACTIONS.pack(len(page.redactions)))
        link.sendall(np.array([astuple(box) for box in page.redactions], np.int32).tobytes())


def send_end(link: socket.socket, count: int, total: int, flaws: Flaw) -> None:
    """Ends a batch of `count` pages of a document that has `total`."""
    link.sendall(_ANSWER.pack(_END, count, total, 0, flaws, 0.0))


def send_refusal(link: socket.socket, reason: Reason) -> None:
    code = _REASONS.index(reason if reason in _REASONS else Reason.DAMAGED)
    link.sendall(_ANSWER.pack(_REFUSED, code, 0, 0, 0, 0.0))


class Answers:
    """Reads a child's answer page by page, up to a moment of `time.monotonic()`.

    `total` and `flaws` are what the child says of the document, once the last page of the batch was read.
    """

    def __init__(self, link: socket.socket, ends: float, first: int) -> None:
        self._link, self._ends, self._first = link, ends, first
        self._count = self._samples = 0
        self.total = 0
        self.flaws = Flaw.NONE

    def page(self) -> PageRaster | None:
        """The next page; None after the last one of the batch.

        Raises RedoubtError: the child's own refusal, TOO_MANY_PAGES, DEADLINE, DECODER_CRASHED for an answer that
        breaks off or breaks the rules.
        """
        try:
            return self._next()
        except TimeoutError:
            raise RedoubtError(Reason.DEADLINE) from None
        except (EOFError, OSError, ValueError, struct.error):
            raise RedoubtError(Reason.DECODER_CRASHED) from None

    def _next(self) -> PageRaster | None:
        head = bytearray(_ANSWER.size)
        _fill(self._link, memoryview(head), self._ends)
        kind, width, height, channels, flags, dpi = _ANSWER.unpack(head)
        if kind == _REFUSED and width < len(_REASONS):
            raise RedoubtError(_REASONS[width])
        if kind == _END and width == self._count:
            if not self._first + self._count:
                raise RedoubtError(Reason.NO_PAGES)
            if height > MAX_PAGES:
                raise RedoubtError(Reason.TOO_MANY_PAGES)
            if not self._count or height < self._first + self._count or flags > _ALL_FLAWS:
                raise RedoubtError(Reason.DECODER_CRASHED)
            self.total, self.flaws = height, Flaw(flags)
            return None
        if (
            kind != _PAGE
            or channels not in (1, 3)
            or flags & (_LAYERED | _SCANNED) == (_LAYERED | _SCANNED)
            or flags >= _SOURCE * len(Source)
            or not (1 <= width <= MAX_SIDE_PX and 1 <= height <= MAX_SIDE_PX)
            or width * height > MAX_PAGE_PIXELS
            or not (math.isfinite(dpi) and 0.0 <= dpi <= MAX_WIRE_DPI)
            or self._count >= BATCH_PAGES
            or self._samples >= BATCH_SAMPLES
        ):
            raise RedoubtError(Reason.DECODER_CRASHED)
        self._count += 1
        self._samples += width * height * channels
        pixels = self._pixels((height, width) if channels == 1 else (height, width, channels))
        if flags & _BILEVEL and not is_bilevel(pixels):
            raise RedoubtError(Reason.DECODER_CRASHED)
        layer = TextLayer.under_scan() if flags & _SCANNED else self._layer(pixels.shape) if flags & _LAYERED else None
        places = self._redactions() if flags & _REDACTED else ()
        source = Source(flags // _SOURCE)
        return PageRaster(pixels, dpi, bool(flags & _BILEVEL), bool(flags & _LOSSY), layer, places, source)

    def _redactions(self) -> tuple[Box, ...]:
        """Raises ValueError for what are no boxes."""
        head = bytearray(_REDACTIONS.size)
        _fill(self._link, memoryview(head), self._ends)
        (count,) = _REDACTIONS.unpack(head)
        if not 1 <= count <= MAX_REDACTIONS:
            raise RedoubtError(Reason.DECODER_CRASHED)
        boxes = np.empty((count, 4), np.int32)
        _fill(self._link, boxes.data.cast("B"), self._ends)
        return tuple(Box(*map(int, box)) for box in boxes)

    def _layer(self, shape: tuple[int, ...]) -> TextLayer:
        """Raises ValueError for what is no text layer."""
        head = bytearray(_LAYER.size)
        _fill(self._link, memoryview(head), self._ends)
        glyphs, pictures, hidden, drawn = _LAYER.unpack(head)
        if glyphs > MAX_GLYPHS or pictures > MAX_PICTURES or hidden > glyphs or drawn > groups_of(shape):
            raise RedoubtError(Reason.DECODER_CRASHED)
        codes = np.empty(glyphs, np.uint32)
        places = np.empty((glyphs, 5), np.float32)
        cells = np.empty((pictures, 4), np.float32)
        covered = np.empty(hidden, np.uint32)
        for numbers in (codes, places, cells, covered):
            if numbers.size:
                _fill(self._link, numbers.data.cast("B"), self._ends)
        bare = self._drawing(shape, drawn) if drawn else None
        return TextLayer(codes, places, cells, bare=bare, covered=covered)

    def _drawing(self, shape: tuple[int, ...], count: int) -> Drawing:
        """Raises ValueError for what is none of that shape."""
        at, samples = np.empty(count, np.uint32), np.empty((count, GROUP), np.uint8)
        for numbers in (at, samples):
            _fill(self._link, numbers.data.cast("B"), self._ends)
        return Drawing(shape, at, samples)

    def _pixels(self, shape: tuple[int, ...]) -> Pixels:
        pixels = np.empty(shape, np.uint8)
        _fill(self._link, pixels.data.cast("B"), self._ends)
        return pixels


def _fill(link: socket.socket, room: memoryview, ends: float | None = None) -> None:
    """Fills the room. Raises EOFError where the other end closed, TimeoutError at `ends`."""
    while room:
        if ends is not None:
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            link.settimeout(left)
        got = link.recv_into(room)
        if got == 0:
            raise EOFError
        room = room[got:]

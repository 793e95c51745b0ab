"""What a finished copy shows, page by page, as digests that anyone can make again."""

from __future__ import annotations

import hashlib
import struct
import threading
import zlib
from collections.abc import Iterator
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from policies.attack.finished.allowed import Walk
from policies.attack.finished.pdf import Finished, held, parse
from policies.attack.finished.raster import finished_page
from policies.attack.finished.structure import sheets
from streams.attest.statement import PIXELS

_FORM: Final = struct.Struct("!IIB")
_ONE_AT_A_TIME: Final = threading.Lock()
"""MuPDF is not made for threads. A page at a time: a chart keeps no fax waiting for longer than that."""


def page_digests(copy: bytes | Finished) -> Iterator[str]:
    """The digest of what each page shows, in order; one page in memory at a time.

    Raises RedoubtError(FORBIDDEN_OBJECT) where the file holds anything but pages of one picture each, and
    RedoubtError(UNREADABLE_PAGE).
    """
    finished = held(copy)
    for sheet in sheets(finished, range(pages(finished))):
        with _ONE_AT_A_TIME:
            pixels = finished_page(sheet, 0).pixels
        yield pixel_digest(pixels)


def pages(copy: Finished) -> int:
    """How many pages the file has, every object of which is allowed. Raises RedoubtError(FORBIDDEN_OBJECT)."""
    try:
        return len(Walk(copy, parse(copy)).sizes())
    except zlib.error:
        raise RedoubtError(Reason.FORBIDDEN_OBJECT) from None


def pixel_digest(pixels: Pixels) -> str:
    height, width = pixels.shape[:2]
    found = hashlib.sha256(PIXELS.encode() + b"\0")
    found.update(_FORM.pack(width, height, 1 if pixels.ndim == 2 else pixels.shape[2]))
    found.update(pixels.tobytes())
    return found.hexdigest()

"""Which format a document has, by its content alone, and its pages."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.decode.images import open_image
from streams.decode.opened import Opened
from streams.decode.pdf import open_pdf


class Format(StrEnum):
    PDF = "pdf"
    TIFF = "tiff"
    PNG = "png"
    JPEG = "jpeg"


_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
)
_PDF_WITHIN: Final = 1_024
"""Readers accept a PDF header anywhere in the first kilobyte (ISO 32000-1, annex H, note 13)."""


def identify(content: bytes) -> Format:
    """Raises RedoubtError(EMPTY, UNKNOWN_FORMAT)."""
    if not content:
        raise RedoubtError(Reason.EMPTY)
    for magic, found in _MAGIC:
        if content.startswith(magic):
            return found
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return Format.PDF
    raise RedoubtError(Reason.UNKNOWN_FORMAT)


def opened(content: bytes, first: int = 0) -> Opened:
    """A document whose pages are taken from `first` on, which counts from 0.

    Raises RedoubtError and whatever the format's library raises on damage, while pages are taken too.
    """
    found = identify(content)
    return open_pdf(content, first) if found is Format.PDF else open_image(content, found.name, first)

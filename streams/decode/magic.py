"""Which format a document has, by its content alone; no library is loaded for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from detectors.errors import Reason, RedoubtError


class Format(StrEnum):
    PDF = "pdf"
    TIFF = "tiff"
    PNG = "png"
    JPEG = "jpeg"
    DICOM = "dicom"


_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"\xff\xd8\xff", Format.JPEG),
    (b"II*\x00", Format.TIFF),
    (b"MM\x00*", Format.TIFF),
)
_DICOM_AT: Final = 128
"""What stands before is anything, at times another format's head (PS3.10, 7.1): these letters are looked for first."""
_PDF_WITHIN: Final = 1_024
"""Readers accept a PDF header anywhere in the first kilobyte (ISO 32000-1, annex H, note 13)."""


def identify(content: bytes) -> Format:
    """Raises RedoubtError(EMPTY, UNKNOWN_FORMAT)."""
    if not content:
        raise RedoubtError(Reason.EMPTY)
    found = format_of(content)
    if found is None:
        raise RedoubtError(Reason.UNKNOWN_FORMAT)
    return found


def format_of(content: bytes) -> Format | None:
    if content[_DICOM_AT : _DICOM_AT + 4] == b"DICM":
        return Format.DICOM
    for magic, found in _MAGIC:
        if content.startswith(magic):
            return found
    return Format.PDF if has_pdf(content) else None


def has_pdf(content: bytes) -> bool:
    return b"%PDF-" in content[:_PDF_WITHIN]


def is_text(content: bytes) -> bool:
    """Whether it is plain text, which has no page and is no format of `Format`."""
    try:
        return all(letter.isprintable() or letter.isspace() for letter in content.decode())
    except UnicodeDecodeError:
        return False

"""A document of whatever format, and its pages."""

from __future__ import annotations

from streams.decode.dicom import open_dicom
from streams.decode.images import open_image
from streams.decode.magic import Format, identify
from streams.decode.opened import Opened
from streams.decode.pdf import open_pdf


def opened(content: bytes, first: int = 0) -> Opened:
    """A document whose pages are taken from `first` on, which counts from 0.

    Raises RedoubtError and whatever the format's library raises on damage, while pages are taken too.
    """
    match identify(content):
        case Format.PDF:
            return open_pdf(content, first)
        case Format.DICOM:
            return open_dicom(content, first)
        case image:
            return open_image(content, image.name, first)

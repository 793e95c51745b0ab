"""Whether a picture is all there: asked of a second decoder, for the first fills what is missing with gray or white
and says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import pymupdf
import simplejpeg

from detectors.pages import Pixels
from streams.decode import mupdf_log

GLANCE_PX: Final = 64
"""Side of what a picture is shrunk to: all of its data is decoded, and hardly any pixel worked out."""


def jpeg_is_whole(content: bytes) -> bool:
    """Pillow and MuPDF take no notice of what libjpeg warns of: data that ends early, or that is not as it was."""
    try:
        # Of 1 pixel at least, that is at an eighth of its size.
        simplejpeg.decode_jpeg(content, colorspace="GRAY", min_height=1, min_width=1, min_factor=8)
    except ValueError:
        return False
    return True


def whole_gray_jpeg(content: bytes) -> Pixels | None:
    """The levels of a JPEG that has one channel and nothing missing, shape (height, width); None of any other."""
    try:
        if simplejpeg.decode_jpeg_header(content)[2] != "Gray":
            return None
        return np.asarray(simplejpeg.decode_jpeg(content, colorspace="GRAY")[..., 0], np.uint8)
    except ValueError:
        return None


def tiff_is_whole(content: bytes, total: int, frames: Iterable[int]) -> bool:
    """Whether MuPDF too finds so many frames in the chain, and nothing missing in those named; they count from 0.

    libtiff leaves the rest of a strip white where the code of a fax breaks, and gray where that of a JPEG does.
    """
    mupdf_log.forget()
    try:
        with pymupdf.open(stream=content, filetype="tiff") as document:
            if document.page_count != total:
                return False
            for number in frames:
                page = document[number]
                scale = GLANCE_PX / max(page.rect.width, page.rect.height)
                page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csGRAY)
    except (RuntimeError, pymupdf.mupdf.FzErrorBase):
        return False
    return not mupdf_log.tells_of_loss()

"""Pages as pictures, for the eyes of the person who asked for them alone."""

from __future__ import annotations

from pathlib import Path

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from streams.review.pictures import png
from streams.store.private import write_private


def write_page(file: Path, pixels: Pixels) -> None:
    """As PNG, mode 0600; `pixels` are RGB. Raises RedoubtError(STORE_UNAVAILABLE) where it cannot be written."""
    try:
        write_private(file, png(pixels))
    except OSError:
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None

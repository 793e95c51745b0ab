"""Pages as pictures, for the eyes of the person who asked for them alone."""

from __future__ import annotations

from pathlib import Path

import cv2

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels
from streams.store.private import write_private


def write_page(file: Path, pixels: Pixels) -> None:
    """As PNG, mode 0600; `pixels` are RGB. Raises RedoubtError(STORE_UNAVAILABLE) where it cannot be written."""
    made, png = cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    if not made:
        raise RedoubtError(Reason.INTERNAL)
    try:
        write_private(file, png.tobytes())
    except OSError:
        raise RedoubtError(Reason.STORE_UNAVAILABLE) from None

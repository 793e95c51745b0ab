"""Pages of finished copies as pictures that a browser or a viewer shows."""

from __future__ import annotations

from typing import Final

import cv2

from detectors.errors import Reason, RedoubtError
from detectors.pages import Pixels

_QUICK: Final = (cv2.IMWRITE_PNG_COMPRESSION, 1)
"""A person waits for it, and it goes no further than this machine."""


def png(pixels: Pixels) -> bytes:
    """As PNG; `pixels` are gray of shape (height, width), or RGB of shape (height, width, 3)."""
    made, content = cv2.imencode(
        ".png", pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), _QUICK
    )
    if not made:
        raise RedoubtError(Reason.INTERNAL)
    return content.tobytes()

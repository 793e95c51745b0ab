"""Whether a copy shows nothing that was black in an earlier one, which a person saw."""

from __future__ import annotations

import numpy as np

from detectors.errors import RedoubtError
from policies.attack.pdf import Finished, held
from policies.attack.raster import LOSSY_RIM_BLACK, finished_page
from policies.attack.structure import sheets

_BRIGHT = 127
"""Above it a pixel is paper. Compression alone never makes paper of a black one."""


def shows_no_more(copy: bytes | Finished, seen: bytes, pages: int) -> bool:
    """Also False where the two cannot be compared."""
    if copy == seen:
        return True
    numbers = range(pages)
    try:
        return all(
            _page_shows_no_more(new, old)
            for new, old in zip(sheets(held(copy), numbers), sheets(seen, numbers), strict=True)
        )
    except RedoubtError:
        return False


def _page_shows_no_more(new: bytes, old: bytes) -> bool:
    now, before = finished_page(new, 0).pixels, finished_page(old, 0).pixels
    if now.shape != before.shape:
        return False
    uncovered = (before <= LOSSY_RIM_BLACK) & (now > _BRIGHT)
    return not bool(np.any(uncovered))

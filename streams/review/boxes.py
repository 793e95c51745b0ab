"""The black boxes of a copy, for who looks at it: where each is, and which rule put it there. No text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.pipeline.document import BoxEntry

BESIDE: Final = "boxes"
"""What lies sealed beside a held copy under this name. A task has no room for them: a chart has thousands, and every
decision carries its task."""


def entry(box: BoxEntry) -> dict[str, Any]:
    """Pages count from 1, as a person counts them; boxes are in pixels."""
    return {
        "page": box.page + 1,
        **{side: getattr(box.box, side) for side in ("left", "top", "right", "bottom")},
        **{name: str(getattr(box, name)) for name in ("kind", "layer", "rule", "action")},
    }


def kept_form(boxes: Sequence[BoxEntry]) -> bytes:
    return json.dumps([entry(box) for box in boxes], separators=(",", ":")).encode()


def from_kept_form(content: bytes) -> list[dict[str, Any]]:
    """The entries. Raises RedoubtError(STORE_UNAVAILABLE) where it is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise RedoubtError(Reason.STORE_UNAVAILABLE)
    return found

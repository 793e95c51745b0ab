"""What the check says of a file: places and codes, never what stands there."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from detectors.errors import Reason, RedoubtError

MAX_FOUND: Final = 500
"""More than a person would look at one by one; the file is bad either way."""


class What(StrEnum):
    """How a redaction fails."""

    TEXT_UNDER_A_BOX = "text under a box"
    TEXT_UNDER_A_COVER = "text under a light box or a picture"
    TEXT_BEHIND_A_SCAN = "text that the scan no longer shows"
    PATHS_UNDER_A_BOX = "print drawn as paths under a box"
    PICTURE_UNDER_A_BOX = "part of a picture under a box"
    UNSEEN = "text in the paper's colour, or clipped"
    CROPPED_AWAY = "a line of the text beyond the edge of the page"
    SEE_THROUGH = "a box that can be seen through"
    OBSCURED = "print under a mosaic or a blur"
    COMMENT = "a box with a comment that may tell what it hides"
    NOT_CARRIED_OUT = "a mark for removal that was never carried out"
    EARLIER_REVISION = "an earlier revision that shows what this one hides"
    THUMBNAIL = "a thumbnail that shows what its page hides"
    ATTACHMENT = "an attached copy that shows what this one hides"
    IN_AN_ATTACHMENT = "a redaction in an attached document that does not hold"
    HIDDEN_LAYER = "content on a layer that is switched off"


@dataclass(frozen=True, slots=True)
class Found:
    """`page` counts from 0; `box` is left, top, right, bottom in points on the page as it is shown."""

    what: What
    page: int
    box: tuple[float, float, float, float]
    characters: int = 0
    """Letters and digits under it, 0 where it is no text."""

    def __post_init__(self) -> None:
        if self.page < 0 or self.characters < 0 or not all(math.isfinite(side) for side in self.box):
            raise ValueError("a place on a page")


@dataclass(frozen=True, slots=True)
class Examined:
    """`whole` is false where the file was mended to open it: parts of it may not have been looked at."""

    found: tuple[Found, ...]
    whole: bool = True


def to_json(found: Sequence[Found]) -> bytes:
    return json.dumps([[f.what.value, f.page, *f.box, f.characters] for f in found[:MAX_FOUND]]).encode()


def from_json(text: bytes) -> tuple[Found, ...]:
    """What a confined process says. Raises RedoubtError(DECODER_CRASHED) for anything else."""
    try:
        told = [
            Found(What(what), int(page), (float(x0), float(y0), float(x1), float(y1)), int(characters))
            for what, page, x0, y0, x1, y1, characters in json.loads(text)
        ]
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise RedoubtError(Reason.DECODER_CRASHED) from None
    return tuple(told[:MAX_FOUND])

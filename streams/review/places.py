"""Places that a person types or draws: `PAGE:LEFT,TOP,RIGHT,BOTTOM`, with `:KIND` behind it where an identifier stands
there. Pages count from 1, the box is in pixels of the page, from its left upper corner, half-open."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Final

from detectors.errors import Reason
from detectors.findings import Kind
from streams.events import Place

_PLACE: Final = re.compile(r"([0-9]{1,5}):([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6}),([0-9]{1,6})(?::([a-z0-9_]{1,20}))?")
KINDS: Final = ", ".join(kind.value for kind in Kind)


class NotAPlace(ValueError):
    """What was typed is no place on these pages. Says how one is written, and never repeats what was typed."""


def place(value: str, pages: int) -> Place:
    """A place as a person types it. Raises NotAPlace."""
    found = _PLACE.fullmatch(value)
    if found is None:
        raise NotAPlace("PAGE:LEFT,TOP,RIGHT,BOTTOM in pixels, or with :KIND behind it")
    if (found[6] or Kind.INK) not in {kind.value for kind in Kind}:
        raise NotAPlace(f"a kind is one of {KINDS}")
    page, left, top, right, bottom = (int(number) for number in found.groups()[:5])
    if not 1 <= page <= pages or left >= right or top >= bottom:
        raise NotAPlace(f"pages from 1 to {pages}, boxes that are not empty")
    return Place(page - 1, left, top, right, bottom, Kind(found[6] or Kind.INK), Reason.RESIDUAL_FINDING)


def typed(place: Place) -> str:
    """The same place as `place` reads it."""
    box = f"{place.page + 1}:{place.left},{place.top},{place.right},{place.bottom}"
    return box if place.kind is Kind.INK else f"{box}:{place.kind.value}"


def on_pages(places: Sequence[Place], sizes: Sequence[tuple[int, int]]) -> list[Place]:
    """What of the places lies on their pages, whose width and height are given. Raises NotAPlace where nothing does."""
    clipped = []
    for each in places:
        width, height = sizes[each.page]
        if each.left >= width or each.top >= height:
            raise NotAPlace(
                f"lies outside: page {each.page + 1} is {width} x {height} pixels, without the notice below it"
            )
        clipped.append(dataclasses.replace(each, right=min(each.right, width), bottom=min(each.bottom, height)))
    return clipped

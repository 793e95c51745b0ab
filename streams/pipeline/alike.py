"""Pages that a document shows more than once, separator sheets and empty backs for the most part, are read once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from detectors.pages import PageRaster

T = TypeVar("T")

NEAR: Final = 32
"""Pages between the two at most: what was found on a page is kept in memory as long."""


def each_once(pages: Iterable[PageRaster], read: Callable[[Iterable[PageRaster]], Iterable[T]]) -> Iterator[T]:
    """What `read` gives for each page, in order; it sees none whose very pixels it saw shortly before.

    Pages with a text of their own are no one's like: what it tells is no pixel. `read` must answer in order.
    """
    like: dict[int, int] = {}

    def others() -> Iterator[PageRaster]:
        seen: dict[bytes, int] = {}
        for number, page in enumerate(pages):
            key = _digest(page) if page.layer is None else b""
            first = seen.get(key)
            if key and first is not None and number - first <= NEAR:
                like[number] = first
            else:
                seen[key] = number
                yield page

    found: dict[int, T] = {}
    number = 0
    for answer in read(others()):
        while number in like:
            yield found[like.pop(number)]
            number += 1
        found[number] = answer
        yield answer
        number += 1
        for old in [page for page in found if page < number - NEAR]:
            del found[old]
    while number in like:
        yield found[like.pop(number)]
        number += 1


def _digest(page: PageRaster) -> bytes:
    form = repr((page.pixels.shape, page.dpi, page.bilevel, page.lossy))
    digest = hashlib.sha256(form.encode())
    digest.update(page.pixels.data)
    return digest.digest()

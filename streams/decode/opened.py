"""A document that a format's library has opened, inside the decoding child."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detectors.pages import PageRaster
from streams.decode.batch import Flaw


@dataclass(frozen=True, slots=True)
class Opened:
    """How many pages a document has, and those wanted, decoded one by one as they are taken.

    `flaws` tells what has shown of the document's flaws: to be asked last, for libraries mend as they go.
    """

    total: int
    pages: Iterator[PageRaster]
    flaws: Callable[[], Flaw]

"""A document's pages: decoded a few at a time, however many there are, and again where they are needed again.

The document itself is where its rasters are kept. To decode a page a second time costs a hundredth of reading it, and
takes neither memory nor disk; that it is the same page is made sure of by its digest, for the process that decodes is
not to be trusted.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.pages import PageRaster
from streams.clock import Deadline
from streams.decode.batch import Batch
from streams.decode.limits import BATCH_PAGES, MAX_DOCUMENT_SAMPLES
from streams.parts import Decoder
from streams.store.intermediates import Spill

BATCH_S: Final = 120.0
"""Wall time that one batch may take to decode; 16 pages take one second, ten times that on a machine at its limit."""
SECONDS_A_PAGE: Final = 15.0
"""What every page after the first adds to the time that its document may take. A page costs two seconds of one core;
a chart that shares two cores with three others must not run out of time for that."""


class Chart:
    """The pages of one document. Raises RedoubtError as its decoder does.

    `deadline` is the document's, grown by its pages; `spill` holds what is made of them.
    """

    def __init__(self, content: bytes, decoder: Decoder, spill: Spill, deadline: Deadline) -> None:
        self.spill = spill
        self._content = content
        self._decoder = decoder
        self._first = decoder.batch(content, 0, min(deadline.left_s(), BATCH_S), BATCH_PAGES)
        self._digests: list[bytes] = []
        self._sizes: list[tuple[int, int]] = []
        self._samples = 0
        self.pages = self._first.total
        self.deadline = deadline.later(SECONDS_A_PAGE * (self.pages - 1))

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Width and height in pixels of the pages that `rasters` has shown."""
        return tuple(self._sizes)

    def rasters(self) -> Iterator[PageRaster]:
        """Every page in order. Raises RedoubtError(TOO_MANY_PIXELS) where all of them together are too many."""
        batch = self._first
        while True:
            for page in batch.pages:
                self._samples += page.pixels.nbytes
                if self._samples > MAX_DOCUMENT_SAMPLES:
                    raise RedoubtError(Reason.TOO_MANY_PIXELS)
                self._digests.append(_digest(page))
                self._sizes.append((page.width, page.height))
                yield page
            if len(self._digests) >= self.pages:
                return
            self._first = Batch((), self.pages)
            batch = self._batch(len(self._digests), BATCH_PAGES)

    def again(self, pages: Sequence[int]) -> Iterator[tuple[int, PageRaster]]:
        """These pages, which `rasters` has shown and which count from 0 and ascend, each with its number."""
        for first, run in _runs(pages):
            shown = 0
            while shown < run:
                batch = self._batch(first + shown, run - shown)
                for number, page in enumerate(batch.pages, start=first + shown):
                    if not hmac.compare_digest(_digest(page), self._digests[number]):
                        raise RedoubtError(Reason.DECODER_CRASHED)
                    yield number, page
                shown += len(batch.pages)

    def _batch(self, first: int, at_most: int) -> Batch:
        """A document that is no more than one batch is decoded once."""
        if first + at_most <= len(self._first.pages):
            return Batch(self._first.pages[first : first + at_most], self.pages)
        batch = self._decoder.batch(self._content, first, min(self.deadline.left_s(), BATCH_S), at_most)
        if batch.total != self.pages or not 0 < len(batch.pages) <= at_most:
            raise RedoubtError(Reason.DECODER_CRASHED)
        return batch


def _digest(page: PageRaster) -> bytes:
    seen = hashlib.sha256(repr((page.pixels.shape, page.dpi, page.bilevel, page.lossy)).encode())
    seen.update(page.pixels.data)
    return seen.digest()


def _runs(pages: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pages that follow one another: the first of each run, and how many."""
    for _, run in groupby(enumerate(pages), key=lambda item: item[1] - item[0]):
        found = [page for _, page in run]
        yield found[0], len(found)

"""A document's pages: decoded a few at a time, however many there are, and again where they are needed again.

The document itself is where its rasters are kept. To decode a page a second time costs a hundredth of reading it, and
takes neither memory nor disk; that it is the same page is made sure of by its digest, for the process that decodes is
not to be trusted.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.geometry import Box
from detectors.pages import PageRaster, PageReading
from detectors.visual.ink.accounting import InkReport
from streams.clock import Deadline
from streams.decode.batch import Batch, Flaw
from streams.decode.limits import BATCH_PAGES, MAX_DOCUMENT_SAMPLES
from streams.pipeline.document import Document
from streams.pipeline.journal import GROUP
from streams.pipeline.parts import Decoder
from streams.store.intermediates import Spill

BATCH_S: Final = 120.0
"""Wall time that one batch may take to decode; 16 pages take one second, ten times that on a machine at its limit."""
DECODING_S_A_PAGE: Final = 0.25
DECODING_S_A_MEGABYTE: Final = 0.1
"""What every page that comes, and every million bytes of its raster, add to the time that all decoding of its document
may take, which begins with BATCH_S. Ten times what pages cost, be they scans of 80 or 600 dpi: so one that is slow
throughout is refused after minutes, where its deadline alone would have let it hold a process for hours."""
SECONDS_A_PAGE: Final = 15.0
"""What every page after the first adds to the time that its document may take. A page costs two seconds of one core;
a chart that shares two cores with three others must not run out of time for that."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a page's raster: its digest, its size in pixels, its bytes, the flaws of its batch, and the
    redactions that it brought along."""

    digest: str
    width: int
    height: int
    samples: int
    flaws: Flaw
    redactions: tuple[Box, ...]

    @classmethod
    def of(cls, page: PageRaster, flaws: Flaw = Flaw.NONE) -> Seen:
        form = repr((page.pixels.shape, page.dpi, page.bilevel, page.lossy))
        digest = hashlib.sha256(form.encode())
        digest.update(page.pixels.data)
        return cls(digest.hexdigest(), page.width, page.height, page.pixels.nbytes, flaws, page.redactions)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page that is read: what it looked like, its words, and its ink."""

    seen: Seen
    reading: PageReading
    ink: InkReport


class Chart:
    """The pages of one document. Raises RedoubtError(DECODING_TOO_SLOW), and as its decoder does.

    `deadline` is the document's, grown by its pages; `spill` holds what is made of them; `seen` are those that
    `rasters` has shown, or that were `recalled`; `checkpoint` is None where the document is too small for one.
    """

    def __init__(self, document: Document, decoder: Decoder, spill: Spill, deadline: Deadline) -> None:
        self.spill = spill
        self._content = document.content
        self._decoder = decoder
        self.deadline = deadline
        self._decoding_s = BATCH_S
        self._first = self._decoded(0, BATCH_PAGES)
        self._samples = 0
        self.seen: list[Seen] = []
        self.pages = self._first.total
        self.checkpoint = document.checkpoint if self.pages > GROUP else None
        self.deadline = deadline.later(SECONDS_A_PAGE * (self.pages - 1))

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """Width and height in pixels of the pages seen."""
        return tuple((page.width, page.height) for page in self.seen)

    @property
    def flaws(self) -> Flaw:
        """What showed on the pages seen."""
        return reduce(or_, (page.flaws for page in self.seen), Flaw.NONE)

    def recalled(self, page: Seen) -> None:
        """The next page was done with before: it need not be shown. Raises RedoubtError as `rasters` does."""
        if len(self.seen) >= self.pages:
            raise RedoubtError(Reason.DECODER_CRASHED)
        self._samples += page.samples
        if self._samples > MAX_DOCUMENT_SAMPLES:
            raise RedoubtError(Reason.TOO_MANY_PIXELS)
        self.seen.append(page)

    def rasters(self) -> Iterator[PageRaster]:
        """Every page in order that is not recalled. Raises RedoubtError(TOO_MANY_PIXELS) where all together are too
        many."""
        while len(self.seen) < self.pages:
            batch = self._batch(len(self.seen), BATCH_PAGES)
            if len(self._first.pages) < self.pages:
                self._first = Batch((), self.pages, self._first.flaws)
            for page in batch.pages:
                self.recalled(Seen.of(page, batch.flaws))
                yield page

    def again(self, pages: Sequence[int]) -> Iterator[tuple[int, PageRaster]]:
        """These pages, which `rasters` has shown and which count from 0 and ascend, each with its number."""
        at_hand = self.checkpoint is None and len(self._first.pages) == self.pages
        for first, run in _runs(pages):
            shown = 0
            while shown < run:
                batch = self._batch(first + shown, min(run - shown, BATCH_PAGES))
                for number, page in enumerate(batch.pages, start=first + shown):
                    if not (at_hand or hmac.compare_digest(Seen.of(page).digest, self.seen[number].digest)):
                        if self.checkpoint:
                            # Read from a decoding that this machine does not repeat: the next attempt reads anew.
                            self.checkpoint.shred()
                        raise RedoubtError(Reason.DECODER_CRASHED)
                    yield number, page
                shown += len(batch.pages)

    def _batch(self, first: int, at_most: int) -> Batch:
        """A document that is no more than one batch is decoded once."""
        if first < len(self._first.pages):
            return Batch(self._first.pages[first : first + at_most], self.pages, self._first.flaws)
        batch = self._decoded(first, at_most)
        if batch.total != self.pages or not 0 < len(batch.pages) <= at_most:
            raise RedoubtError(Reason.DECODER_CRASHED)
        return batch

    def _decoded(self, first: int, at_most: int) -> Batch:
        """Raises RedoubtError(DECODING_TOO_SLOW) where it is not the document's own deadline that ended it."""
        left_s, may_take_s = self.deadline.left_s(), min(self._decoding_s, BATCH_S)
        started_s = time.monotonic()
        try:
            batch = self._decoder.batch(self._content, first, min(left_s, may_take_s), at_most)
        except RedoubtError as error:
            if error.reason is Reason.DEADLINE and may_take_s < left_s:
                raise RedoubtError(Reason.DECODING_TOO_SLOW) from None
            raise
        megabytes = sum(page.pixels.nbytes for page in batch.pages) / 1e6
        self._decoding_s += DECODING_S_A_PAGE * len(batch.pages) + DECODING_S_A_MEGABYTE * megabytes
        self._decoding_s -= time.monotonic() - started_s
        return batch


def _runs(pages: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pages that follow one another: the first of each run, and how many."""
    for _, run in groupby(enumerate(pages), key=lambda item: item[1] - item[0]):
        found = [page for _, page in run]
        yield found[0], len(found)

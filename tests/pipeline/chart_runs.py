"""A chart of several groups of pages through the pipeline, and readers that are killed on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink.accounting import InkReport
from policies.attack.finished.pdf import Finished
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Residual
from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.batch import Batch
from streams.decode.limits import BATCH_PAGES
from streams.pipeline.document import Document, Outcome
from streams.pipeline.journal import GROUP
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.store.sealed import DocumentSeal
from tests.kafka.transport import sealed
from tests.pipeline.doubles import OnePage, Reads, reading

PAGES = 2 * GROUP + 5
DOCUMENT = Document("tenant", "chart", b"content", "maximal")


@dataclass
class Counts(OnePage):
    """A decoder that remembers which pages it was asked for."""

    asked: list[int] = field(default_factory=list)

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        assert at_most <= BATCH_PAGES
        batch = super().batch(content, first, deadline_s, at_most)
        self.asked += range(first, first + len(batch.pages))
        return batch


class Killed(BaseException):
    """Stands for the end of the process: nothing of the pipeline may catch it."""


@dataclass
class KilledWhile(Reads):
    """Ends everything at the given page of reading or attack; keeps count of what it did before."""

    reading_page: int | None = None
    attacked_page: int | None = None
    read_pages: int = 0
    attacked_pages: int = 0

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> Iterator[tuple[PageReading, InkReport]]:  # type: ignore[override]
        for _ in pages:
            if self.read_pages == self.reading_page:
                raise Killed
            self.read_pages += 1
            yield reading(), self.ink

    def attack(  # type: ignore[override]
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> Iterator[list[Residual]]:
        for _ in looks:
            if self.attacked_pages == self.attacked_page:
                raise Killed
            self.attacked_pages += 1
            yield []


def run(pages: Reads, seal: DocumentSeal | None = None, decoder: OnePage | None = None) -> Outcome:
    parts = Parts(decoder or OnePage(PAGES), pages, LocalTokenizer(production=False))
    return process(replace(DOCUMENT, checkpoint=seal), parts, Deadline.after(60))


@pytest.fixture
def seal(tmp_path: Path) -> DocumentSeal:
    return sealed(tmp_path).create("tenant", "chart")

"""What the pipeline needs of the parts it works with, in the pipeline's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from detectors.findings import Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink.accounting import InkReport
from policies.attack.finished.pdf import Finished
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Residual
from policies.tokens.derived import DerivedSecrets
from policies.tokens.tokenizer import Tokenizer
from streams.clock import Deadline
from streams.decode.batch import Batch


class Decoder(Protocol):
    """Bytes to page rasters, in a confined child."""

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        """A few pages from `first` on, which counts from 0; at least one."""
        ...


class Pages(Protocol):
    """The work on single pages, spread over the reading processes. Everything raises RedoubtError.

    Pages are asked for as there is room to work on them, and answers come in their order.
    """

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> Iterable[tuple[PageReading, InkReport]]: ...

    def detect(
        self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline
    ) -> list[list[Span]]: ...

    def attack(
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> Iterable[Sequence[Residual]]:
        """What each look finds."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pipeline works with. `tokenizer` None: no profile that tokenizes can be used. `sample_key` None: every
    page is read again.

    Charts need `spill_folder` on a disk, for what memory should not hold of them; None is the system's folder.
    """

    decoder: Decoder
    pages: Pages
    tokenizer: Tokenizer | None = None
    spill_folder: Path | None = None
    sample_key: DerivedSecrets | None = None

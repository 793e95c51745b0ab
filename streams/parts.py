"""What the pipeline needs of the parts it works with, in the pipeline's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from detectors.findings import Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink import InkReport
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Residual
from policies.tokens.tokenizer import Tokenizer
from streams.clock import Deadline


class Decoder(Protocol):
    """Bytes to page rasters, in a confined child."""

    def decode(self, content: bytes, deadline_s: float) -> list[PageRaster]: ...


class Pages(Protocol):
    """The work on single pages, spread over the reading processes. Everything raises RedoubtError."""

    def read(self, pages: Sequence[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]: ...

    def detect(
        self, readings: Sequence[PageReading], subject: Subject | None, deadline: Deadline
    ) -> list[list[Span]]: ...

    def attack(
        self,
        copy: bytes,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> list[Residual]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pipeline works with. `tokenizer` None: no profile that tokenizes can be used."""

    decoder: Decoder
    pages: Pages
    tokenizer: Tokenizer | None = None

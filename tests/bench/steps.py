"""`python -m tests.bench.steps`: CPU seconds of a page by step, for each kind of paper, in one process.

`--documents N --seed S --kinds … --profile NAME --json FILE`. The pipeline is the real one; the steps are the
functions named in `STEPS`, each without what those inside it take. Calls are counted beside the seconds: they are the
same on every machine, seconds are not.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

os.environ.update({"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"})

import cv2
import zxingcpp
from rich.console import Console
from rich.table import Table

from detectors.findings import Span
from detectors.pages import PageRaster, PageReading, Pixels
from detectors.reading.engines.engine import EngineWord
from detectors.reading.engines.ppocr_engine import PpocrEngine
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from detectors.recognize import recognize
from detectors.subject import Subject
from detectors.visual.ink.accounting import InkReport
from policies.attack.finished.pdf import Finished
from policies.attack.finished.structure import sheets
from policies.attack.looks import Look
from policies.attack.readings.reread import reread_page
from policies.attack.report import ActsOn, Claim, Residual
from policies.masking.assemble import Sheet
from streams.canaries.documents import SyntheticDocument
from streams.clock import Deadline
from streams.decode.batch import Batch
from streams.decode.formats import opened
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from tests.bench.paper import Paper, drawn

T = TypeVar("T")

PROFILE: Final = "maximal"
DEADLINE_S: Final = 600.0
REST: Final = "the rest"
STEPS: Final = (
    ("detectors.reading.read", "laid", "view"),
    ("detectors.reading.read", "levelled", "view"),
    ("detectors.reading.read", "with_strays", "strays"),
    ("detectors.recognize", "compared", "other engine"),
    ("detectors.recognize", "prove", "prove"),
    ("detectors.recognize", "remainder", "prove"),
    ("detectors.recognize", "without", "prove"),
    ("detectors.recognize", "nothing_but_lines", "ink"),
    ("detectors.recognize", "unexplained", "ink"),
    ("detectors.recognize", "marks", "marks"),
    ("detectors.visual.marks.find", "codes", "codes"),
    ("streams.pipeline.path", "findings", "detect"),
    ("streams.pipeline.path", "repeats", "detect"),
    ("policies.masking.burn", "regions", "burn"),
    ("policies.masking.burn", "burn", "burn"),
    ("streams.pipeline.masking", "sheet", "encode"),
    ("streams.pipeline.path", "check_structure", "structure"),
    ("policies.attack.readings.reread", "finished_page", "attack: decode"),
    ("policies.attack.shapes.barcodes", "residuals", "attack: codes"),
    ("policies.attack.readings.second_opinion", "spans", "attack: Presidio"),
    ("policies.attack.readings.known", "matches", "attack: known values"),
)
"""Where a step is looked up, under which name, and what it is called in the table."""
ORDER: Final = (
    "decode", "view", "engine", "other engine", "strays", "prove", "ink", "codes", "marks", "detect", "burn", "encode",
    "structure", "attack: decode", "attack: engine", "attack: codes", "attack: detect", "attack: Presidio",
    "attack: known values", "attack: rest", REST,
)  # fmt: skip


@dataclass
class Ledger:
    """CPU seconds of this process by step, each second once, and how often each step was called."""

    seconds: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    work: Counter[str] = field(default_factory=Counter)
    """What was done, in units that no clock tells: pixels read, bytes encoded, and the like."""
    _inside: list[str] = field(default_factory=list)
    _since: float = 0.0

    def timed(self, step: str, work: Callable[[], T]) -> T:
        self._turn()
        self._inside.append(step)
        self.calls[step] += 1
        try:
            return work()
        finally:
            self._turn()
            self._inside.pop()

    def _turn(self) -> None:
        now = time.process_time()
        if self._inside:
            self.seconds[self._inside[-1]] += now - self._since
        self._since = now

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within it, the functions of `STEPS` are timed wherever the pipeline calls them."""
        before = [(import_module(module), name, step) for module, name, step in STEPS]
        before.append((zxingcpp, "read_barcodes", ""))
        functions = [getattr(module, name) for module, name, _ in before]
        for (module, name, step), function in zip(before, functions, strict=True):
            setattr(module, name, self._watched(step, function) if step else self._decoding(function))
        try:
            yield
        finally:
            for (module, name, _), function in zip(before, functions, strict=True):
                setattr(module, name, function)

    def _watched(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            made = self.timed(step, lambda: function(*given, **named))
            if isinstance(made, Sheet):
                self.work["bytes encoded"] += len(made.data)
            return made

        return watched

    def _decoding(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(image: Pixels, *given: Any, **named: Any) -> Any:
            self.work["kilopixels searched for codes"] += image.size // 1000
            return function(image, *given, **named)

        return watched


@dataclass
class CountingEngine:
    """The engine with its calls and pixels in a ledger."""

    ledger: Ledger
    step: str
    engine: TesserocrEngine

    @property
    def name(self) -> str:
        return self.engine.name

    def words(self, gray: Pixels, dpi: int) -> list[EngineWord]:
        self.ledger.work[f"{self.step}: calls"] += 1
        self.ledger.work[f"{self.step}: kilopixels"] += gray.size // 1000
        return self.ledger.timed(self.step, lambda: self.engine.words(gray, dpi))


@cache
def _other_engine() -> PpocrEngine:
    return PpocrEngine()


class OneProcess:
    """Decoder and pages work of the pipeline, in this process, one page after the other."""

    def __init__(self) -> None:
        from detectors.detect import PageDetector

        self.ledger = Ledger()
        self._engine = TesserocrEngine()
        self._detector = PageDetector()

    def batch(self, content: bytes, first: int, deadline_s: float, at_most: int) -> Batch:
        def decoded() -> Batch:
            found = opened(content, first)
            pages = tuple(islice(found.pages, at_most))
            self.ledger.work["pages decoded"] += len(pages)
            return Batch(pages, found.total, found.flaws())

        return self.ledger.timed("decode", decoded)

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]:
        engine = CountingEngine(self.ledger, "engine", self._engine)
        return [recognize(page, engine, _other_engine) for page in pages]

    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        return [self._spans("detect", reading, subject) for reading in readings]

    def attack(
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> list[list[Residual]]:
        def one(look: Look, sheet: bytes) -> list[Residual]:
            engine = CountingEngine(self.ledger, "attack: engine", self._engine)
            alone = Claim((claim.page_sizes[look.page],), (claim.burned[look.page],), claim.secrets)
            hunters = [lambda reading: self._spans("attack: detect", reading, subject)]
            found = reread_page(sheet, replace(look, page=0), alone, engine, acts_on, hunters)
            return [replace(residual, page=look.page) for residual in found]

        alone = zip(looks, sheets(copy, [look.page for look in looks]), strict=True)
        return [self.ledger.timed("attack: rest", lambda one=one, a=a, b=b: one(a, b)) for a, b in alone]

    def _spans(self, step: str, reading: PageReading, subject: Subject | None) -> list[Span]:
        self.ledger.work["detector passes"] += 1
        self.ledger.work["characters detected on"] += len(reading.text)
        return self.ledger.timed(step, lambda: list(self._detector.spans(reading, subject)))


def walked(parts: OneProcess, documents: Sequence[SyntheticDocument], profile: str) -> list[Outcome]:
    """The outcomes of documents that went the whole way, with what they cost in `parts.ledger`."""
    with parts.ledger.watching():
        return [
            parts.ledger.timed(
                REST,
                lambda d=document: process(
                    Document("bench", d.id, d.content, profile), Parts(parts, parts), Deadline.after(DEADLINE_S)
                ),
            )
            for document in documents
        ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=3, help="of each kind")
    options.add_argument("--kinds", nargs="+", type=Paper, choices=list(Paper), default=list(Paper))
    options.add_argument("--seed", type=int, default=90_001)
    options.add_argument("--profile", default=PROFILE)
    options.add_argument("--json", type=Path)
    given = options.parse_args()
    found = a_page(given.kinds, given.seed, given.documents, given.profile)
    _print(found)
    if given.json:
        given.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


def a_page(kinds: Sequence[Paper], seed: int, documents: int, profile: str) -> dict[str, dict[str, dict[str, float]]]:
    """`seconds`, `calls` and `work` of a page by step, for each kind of paper."""
    cv2.setNumThreads(1)
    parts = OneProcess()
    walked(parts, drawn(seed + 7, Paper.CLEAN_SCAN, 1), profile)  # what loads on first use is loaded
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind in kinds:
        parts.ledger = Ledger()
        pages = sum(outcome.pages for outcome in walked(parts, drawn(seed, kind, documents), profile))
        found[kind.value] = {
            what: {step: round(value / pages, 4) for step, value in counted.items()}
            for what, counted in (
                ("seconds", parts.ledger.seconds), ("calls", parts.ledger.calls), ("work", parts.ledger.work)
            )
        }  # fmt: skip
    return found


def _print(found: dict[str, dict[str, dict[str, float]]]) -> None:
    table = Table("CPU s a page (calls)", *found)
    for step in ORDER:
        cells = [(by["seconds"].get(step, 0.0), by["calls"].get(step, 0.0)) for by in found.values()]
        table.add_row(step, *(f"{seconds:.3f} ({calls:.1f})" if calls else "" for seconds, calls in cells))
    table.add_row("all", *(f"{sum(by['seconds'].values()):.3f}" for by in found.values()))
    Console(width=140).print(table)


if __name__ == "__main__":
    sys.exit(main())

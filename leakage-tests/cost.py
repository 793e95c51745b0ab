"""What the attacker costs beside the first reading: CPU seconds a page, at each depth.

    python leakage-tests/cost.py [--documents 12] [--seed 5]

Synthetic documents of every layout and format, one at a time; CPU of all processes, so that a busy machine changes
little. Looks after the first round are the attacker's too.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

from detectors.errors import RedoubtError
from detectors.findings import Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink import InkReport
from policies.attack.looks import Look
from policies.attack.pdf import Finished
from policies.attack.report import ActsOn, Claim, Residual
from policies.attack.structure import check_structure
from streams.canaries.documents import generate
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.bench.cpu import tree_seconds

DEADLINE_S = 900.0

Answer = TypeVar("Answer")


class Measured:
    """The work on pages, with what each kind of it cost."""

    def __init__(self, pages: PagePool) -> None:
        self._pages = pages
        self.cost: Counter[str] = Counter()
        self.seconds: dict[str, float] = {}

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> list[tuple[PageReading, InkReport]]:
        rasters = list(pages)
        self.cost["pages"] += len(rasters)
        return self._timed("first reading", lambda: list(self._pages.read(rasters, deadline)))

    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        found = list(readings)
        return self._timed("detection", lambda: self._pages.detect(found, subject, deadline))

    def attack(
        self,
        copy: Finished,
        looks: Sequence[Look],
        claim: Claim,
        acts_on: ActsOn,
        subject: Subject | None,
        deadline: Deadline,
    ) -> list[list[Residual]]:
        self.cost["looks"] += len(looks)
        self._timed("attack: structure", lambda: check_structure(copy, claim))
        return self._timed(
            "attack: reread", lambda: list(self._pages.attack(copy, looks, claim, acts_on, subject, deadline))
        )

    def _timed(self, name: str, call: Callable[[], Answer]) -> Answer:
        before = tree_seconds()
        try:
            return call()
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + tree_seconds() - before


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    said.add_argument("--documents", type=int, default=12)
    said.add_argument("--seed", type=int, default=5)
    given = said.parse_args()
    with Decoder() as decoder, PagePool(1) as pool:
        measured = Measured(pool)
        for made in generate(given.seed, given.documents):
            document = Document("cost", made.id, made.content, "maximal", subject=made.subject)
            try:
                process(document, Parts(decoder, measured), Deadline.after(DEADLINE_S))
            except RedoubtError as error:
                print(f"{made.id}: {error.reason.value}")
    pages = measured.cost["pages"]
    print(f"{given.documents} documents, {pages} pages, {measured.cost['looks']} looks of the attacker at depth reread")
    for name, seconds in measured.seconds.items():
        print(f"{name:20} {seconds / pages:6.2f} CPU s a page")


if __name__ == "__main__":
    main()

"""What the attacker costs beside the first reading: CPU seconds a page, at each depth.

    python leakage-tests/cost.py [--documents 12] [--seed 5] [--depth reread --depth full --depth forensic]

Synthetic documents of every layout and format, one at a time; CPU of all processes, so that a busy machine changes
little. Looks after the first round are the attacker's too, and burning what a deeper look found costs words: how many
stay is said as well.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

from detectors.errors import RedoubtError
from detectors.findings import Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink import InkReport
from policies import profile as profiles
from policies.attack.looks import Look
from policies.attack.pdf import Finished
from policies.attack.report import ActsOn, Claim, Depth, Residual, Verdict
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
PROFILE = "maximal"

Answer = TypeVar("Answer")


class Measured:
    """The work on pages, with what each kind of it cost."""

    def __init__(self, pages: PagePool, depth: Depth) -> None:
        self._pages = pages
        self.depth = depth
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
        found = self._timed(
            f"attack: {self.depth}", lambda: list(self._pages.attack(copy, looks, claim, acts_on, subject, deadline))
        )
        self.cost["residuals"] += sum(map(len, found))
        return found

    def take(self, document: Document, decoder: Decoder) -> None:
        try:
            outcome = process(document, Parts(decoder, self), Deadline.after(DEADLINE_S))
        except RedoubtError as error:
            print(f"{document.id}: {error.reason.value}")
            return
        self.cost["words"] += outcome.words
        self.cost["burned"] += outcome.words_burned
        self.cost[outcome.verdict] += 1

    def tell(self, documents: int) -> None:
        pages, cost = self.cost["pages"], self.cost
        verdicts = ", ".join(f"{cost[verdict]} {verdict.value}" for verdict in Verdict if cost[verdict])
        print(f"{documents} documents ({verdicts}), {pages} pages, {cost['looks']} looks at depth {self.depth.value}")
        print(f"{cost['words'] - cost['burned']} of {cost['words']} words stay; {cost['residuals']} residuals")
        for name, seconds in self.seconds.items():
            print(f"{name:20} {seconds / pages:6.2f} CPU s a page")

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
    said.add_argument("--depth", action="append", choices=[d.value for d in Depth if d is not Depth.STRUCTURE])
    given = said.parse_args()
    usual = profiles.load(PROFILE)
    with Decoder() as decoder, PagePool(1) as pool:
        for depth in map(Depth, given.depth or [Depth.REREAD]):
            deeper = replace(usual, depth=depth)
            measured = Measured(pool, depth)
            with mock.patch.object(profiles, "load", lambda *_, deeper=deeper: deeper):
                for made in generate(given.seed, given.documents):
                    measured.take(Document("cost", made.id, made.content, PROFILE, subject=made.subject), decoder)
            measured.tell(given.documents)


if __name__ == "__main__":
    main()

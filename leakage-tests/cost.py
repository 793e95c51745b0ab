"""What the attacker costs beside the first reading: CPU seconds a page, at each depth.

    python leakage-tests/cost.py [--documents 5] [--seed 5] [--depth reread --depth full --depth forensic]

Synthetic documents of every format, one at a time, each read and searched once and attacked at every depth; CPU of all
processes, so that a busy machine changes little. Looks after the first round are the attacker's too, and burning what a
deeper look found costs words: how many stay is said as well. Two minutes on an idle machine.
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

from rich.console import Console
from rich.table import Table

from detectors.errors import RedoubtError
from detectors.findings import Span
from detectors.pages import PageRaster, PageReading
from detectors.subject import Subject
from detectors.visual.ink.accounting import InkReport
from policies import profile as profiles
from policies.attack.finished.pdf import Finished
from policies.attack.finished.structure import check_structure
from policies.attack.looks import Look
from policies.attack.report import ActsOn, Claim, Depth, Residual, Verdict
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
FIRST = "first reading"

Answer = TypeVar("Answer")


Read = list[tuple[PageReading, InkReport]]


class Measured:
    """The work on pages, with what each kind of it cost. What is read and found stays the same at all depths."""

    def __init__(
        self, pages: PagePool, depth: Depth, read: dict[str, Read], found: dict[str, list[list[Span]]]
    ) -> None:
        self._pages = pages
        self._read, self._found, self._document = read, found, ""
        self.depth = depth
        self.cost: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()

    def read(self, pages: Iterable[PageRaster], deadline: Deadline) -> Read:
        rasters = list(pages)
        self.cost["pages"] += len(rasters)
        if self._document not in self._read:
            self._read[self._document] = self._timed(FIRST, lambda: list(self._pages.read(rasters, deadline)))
        return self._read[self._document]

    def detect(self, readings: Iterable[PageReading], subject: Subject | None, deadline: Deadline) -> list[list[Span]]:
        found = list(readings)
        if self._document not in self._found:
            spans = self._timed("detection", lambda: self._pages.detect(found, subject, deadline))
            self._found[self._document] = spans
        return self._found[self._document]

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
        self._timed(Depth.STRUCTURE.value, lambda: check_structure(copy, claim))
        found = self._timed(
            self.depth.value, lambda: list(self._pages.attack(copy, looks, claim, acts_on, subject, deadline))
        )
        self.cost["residuals"] += sum(map(len, found))
        return found

    def take(self, document: Document, decoder: Decoder) -> None:
        self._document = document.id
        try:
            outcome = process(document, Parts(decoder, self), Deadline.after(DEADLINE_S))
        except RedoubtError as error:
            print(f"{document.id}: {error.reason.value}")
            return
        self.cost["words"] += outcome.words
        self.cost["burned"] += outcome.words_burned
        self.cost[outcome.verdict] += 1

    def row(self, first: float) -> tuple[str, ...]:
        """Of the table; `first` are the CPU seconds a page of the first reading."""
        cost, pages = self.cost, max(self.cost["pages"], 1)
        structure, looks = (self.seconds[depth.value] / pages for depth in (Depth.STRUCTURE, self.depth))
        verdicts = ", ".join(f"{cost[verdict]} {verdict.value}" for verdict in Verdict if cost[verdict])
        stay = f"{cost['words'] - cost['burned']} of {cost['words']}"
        times = f"{(structure + looks) / first:.2f}" if first else "-"
        looked = f"{cost['looks']} of {cost['pages']}"
        return (
            self.depth.value,
            f"{structure:.3f}",
            f"{looks:.2f}",
            times,
            looked,
            str(cost["residuals"]),
            stay,
            verdicts,
        )

    def _timed(self, name: str, call: Callable[[], Answer]) -> Answer:
        before = tree_seconds()
        try:
            return call()
        finally:
            self.seconds[name] += tree_seconds() - before


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    said.add_argument("--documents", type=int, default=5)
    said.add_argument("--seed", type=int, default=5)
    said.add_argument("--depth", action="append", choices=[d.value for d in Depth if d is not Depth.STRUCTURE])
    given = said.parse_args()
    usual = profiles.load(PROFILE)
    read, found, first = dict[str, Read](), dict[str, list[list[Span]]](), 0.0
    table = Table(
        "depth",
        "structure\nCPU s a page",
        "looks\nCPU s a page",
        "of first\nreading",
        "looks",
        "residuals",
        "words stay",
        "verdicts",
    )
    with Decoder() as decoder, PagePool(1) as pool:
        for depth in map(Depth, given.depth or [d.value for d in Depth if d is not Depth.STRUCTURE]):
            deeper = replace(usual, depth=depth)
            measured = Measured(pool, depth, read, found)
            with mock.patch.object(profiles, "load", lambda *_, deeper=deeper: deeper):
                for made in generate(given.seed, given.documents):
                    measured.take(Document("cost", made.id, made.content, PROFILE, subject=made.subject), decoder)
            if measured.seconds[FIRST]:
                first = measured.seconds[FIRST] / measured.cost["pages"]
                print(f"{given.documents} documents, {measured.cost['pages']} pages")
                print(f"first reading {first:.2f} CPU s a page")
                print(f"detection {measured.seconds['detection'] / measured.cost['pages']:.2f} CPU s a page")
            table.add_row(*measured.row(first))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()

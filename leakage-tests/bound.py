"""How much gets out of many synthetic documents: those with a leak, the exact bound, and which layer caught what.

    python leakage-tests/bound.py [--documents 300] [--seed 29] [--profile hipaa-safe-harbor] [--processes 2]

A document leaks where an identifier that its profile takes out can be read on its copy, or its ink is not covered; a
copy that waits for a person counts as released. Names and layouts are the canaries', which no detector has seen. Some
three seconds of CPU a document; who breaks it off is told of those that were done.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from detectors.errors import RedoubtError
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies.attack.report import Verdict
from policies.masking.assemble import Assembled
from policies.profile import Profile
from streams.canaries.bounds import exact, of_identifiers
from streams.canaries.documents import SyntheticDocument, generate
from streams.canaries.layers import missed_by
from streams.canaries.leakcheck import check, read_untouched
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool

DEADLINE_S = 900.0
ALL = "all"


@dataclass
class Sums:
    """What became of the documents of one quality; `each` is (identifiers leaked, planted) of every copy."""

    documents: int = 0
    held: int = 0
    clean: int = 0
    kept: int = 0
    each: list[tuple[int, int]] = field(default_factory=list)
    caught: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    def row(self, name: str) -> tuple[str, ...]:
        leaked = sum(found > 0 for found, _ in self.each)
        leaks, planted = (sum(column) for column in zip(*self.each, strict=True)) if self.each else (0, 0)
        return (
            name,
            str(self.documents),
            f"{leaked} of {len(self.each)}",
            f"{exact(leaked, len(self.each)):.3f}",
            f"{leaks} of {planted}",
            f"{of_identifiers(self.each)[1]:.4f}",
            f"{self.held / max(self.documents, 1):.3f}",
            f"{self.kept / max(self.clean, 1):.3f}",
        )


def judged(
    made: SyntheticDocument, outcome: Outcome | None, profile: Profile, engine: TesserocrEngine, into: list[Sums]
) -> None:
    """Adds what became of a document to each of the sums; None where it was rejected."""
    copy = outcome.copy if outcome else None
    content = b"".join(copy.pieces()) if isinstance(copy, Assembled) else copy
    untouched = read_untouched(made, engine)
    found = check(made, content, profile.acts_on, engine, untouched)
    taken_out = [i for i, p in enumerate(made.identifiers) if profile.acts_on(p.kind, p.owner, p.text)]
    missed = missed_by(made, untouched, outcome.counts if outcome else {}, taken_out, found)
    for sums in into:
        sums.documents += 1
        sums.held += outcome is None or outcome.verdict is not Verdict.RELEASE
        sums.clean, sums.kept = sums.clean + found.words_clean, sums.kept + found.words_kept
        if outcome and content is not None:
            sums.each.append((len(found.leaks), len(taken_out)))
            sums.caught.update(box.layer.value for box in outcome.boxes)
        sums.missed.update({layer.value: count for layer, count in missed.items()})


def tell(sums: dict[str, Sums]) -> None:
    table = Table("scan", "documents", "with a leak", "bound,\n95 %", "identifiers\nleaked", "bound,\nbootstrap")
    table.add_column("review or\nwithheld")
    table.add_column("words\nkept")
    for name in sorted(sums, key=lambda name: (name != ALL, name)):
        table.add_row(*sums[name].row(name))
    console = Console(width=110)
    console.print(table)
    console.print("caught by:", ", ".join(f"{layer} {n}" for layer, n in sums[ALL].caught.most_common()))
    console.print("missed by:", ", ".join(f"{layer} {n}" for layer, n in sums[ALL].missed.most_common()) or "none")


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    said.add_argument("--documents", type=int, default=300)
    said.add_argument("--seed", type=int, default=29)
    said.add_argument("--profile", default="hipaa-safe-harbor", choices=profiles.names())
    said.add_argument("--processes", type=int, default=2)
    given = said.parse_args()
    profile, sums = profiles.load(given.profile), {ALL: Sums()}
    with Decoder() as decoder, PagePool(given.processes) as pool, TesserocrEngine() as engine:
        with suppress(KeyboardInterrupt):
            for made in generate(given.seed, given.documents):
                outcome = None
                try:
                    document = Document("bound", made.id, made.content, given.profile, subject=made.subject)
                    outcome = process(document, Parts(decoder, pool), Deadline.after(DEADLINE_S))
                except RedoubtError as error:
                    print(f"{made.id}: {error.reason.value}")
                own = sums.setdefault(made.difficulty.value, Sums())
                judged(made, outcome, profile, engine, [sums[ALL], own])
        tell(sums)


if __name__ == "__main__":
    main()

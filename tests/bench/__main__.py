"""`make bench`: Redoubt beside presidio-image-redactor on the same synthetic pages of five kinds, interleaved in
one run.

Prints a table, writes bench.json (target, figure, pass), and exits 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from unittest import mock

from rich.console import Console
from rich.table import Table

from detectors.pages import PageRaster
from detectors.reading.engines.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies.attack.report import Depth
from policies.masking.assemble import assemble
from streams.canaries.documents import SyntheticDocument
from streams.canaries.leakcheck import LeakCheck, check
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.bench import floor
from tests.bench.cpu import tree_seconds
from tests.bench.figures import Figures, bound_of, cells_of, markdown, told
from tests.bench.memory import Memory, children
from tests.bench.paper import Paper, drawn
from tests.bench.peer import Peer, Tuning, painted, rendered
from tests.bench.plot import stacked
from tests.bench.steps import a_page
from tests.bench.targets import FLOOR, OURS, STRUCTURE, targets

T = TypeVar("T")

PROFILE = "maximal"
BORN_DIGITAL = (Paper.BORN_DIGITAL, Paper.MIXED)
"""Of these a page may be spared the second reading."""
DEADLINE_S = 300.0
STEPS_OF = 3
"""Documents of each kind of which the steps are measured."""


@dataclass
class Line:
    """One contestant on one kind: wall and CPU seconds of each round, and its copies of the last round."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    copies: list[bytes | None] = field(default_factory=list)
    in_review: int = 0


@dataclass(frozen=True)
class Sample:
    """Documents of one kind, the rasters of their pages, and how each contestant did."""

    documents: list[SyntheticDocument]
    rasters: list[list[PageRaster]]
    lines: dict[str, Line]

    @property
    def pages(self) -> int:
        return sum(len(pages) for pages in self.rasters)


class OneKey:
    """Draws the same sample in every run."""

    def secret(self, tenant: str, purpose: str, of: str) -> bytes:
        return hashlib.sha256(f"{tenant} {purpose} {of}".encode()).digest()


CONTESTANTS = (OURS, STRUCTURE, Tuning.TUNED.value, Tuning.DEFAULTS.value)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=5, help="of each kind")
    options.add_argument("--kinds", nargs="+", type=Paper, choices=list(Paper), default=list(Paper))
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=90_001)
    options.add_argument("--out", type=Path, default=Path("out/bench.json"))
    options.add_argument("--markdown", type=Path, help="also write the table there, e.g. docs/benchmarks.md")
    given = options.parse_args()
    with Decoder() as decoder, PagePool(given.processes) as pool:
        parts = Parts(decoder, pool, sample_key=OneKey())
        samples = {
            kind: Sample(
                documents,
                [decoder.decode(document.content, DEADLINE_S) for document in documents],
                {contestant: Line() for contestant in (FLOOR, *CONTESTANTS)},
            )
            for kind, documents in ((kind, drawn(given.seed, kind, given.documents)) for kind in given.kinds)
        }
        _ours(parts, next(iter(samples.values())).documents[:2], given.processes, Line())  # engines load before
        gateway = children(os.getpid())
        peers = {tuning: Peer(given.processes, tuning) for tuning in Tuning}
        for _ in range(given.rounds):
            for kind, each in samples.items():
                _ours(parts, each.documents, given.processes, each.lines[OURS])
                if kind in BORN_DIGITAL:
                    with _at_depth(Depth.STRUCTURE):
                        _ours(parts, each.documents, given.processes, each.lines[STRUCTURE])
                _bare(kind, each, given.processes)
                for tuning, peer in peers.items():
                    _theirs(peer, tuning, each)
        memory = Memory()
        with memory.watched(os.getpid(), gateway):
            for each in samples.values():
                _ours(parts, each.documents, given.processes, Line())
    for peer in peers.values():
        peer.close()
    return _report(given, samples, memory)


def _ours(parts: Parts, documents: Sequence[SyntheticDocument], threads: int, line: Line) -> None:
    def one(document: SyntheticDocument) -> tuple[bytes | None, bool]:
        incoming = Document("bench", document.id, document.content, PROFILE)
        outcome = process(incoming, parts, Deadline.after(DEADLINE_S))
        return outcome.copy, outcome.verdict.value == "review"

    def work() -> list[tuple[bytes | None, bool]]:
        with ThreadPoolExecutor(threads * 2) as pool:
            return list(pool.map(one, documents))

    found = _timed(line, work)
    line.copies = [copy for copy, _ in found]
    line.in_review = sum(review for _, review in found)


@contextmanager
def _at_depth(depth: Depth) -> Iterator[None]:
    profile = replace(profiles.load(PROFILE), depth=depth)
    with mock.patch.object(profiles, "load", return_value=profile):
        yield


def _theirs(peer: Peer, tuning: Tuning, sample: Sample) -> None:
    flat = [page for pages in sample.rasters for page in pages]
    given = flat if tuning is Tuning.TUNED else [page for d in sample.documents for page in rendered(d.content)]
    boxes = iter(_timed(sample.lines[tuning.value], lambda: peer.redact(given)))
    scaled = (found.scaled_to(seen, page) for found, seen, page in zip(boxes, given, flat, strict=True))
    sample.lines[tuning.value].copies = [
        assemble([painted(page, next(scaled)) for page in pages]) for pages in sample.rasters
    ]


def _bare(kind: Paper, sample: Sample, processes: int) -> None:
    """Of a born-digital document the floor is to render it; of all others to read it once."""
    line = sample.lines[FLOOR]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=floor.load) as pool:
        if kind is Paper.BORN_DIGITAL:
            contents = [document.content for document in sample.documents]
            list(pool.map(floor.render, contents[:processes]))
            _timed(line, lambda: list(pool.map(floor.render, contents)))
            return
        flat = [page for pages in sample.rasters for page in pages]
        list(pool.map(floor.read, flat[:processes]))
        _timed(line, lambda: list(pool.map(floor.read, flat)))


def _timed(line: Line, work: Callable[[], T]) -> T:
    cpu, wall = tree_seconds(), time.perf_counter()
    result = work()
    line.wall_s.append(time.perf_counter() - wall)
    line.cpu_s.append(tree_seconds() - cpu)
    return result


@dataclass(frozen=True)
class Score:
    """Quality of one contestant's copies: counts, which add up over classes."""

    planted: int
    uncovered: int
    readable: int
    words_clean: int
    words_kept: int

    def __add__(self, other: Score) -> Score:
        return Score(
            self.planted + other.planted,
            self.uncovered + other.uncovered,
            self.readable + other.readable,
            self.words_clean + other.words_clean,
            self.words_kept + other.words_kept,
        )


def _score(documents: Sequence[SyntheticDocument], copies: Sequence[bytes | None], engine: TesserocrEngine) -> Score:
    acts_on = profiles.load(PROFILE).acts_on
    checks: list[LeakCheck] = [
        check(document, copy, acts_on, engine) for document, copy in zip(documents, copies, strict=True)
    ]
    return Score(
        planted=sum(c.planted for c in checks),
        uncovered=sum(len(c.uncovered) for c in checks),
        readable=sum(len(c.readable) for c in checks),
        words_clean=sum(c.words_clean for c in checks),
        words_kept=sum(c.words_kept for c in checks),
    )


def _figures(pages: int, lines: Sequence[Line], score: Score | None) -> Figures:
    """Medians of the rounds, each round over all the classes that `lines` are of."""
    wall = statistics.median(map(sum, zip(*(line.wall_s for line in lines), strict=True)))
    cpu = statistics.median(map(sum, zip(*(line.cpu_s for line in lines), strict=True)))
    if score is None:
        return Figures(pages / wall, cpu / pages)
    return Figures(
        pages / wall,
        cpu / pages,
        1 - score.uncovered / score.planted,
        1 - score.readable / score.planted,
        score.words_kept / score.words_clean,
    )


def _report(given: argparse.Namespace, samples: dict[Paper, Sample], memory: Memory) -> int:
    engine = TesserocrEngine()
    rows: dict[str, dict[str, Figures]] = {}
    pages = sum(each.pages for each in samples.values())
    planted = 0
    for name in (*CONTESTANTS, FLOOR):
        ran = {kind: each for kind, each in samples.items() if each.lines[name].wall_s}
        if not ran:
            continue
        lines = [each.lines[name] for each in ran.values()]
        scores = [
            None if name == FLOOR else _score(each.documents, each.lines[name].copies, engine) for each in ran.values()
        ]
        known = [score for score in scores if score is not None]
        own = sum(each.pages for each in ran.values())
        label = "all" if len(ran) == len(samples) else "all of these"
        rows[name] = {label: _figures(own, lines, functools.reduce(Score.__add__, known) if known else None)}
        for (kind, each), line, score in zip(ran.items(), lines, scores, strict=True):
            rows[name][kind.value] = _figures(each.pages, [line], score)
        planted = planted or sum(score.planted for score in known)
    results = targets(rows, [kind for kind in samples if kind is not Paper.BORN_DIGITAL])
    counts = ", ".join(f"{each.pages} {kind.value}" for kind, each in samples.items())
    heading = f"{pages} synthetic pages ({counts}), {planted} planted identifiers, profile {PROFILE}"
    review = sum(each.lines[OURS].in_review for each in samples.values())
    _print(heading, rows, results, memory, review)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    figures = {name: {label: asdict(row) for label, row in by.items()} for name, by in rows.items()}
    report = {"pages": pages, "figures": figures, "peak_mib": asdict(memory), "targets": results}
    given.out.write_text(json.dumps(report, indent=2) + "\n")
    if given.markdown:
        steps = {
            kind: by["seconds"]
            for kind, by in a_page(given.kinds, given.seed, min(given.documents, STEPS_OF), PROFILE).items()
        }
        stacked(steps, given.markdown.with_suffix(".svg"))
        command = f"python -m tests.bench --documents {given.documents} --rounds {given.rounds} --seed {given.seed}"
        given.markdown.write_text(markdown(command, heading, rows, results, memory, steps))
    return 0 if all(result["pass"] for result in results) else 1


def _print(
    heading: str,
    rows: dict[str, dict[str, Figures]],
    results: Sequence[dict[str, object]],
    memory: Memory,
    in_review: int,
) -> None:
    table = Table("", "pages", "pages/s", "CPU s/page", "burned", "not readable", "words kept")
    for name, label, cells in cells_of(rows):
        table.add_row(name, label, *cells)
    console = Console(width=110)
    console.print(heading)
    console.print(table)
    console.print(f"{in_review} of Redoubt's documents in review")
    console.print(told(memory))
    for result in results:
        mark = "met   " if result["pass"] else "MISSED"
        console.print(f"{mark} {result['target']}: {result['figure']:.3f} ({bound_of(result)})")


if __name__ == "__main__":
    sys.exit(main())

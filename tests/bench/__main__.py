"""`make bench`: Redoubt beside presidio-image-redactor on the same synthetic scans, interleaved in one run.

Prints a table, writes bench.json (target, figure, pass), and exits 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from detectors.pages import PageRaster
from detectors.reading.tesserocr_engine import TesserocrEngine
from policies import profile as profiles
from policies.assemble import assemble
from streams.canaries.documents import LOW_SCAN_DPI, Format, SyntheticDocument, generate
from streams.canaries.leakcheck import LeakCheck, check
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.pipeline.document import Document
from streams.pipeline.parts import Parts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from tests.bench import floor
from tests.bench.cpu import tree_seconds
from tests.bench.figures import Figures, cells_of, markdown
from tests.bench.peer import Peer, Tuning, painted

T = TypeVar("T")

PROFILE = "maximal"
OURS = "redoubt, depth reread"
FLOOR = "bare OCR"
DEADLINE_S = 300.0


USUAL, LOW = "150 to 300 dpi", "80 to 110 dpi"
"""The classes of documents; the targets are judged on all pages together."""


@dataclass
class Line:
    """One contestant on one class: wall and CPU seconds of each round, and its copies of the last round."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    copies: list[bytes | None] = field(default_factory=list)
    in_review: int = 0


@dataclass(frozen=True)
class Class:
    """Documents of one kind, the rasters of their pages, and how each contestant did."""

    documents: list[SyntheticDocument]
    rasters: list[list[PageRaster]]
    lines: dict[str, Line]

    @property
    def pages(self) -> int:
        return sum(len(pages) for pages in self.rasters)


CONTESTANTS = (OURS, Tuning.TUNED.value, Tuning.DEFAULTS.value)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--documents", type=int, default=10)
    options.add_argument("--low", type=int, default=5, help=f"documents of {LOW} besides")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=90_001)
    options.add_argument("--out", type=Path, default=Path("out/bench.json"))
    options.add_argument("--markdown", type=Path, help="also write the table there, e.g. docs/benchmarks.md")
    given = options.parse_args()
    made = {
        USUAL: list(generate(given.seed, given.documents, [Format.SCANNED_PDF])),
        LOW: list(generate(given.seed + 1, given.low, [Format.SCANNED_PDF], LOW_SCAN_DPI)),
    }
    peers = {tuning: Peer(given.processes, tuning) for tuning in Tuning}
    with Decoder() as decoder, PagePool(given.processes) as pool:
        parts = Parts(decoder, pool)
        classes = {
            name: Class(
                documents,
                [decoder.decode(document.content, DEADLINE_S) for document in documents],
                {contestant: Line() for contestant in (FLOOR, *CONTESTANTS)},
            )
            for name, documents in made.items()
            if documents
        }
        _ours(parts, next(iter(classes.values())).documents[:2], given.processes, Line())  # engines load before
        for _ in range(given.rounds):
            for each in classes.values():
                _ours(parts, each.documents, given.processes, each.lines[OURS])
                _bare(each.rasters, given.processes, each.lines[FLOOR])
                for tuning, peer in peers.items():
                    _theirs(peer, each.rasters, each.lines[tuning.value])
    for peer in peers.values():
        peer.close()
    return _report(given, classes)


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


def _theirs(peer: Peer, rasters: Sequence[Sequence[PageRaster]], line: Line) -> None:
    flat = [page for pages in rasters for page in pages]
    boxes = iter(_timed(line, lambda: peer.redact(flat)))
    line.copies = [assemble([painted(page, next(boxes)) for page in pages]) for pages in rasters]


def _bare(rasters: Sequence[Sequence[PageRaster]], processes: int, line: Line) -> None:
    flat = [page for pages in rasters for page in pages]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=floor.load) as pool:
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


def _report(given: argparse.Namespace, classes: dict[str, Class]) -> int:
    engine = TesserocrEngine()
    rows: dict[str, dict[str, Figures]] = {}
    pages = sum(each.pages for each in classes.values())
    totals: list[Score] = []
    for name in (*CONTESTANTS, FLOOR):
        lines = [each.lines[name] for each in classes.values()]
        scores = [
            None if name == FLOOR else _score(each.documents, each.lines[name].copies, engine)
            for each in classes.values()
        ]
        known = [score for score in scores if score is not None]
        total = functools.reduce(Score.__add__, known) if known else None
        totals += [total] if total else []
        rows[name] = {"all": _figures(pages, lines, total)}
        for (label, each), line, score in zip(classes.items(), lines, scores, strict=True):
            rows[name][label] = _figures(each.pages, [line], score)
    results = _targets(rows[OURS]["all"], rows[Tuning.TUNED.value]["all"])
    counts = ", ".join(f"{each.pages} of {name}" for name, each in classes.items())
    heading = f"{pages} pages of synthetic scans ({counts}), {totals[0].planted} planted identifiers, profile {PROFILE}"
    review = sum(each.lines[OURS].in_review for each in classes.values())
    _print(heading, rows, results, review)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    figures = {name: {label: asdict(row) for label, row in by.items()} for name, by in rows.items()}
    given.out.write_text(json.dumps({"pages": pages, "figures": figures, "targets": results}, indent=2) + "\n")
    if given.markdown:
        command = (
            f"python -m tests.bench --documents {given.documents} --low {given.low} --rounds {given.rounds}"
            f" --seed {given.seed}"
        )
        given.markdown.write_text(markdown(command, heading, rows, results))
    return 0 if all(result["pass"] for result in results) else 1


def _targets(ours: Figures, theirs: Figures) -> list[dict[str, object]]:
    bounds = {
        "pages per second, times presidio tuned": (1.3, ours.pages_per_second / theirs.pages_per_second),
        "recall by box coverage, above presidio tuned": (theirs.recall_covered or 0.0, ours.recall_covered or 0.0),
        "recall by re-reading, above presidio tuned": (theirs.recall_reread or 0.0, ours.recall_reread or 0.0),
        "clean words kept, above presidio tuned": (theirs.words_kept or 0.0, ours.words_kept or 0.0),
    }
    return [
        {"target": name, "at_least": bound, "figure": figure, "pass": figure >= bound if index == 0 else figure > bound}
        for index, (name, (bound, figure)) in enumerate(bounds.items())
    ]


def _print(
    heading: str, rows: dict[str, dict[str, Figures]], results: Sequence[dict[str, object]], in_review: int
) -> None:
    table = Table("", "scans", "pages/s", "CPU s/page", "burned", "not readable", "words kept")
    for name, label, cells in cells_of(rows):
        table.add_row(name, label, *cells)
    console = Console()
    console.print(heading)
    console.print(table)
    console.print(f"{in_review} of Redoubt's documents in review")
    for result in results:
        mark = "met   " if result["pass"] else "MISSED"
        console.print(f"{mark} {result['target']}: {result['figure']:.3f} (at least {result['at_least']:.3f})")


if __name__ == "__main__":
    sys.exit(main())

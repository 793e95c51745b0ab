"""`make pixels`: every drop of ink accounted for, against truth known by construction.

Synthetic scans, every way to print an identifier, every code, and marks of the hand go through detectors and policies;
what of it is burned, in review or missed is printed as JSON of target, figure and pass. Exits 1 where one is missed.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from detectors.pages import Pixels
from streams.decode.decoder import Decoder
from streams.pipeline.parts import Parts
from streams.pipeline.pool import PagePool
from tests.pixels import codes, entries, hands, paint, scans, signings
from tests.pixels.product import Made, made
from tests.pixels.score import Graded, Row, graded, rows, targets
from tests.pixels.sheets import Sheet

Source = Iterator[tuple[Sheet, Pixels]]
T = TypeVar("T")
Judge = Callable[[Made, Pixels], T]
TABLES: dict[str, Callable[[int], Source]] = {
    "print": paint.sheets,
    "codes": codes.sheets,
    "marks": hands.sheets,
    "signings": signings.sheets,
    "entries": entries.sheets,
}
AHEAD = 4
"""Sheets that are drawn and in memory at once, a process."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=60, help="scans of each grade")
    options.add_argument("--seed", type=int, default=77_001, help="one that nothing was made in view of")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--only", nargs="*", choices=[*scans.Grade, *TABLES], help="these parts alone")
    options.add_argument("--sheet", help="only sheets with this in their name")
    options.add_argument("--out", type=Path, default=Path("out/pixels.json"))
    given = options.parse_args()
    chosen = given.only or [*scans.Grade, *TABLES]
    grades: dict[str, Graded] = {}
    tables: dict[str, list[Row]] = {}
    with Decoder() as decoder, PagePool(given.processes) as pool:
        run = functools.partial(_run, Parts(decoder, pool), given.processes, given.sheet)
        for grade in scans.Grade:
            if grade in chosen:
                grades[grade] = functools.reduce(
                    Graded.__add__, run(scans.sheets(given.seed, grade, given.pages), graded), Graded()
                )
        for name, sheets in TABLES.items():
            if name in chosen:
                tables[name] = [row for found in run(sheets(given.seed), rows) for row in found]
    report = {
        "seed": given.seed,
        "pages": given.pages,
        "handwriting": [path.name for path in hands.fonts()] or sorted(hands.HERSHEY),
        "targets": targets(grades, tables),
        "scans": {name: asdict(found) for name, found in grades.items()},
        "tables": {name: _summed(found) for name, found in tables.items()},
        "rows": {name: [asdict(row) for row in found if not row.burned] for name, found in tables.items()},
    }
    text = json.dumps(report, indent=2)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(text + "\n")
    print(text)
    return 0 if all(target["pass"] for target in targets(grades, tables)) else 1


def _run(parts: Parts, processes: int, named: str | None, source: Source, judge: Judge[T]) -> Iterator[T]:
    batch: list[tuple[Sheet, Pixels]] = []
    for pair in source:
        if named is None or named in pair[0].name:
            batch.append(pair)
        if len(batch) >= AHEAD * processes:
            yield from _judged(parts, processes, batch, judge)
            batch.clear()
    yield from _judged(parts, processes, batch, judge)


def _judged(parts: Parts, processes: int, batch: list[tuple[Sheet, Pixels]], judge: Judge[T]) -> Iterator[T]:
    sources = [pixels for _, pixels in batch]
    for source, outcome in zip(sources, made([s for s, _ in batch], sources, parts, processes * 2), strict=True):
        yield judge(outcome, source)


def _summed(found: list[Row]) -> dict[str, int]:
    return {
        "planted": len(found),
        "burned": sum(row.burned for row in found),
        "reviewed": sum(row.reviewed and not row.burned for row in found),
        "missed": sum(row.missed for row in found),
        **Counter(f"sheets {verdict}" for verdict in {row.sheet: row.verdict for row in found}.values()),
    }


if __name__ == "__main__":
    sys.exit(main())

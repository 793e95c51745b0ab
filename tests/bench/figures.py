"""The bench's figures, and the page that shows them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from tests.bench.memory import Memory
from tests.bench.steps import ORDER


@dataclass(frozen=True)
class Figures:
    """What the table shows of one contestant. `recall_covered` is the share of planted identifiers whose ink is
    burned, `recall_reread` that of those that reading the copy again does not give back; None for the floor."""

    pages_per_second: float
    cpu_seconds_per_page: float
    recall_covered: float | None = None
    recall_reread: float | None = None
    words_kept: float | None = None


def cells_of(rows: Mapping[str, Mapping[str, Figures]]) -> Iterator[tuple[str, str, list[str]]]:
    """Contestant, class of scans and the figures as text, row by row."""
    for name, by in rows.items():
        for label, row in by.items():
            yield name, label, ["" if value is None else f"{value:.3f}" for value in astuple(row)]


def bound_of(result: Mapping[str, object]) -> str:
    """What a target asks for, in words."""
    which, words = ("at_least", "at least") if "at_least" in result else ("at_most", "at most")
    return f"{words} {result[which]:.3f}"


def told(memory: Memory) -> str:
    return (
        f"Memory at its most: a reading process {memory.own:.0f} MiB of its own ({memory.resident:.0f} MiB resident, "
        f"with what it shares with all others); the benchmark's process, its decoder and reading processes together "
        f"{memory.all:.0f} MiB, what they share counted once, as a container's limit does."
    )


def _steps_of(steps: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Every step once, in the order in which a page takes them."""
    return [step for step in ORDER if any(step in by for by in steps.values())]


def _row(name: str, values: Sequence[float]) -> str:
    return f"| {name} | " + " | ".join(f"{value:.3f}" if value else "" for value in values) + " |"


def markdown(
    command: str,
    heading: str,
    rows: Mapping[str, Mapping[str, Figures]],
    results: Sequence[Mapping[str, object]],
    memory: Memory,
    steps: Mapping[str, Mapping[str, float]],
) -> str:
    marks = [
        f"- {'met' if r['pass'] else '**missed**'}: {r['target']}: {r['figure']:.3f}, {bound_of(r)}" for r in results
    ]
    return "\n".join(
        [
            "# Benchmarks",
            "",
            f"Written by `{command} --markdown docs/benchmarks.md`.",
            "",
            f"{heading},",
            "no patient given, two processes each, contestants interleaved in one run; medians of the rounds.",
            "*Burned*: share of planted identifiers whose ink lies under solid black. *Not readable*: share that",
            "reading the copy again does not give back. *Depth reread*: every page of the copy is read a second time.",
            "*Depth structure*: pages whose own text is proven on their pixels are read again on a tenth, drawn by a",
            "key; scans always, so that they cost what they cost at depth reread. *Presidio, tuned* is",
            "`presidio-image-redactor` with one thread a process on the very raster that Redoubt reads (native pixels",
            "brought to 200 dpi), with the same spaCy model and the same kind of Tesseract models; *defaults* is the",
            "same as it comes, on MuPDF's rendering at 200 dpi. Neither validates its copies. Redoubt's time includes",
            "decoding the file and writing the copy, Presidio's does not. The floor is one bare call of the engine on",
            "the same raster, or of MuPDF to render a born-digital page; it redacts nothing.",
            "",
            "| | pages | pages a second | CPU s a page | burned | not readable | clean words kept |",
            "|---|---|---|---|---|---|---|",
            *("| " + " | ".join([name, label, *cells]) + " |" for name, label, cells in cells_of(rows)),
            "",
            *marks,
            "",
            *textwrap.wrap(told(memory), 110),
            "",
            "## Where the time goes",
            "",
            "CPU seconds of a page by step, at depth reread, in one process (`python -m tests.bench.steps`); the steps",
            "from `attack` on are validation's. `python -m tests.bench.check` compares counted work, the same on every",
            "machine, with what was accepted, and fails where any of it grew by more than a tenth.",
            "",
            "![CPU seconds a page by step](benchmarks.svg)",
            "",
            "| | " + " | ".join(steps) + " |",
            "|---" * (len(steps) + 1) + "|",
            *(_row(step, [by.get(step, 0.0) for by in steps.values()]) for step in _steps_of(steps)),
            _row("all", [sum(by.values()) for by in steps.values()]),
            "",
        ]
    )

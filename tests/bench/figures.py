"""The bench's figures, and the page that shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass


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


def markdown(
    command: str,
    heading: str,
    rows: Mapping[str, Mapping[str, Figures]],
    results: Sequence[Mapping[str, object]],
    memory: Mapping[str, float],
) -> str:
    marks = [
        f"- {'met' if r['pass'] else '**missed**'}: {r['target']}: {r['figure']:.3f}, at least {r['at_least']:.3f}"
        for r in results
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
            "reading the copy again does not give back. *Presidio, tuned* is `presidio-image-redactor` with one",
            "thread a process on the very raster that Redoubt reads (native pixels brought to 200 dpi), with the",
            "same spaCy model and the same kind of Tesseract models; *defaults* is the same as it comes, on MuPDF's",
            "rendering at 200 dpi. Neither validates its copies; Redoubt's are read a second time. Redoubt's time",
            "includes decoding the file and writing the copy, Presidio's does not. The floor is one bare call of",
            "the engine on the same raster, or of MuPDF to render a born-digital page; it redacts nothing.",
            "",
            "| | pages | pages a second | CPU s a page | burned | not readable | clean words kept |",
            "|---|---|---|---|---|---|---|",
            *("| " + " | ".join([name, label, *cells]) + " |" for name, label, cells in cells_of(rows)),
            "",
            *marks,
            "",
            f"Peak memory of a reading process {memory['reading process']:.0f} MiB, of the benchmark's process with",
            f"its decoder and reading processes {memory['all']:.0f} MiB (each at its own peak).",
            "",
        ]
    )

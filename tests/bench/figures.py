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
    command: str, heading: str, rows: Mapping[str, Mapping[str, Figures]], results: Sequence[Mapping[str, object]]
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
            "Targets are judged on all pages together. *Burned*: share of planted identifiers whose ink lies",
            "under solid black. *Not readable*: share that reading the copy again does not give back. *Presidio,",
            "tuned* is `presidio-image-redactor` with one thread a process on the very raster that Redoubt reads",
            "(native pixels brought to 200 dpi), with the same spaCy model and the same kind of Tesseract models;",
            "it does not validate its copies, Redoubt's are read a second time. Redoubt's time includes decoding",
            "the file and writing the copy, Presidio's does not. *Bare OCR* is one call of the engine on the same",
            "raster, the floor under any first reading; it redacts nothing.",
            "",
            "| | scans | pages a second | CPU s a page | burned | not readable | clean words kept |",
            "|---|---|---|---|---|---|---|",
            *("| " + " | ".join([name, label, *cells]) + " |" for name, label, cells in cells_of(rows)),
            "",
            *marks,
            "",
        ]
    )

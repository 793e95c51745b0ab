"""What the demonstration shows at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.table import Column, Table

from detectors.errors import Reason
from detectors.findings import Kind
from streams.canaries.documents import SyntheticDocument
from streams.canaries.leakcheck import LeakCheck
from streams.demo.judge import Judgement
from streams.reasons import told


@dataclass(frozen=True)
class Row:
    """One document of the demonstration, from submission to judgement."""

    name: str
    """The short name of the copy's file."""
    document: SyntheticDocument
    profile: str
    verdict: str
    reasons: tuple[Reason, ...]
    counts: Mapping[Kind, int]
    judgement: Judgement

    @property
    def check(self) -> LeakCheck:
        return self.judgement.check

    @property
    def leaks(self) -> int:
        """Planted identifiers that the profile acts upon and that are still readable, or whose ink is not burned."""
        return len(set(self.check.readable) | set(self.check.uncovered))


@dataclass(frozen=True)
class Totals:
    """The figures the demonstration is judged by."""

    documents: int
    lost: int
    doubled: int
    leaks: int
    planted: int
    held_back: int
    words_kept: float
    own: int
    own_open: int
    pages: int
    seconds: float


def totals(rows: Sequence[Row], lost: int, doubled: int, seconds: float) -> Totals:
    clean = sum(row.check.words_clean for row in rows)
    return Totals(
        documents=len(rows),
        lost=lost,
        doubled=doubled,
        leaks=sum(row.leaks for row in rows if row.verdict in {"release", "review"}),
        planted=sum(row.check.planted for row in rows),
        held_back=sum(row.verdict != "release" for row in rows),
        words_kept=sum(row.check.words_kept for row in rows) / clean if clean else 0.0,
        own=sum(row.judgement.own for row in rows),
        own_open=sum(row.judgement.own_open for row in rows),
        pages=sum(len(row.document.page_sizes) for row in rows),
        seconds=seconds,
    )


_MOST: Final = 8
"""Kinds named by themselves."""


def documents_table(rows: Sequence[Row]) -> Table:
    """Two lines a document, whole on a terminal of 80 columns; the reasons stand in `explanations`."""
    table = Table(
        "copy",
        Column("document and profile", overflow="fold"),
        Column("pages", justify="right"),
        "verdict",
        Column("redacted", justify="right"),
        Column("still\nreadable", justify="right"),
        Column("words\nkept", justify="right"),
        box=SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        caption_justify="left",
        caption="redacted: findings, told of released copies; still readable: of the planted identifiers that have to "
        "go; words kept: of those that may stay",
    )
    for row in rows:
        style = "red" if row.leaks else None if row.verdict == "release" else "yellow"
        kept = row.check.words_kept / row.check.words_clean if row.check.words_clean else 0.0
        table.add_row(
            row.name,
            f"{_spelled(row.document.layout)}, {_spelled(row.document.format.rpartition('_')[0])}\n  {row.profile}",
            str(len(row.document.page_sizes)),
            row.verdict,
            str(sum(row.counts.values())) if row.verdict == "release" else "-",
            f"{row.leaks} of {row.check.planted}",
            f"{kept:.0%}",
            style=style,
        )
    return table


def _spelled(name: str) -> str:
    return name.replace("_", " ")


def explanations(rows: Sequence[Row]) -> Iterator[str]:
    """What of the documents was redacted, by kind, and why which of them were held back."""
    counts = Counter[Kind]()
    for row in rows:
        counts.update(row.counts)
    if counts:
        most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        named = [f"{_spelled(kind)} {count}" for kind, count in most[:_MOST]]
        others = sum(count for _, count in most[_MOST:])
        yield "redacted: " + ", ".join([*named, *([f"of other kinds {others}"] if others else [])])
    for row in rows:
        for reason in row.reasons:
            yield f"{row.name}: {row.verdict}: {told(reason)}"

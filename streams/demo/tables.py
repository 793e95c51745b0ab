"""What the demonstration shows at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from detectors.findings import Kind
from streams.canaries.documents import SyntheticDocument
from streams.canaries.leakcheck import LeakCheck
from streams.demo.judge import Judgement

MOST_KINDS = 5


@dataclass(frozen=True)
class Row:
    """One document of the demonstration, from submission to judgement."""

    name: str
    """The short name of the copy's file."""
    document: SyntheticDocument
    profile: str
    verdict: str
    reasons: str
    counts: Mapping[Kind, int]
    seconds: float
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


def documents_table(rows: Sequence[Row]) -> Table:
    table = Table(
        *("copy", "document", "format", "profile", "pages", "redacted, by kind", "verdict", "seconds", "planted"),
        *("leaks", "kept"),
    )
    for row in rows:
        style = "red" if row.leaks else None if row.verdict == "release" else "yellow"
        kept = row.check.words_kept / row.check.words_clean if row.check.words_clean else 0.0
        table.add_row(
            row.name,
            row.document.layout.value,
            row.document.format.value,
            row.profile,
            str(len(row.document.page_sizes)),
            _kinds(row.counts),
            f"{row.verdict} {row.reasons}".strip(),
            f"{row.seconds:.1f}",
            str(row.check.planted),
            str(row.leaks),
            f"{kept:.2f}",
            style=style,
        )
    return table


def _kinds(counts: Mapping[Kind, int]) -> str:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{kind.value} {count}" for kind, count in most[:MOST_KINDS])
    rest = sum(count for _, count in most[MOST_KINDS:])
    return f"{shown}, others {rest}" if rest else shown

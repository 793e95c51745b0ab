"""What the bench's figures must reach."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.figures import Figures
from tests.bench.paper import Paper
from tests.bench.peer import Tuning

OURS = "redoubt, depth reread"
STRUCTURE = "redoubt, depth structure"
FLOOR = "floor"
SCANS_FASTER = 1.4
BORN_DIGITAL_FASTER = 20.0
MOST_OVER_OCR = 1.85
"""Two readings and what stands between them; a pipeline on one OCR call cannot pass 2.6 times Presidio's speed."""


def targets(rows: dict[str, dict[str, Figures]], scans: Sequence[Paper]) -> list[dict[str, object]]:
    """Speed is judged kind by kind, for the floor differs; quality on all pages together."""
    ours, theirs = rows[OURS], rows[Tuning.TUNED.value]
    found: list[tuple[str, float, float, bool]] = []
    for kind in scans:
        ratio = ours[kind.value].pages_per_second / theirs[kind.value].pages_per_second
        found.append(
            (f"{kind.value}: pages per second, times presidio tuned", SCANS_FASTER, ratio, ratio >= SCANS_FASTER)
        )
    if born := rows.get(STRUCTURE, {}).get(Paper.BORN_DIGITAL.value):
        ratio = born.pages_per_second / theirs[Paper.BORN_DIGITAL.value].pages_per_second
        name = f"{Paper.BORN_DIGITAL.value}, depth structure: pages per second, times presidio tuned"
        found.append((name, BORN_DIGITAL_FASTER, ratio, ratio >= BORN_DIGITAL_FASTER))
    for name, bound, figure in (
        ("recall by box coverage", theirs["all"].recall_covered or 0.0, ours["all"].recall_covered or 0.0),
        ("recall by re-reading", theirs["all"].recall_reread or 0.0, ours["all"].recall_reread or 0.0),
        ("clean words kept", theirs["all"].words_kept or 0.0, ours["all"].words_kept or 0.0),
    ):
        found.append((f"{name}, above presidio tuned", bound, figure, figure > bound))
    results: list[dict[str, object]] = [
        {"target": name, "at_least": bound, "figure": figure, "pass": passed} for name, bound, figure, passed in found
    ]
    for kind in scans:
        cost = ours[kind.value].cpu_seconds_per_page / rows[FLOOR][kind.value].cpu_seconds_per_page
        name = f"{kind.value}: CPU seconds, times the bare OCR call"
        results.append({"target": name, "at_most": MOST_OVER_OCR, "figure": cost, "pass": cost <= MOST_OVER_OCR})
    return results

"""The table that people read, and the JSON that machines do."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.eval.run import Row, Target
from tests.eval.scores import Share

PAGE_WORDS = 500


def show(results: Sequence[Row], targets: Sequence[tuple[Target, float, bool]]) -> None:
    """Prints one row a set and contestant, our recall by kind, and the targets."""
    console = Console(width=160)
    table = Table(
        "set", "profile", "who", "recall", "clean words kept", "harmless untouched", "CPU s a page of 500 words"
    )
    for row in results:
        s = row.scores
        shares = [_cell(share) for share in (s.recall, s.words_kept, s.harmless_untouched)]
        table.add_row(row.set, row.profile, row.contestant, *shares, f"{row.cpu_s / row.words * PAGE_WORDS:.3f}")
    console.print(table)
    console.print(_by_kind([r for r in results if r.contestant == "redoubt" and r.scores.recall.of]))
    for target, value, is_met in targets:
        console.print(
            f"{'met   ' if is_met else 'MISSED'} {target.set}: {target.figure} {value:.3f}, at least {target.at_least}"
        )


def _by_kind(shown: Sequence[Row]) -> Table:
    """Our recall, kinds down and sets across; those of the others stand in the JSON."""
    table = Table("kind", *(row.set for row in shown), title="recall of redoubt, and of how many")
    for kind in sorted({kind for row in shown for kind in row.scores.by_kind}):
        cells = (row.scores.by_kind.get(kind) for row in shown)
        table.add_row(kind, *("" if share is None else f"{share.value:.3f} / {share.of}" for share in cells))
    return table


def as_json(results: Sequence[Row], targets: Sequence[tuple[Target, float, bool]]) -> str:
    rows = [
        {
            "set": r.set,
            "profile": r.profile,
            "contestant": r.contestant,
            "recall": _dict(r.scores.recall),
            "by_kind": {kind: _dict(share) for kind, share in r.scores.by_kind.items()},
            "words_kept": _dict(r.scores.words_kept),
            "harmless_untouched": _dict(r.scores.harmless_untouched),
            "cpu_s": round(r.cpu_s, 3),
            "words": r.words,
            "misses": r.scores.misses,
        }
        for r in results
    ]
    judged = [{"set": t.set, "figure": t.figure, "at_least": t.at_least, "value": v, "met": m} for t, v, m in targets]
    return json.dumps({"rows": rows, "targets": judged}, indent=1)


def _cell(share: Share) -> str:
    return "" if math.isnan(share.value) else f"{share.value:.3f} ({share.low:.3f} to {share.high:.3f}, n {share.of})"


def _dict(share: Share) -> dict[str, float | int] | None:
    if math.isnan(share.value):
        return None
    return {"value": share.value, "low": share.low, "high": share.high, "hits": share.hits, "of": share.of}

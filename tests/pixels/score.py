"""From copies and truth to figures: shares of scans, rows of tables, and the targets they are held to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from detectors.pages import Pixels
from policies.attack.report import Verdict
from tests.pixels.product import Made, is_burned, words_kept

BURNED = {"clean": 0.999, "poor": 0.995, "degraded": 0.99, "worn": 0.995}
KEPT = {"clean": 0.95, "poor": 0.90, "worn": 0.90}
HELD = {"clean": 0.10, "poor": 0.25, "degraded": 0.60, "worn": 0.25}


@dataclass(frozen=True, slots=True)
class Graded:
    """Counts over scans of one grade; they add up. A withheld page's identifiers count as burned, its words as lost.

    `held` are identifiers that stayed open on a page in review. `open` names those that stayed open anywhere.
    """

    pages: int = 0
    review: int = 0
    withheld: int = 0
    rejected: int = 0
    planted: int = 0
    burned: int = 0
    held: int = 0
    words: int = 0
    words_kept: int = 0
    open: tuple[str, ...] = field(default=())
    reasons: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Graded) -> Graded:
        counts = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        reasons = dict(Counter(self.reasons) + Counter(other.reasons))
        return Graded(**counts, open=self.open + other.open, reasons=reasons)


COUNTS = ("pages", "review", "withheld", "rejected", "planted", "burned", "held", "words", "words_kept")


def graded(made: Made, source: Pixels) -> Graded:
    plants = made.sheet.plants
    left = [] if made.copy is None else [p for p in plants if not is_burned(p, source, made.copy)]
    return Graded(
        pages=1,
        review=made.verdict is Verdict.REVIEW,
        withheld=made.verdict is Verdict.WITHHOLD,
        rejected=made.verdict is None,
        planted=len(plants),
        burned=len(plants) - len(left),
        held=0 if made.released else len(left),
        words=len(made.sheet.words),
        words_kept=words_kept(made, source),
        open=tuple(f"{made.sheet.name}: {p.name} at {p.box.left},{p.box.top}" for p in left),
        reasons=dict.fromkeys((*made.reasons, *([made.rejected] if made.rejected else [])), 1),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A plant of a table and what became of it. `reviewed` says that its page was not released."""

    sheet: str
    name: str
    verdict: str
    burned: bool
    reviewed: bool

    @property
    def missed(self) -> bool:
        return not (self.burned or self.reviewed)


def rows(made: Made, source: Pixels) -> list[Row]:
    verdict = made.verdict.value if made.verdict else made.rejected
    return [
        Row(
            made.sheet.name,
            plant.name,
            verdict,
            made.copy is not None and is_burned(plant, source, made.copy),
            not made.released,
        )
        for plant in made.sheet.plants
    ]


def targets(grades: Mapping[str, Graded], tables: Mapping[str, Sequence[Row]]) -> list[dict[str, object]]:
    """Each target with its bound, figure, and whether it is met."""
    found: list[dict[str, object]] = []
    for name, counts in grades.items():
        hidden = counts.burned + (counts.held if name == "degraded" else 0)
        what = "burned or in review" if name == "degraded" else "burned"
        found.append(_at_least(f"{name} scans, identifiers {what}", BURNED[name], hidden / max(counts.planted, 1)))
        if name in KEPT:
            kept = counts.words_kept / max(counts.words, 1)
            found.append(_at_least(f"{name} scans, clean words kept", KEPT[name], kept))
        held = (counts.review + counts.withheld + counts.rejected) / max(counts.pages, 1)
        found.append(_at_most(f"{name} scans, pages in review or withheld", HELD[name], held))
    for name, found_rows in tables.items():
        found.append(_at_most(f"{name}, missed", 0, sum(row.missed for row in found_rows)))
    return found


def _at_least(target: str, bound: float, figure: float) -> dict[str, object]:
    return {"target": target, "at_least": bound, "figure": round(figure, 5), "pass": figure >= bound}


def _at_most(target: str, bound: float, figure: float) -> dict[str, object]:
    return {"target": target, "at_most": bound, "figure": round(figure, 5), "pass": figure <= bound}

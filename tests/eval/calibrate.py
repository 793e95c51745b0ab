"""Fits how likely findings are identifiers, and sets the profiles' thresholds: `python -m tests.eval.calibrate`.

Writes `detectors/spans/calibration.json` from held-in synthetic text, then `policies/profiles/thresholds.json` by a
sweep on held-back text: for each profile the highest probability below which findings may be let go, so that what
stays of the identifiers that the profile acts upon is within its `leak_budget` with the whole 95 % interval. Where
even every finding leaves more than that, nothing is let go. Neither text is any that `python -m tests.eval` scores:
other seeds' draws of the same templates. `--plot FILE` draws the reliability of the table on the held-back text.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from detectors.detect import PageDetector
from detectors.findings import Layer, Span
from detectors.spans import calibration
from detectors.spans.calibration import probability
from detectors.text.analyzer import TextDetector
from detectors.words.safe import strictly
from policies import profile as profiles
from tests.eval import clinical
from tests.eval.contestants import as_page
from tests.eval.damage import Strength, damaged
from tests.eval.samples import Sample
from tests.eval.scores import score, wilson

THRESHOLDS: Final = Path(profiles.__file__).parent / "profiles" / "thresholds.json"
SURE: Final = 0.99
"""Surely an identifier: steps of the table whose findings were one so often on held-back text, by their interval."""
BINS: Final = 10


class Draws(NamedTuple):
    """Which of the numbered draws of each generator."""

    notes: slice
    documents: slice
    queries: slice


HELD_IN: Final = Draws(slice(200, 600), slice(16, 32), slice(300, 700))
HELD_BACK: Final = Draws(slice(600, 1000), slice(32, 48), slice(700, 1100))


class Found(NamedTuple):
    """A text and what was found in it."""

    sample: Sample
    spans: list[Span]

    def right(self, span: Span) -> bool:
        """Whether the span touches an identifier of any kind: what it covers beyond is another figure's matter."""
        return any(gold.start < span.end and span.start < gold.end for gold in self.sample.golds)


def searched(draws: Draws) -> dict[str, list[Found]]:
    """Typed notes, the same as light damage leaves them, printed pages, and questions that clinicians type."""
    text = TextDetector()
    page = PageDetector(text)
    notes = clinical.notes(draws.notes.stop)[draws.notes]
    queries = clinical.queries(draws.queries.stop)[draws.queries]
    before = len(clinical.documents(draws.documents.start))
    printed = clinical.documents(draws.documents.stop)[before:]
    light = [damaged(sample, Strength.LIGHT, "calibration") for sample in notes]
    return {
        "notes": [Found(sample, text.spans(sample.text)) for sample in notes],
        "notes, light damage": [Found(sample, page.spans(as_page(sample.text), None)) for sample in light],
        "documents": [Found(sample, page.spans(sample.page, None)) for sample in printed if sample.page],
        "queries": [Found(sample, text.spans(sample.text)) for sample in queries],
    }


def fitted(found: Iterable[Found]) -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Steps for each layer, alone and seconded: isotonic regression by pooling adjacent violators, each pool's share
    with half a hit and half a miss added, so that no step says never or always."""
    counts: dict[tuple[Layer, str], dict[float, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in found:
        for span in one.spans:
            if span.layer in calibration.FITTED:
                cell = counts[span.layer, "seconded" if span.votes > 1 else "alone"][round(span.score, 2)]
                cell[0] += one.right(span)
                cell[1] += 1
    table: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(dict)
    for (layer, votes), cells in sorted(counts.items()):
        table[layer.value][votes] = _isotonic(sorted((s, hits, of) for s, (hits, of) in cells.items()))
    return table


def _isotonic(cells: Sequence[tuple[float, int, int]]) -> list[tuple[float, float]]:
    pools: list[tuple[float, int, int]] = []
    for score_, hits, of in cells:
        pools.append((score_, hits, of))
        while len(pools) > 1 and _share(*pools[-1][1:]) <= _share(*pools[-2][1:]):
            _, later_hits, later_of = pools.pop()
            first, earlier_hits, earlier_of = pools.pop()
            pools.append((first, earlier_hits + later_hits, earlier_of + later_of))
    return [(score_, round(_share(hits, of), 4)) for score_, hits, of in pools]


def _share(hits: int, of: int) -> float:
    return (hits + 0.5) / (of + 1)


class Left(NamedTuple):
    """Identifiers that stay, and how many there are; clean words that stay, and how many there are."""

    left: int
    of: int
    words: int
    clean: int


def swept(rules: profiles.Profile, found: dict[str, list[Found]]) -> dict[str, float | int]:
    """One profile's thresholds, and what they leave on this text.

    The highest probability below which findings may be let go: the upper end of what stays of all texts is within the
    budget, and so is what no set of texts had left before.
    """

    def tried(least: float) -> list[Left]:
        return [_left(rules, ones, least) for ones in found.values()]

    every = tried(0.0)
    least, best = 0.0, every
    for candidate in sorted({probability(s) for ones in found.values() for one in ones for s in one.spans}):
        lefts = tried(candidate)
        more = [(now.left - was.left) / now.of for now, was in zip(lefts, every, strict=True)]
        total = wilson(sum(x.left for x in lefts), sum(x.of for x in lefts))
        if total.high > rules.leak_budget or max(more) > rules.leak_budget:
            break
        least, best = candidate, lefts
    return {
        "leak_budget": rules.leak_budget,
        "surely_not_below": least,
        "surely_from": _sure([one for ones in found.values() for one in ones]),
        "identifiers": sum(x.of for x in best),
        "left_by_all_findings": sum(x.left for x in every),
        "left": sum(x.left for x in best),
        "words_kept_by_all_findings": round(sum(x.words for x in every) / sum(x.clean for x in every), 4),
        "words_kept": round(sum(x.words for x in best) / sum(x.clean for x in best), 4),
    }


def _left(rules: profiles.Profile, found: Sequence[Found], least: float) -> Left:
    kept = [[s for s in one.spans if probability(s) >= least] for one in found]
    if rules.strict:
        kept = [strictly(one.sample.text, spans) for one, spans in zip(found, kept, strict=True)]
    samples = clinical.under(rules.name, [one.sample for one in found])
    scores = score(samples, [[(s.start, s.end) for s in spans] for spans in kept])
    recall, words = scores.recall, scores.words_kept
    return Left(recall.of - recall.hits, recall.of, words.hits, words.of)


def _sure(found: Sequence[Found]) -> float:
    steps: dict[float, list[bool]] = defaultdict(list)
    for one in found:
        for span in one.spans:
            steps[probability(span)].append(one.right(span))
    sure = 1.0
    for chance in sorted(steps, reverse=True):
        if wilson(sum(steps[chance]), len(steps[chance])).high < SURE:
            break
        sure = chance
    return sure


def reliability(found: Iterable[Found]) -> list[tuple[float, float, int]]:
    """(mean probability told, share that were identifiers, how many findings), a row for each tenth that has any."""
    told: Counter[int] = Counter()
    right: Counter[int] = Counter()
    sums: dict[int, float] = defaultdict(float)
    for one in found:
        for span in one.spans:
            bin_ = min(int(probability(span) * BINS), BINS - 1)
            told[bin_] += 1
            right[bin_] += one.right(span)
            sums[bin_] += probability(span)
    return [(sums[b] / told[b], right[b] / told[b], told[b]) for b in sorted(told)]


def draw(rows: Sequence[tuple[float, float, int]], target: Path) -> None:
    """The rows with their 95 % intervals, against the line on which what is told is true."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 4.5))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    bounds = [wilson(round(share * count), count) for _, share, count in rows]
    errors = [
        [max(row[1] - bound.low, 0) for row, bound in zip(rows, bounds, strict=True)],
        [max(bound.high - row[1], 0) for row, bound in zip(rows, bounds, strict=True)],
    ]
    axes.errorbar([r[0] for r in rows], [r[1] for r in rows], yerr=errors, fmt="o", color="black", capsize=3)
    for told, share, count in rows:
        axes.annotate(str(count), (told, share), textcoords="offset points", xytext=(7, -11), fontsize=8)
    axes.set(xlabel="probability told", ylabel="share that were identifiers", xlim=(0, 1.02), ylim=(-0.02, 1.05))
    figure.tight_layout()
    figure.savefig(target, dpi=100, metadata={"Software": None})


def show(rows: Sequence[tuple[float, float, int]]) -> None:
    print("told   were   findings")
    for told, share, count in rows:
        print(f"{told:.3f}  {share:.3f}  {count}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.calibrate", description="Fit, and set the thresholds.")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the reliability there, too")
    arguments = parser.parse_args()
    held_in = searched(HELD_IN)
    layers = fitted(one for ones in held_in.values() for one in ones)
    calibration.TABLE.write_text(json.dumps({"layers": layers}, indent=1) + "\n", "utf-8")
    calibration._table.cache_clear()
    back = searched(HELD_BACK)
    rows = reliability(one for ones in back.values() for one in ones)
    show(rows)
    if arguments.plot:
        draw(rows, arguments.plot)
    found = {name: swept(profiles.load(name), back) for name in profiles.names()}
    THRESHOLDS.write_text(json.dumps({"version": 1, "profiles": found}, indent=1) + "\n", "utf-8")
    for name, one in found.items():
        print(name, *(f"{key} {value}" for key, value in one.items()))


if __name__ == "__main__":
    main()

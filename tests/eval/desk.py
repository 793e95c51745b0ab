"""The release desk, measured: `python -m tests.eval.desk [--charts N] [--damage none|light|middle]... [--pixels N]`

Under `roi-authorization`, with an authorization that names every category: the share of the patient's own identifiers
that stay whole (of those that the event tells), of other people's that are burned to the last letter, of misfiled pages
that are caught, of the patient's pages that are not called another's, and of record numbers a slip away from the
patient's that are burned, each with its 95 % interval (Wilson). `--pixels` prints so many of the charts, too, and takes
them through the whole pipeline. Exit code 1 where a target is missed on undamaged text.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from detectors.detect import PageDetector, findings
from detectors.geometry import Box, Quad
from detectors.pages import PageReading, Word
from detectors.sensitive import Sensitive
from policies import profile as profiles
from policies.decisions import Action
from policies.scope.authorization import Authorization
from streams.pipeline.scope import scope
from tests.eval.damage import Strength, damaged
from tests.eval.desk_charts import OTHERS, OWN, Chart, charts
from tests.eval.samples import Sample

PROFILE: Final = "roi-authorization"
ALLOWS_ALL: Final = Authorization("a-1", date(2999, 1, 1), sensitive=tuple(category.value for category in Sensitive))
TARGETS: Final = {
    "own kept": 0.99,
    "others burned": 0.995,
    "misfiled caught": 0.98,
    "pages left in peace": 0.99,
    "look-alikes burned": 0.995,
}
_WORD: Final = re.compile(r"\S+")
_WIDE, _HIGH, _STEP, _MARGIN = 11, 20, 30, 80


@dataclass(slots=True)
class Share:
    """So many of so many; `missed` are the ids of pages where something went wrong."""

    hits: int = 0
    of: int = 0
    missed: list[str] = field(default_factory=list)

    def add(self, hit: bool, id: str) -> None:
        self.hits, self.of = self.hits + hit, self.of + 1
        if not hit:
            self.missed.append(id)

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 1.0

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson's, of 95 %."""
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.value
        middle, half = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def scores(made: Sequence[Chart], strength: Strength | None, detector: PageDetector) -> dict[str, Share]:
    """The shares over these charts; of look-alikes where nothing is damaged, for damage makes them the very number."""
    found = {name: Share() for name in TARGETS}
    for chart in made:
        pages = [damaged(s, strength, f"desk-{strength.name}") if strength else s for s in chart.pages]
        _judge(chart, pages, detector, found)
        if strength is None:
            _judge_look_alikes(chart, detector, found["look-alikes burned"])
    return {name: share for name, share in found.items() if share.of}


def reading_of(sample: Sample) -> PageReading:
    """The text as words of one width, a line under the other."""
    words, at = list[Word](), 0
    for number, line in enumerate(sample.text.split("\n")):
        for word in _WORD.finditer(line):
            left, top = _MARGIN + word.start() * _WIDE, _MARGIN + number * _STEP
            region = Quad.of(Box(left, top, left + len(word[0]) * _WIDE, top + _HIGH))
            words.append(Word(word[0], 95.0, region, number, at + word.start(), at + word.end()))
        at += len(line) + 1
    return PageReading(2200, 2200, 200.0, tuple(words), sample.text, "print")


def _judge(chart: Chart, pages: Sequence[Sample], detector: PageDetector, found: dict[str, Share]) -> None:
    readings = [reading_of(page) for page in pages]
    burned, caught = _decided(chart, readings, detector)
    for number, (sample, reading) in enumerate(zip(pages, readings, strict=True)):
        for whose, start, end in _golds(sample):
            black = [(number, word) in burned for word in reading.words_in(start, end)]
            id = f"{sample.id} {start}"
            if whose == OWN:
                found["own kept"].add(not any(black), id)
            elif whose == OTHERS:
                found["others burned"].add(all(black), id)
        if number in chart.misfiled:
            found["misfiled caught"].add(number in caught, sample.id)
        else:
            found["pages left in peace"].add(number not in caught, sample.id)


def _judge_look_alikes(chart: Chart, detector: PageDetector, share: Share) -> None:
    reading = reading_of(chart.look_alikes)
    burned, _ = _decided(chart, [reading], detector)
    for gold in chart.look_alikes.golds:
        gone = all((0, word) in burned for word in reading.words_in(gold.start, gold.end))
        share.add(gone, f"{chart.look_alikes.id} {gold.start}")


def _decided(
    chart: Chart, readings: Sequence[PageReading], detector: PageDetector
) -> tuple[set[tuple[int, int]], set[int]]:
    """The words that burn, by page and number, and the pages that a person is asked about."""
    profile = profiles.load(PROFILE)
    spans = [detector.spans(reading, chart.subject) for reading in readings]
    every = findings(readings, spans, chart.subject)
    within = scope(profile, ALLOWS_ALL, chart.subject, readings, every)
    decisions = [profile.decide(f, readings[f.page].text[f.span.start : f.span.end] if f.span else "") for f in every]
    burned = {
        (d.finding.page, w)
        for d in (*decisions, *within.decisions)
        if d.action is not Action.KEEP
        for w in d.finding.words
    }
    return burned, {place.page for place in within.asked}


def _golds(sample: Sample) -> Iterator[tuple[str, int, int]]:
    yield from ((gold.kind, gold.start, gold.end) for gold in sample.golds)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.desk", description="Measure the release desk.")
    parser.add_argument("--charts", type=int, default=200)
    parser.add_argument("--seed", default="desk", help="rules were written in view of the charts of the default one")
    parser.add_argument("--damage", action="append", choices=["none", *(s.name.lower() for s in Strength)])
    parser.add_argument("--pixels", type=int, default=0, metavar="N", help="charts through the whole pipeline")
    parser.add_argument("--heads", type=int, default=0, metavar="N", help="pages a head that tells little")
    parser.add_argument("--misses", action="store_true", help="name the pages where something went wrong")
    arguments = parser.parse_args()
    made, detector, met = charts(arguments.charts, arguments.seed), PageDetector(), True
    for name in arguments.damage or ["none", "light", "middle"]:
        strength = None if name == "none" else Strength[name.upper()]
        found = scores(made, strength, detector)
        print(f"{len(made)} charts, {sum(len(c.pages) for c in made)} pages, damage: {name}")
        for figure, share in found.items():
            low, high = share.interval()
            print(f"  {figure:20} {share.value:.4f}  [{low:.4f}, {high:.4f}]  of {share.of}; target {TARGETS[figure]}")
            if arguments.misses:
                print("    " + "; ".join(share.missed[:40]))
        met = met and (name != "none" or all(share.value >= TARGETS[f] for f, share in found.items()))
        if arguments.heads:
            from tests.eval.desk_heads import shares

            for head, share in shares(arguments.heads, arguments.seed, strength, detector):
                print(f"    {head:44} {share.hits} of {share.of} right")
    if arguments.pixels:
        from tests.eval.desk_pixels import printed

        printed(made[: arguments.pixels])
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())

"""Recall, words kept, harmless texts untouched, each with an interval; every miss by its stable id."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.eval.samples import Gold, Sample

Z95: Final = 1.959964
ROUNDS: Final = 400
"""Bootstrap rounds: the ends of a 95 % interval rest on ten of them each."""
Found = Sequence[tuple[int, int]]
"""Half-open character offsets of what a contestant would mask in one text."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else math.nan


@dataclass(frozen=True, slots=True)
class Scores:
    """What one contestant does to one set. `misses` are ids of golds that are not wholly covered."""

    recall: Share
    by_kind: dict[str, Share]
    words_kept: Share
    harmless_untouched: Share
    misses: tuple[str, ...] = field(repr=False)


def score(samples: Sequence[Sample], found: Sequence[Found]) -> Scores:
    """A gold counts when every letter and digit of it is covered; a clean word (under no gold of any kind) is kept
    when none of its letters and digits is; a harmless text (without golds) is untouched when none of its is."""
    hits: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    misses: list[str] = []
    kept: list[tuple[int, int]] = []
    untouched = harmless = 0
    for sample, spans in zip(samples, found, strict=True):
        covered = _marked(sample.text, spans)
        for number, gold in enumerate(sample.golds):
            if gold.counts:
                totals[gold.kind] += 1
                if _whole(sample.text, gold, covered):
                    hits[gold.kind] += 1
                else:
                    misses.append(f"{sample.id}/{number}/{gold.kind}")
        kept.append(_words(sample, covered))
        if not sample.golds:
            harmless += 1
            untouched += not any(covered[i] and c.isalnum() for i, c in enumerate(sample.text))
    return Scores(
        recall=wilson(sum(hits.values()), sum(totals.values())),
        by_kind={kind: wilson(hits[kind], totals[kind]) for kind in sorted(totals)},
        words_kept=bootstrapped(kept),
        harmless_untouched=wilson(untouched, harmless),
        misses=tuple(misses),
    )


def wilson(hits: int, of: int) -> Share:
    """Wilson's score interval (E. B. Wilson, JASA 1927)."""
    if not of:
        return Share(0, 0, math.nan, math.nan)
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return Share(hits, of, max(middle - half, 0.0), min(middle + half, 1.0))


def bootstrapped(counts: Sequence[tuple[int, int]]) -> Share:
    """The share over all texts; its interval by drawing texts again, for words of one text stand or fall together."""
    hits, of = sum(h for h, _ in counts), sum(n for _, n in counts)
    if not of:
        return Share(0, 0, math.nan, math.nan)
    rng = Random("words kept")  # noqa: S311
    shares = []
    for _ in range(ROUNDS):
        drawn = rng.choices(counts, k=len(counts))
        total = sum(n for _, n in drawn)
        shares.append(sum(h for h, _ in drawn) / total if total else 1.0)
    shares.sort()
    cut = ROUNDS // 40
    return Share(hits, of, shares[cut], shares[-cut - 1])


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> bytearray:
    marks = bytearray(len(text))
    for start, end in spans:
        start, end = max(start, 0), min(end, len(text))
        marks[start:end] = b"\1" * max(end - start, 0)
    return marks


def _whole(text: str, gold: Gold, covered: bytearray) -> bool:
    return all(covered[i] or not text[i].isalnum() for i in range(gold.start, gold.end))


def _words(sample: Sample, covered: bytearray) -> tuple[int, int]:
    """Clean words kept, and all of them; what holds no letter and no digit is no word."""
    golden = _marked(sample.text, ((g.start, g.end) for g in sample.golds))
    kept = total = at = 0
    for word in sample.text.split():
        at = sample.text.index(word, at)
        place = range(at, at + len(word))
        at += len(word)
        if any(golden[i] for i in place) or not any(c.isalnum() for c in word):
            continue
        total += 1
        kept += not any(covered[i] and sample.text[i].isalnum() for i in place)
    return kept, total

"""How likely a finding is an identifier: scores of layers that mean different things made one probability.

Each layer scores by its own rules. `calibration.json` says for each layer, alone and seconded by another, which share
of the findings of a score were identifiers on labelled synthetic text: a step function that never falls (isotonic
regression: Ayer and others, Annals of Mathematical Statistics 26, 1955). `python -m tests.eval.calibrate` makes it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from detectors.findings import Layer, Span

TABLE: Final = Path(__file__).parent / "calibration.json"
FITTED: Final = (Layer.PATTERN, Layer.DICTIONARY, Layer.NER)
"""Layers that judge what a thing looks like. What the others find is known from elsewhere: by the event, by a label,
by another page. No figure from text that has few forms makes those less sure."""


class Steps(NamedTuple):
    """From each score on, the probability beside it; both ascend."""

    scores: tuple[float, ...]
    probabilities: tuple[float, ...]

    def at(self, score: float) -> float:
        """Below the first step the first holds: nothing was seen there."""
        return self.probabilities[max(bisect_right(self.scores, score) - 1, 0)]


def voted(spans: Iterable[Span], raw: Sequence[Span]) -> list[Span]:
    """The merged spans, each with the number of layers that found anything under it. `spans` are in text order."""
    waiting = sorted(raw, key=lambda s: s.start)
    under: list[Span] = []
    found, next_ = [], 0
    for span in spans:
        while next_ < len(waiting) and waiting[next_].start < span.end:
            under.append(waiting[next_])
            next_ += 1
        under = [s for s in under if s.end > span.start]
        votes = max(len({s.layer for s in under if s.start < span.end}), 1)
        found.append(span if votes == span.votes else replace(span, votes=votes))
    return found


def probability(span: Span) -> float:
    """From 0 to 1; 1.0 for layers that know rather than judge."""
    steps = _table().get((span.layer, span.votes > 1))
    return 1.0 if steps is None else steps.at(span.score)


def likely(spans: Iterable[Span], least: float) -> list[Span]:
    """The spans that are identifiers with this probability at least."""
    return [span for span in spans if probability(span) >= least] if least > 0 else list(spans)


@cache
def _table() -> dict[tuple[Layer, bool], Steps]:
    stored = json.loads(TABLE.read_text("utf-8"))["layers"]
    return {
        (layer, seconded): Steps(tuple(s for s, _ in steps), tuple(p for _, p in steps))
        for layer in FITTED
        for seconded, name in ((False, "alone"), (True, "seconded"))
        if (steps := stored.get(layer.value, {}).get(name))
    }

"""The model at work: a text in, tagged stretches with their probabilities out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from detectors.model.features import gaps, is_strange, tokens
from detectors.model.network import Inference, Network, Tag

WEIGHTS: Final = Path(__file__).parent / "weights.npz"
THRESHOLD: Final = 0.5
"""A token is of somebody where the model thinks it at least so likely that it is not of nothing."""
STRANGERS: Final = 0.6
"""Of the threshold, what is enough for a word that is no ordinary one."""


class Stretch(NamedTuple):
    """Neighbouring tokens of one tag, on one line: half-open character offsets, and how likely they are of any tag."""

    start: int
    end: int
    tag: Tag
    probability: float


@cache
def network() -> Network:
    """The weights beside this file, read once a process."""
    return Network.load(WEIGHTS)


@cache
def inference() -> Inference:
    """The same at work."""
    return Inference(network())


def stretches(text: str, model: Inference, threshold: float = THRESHOLD) -> list[Stretch]:
    """In text order, disjoint. Marks at either end are left out."""
    spans = tokens(text)
    if not spans:
        return []
    sure = model.probabilities([text[start:end] for start, end in spans], gaps(spans))
    some = 1.0 - sure[:, 0]
    some_at = (some >= STRANGERS * threshold).nonzero()[0]
    if not some_at.size:
        return []
    tags = sure[some_at, 1:].argmax(axis=1) + 1
    runs: list[list[tuple[int, int, float]]] = []
    for at, tag, likely in zip(some_at.tolist(), tags.tolist(), some[some_at].tolist(), strict=True):
        start, end = spans[at]
        if text[start] == "\n" or (likely < threshold and not is_strange(text[start:end])):
            continue
        if runs and runs[-1][-1][:2] == (at - 1, tag):
            runs[-1].append((at, tag, likely))
        else:
            runs.append([(at, tag, likely)])
    return [stretch for run in runs for stretch in _stretch(text, spans, run)]


def _stretch(text: str, spans: list[tuple[int, int]], run: list[tuple[int, int, float]]) -> Iterator[Stretch]:
    named = [token for token in run if text[spans[token[0]][0]].isalnum()]
    if named:
        likely = sum(likely for _, _, likely in named) / len(named)
        yield Stretch(spans[named[0][0]][0], spans[named[-1][0]][1], Tag(named[0][1]), likely)

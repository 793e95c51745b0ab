"""The model at work: a text in, tagged stretches with their probabilities out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from detectors.model.features import EDGE, STRANGE, ids, tokens
from detectors.model.network import Network, Tag

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


def stretches(text: str, model: Network, threshold: float = THRESHOLD) -> list[Stretch]:
    """In text order, disjoint. Marks at either end are left out."""
    spans = tokens(text)
    if not spans:
        return []
    rows = ids(text, spans)
    sure = model.probabilities(rows)
    words = rows[EDGE:-EDGE, 0]
    strange = (words == STRANGE[0]) | (words == STRANGE[1])
    some = 1.0 - sure[:, 0]
    tagged = np.flatnonzero(some >= np.where(strange, STRANGERS * threshold, threshold))
    tags = (sure[tagged, 1:].argmax(axis=1) + 1).tolist()
    runs: list[list[tuple[int, int, float]]] = []
    for token in zip(tagged.tolist(), tags, some[tagged].tolist(), strict=True):
        if text[spans[token[0]][0]] == "\n":
            continue
        if runs and runs[-1][-1][:2] == (token[0] - 1, token[1]):
            runs[-1].append(token)
        else:
            runs.append([token])
    return [stretch for run in runs for stretch in _stretch(text, spans, run)]


def _stretch(text: str, spans: list[tuple[int, int]], run: list[tuple[int, int, float]]) -> Iterator[Stretch]:
    named = [token for token in run if text[spans[token[0]][0]].isalnum()]
    if named:
        likely = sum(likely for _, _, likely in named) / len(named)
        yield Stretch(spans[named[0][0]][0], spans[named[-1][0]][1], Tag(named[0][1]), likely)

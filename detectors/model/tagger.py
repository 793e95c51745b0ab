"""The model at work: a text in, tagged stretches with their probabilities out."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
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
    sure = model.probabilities(rows)[EDGE:-EDGE]
    words = rows[EDGE:-EDGE, 0]
    strange = np.logical_or.reduce([words == row for row in STRANGE])
    enough = np.where(strange, STRANGERS * threshold, threshold)
    some = 1.0 - sure[:, 0]
    tags = np.where(some >= enough, sure[:, 1:].argmax(axis=1) + 1, 0)
    tags[[i for i, (start, _) in enumerate(spans) if text[start] == "\n"]] = 0
    found: list[Stretch] = []
    cuts = [0, *(np.flatnonzero(np.diff(tags)) + 1).tolist(), len(tags)]
    for a, b in pairwise(cuts):
        named = [i for i in range(a, b) if text[spans[i][0]].isalnum()] if tags[a] else []
        if named:
            likely = float(some[named].mean())
            found.append(Stretch(spans[named[0]][0], spans[named[-1]][1], Tag(int(tags[a])), likely))
    return found

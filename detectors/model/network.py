"""The model's arithmetic: embedded features, four convolutions over neighbouring tokens, a softmax over tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from detectors.model.features import EDGE, TABLES, Ids, of_word

Floats = npt.NDArray[np.float32]

WIDTHS: Final = {"word": 32, "prefix": 16, "suffix": 16, "shape": 16, "listed": 16, "gap": 4}
HIDDEN: Final = 64
REACH: Final = (1, 1, 2, 4)
"""How far each convolution looks to either side; together as far as the edge tokens stand."""
_FIRST_MET: Final = 1 << 10
_MOST_MET: Final = 1 << 14
"""Tokens that are kept from text to text, of 768 bytes each: the vocabulary of some hundred pages."""


class Tag(IntEnum):
    """What a token belongs to."""

    NOTHING = 0
    PERSON = 1
    PLACE = 2
    STREET = 3
    FACILITY = 4
    FIRM = 5
    """Organisations that give no care: learned so that they are taken for no person, and not reported."""
    DATE = 6
    ID = 7


@dataclass(frozen=True, slots=True)
class Network:
    """Weights by name: a table for each feature, `w0`… and `b0`… of the convolutions, `w` and `b` of the tags."""

    weights: dict[str, Floats]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises OSError or ValueError where `path` holds no weights."""
        with np.load(path, allow_pickle=False) as stored:
            return cls({name: stored[name].astype(np.float32) for name in stored.files})

    def save(self, path: Path) -> None:
        """Half precision; the same weights give the same bytes."""
        np.savez_compressed(path, allow_pickle=False, **{k: v.astype(np.float16) for k, v in self.weights.items()})

    def embedded(self, ids: Ids) -> Floats:
        return np.concatenate([self.weights[name][ids[:, i]] for i, name in enumerate(TABLES)], axis=1)

    def activations(self, embedded: Floats) -> list[Floats]:
        """What goes into each convolution, and at last what comes out of all."""
        layers = [embedded]
        for i, reach in enumerate(REACH):
            out = np.maximum(window(layers[-1], reach) @ self.weights[f"w{i}"] + self.weights[f"b{i}"], 0.0)
            layers.append(out if i == 0 else layers[-1] + out)
        return layers


class _Met:
    """Tokens that were met, and what the rows of each add to the first convolution: most of a text are met again.

    Threads may share it: a token is entered once its rows are there, and none is ever taken out.
    """

    def __init__(self, tables: Sequence[Floats]) -> None:
        self._tables = tables
        self._places: dict[str, int] = {}
        self._sums = np.empty((_FIRST_MET, tables[0].shape[1]), np.float32)
        self._sums[0] = self._sum((0,) * len(tables))
        self._entering = Lock()

    def __len__(self) -> int:
        return len(self._places)

    def sums(self, tokens: Iterable[str]) -> Floats:
        """Shape (EDGE + tokens + EDGE, 3 * HIDDEN), the edges being nothing."""
        known = self._places
        places = [known[token] if token in known else self._entered(token) for token in tokens]
        return self._sums.take([0] * EDGE + places + [0] * EDGE, axis=0)

    def _entered(self, token: str) -> int:
        total = self._sum(of_word(token))
        with self._entering:
            place = self._places.get(token, len(self._places) + 1)
            if place == len(self._sums):
                self._sums = np.concatenate((self._sums, np.empty_like(self._sums)))
            self._sums[place] = total
            self._places[token] = place
        return place

    def _sum(self, rows: Iterable[int]) -> Floats:
        total = np.zeros(self._tables[0].shape[1], np.float32)
        for table, row in zip(self._tables, rows, strict=True):
            total += table[row]
        return total


class Inference:
    """A network that learns no more. What each row of a table adds to the first convolution is worked out once."""

    def __init__(self, network: Network) -> None:
        weights = network.weights
        first = weights["w0"].reshape(2 * REACH[0] + 1, -1, HIDDEN)
        ends = [*accumulate(WIDTHS[name] for name in TABLES)]
        parts = np.split(first, ends[:-1], axis=1)
        *self._tables, self._gaps = (
            np.concatenate([*(weights[name] @ part)], axis=1) for name, part in zip(TABLES, parts, strict=True)
        )
        self._met = _Met(self._tables)
        self._bias = weights["b0"]
        self._further = [(reach, weights[f"w{i}"], weights[f"b{i}"]) for i, reach in enumerate(REACH) if i > 0]
        self._tags = weights["w"], weights["b"]

    def probabilities(self, tokens: Iterable[str], gaps: Ids) -> Floats:
        """Shape (tokens, tags); `gaps` as `features.gaps` has them.

        What `Network.activations` says of each row, but for the rows that nothing further looks at.
        """
        if len(self._met) > _MOST_MET:
            self._met = _Met(self._tables)
        added = self._met.sums(tokens)
        added += self._gaps.take(gaps, axis=0)
        hidden = added[:-2, :HIDDEN] + added[1:-1, HIDDEN : 2 * HIDDEN]
        hidden += added[2:, 2 * HIDDEN :]
        hidden += self._bias
        np.maximum(hidden, 0.0, out=hidden)
        for reach, weights, bias in self._further:
            seen = np.concatenate((hidden[: -2 * reach], hidden[reach:-reach], hidden[2 * reach :]), axis=1)
            out = seen @ weights
            out += bias
            np.maximum(out, 0.0, out=out)
            out += hidden[reach:-reach]
            hidden = out
        weights, bias = self._tags
        logits = hidden @ weights
        logits += bias
        logits -= np.maximum.reduce(logits, axis=1, keepdims=True)
        powers: Floats = np.exp(logits, out=logits)
        powers /= np.add.reduce(powers, axis=1, keepdims=True)
        return powers


def window(rows: Floats, reach: int) -> Floats:
    """Each row between its neighbours at `reach` to the left and right; beyond the ends stand zeros."""
    width = rows.shape[1]
    out = np.zeros((len(rows), 3 * width), np.float32)
    out[reach:, :width] = rows[:-reach]
    out[:, width : 2 * width] = rows
    out[:-reach, 2 * width :] = rows[reach:]
    return out

"""The model's arithmetic: embedded features, four convolutions over neighbouring tokens, a softmax over tags."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from detectors.model.features import TABLES, Ids

Floats = npt.NDArray[np.float32]

WIDTHS: Final = {"word": 32, "prefix": 16, "suffix": 16, "shape": 16, "listed": 16, "gap": 4}
HIDDEN: Final = 64
REACH: Final = (1, 1, 2, 4)
"""How far each convolution looks to either side; together as far as the edge tokens stand."""


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

    def probabilities(self, ids: Ids) -> Floats:
        """Shape (tokens, tags); `ids` have the edges that the model looks at, and they are none."""
        hidden = self.embedded(ids)
        for i, reach in enumerate(REACH):
            # What `activations` says of each row, but for the rows that nothing further looks at.
            rows = len(hidden) - 2 * reach
            seen = np.concatenate((hidden[:rows], hidden[reach : reach + rows], hidden[2 * reach :]), axis=1)
            out = seen @ self.weights[f"w{i}"]
            out += self.weights[f"b{i}"]
            np.maximum(out, 0.0, out=out)
            hidden = out if i == 0 else np.add(out, hidden[reach:-reach], out=out)
        logits = hidden @ self.weights["w"] + self.weights["b"]
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)

    def embedded(self, ids: Ids) -> Floats:
        return np.concatenate([self.weights[name][ids[:, i]] for i, name in enumerate(TABLES)], axis=1)

    def activations(self, embedded: Floats) -> list[Floats]:
        """What goes into each convolution, and at last what comes out of all."""
        layers = [embedded]
        for i, reach in enumerate(REACH):
            out = np.maximum(window(layers[-1], reach) @ self.weights[f"w{i}"] + self.weights[f"b{i}"], 0.0)
            layers.append(out if i == 0 else layers[-1] + out)
        return layers


def window(rows: Floats, reach: int) -> Floats:
    """Each row between its neighbours at `reach` to the left and right; beyond the ends stand zeros."""
    width = rows.shape[1]
    out = np.zeros((len(rows), 3 * width), np.float32)
    out[reach:, :width] = rows[:-reach]
    out[:, width : 2 * width] = rows
    out[:-reach, 2 * width :] = rows[reach:]
    return out

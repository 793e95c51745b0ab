"""The learning: the network's gradients by hand, and Adam. One thread, one seed; numpy alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from detectors.model.features import EDGE, TABLES, Ids, ids, tokens
from detectors.model.network import HIDDEN, REACH, WIDTHS, Floats, Network, Tag, window
from detectors.model.training.corpus import Page

BATCH_TOKENS: Final = 6000
_DECAY_1, _DECAY_2, _TINY = 0.9, 0.99, 1e-8
_SHRINK: Final = 1e-5
"""How much every weight loses a step: rows that the training text never touches fade."""
_LEFT_OUT: Final = np.asarray([0.12, 0.1, 0.1, 0.05, 0.12, 0.0])
"""How often each feature is hidden from the model, so that it leans on none alone."""
_DROPPED: Final = 0.15
_MISSED: Final = 2.0
"""A missed identifier weighs so much more than a masked word."""


def fresh(seed: int) -> Network:
    """Small random weights."""
    rng = np.random.default_rng(seed)
    weights = {name: rng.normal(0.0, 0.1, (rows, WIDTHS[name])) for name, rows in TABLES.items()}
    width = sum(WIDTHS.values())
    for i in range(len(REACH)):
        weights[f"w{i}"] = rng.normal(0.0, np.sqrt((2.0 if i == 0 else 0.5) / (3 * width)), (3 * width, HIDDEN))
        weights[f"b{i}"] = np.zeros(HIDDEN)
        width = HIDDEN
    weights["w"] = rng.normal(0.0, 0.1, (HIDDEN, len(Tag)))
    weights["b"] = np.zeros(len(Tag))
    return Network({name: values.astype(np.float32) for name, values in weights.items()})


def batches(pages: Iterator[Page]) -> Iterator[tuple[Ids, Ids]]:
    """Without end, from endless pages: feature numbers, and the tag of each token (-1 at edges)."""
    held: list[tuple[Ids, Ids]] = []
    for text, tags in pages:
        spans = tokens(text)
        if spans:
            gold = [-1] * EDGE + [max(tags[a:b]) for a, b in spans] + [-1] * EDGE
            held.append((ids(text, spans), np.asarray(gold, np.int32)))
        if sum(len(gold) for _, gold in held) >= BATCH_TOKENS:
            yield np.concatenate([x for x, _ in held]), np.concatenate([y for _, y in held])
            held = []


class Learner:
    """A network and the moments of its gradients."""

    def __init__(self, network: Network, seed: int) -> None:
        self.network = network
        self._rng = np.random.default_rng(seed)
        self._first = {name: np.zeros_like(w) for name, w in network.weights.items()}
        self._second = {name: np.zeros_like(w) for name, w in network.weights.items()}
        self._steps = 0

    def step(self, rows: Ids, gold: Ids, rate: float) -> float:
        """Learns from a batch; its mean loss."""
        hidden_from = self._rng.random(rows.shape) < _LEFT_OUT
        rows = np.where(hidden_from, 0, rows).astype(np.int32)
        shape = len(rows), sum(WIDTHS.values())
        kept = (self._rng.random(shape, dtype=np.float32) >= _DROPPED).astype(np.float32) / np.float32(1 - _DROPPED)
        found, loss = gradients(self.network, rows, gold, kept)
        self._steps += 1
        for name, gradient in found.items():
            self._move(name, gradient, rate)
        return loss

    def _move(self, name: str, gradient: Floats, rate: float) -> None:
        first, second, weights = self._first[name], self._second[name], self.network.weights[name]
        first += (1 - _DECAY_1) * (gradient - first)
        second += (1 - _DECAY_2) * (gradient * gradient - second)
        ahead = first / (1 - _DECAY_1**self._steps)
        spread = np.sqrt(second / (1 - _DECAY_2**self._steps)) + _TINY
        weights -= rate * ahead / spread
        weights *= 1 - _SHRINK


def gradients(network: Network, rows: Ids, gold: Ids, kept: Floats | None = None) -> tuple[dict[str, Floats], float]:
    """Of every weight, and the mean loss; `kept` scales the embedded features, 0 drops one."""
    weights = network.weights
    scale = np.float32(1.0) if kept is None else kept
    layers = network.activations(np.asarray(network.embedded(rows) * scale, np.float32))
    logits = layers[-1] @ weights["w"] + weights["b"]
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    sure = powers / powers.sum(axis=1, keepdims=True)
    weigh = np.where(gold > 0, _MISSED, 1.0).astype(np.float32) * (gold >= 0)
    at = np.arange(len(gold)), np.maximum(gold, 0)
    loss = float(-(np.log(sure[at] + 1e-9) * weigh).sum() / weigh.sum())
    sure[at] -= 1.0
    back = sure * (weigh / weigh.sum())[:, None]
    found = {"w": layers[-1].T @ back, "b": back.sum(axis=0)}
    back = back @ weights["w"].T
    for i in reversed(range(len(REACH))):
        out = layers[i + 1] if i == 0 else layers[i + 1] - layers[i]
        inner = back * (out > 0)
        found[f"w{i}"], found[f"b{i}"] = window(layers[i], REACH[i]).T @ inner, inner.sum(axis=0)
        below = _unwindow(inner @ weights[f"w{i}"].T, REACH[i])
        back = below if i == 0 else back + below
    back *= scale
    start = 0
    for i, name in enumerate(TABLES):
        end = start + WIDTHS[name]
        table = np.zeros_like(weights[name])
        np.add.at(table, rows[:, i], back[:, start:end])
        found[name], start = table, end
    return found, loss


def _unwindow(wide: Floats, reach: int) -> Floats:
    """What `window` spread out, gathered again."""
    width = wide.shape[1] // 3
    rows = wide[:, width : 2 * width].copy()
    rows[:-reach] += wide[reach:, :width]
    rows[reach:] += wide[:-reach, 2 * width :]
    return rows

"""How much may leak, given what was seen to: upper bounds, of documents first, and never of two sources pooled.

The exact bound answers one look, at a number of documents fixed beforehand. Who looks every minute and stops at a look
that pleases needs the one that holds at every moment: a confidence sequence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

CONFIDENCE: Final = 0.95
_PRIOR: Final = (1.0, 100.0)
"""The mixture's weight on rates: most of it about one in a hundred, where bounds are wanted tight. Whatever it is, the
sequence holds; it only decides where it is narrow."""
_STEPS: Final = 40
_RESAMPLES: Final = 2000


def exact(leaked: int, documents: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided upper bound of the share of documents that leak: Clopper and Pearson, Biometrika 26, 1934.

    None in 299 bounds it by 1 %. 1.0 where nothing was seen yet. ValueError where `leaked` is not within `documents`.
    """
    _check(leaked, documents)
    if leaked == documents:
        return 1.0
    return _least(lambda share: _tail(leaked, documents, share) <= 1 - confidence, leaked / documents)


def anytime(leaked: int, documents: int, confidence: float = CONFIDENCE) -> float:
    """The same bound, true at all moments together: looking as often as one likes does not cheat.

    The mixture martingale of Robbins (Annals of Mathematical Statistics 41, 1970) with a beta mixture, and Ville's
    inequality. ValueError as above.
    """
    _check(leaked, documents)
    if leaked == documents:
        return 1.0
    a, b = _PRIOR
    mixture = _log_beta(a + leaked, b + documents - leaked) - _log_beta(a, b)
    limit = -math.log(1 - confidence)

    def excluded(share: float) -> bool:
        return mixture - leaked * math.log(share) - (documents - leaked) * math.log1p(-share) >= limit

    return _least(excluded, max(leaked / documents, 1e-12))


def of_identifiers(
    documents: Sequence[tuple[int, int]], seed: int = 0, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """The share of identifiers that leak, and an upper bound of it by a bootstrap over whole documents, whose
    identifiers leak together. `documents` are (leaked, planted) of each; (0, 1) without any. A bootstrap cannot see
    past what it was given: where none leaked it bounds nothing, and the bound is 1.0.
    """
    pairs = np.array(documents, np.int64).reshape(-1, 2)
    leaked, planted = (int(total) for total in pairs.sum(axis=0))
    if not planted:
        return 0.0, 1.0
    if not leaked:
        return 0.0, 1.0
    chosen = np.random.default_rng(seed).integers(0, len(pairs), (_RESAMPLES, len(pairs)))
    sums = pairs[chosen].sum(axis=1)
    shares = sums[:, 0] / np.maximum(sums[:, 1], 1)
    return leaked / planted, float(np.quantile(shares, confidence))


def _check(leaked: int, documents: int) -> None:
    if not 0 <= leaked <= documents:
        raise ValueError("leaked documents are among the documents")


def _tail(leaked: int, documents: int, share: float) -> float:
    """The chance of so few leaks or fewer."""
    terms = [
        _log_choose(documents, k) + k * math.log(share) + (documents - k) * math.log1p(-share)
        for k in range(leaked + 1)
    ]
    top = max(terms)
    return math.exp(top) * math.fsum(math.exp(term - top) for term in terms)


def _least(excluded: Callable[[float], bool], low: float) -> float:
    """The smallest excluded share above `low`, rounded up: a bound may be too high, never too low."""
    high = 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if middle > 0 and excluded(middle) else (middle, high)
    return high


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

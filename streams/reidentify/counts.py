"""What the service shows of itself to Prometheus: counts by closed words, no person and no token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter

from detectors.errors import Reason
from policies.tokens.reversal import TurnedBack
from streams.reidentify.people import Ground
from streams.watch.labels import closed

DONE: Final = "turned_back"


class Counts:
    """redoubt_reidentify_tokens_total{outcome,ground}, redoubt_reidentify_refused_total{reason} and
    redoubt_reidentify_unusual_total."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._tokens = Counter(
            "redoubt_reidentify_tokens",
            "Tokens that somebody asked for, by what came of it",
            ["outcome", "ground"],
            registry=registry,
        )
        self._refused = Counter(
            "redoubt_reidentify_refused", "Calls that were answered with an error", ["reason"], registry=registry
        )
        self._unusual = Counter(
            "redoubt_reidentify_unusual", "People who passed the usual volume of an hour", registry=registry
        )
        for ground in Ground:
            self._tokens.labels(DONE, ground.value)

    def turned_back(self, answers: Sequence[TurnedBack], ground: Ground) -> None:
        for answer in answers:
            self._tokens.labels(closed(answer.reason, Reason) if answer.reason else DONE, closed(ground, Ground)).inc()

    def refused(self, reason: Reason) -> None:
        self._refused.labels(closed(reason, Reason)).inc()

    def unusual(self) -> None:
        self._unusual.inc()

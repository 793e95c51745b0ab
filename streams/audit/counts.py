"""What the sequencer shows of its heads to Prometheus: how many in a row did not get where they belong."""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import CollectorRegistry, Gauge

from streams.watch.labels import closed


class Place(StrEnum):
    TOPIC = "topic"
    """`audit.heads`: missing where nobody signs."""
    OUTSIDE = "outside"
    """REDOUBT_SEQUENCER__HEADS_URL."""


class HeadCounts:
    """redoubt_heads_missing{place}: 0 once a head is there again, since it stands for all before it."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self._missing = Gauge(
            "redoubt_heads_missing",
            "Heads of the audit log in a row that did not get to a place",
            ["place"],
            registry=registry,
        )
        for place in Place:
            self._missing.labels(place.value)

    def put(self, place: Place) -> None:
        self._missing.labels(closed(place, Place)).set(0)

    def refused(self, place: Place) -> None:
        self._missing.labels(closed(place, Place)).inc()

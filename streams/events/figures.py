"""Leakage figures: counts only. One observation a document, one window a profile and span of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.events.envelope import Event, derived_id


@dataclass(frozen=True, slots=True)
class LeakageObserved(Event):
    """`counts` are findings acted upon; `residuals` what the attacker still found in the last round.

    `seconds` are wall seconds by stage.
    """

    TYPE: ClassVar[str] = "redoubt.leakage.observed.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    profile: str
    depth: Depth
    verdict: Verdict
    reasons: tuple[Reason, ...]
    pages: int
    counts: Mapping[Kind, int]
    residuals: Mapping[Kind, int]
    words: int
    words_burned: int
    rounds: int
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LeakageWindow(Event):
    """The observations of one profile in [start, end)."""

    TYPE: ClassVar[str] = "redoubt.leakage.window.v1"
    SOURCE: ClassVar[str] = "/redoubt/monitor"

    profile: str
    start: datetime
    end: datetime
    documents: int
    pages: int
    released: int
    review: int
    withheld: int
    counts: Mapping[Kind, int]
    residuals: Mapping[Kind, int]
    words: int
    words_burned: int
    rounds: int

    @property
    def key(self) -> str:
        return derived_id(self.TYPE, self.profile, self.start.isoformat(), self.end.isoformat())

"""Leakage figures: counts only. One observation a document, one window a span of time and group of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from detectors.errors import Reason
from detectors.findings import Kind
from policies.attack.report import Depth, Verdict
from streams.events.envelope import Event, derived_id


@dataclass(frozen=True, slots=True)
class LeakageObserved(Event):
    """`counts` are findings acted upon; `residuals` what the attacker still found in the last round.

    `words_doubtful` are those that detection does not trust as read. `seconds` are wall seconds by stage.
    `ink_unexplained` is the share of ink that nothing explains on the page that has most of it; workers of before do
    not say it.
    """

    TYPE: ClassVar[str] = "redoubt.leakage.observed.v1"
    SOURCE: ClassVar[str] = "/redoubt/worker"

    tenant: str
    document_id: str
    document_class: str
    profile: str
    depth: Depth
    verdict: Verdict
    reasons: tuple[Reason, ...]
    pages: int
    counts: Mapping[Kind, int]
    residuals: Mapping[Kind, int]
    words: int
    words_burned: int
    words_doubtful: int
    rounds: int
    seconds: Mapping[str, float]
    ink_unexplained: float | None = None


class MissedBy(StrEnum):
    """Which layer let an identifier pass before validation did too."""

    RECOGNIZE = "recognize"
    DETECT = "detect"
    MASK = "mask"


@dataclass(frozen=True, slots=True)
class CanaryJudged(Event):
    """What an independent reader found on a released planted document: `leaked` of its `planted` identifiers that the
    profile takes out. `quality` is that of the scan; `missed` counts the leaked ones by the layer that missed them."""

    TYPE: ClassVar[str] = "redoubt.canary.judged.v1"
    SOURCE: ClassVar[str] = "/redoubt/judge"

    tenant: str
    document_id: str
    document_class: str
    profile: str
    quality: str
    planted: int
    leaked: int
    missed: Mapping[MissedBy, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QualityBound:
    """`leaked` of `documents` of one quality of scan showed an identifier. Both bounds are upper ones of the share of
    documents that leak, at 95 %: `exact_bound` for one look at this window, `anytime_bound` for looks at any moment."""

    documents: int
    leaked: int
    exact_bound: float
    anytime_bound: float


@dataclass(frozen=True, slots=True)
class LeakageWindow(Event):
    """The observations of one tenant, declared class and profile in [start, end).

    Planted documents are counted apart: `canaries` of them came, `canaries_held` were not released, and in those the
    attacker still found `canary_residuals` identifiers. Of `canaries_judged` released ones `canaries_leaked` showed an
    identifier; `canary_bound` is the upper bound of the share of documents that leak, exact, at 95 %.

    Of `samples`, real releases drawn by lot that a person looked at again, `samples_leaked` showed one; `sample_bound`
    is bounded by them alone. The two are never pooled.

    `canary_qualities` and `sample_qualities` are the same by the quality of the scan, of those that there were;
    monitors of before do not say it.
    """

    TYPE: ClassVar[str] = "redoubt.leakage.window.v1"
    SOURCE: ClassVar[str] = "/redoubt/monitor"

    tenant: str
    document_class: str
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
    words_doubtful: int
    rounds: int
    canaries: int
    canaries_held: int
    canary_residuals: int
    canaries_judged: int = 0
    canaries_leaked: int = 0
    canary_bound: float = 1.0
    samples: int = 0
    samples_leaked: int = 0
    sample_bound: float = 1.0
    canary_qualities: Mapping[str, QualityBound] = field(default_factory=dict)
    sample_qualities: Mapping[str, QualityBound] = field(default_factory=dict)

    @property
    def key(self) -> str:
        group = (self.tenant, self.document_class, self.profile)
        return derived_id(self.TYPE, *group, self.start.isoformat(), self.end.isoformat())

"""What `/metrics` shows. Labels come from closed enums only: a metric cannot carry content."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Collection, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from detectors.errors import Reason
from detectors.findings import Kind
from policies import profile as profiles
from policies.attack.report import Verdict
from streams.events import CanaryJudged, DocumentClass, LeakageObserved, LeakageWindow, MissedBy, SampleJudged
from streams.kafka.topics import PHI_DOCUMENTS, TOPICS
from streams.pipeline.document import Outcome
from streams.watch.health import Part
from streams.watch.labels import closed, number
from streams.watch.labels import own as own_name
from streams.watch.leaks import Leaks

STAGES: Final = ("ingest", "recognize", "detect", "mask_and_validate", "tokenize")
_SHARES: Final = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1)
_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)

_PART_OF: Final = {
    Reason.BROKER_UNAVAILABLE: Part.BROKER,
    Reason.VAULT_UNAVAILABLE: Part.VAULT,
    Reason.VAULT_REFUSED: Part.VAULT,
    Reason.STORE_UNAVAILABLE: Part.STORE,
}


class Metrics:
    """One set of figures in one registry; tests make their own."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        r = self.registry
        self._documents = Counter("redoubt_documents", "Documents finished, by verdict", ["verdict"], registry=r)
        self._rejected = Counter("redoubt_rejected", "Documents rejected, by reason", ["reason"], registry=r)
        self._held = Counter("redoubt_held", "Reasons for review or withholding", ["reason"], registry=r)
        self._retries = Counter("redoubt_retries", "Attempts that failed and are tried again", ["reason"], registry=r)
        self._pages = Counter("redoubt_pages", "Pages finished", registry=r)
        self._words = Counter("redoubt_words", "Words read", registry=r)
        self._burned = Counter("redoubt_words_burned", "Words burned", registry=r)
        self._findings = Counter("redoubt_findings", "Identifiers acted upon, by kind", ["kind"], registry=r)
        self._residual_rounds = Counter(
            "redoubt_attack_rounds", "Rounds in which the attacker still found something", registry=r
        )
        self._seconds = Histogram(
            "redoubt_stage_seconds", "Wall seconds a stage took for one document", ["stage"], buckets=_SECONDS,
            registry=r,
        )  # fmt: skip
        self._ink = Histogram(
            "redoubt_ink_unexplained", "Share of unexplained ink on the worst page", buckets=_SHARES,
            registry=r,
        )  # fmt: skip
        self._part_errors = Counter("redoubt_part_errors", "Failures of a part the worker needs", ["part"], registry=r)
        self.last_commit = Gauge(
            "redoubt_last_commit_timestamp_seconds", "When progress was last committed", registry=r
        )
        for verdict in Verdict:
            self._documents.labels(verdict.value)
        for reason in Reason:
            self._rejected.labels(reason.value)
            self._held.labels(reason.value)
            self._retries.labels(reason.value)
        for part in Part:
            self._part_errors.labels(part.value)

    def observe(self, outcome: Outcome) -> None:
        """Counts a finished document, after its commit."""
        self.last_commit.set_to_current_time()
        self._documents.labels(closed(outcome.verdict, Verdict)).inc()
        for reason in outcome.reasons:
            self._held.labels(closed(reason, Reason)).inc()
        self._pages.inc(outcome.pages)
        self._words.inc(outcome.words)
        self._burned.inc(outcome.words_burned)
        self._residual_rounds.inc(outcome.rounds)
        for kind, count in outcome.counts.items():
            self._findings.labels(closed(kind, Kind)).inc(count)
        self._ink.observe(outcome.ink_unexplained)
        for stage, seconds in outcome.seconds.items():
            if stage in STAGES:
                self._seconds.labels(stage).observe(seconds)

    def rejected(self, reason: Reason) -> None:
        self._rejected.labels(closed(reason, Reason)).inc()

    def retried(self, reason: Reason) -> None:
        self._retries.labels(closed(reason, Reason)).inc()
        if reason in _PART_OF:
            self._part_errors.labels(_PART_OF[reason].value).inc()


_QUALITIES: Final = ("clean", "poor")
_SAMPLE_QUALITIES: Final = ("digital", "scanned")
_TOPICS: Final = frozenset(topic.name for topic in TOPICS)
_CLASSES: Final = frozenset(c.value for c in DocumentClass)
_WINDOW: Final = ("window_s", "document_class", "profile")
_WINDOW_FIGURES: Final = {
    "documents": "Documents",
    "pages": "Pages",
    "released": "Documents released",
    "review": "Documents that a person must see",
    "withheld": "Documents withheld",
    "words": "Words read",
    "words_burned": "Words burned",
    "words_doubtful": "Words that detection does not trust as read",
    "findings": "Identifiers acted upon",
    "residuals": "Identifiers that the attacker still found",
    "canaries": "Planted documents",
    "canaries_held": "Planted documents that were not released",
    "canaries_judged": "Planted documents released and judged",
    "canaries_leaked": "Planted documents released with an identifier readable",
    "samples": "Releases looked at again by a person",
    "samples_leaked": "Releases looked at again that showed an identifier",
    "canary_residuals": "Identifiers that the attacker still found in planted documents",
}
"""Sums, no ratios: a dashboard adds classes and profiles up before it divides."""


class MonitorMetrics:
    """The monitor's figures: what it has read since it started, and the windows it closed last.

    `tenants` are those whose leaks are shown by name.
    """

    def __init__(self, registry: CollectorRegistry | None = None, tenants: Collection[str] = ()) -> None:
        self.registry = registry or CollectorRegistry()
        r = self.registry
        self._observed = Counter(
            "redoubt_observed_documents", "Documents observed, by verdict", ["verdict"], registry=r
        )
        self._invalid = Counter("redoubt_observed_invalid", "Observations that fit no schema", registry=r)
        self._again = Counter(
            "redoubt_observed_again", "Figures that came again after a crash and were not counted twice", registry=r
        )
        self._residuals = Counter(
            "redoubt_observed_residuals", "What the attacker still found in the last round, by kind", ["kind"],
            registry=r,
        )  # fmt: skip
        self._windows = Counter("redoubt_windows", "Windows closed", registry=r)
        self._shown = {
            name: Gauge(f"redoubt_window_{name}", f"{what} in the last closed window", [*_WINDOW], registry=r)
            for name, what in _WINDOW_FIGURES.items()
        }
        self._last = Gauge(
            "redoubt_window_end_timestamp_seconds", "End of the last closed window", ["window_s"], registry=r
        )
        self._canaries = Leaks(
            r, ("canaries", "Released planted documents that were judged"), ("canary", "planted ones since the start"),
            _QUALITIES, tenants,
        )  # fmt: skip
        self._samples = Leaks(
            r, ("samples", "Released documents drawn by lot that a person looked at again"),
            ("sample", "ones looked at again since the start"), _SAMPLE_QUALITIES, tenants,
        )  # fmt: skip
        self._missed = Counter(
            "redoubt_canary_missed", "Planted identifiers that leaked, by the layer that missed them", ["layer"],
            registry=r,
        )  # fmt: skip
        for layer in MissedBy:
            self._missed.labels(layer.value)
        self._ends: dict[str, float] = {}
        self._totals: dict[str, dict[tuple[str, str], Counts[str]]] = {}
        self._backlog = Gauge(
            "redoubt_backlog_records", "Records that the workers have not finished", ["topic"], registry=r
        )
        self._backlog_pages = Gauge(
            "redoubt_backlog_pages", "The same in pages, by the mean of the documents observed", ["topic"], registry=r
        )
        self._overdue = Gauge(
            "redoubt_backlog_overdue_records", "Of those, people's decisions that have waited for half an hour",
            ["topic"], registry=r,
        )  # fmt: skip
        self._seen: Counts[str] = Counts()
        for verdict in Verdict:
            self._observed.labels(verdict.value)
        for kind in Kind:
            self._residuals.labels(kind.value)

    def observed(self, event: LeakageObserved) -> None:
        """Counts the figures of one document."""
        self._observed.labels(closed(event.verdict, Verdict)).inc()
        self._seen.update(documents=1, pages=event.pages)
        for kind, count in event.residuals.items():
            self._residuals.labels(closed(kind, Kind)).inc(count)

    def judged(self, event: CanaryJudged) -> None:
        """Counts a judged canary, and shows what is bounded by all of its class and quality, and by all together."""
        self._canaries.count(event.tenant, event.document_class, event.quality, leaks=event.leaked > 0)
        for layer, count in event.missed.items():
            self._missed.labels(closed(layer, MissedBy)).inc(count)

    def looked_at(self, event: SampleJudged) -> None:
        """Counts a release that a person looked at again. Never pooled with the canaries."""
        group = (event.tenant, event.document_class, event.task.quality)
        self._samples.count(*group, leaks=event.leaked, bounds=event.counts)

    def backlog(self, records: int, topic: str = PHI_DOCUMENTS) -> None:
        """How far behind the workers are with a topic of documents. Events do not say how many pages a document has:
        nobody has opened it."""
        mean = self._seen["pages"] / self._seen["documents"] if self._seen["documents"] else 1.0
        shown = own_name(topic, _TOPICS)
        self._backlog.labels(shown).set(number(records))
        self._backlog_pages.labels(shown).set(records * mean)

    def overdue(self, records: int, topic: str) -> None:
        """How many of a topic's waiting records have waited for too long."""
        self._overdue.labels(own_name(topic, _TOPICS)).set(number(records))

    def again(self) -> None:
        self._again.inc()

    def invalid(self) -> None:
        self._invalid.inc()

    def closed(self, window: LeakageWindow) -> None:
        """Shows a window that was just closed, over all tenants: a tenant's name is no label, nor is a profile's or a
        class's that is not one of the gateway's own."""
        seconds, end_s = f"{(window.end - window.start).total_seconds():.0f}", window.end.timestamp()
        self._windows.inc()
        last_s = self._ends.get(seconds, 0.0)
        if end_s < last_s:
            return
        shown = self._totals.setdefault(seconds, {})
        if end_s > last_s:
            # What had documents in the window before and has none in this one shows none.
            for totals in shown.values():
                totals.clear()
            self._ends[seconds] = end_s
            self._last.labels(seconds).set(end_s)
        group = (own_name(window.document_class, _CLASSES), own_name(window.profile, profiles.names()))
        shown.setdefault(group, Counts()).update(_figures(window))
        for (document_class, profile), totals in shown.items():
            for name, gauge in self._shown.items():
                gauge.labels(seconds, document_class, profile).set(number(totals[name]))


def _figures(window: LeakageWindow) -> Mapping[str, int]:
    return {
        "documents": window.documents,
        "pages": window.pages,
        "released": window.released,
        "review": window.review,
        "withheld": window.withheld,
        "words": window.words,
        "words_burned": window.words_burned,
        "words_doubtful": window.words_doubtful,
        "findings": sum(window.counts.values()),
        "residuals": sum(window.residuals.values()),
        "canaries": window.canaries,
        "canaries_held": window.canaries_held,
        "canaries_judged": window.canaries_judged,
        "canaries_leaked": window.canaries_leaked,
        "canary_residuals": window.canary_residuals,
        "samples": window.samples,
        "samples_leaked": window.samples_leaked,
    }

"""What the archive is made of: the audit log under a signed head, and the events and statements that belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from streams.events import (
    AuditAction,
    AuditHead,
    AuditSequenced,
    CanaryJudged,
    DocumentMasked,
    LeakageObserved,
    SampleJudged,
)

DECISIONS: Final = frozenset({AuditAction.DECIDED, AuditAction.DECISION_REFUSED, AuditAction.REVEALED})


@dataclass(frozen=True, slots=True)
class Scope:
    """One document, or every document with an entry on a day from `first` to `last`, in UTC."""

    document_id: str | None = None
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        span = self.first is not None and self.last is not None and self.first <= self.last
        if (self.document_id is not None) == span or (self.first is None) != (self.last is None):
            raise ValueError("either a document or a span of days")

    def documents(self, log: Iterable[AuditSequenced]) -> tuple[str, ...]:
        """Ids with an entry in scope, in the order of the log."""
        return tuple(dict.fromkeys(found.entry.document_id for found in log if self._covers(found)))

    def _covers(self, found: AuditSequenced) -> bool:
        if self.first is None or self.last is None:
            return found.entry.document_id == self.document_id
        return self.first <= found.entry.time.date() <= self.last


@dataclass(frozen=True, slots=True)
class Gathered:
    """`attestations` by document id, `results` the red team's table as JSON, None where nobody gave one."""

    log: Sequence[AuditSequenced]
    head: AuditHead
    masked: Sequence[DocumentMasked] = ()
    observed: Sequence[LeakageObserved] = ()
    judged: Sequence[CanaryJudged] = ()
    looked_at: Sequence[SampleJudged] = ()
    attestations: Mapping[str, bytes] = field(default_factory=dict)
    results: bytes | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """All that is known of one document. `entries` are those under the head."""

    document_id: str
    entries: tuple[AuditSequenced, ...]
    masked: DocumentMasked | None
    observed: LeakageObserved | None
    attested: bool

    @property
    def outcome(self) -> str:
        """The last thing that was done with it, as the log calls it."""
        done = [found.entry.action for found in self.entries if found.entry.action not in DECISIONS]
        return (done or [found.entry.action for found in self.entries])[-1].value


def stories(scope: Scope, found: Gathered) -> Iterator[Story]:
    """The documents in scope, as the log has them under the head."""
    log = found.log[: found.head.size]
    by_id: dict[str, list[AuditSequenced]] = {}
    for each in log:
        by_id.setdefault(each.entry.document_id, []).append(each)
    masked = {event.document_id: event for event in found.masked}
    observed = {event.document_id: event for event in found.observed}
    for id in scope.documents(log):
        yield Story(id, tuple(by_id[id]), masked.get(id), observed.get(id), id in found.attestations)

"""What the archive is made of: the audit log under a signed head, and the events and statements that belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from streams.events import (
    AuditAction,
    AuditEntry,
    AuditHead,
    AuditSequenced,
    CanaryJudged,
    DocumentMasked,
    LeakageObserved,
    SampleJudged,
)

DECISIONS: Final = frozenset({AuditAction.DECIDED, AuditAction.DECISION_REFUSED, AuditAction.REVEALED})
OTHERS: Final = frozenset(
    {
        AuditAction.REIDENTIFIED,
        AuditAction.REIDENTIFICATION_REFUSED,
        AuditAction.REIDENTIFICATION_UNUSUAL,
        AuditAction.TOKENS_MAPPED,
        AuditAction.EMERGENCY_CONFIRMED,
        AuditAction.CLASS_HELD,
        AuditAction.CLASS_LIFTED,
        AuditAction.CONFIGURED,
        AuditAction.UNREADABLE,
    }
)
"""Acts on no document: what stands for one in their entries is a token, a class or a configuration."""


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
        """Ids of documents with an entry in scope, in the order of the log."""
        covered = (found for found in log if self._covers(found) and found.entry.action not in OTHERS)
        return tuple(dict.fromkeys(found.entry.document_id for found in covered))

    def others(self, log: Iterable[AuditSequenced]) -> tuple[AuditSequenced, ...]:
        """What else was done on these days, in the order of the log; nothing where the scope is a document."""
        if self.first is None:
            return ()
        return tuple(found for found in log if self._covers(found) and found.entry.action in OTHERS)

    def _covers(self, found: AuditSequenced) -> bool:
        if self.first is None or self.last is None:
            return found.entry.document_id == self.document_id
        return self.first <= found.entry.time.date() <= self.last


@dataclass(frozen=True, slots=True)
class Gathered:
    """`attestations` by document id, `results` what the red team's run wrote, None where nobody gave it."""

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
    def released(self) -> AuditEntry | None:
        """The entry of the last release; the topic of copies forgets its events sooner than the log."""
        found = [each.entry for each in self.entries if each.entry.action is AuditAction.RELEASED]
        return found[-1] if found else None

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

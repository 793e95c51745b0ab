"""Dead letters as a tool: what was rejected or withheld, why, and what a person does about it.

A rejection is settled once, by a record in `rejected.settled`: replayed or discarded. A replay puts the document's
event back on the input topic as it came, sealed, under the same document id (or, where it was a person's decision
that could not be carried out, that decision). The record and the settlement are one transaction of one fenced
producer, so that replaying again, also after a crash or from another terminal, does nothing. A document may have two
letters, where its event came twice: what was done about one of them ends the other for replays, or it would be
released twice. Nobody acts before the
broker has acknowledged the audit entry that says who does what, why and under which ticket.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from detectors.errors import Reason, RedoubtError
from streams.events import (
    AuditAction,
    AuditEntry,
    DocumentMasked,
    DocumentReceived,
    DocumentRejected,
    Grounds,
    Refusal,
    RejectionSettled,
    ReviewChoice,
    ReviewDecided,
    Settlement,
    derived_id,
)
from streams.fates import FATES, Fate
from streams.kafka.audit_writer import AuditWriter
from streams.kafka.intake import kept_event
from streams.kafka.snapshot import record_at, snapshot
from streams.kafka.topics import (
    DECISIONS,
    MASKED_DOCUMENTS,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REJECTED_SETTLED,
    REVIEW_REPLAYS,
)
from streams.kafka.transactions import Aborted, Produced, Transactions
from streams.settings import KafkaSettings
from streams.store.retention import Retention
from streams.store.sealed import SealedStore

ROLE: Final = "operator"
SETTLER: Final = f"redoubt-{ROLE}-settler"
"""One transactional id for the whole gateway: who begins to settle later ends who began earlier."""
GROUNDS: Final = {
    Settlement.REPLAY: frozenset({Grounds.CAUSE_MENDED}),
    Settlement.DISCARD: frozenset({Grounds.SUBMITTED_ANEW, Grounds.NOT_NEEDED, Grounds.WRONG_RECORD}),
}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_ATTEMPTS: Final = 5
_ABORT_WAIT_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A rejection, the time of its record, and what was done about it.

    `overtaken`: since then another rejection of the same document was settled.
    """

    event: DocumentRejected
    at: datetime
    settled: RejectionSettled | None
    overtaken: bool = False

    @property
    def id(self) -> str:
        return self.event.ce_id

    @property
    def document(self) -> tuple[str, str]:
        """Tenant and id: an event may name another tenant's document."""
        return self.event.tenant, self.event.document_id

    @property
    def curable(self) -> bool:
        """Whether the same bytes may fare better next time: not where the document itself is at fault."""
        return all(reason in _CURABLE for reason in self.event.reasons)


_SETTINGS: Final = {Reason.DEADLINE, Reason.UNKNOWN_PROFILE, Reason.TOO_MANY_BYTES, Reason.TOO_MANY_PAGES}
_CURABLE: Final = frozenset(r for r, fate in FATES.items() if fate is not Fate.REJECT or r in _SETTINGS) - {
    Reason.WITHHELD_BY_REVIEWER
}
"""What a setting, a new version or a part that is back can end; the rest only a new document can."""


REASONS: Final = frozenset(reason for reason, fate in FATES.items() if fate is not Fate.STOP) - {
    Reason.LEGAL_HOLD,
    Reason.RETENTION_RUNNING,
    Reason.ALREADY_DECIDED,
    Reason.BROKER_UNAVAILABLE,
}
"""What a letter may say. The rest ends a process, or is the answer to a person's command."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to look for; None looks for anything. `open_only` leaves out what is settled."""

    tenant: str | None = None
    reason: Reason | None = None
    refusal: Refusal | None = None
    since: datetime | None = None
    open_only: bool = True

    def __call__(self, letter: DeadLetter) -> bool:
        event = letter.event
        return (
            (self.tenant is None or event.tenant == self.tenant)
            and (self.reason is None or self.reason in event.reasons)
            and (self.refusal is None or event.refusal is self.refusal)
            and (self.since is None or letter.at >= self.since)
            and (letter.settled is None or not self.open_only)
        )


def dead_letters(settings: KafkaSettings) -> list[DeadLetter]:
    """Every rejection that the topic still holds, the oldest first. Raises RedoubtError(BROKER_UNAVAILABLE)."""
    found = snapshot(settings, ROLE, [REJECTED_DOCUMENTS, REJECTED_SETTLED])
    settled: dict[str, RejectionSettled] = {}
    last: dict[tuple[str, str], datetime] = {}
    for seen in found:
        if isinstance(seen.event, RejectionSettled):
            settled.setdefault(seen.event.rejection, seen.event)
            document = (seen.event.tenant, seen.event.document_id)
            last[document] = max(seen.at, last.get(document, seen.at))
    letters: dict[str, DeadLetter] = {}
    for seen in found:
        if isinstance(seen.event, DocumentRejected):
            letter = DeadLetter(seen.event, seen.at, settled.get(seen.event.ce_id))
            overtaken = letter.settled is None and letter.at <= last.get(letter.document, _NEVER)
            letters[letter.id] = replace(letter, overtaken=overtaken)
    return sorted(letters.values(), key=lambda letter: (letter.at, letter.id))


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, on which grounds, and where the rest is written."""

    actor: str
    why: Grounds
    ticket: str


class Settler:
    """Replays and discards. One at a time in the whole gateway: the next one fences this one.

    Everything raises RedoubtError: BROKER_UNAVAILABLE where another settler took over, or the broker is away.
    """

    def __init__(self, settings: KafkaSettings, act: Act, sealed: Callable[[], SealedStore] | None = None) -> None:
        self._settings, self._act, self._sealed = settings, act, sealed
        self._audit = AuditWriter(settings)
        self._transactions = Transactions(settings, SETTLER)
        self._pause = threading.Event()
        self._released: frozenset[str] | None = None
        self._acted_at: dict[tuple[str, str], datetime] = {}
        """When this settler settled a letter of a document."""

    def __enter__(self) -> Self:
        """Fences first and reads afterwards: what the one before settled is then seen."""
        self._transactions.open()
        self.letters = dead_letters(self._settings)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing is open between two acts."""

    def replay(self, letter: DeadLetter) -> None:
        """Raises RedoubtError: ALREADY_DECIDED for a settled one, one that another letter of its document has
        overtaken, or a document with a released copy, WITHHELD_BY_REVIEWER where a person's word is why it did not
        go out, CONTENT_MISSING where neither the topic nor the store has its event any more, INVALID_EVENT where it
        never was an event."""
        overtaken = letter.overtaken or letter.at <= self._acted_at.get(letter.document, _NEVER)
        if letter.settled is not None or overtaken or letter.event.document_id in self._released_documents():
            raise RedoubtError(Reason.ALREADY_DECIDED)
        again = self._came_as(letter.event)
        settled = self._settled(letter, Settlement.REPLAY)
        self._audit.append(self._entry(letter, settled, AuditAction.REPLAYED))
        self._commit([(REJECTED_SETTLED, settled.to_message()), again])
        self._acted_at[letter.document] = datetime.now(UTC)

    def discard(self, letter: DeadLetter, retention: Retention) -> Reason | None:
        """Settles it, and destroys the document's data key where retention and holds allow; where they do not, says
        why, and the document ends with its clock. May be called again for one that was discarded. Raises
        RedoubtError: ALREADY_DECIDED for a replayed one."""
        if letter.settled is None:
            settled = self._settled(letter, Settlement.DISCARD)
            self._audit.append(self._entry(letter, settled, AuditAction.DISCARDED))
            self._commit([(REJECTED_SETTLED, settled.to_message())])
            self._acted_at[letter.document] = datetime.now(UTC)
        elif letter.settled.settlement is not Settlement.DISCARD:
            raise RedoubtError(Reason.ALREADY_DECIDED)
        event, now = letter.event, datetime.now(UTC)
        kept = retention.may_destroy(event.tenant, event.document_id, now)
        if kept is None:
            retention.destroy(event.tenant, event.document_id, now)
        return kept

    def _came_as(self, rejected: DocumentRejected) -> Produced:
        """The record as it came, and the topic it goes to: the documents', or, for a person's decision, with which goes
        all that people had burned, that of replays. Where the topic has forgotten a document, the one in
        the store."""
        found = record_at(self._settings, ROLE, rejected.topic, rejected.partition, rejected.offset)
        event: DocumentReceived | ReviewDecided
        if rejected.topic in DECISIONS:
            if found is None:
                raise RedoubtError(Reason.CONTENT_MISSING)
            event = ReviewDecided.from_message(*found)
            if event.choice is ReviewChoice.WITHHOLD:
                raise RedoubtError(Reason.WITHHELD_BY_REVIEWER)
        elif found is not None:
            event = DocumentReceived.from_message(*found)
        elif rejected.event is not None and self._sealed is not None:
            event = kept_event(rejected.tenant, rejected.document_id, rejected.event, self._sealed())
            found = event.to_message()
        else:
            raise RedoubtError(Reason.CONTENT_MISSING)
        if (event.tenant, event.document_id) != (rejected.tenant, rejected.document_id):
            raise RedoubtError(Reason.INVALID_EVENT)
        return (REVIEW_REPLAYS if isinstance(event, ReviewDecided) else PHI_DOCUMENTS), found

    def _released_documents(self) -> frozenset[str]:
        if self._released is None:
            seen = snapshot(self._settings, ROLE, [MASKED_DOCUMENTS])
            self._released = frozenset(s.event.document_id for s in seen if isinstance(s.event, DocumentMasked))
        return self._released

    def _settled(self, letter: DeadLetter, settlement: Settlement) -> RejectionSettled:
        act, event = self._act, letter.event
        if act.why not in GROUNDS[settlement]:
            raise RedoubtError(Reason.INVALID_EVENT)
        return RejectionSettled(event.tenant, event.document_id, letter.id, settlement, act.actor, act.why, act.ticket)

    def _entry(self, letter: DeadLetter, settled: RejectionSettled, action: AuditAction) -> AuditEntry:
        # The same entry for the same rejection: one that is appended again after a crash keeps its id.
        return AuditEntry(
            entry_id=derived_id(AuditEntry.TYPE, settled.ce_id, action.value),
            actor=settled.actor,
            action=action,
            time=datetime.now(UTC),
            tenant=settled.tenant,
            document_id=settled.document_id,
            reasons=letter.event.reasons,
            why=settled.why.value,
            ticket=settled.ticket,
        )

    def _commit(self, records: list[Produced]) -> None:
        for _ in range(_ATTEMPTS):
            try:
                self._transactions.publish(records)
                return
            except Aborted:
                self._pause.wait(_ABORT_WAIT_S)
        raise RedoubtError(Reason.BROKER_UNAVAILABLE)


def paced(letters: Iterable[DeadLetter], per_minute: int, wait: Callable[[float], object]) -> Iterable[DeadLetter]:
    """The letters, no faster than that, so that a replay does not starve the documents of today."""
    for number, letter in enumerate(letters):
        if number:
            wait(60.0 / per_minute)
        yield letter

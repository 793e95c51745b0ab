"""Ends documents whose time is up, and never one under a legal hold.

The end of a part of a document, in this order:
 1. the intention is recorded in the PHI store;
 2. holds are looked at once more, since one may have been placed meanwhile: then nothing ends, and an intention of
    this run is withdrawn;
 3. `document.destroying` is appended to the audit log and acknowledged by the broker;
 4. the data key goes first, and with it every copy wherever it lies; then objects are deleted, one by one;
 5. `document.destroyed` is appended and acknowledged;
 6. the intention becomes a mark that it was carried out.
A crash before 4 leaves everything; a crash after it leaves the intention, which the next run carries out, its audit
entries repeated under the same entry ids. The mark stays: a key that comes back (out of a backup, or rewrapped while
it was being deleted) is ended again by the next run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from detectors.errors import Reason, RedoubtError
from policies.retention import RetentionPolicy
from streams.events import AuditAction, AuditEntry, derived_id
from streams.store.claims import ClaimStore
from streams.store.records import Hold, Intention, Marks, Part, Record, Records, document_name
from streams.store.sealed import KEYS, SEALED, key_of

Audit = Callable[[AuditEntry], None]
"""Appends an entry; returns once the broker has acknowledged it, raises RedoubtError(BROKER_UNAVAILABLE)."""

_ASIDE: Final = "aside"
"""The folder of the masked store where outputs lie for the moment before they are deleted."""
DISCARD: Final = "discard"
"""Why a document ends before its clock: a person said so. Otherwise the retention class stands in the entry."""


class Standing(StrEnum):
    """How it stands with one part of a document."""

    RUNNING = "running"
    DUE = "due"
    HELD = "held"
    """Due, or recorded as ending, and under a legal hold."""
    KEPT = "kept"
    """Nothing ends it: the policy says never, or no longer has the class."""
    ENDING = "ending"
    """Recorded and not carried out to the end."""
    ENDED = "ended"
    NONE = "none"
    """There is nothing of it: no output was released."""
    RETURNED = "returned"
    """Ended once, and its data key or an output is there again."""


_TO_END: Final = (Standing.DUE, Standing.ENDING, Standing.RETURNED)


@dataclass(frozen=True, slots=True)
class Clock:
    """One part of one document. `ends_at` None: never."""

    record: Record
    part: Part
    standing: Standing
    ends_at: datetime | None

    @property
    def due(self) -> bool:
        """Whether the next run ends it, or goes on to."""
        return self.standing in _TO_END


class Retention:
    """Raises as the stores do; RedoubtError(BROKER_UNAVAILABLE) where an entry was not acknowledged."""

    def __init__(
        self, phi: ClaimStore, masked: ClaimStore, policy: RetentionPolicy, audit: Audit, actor: str = "retention"
    ) -> None:
        self._phi, self._masked, self._policy = phi, masked, policy
        self._records = Records(phi)
        self._audit, self._actor = audit, actor

    def may_destroy(self, tenant: str, document_id: str, now: datetime) -> Reason | None:
        """Why a person may not discard the document now, or None where it may be done.

        LEGAL_HOLD, RETENTION_RUNNING (also for a class that the policy lacks), CONTENT_MISSING (unknown or ended).
        """
        name = document_name(tenant, document_id)
        marks = self._records.marks(name)
        if Part.SEALED in marks.ended:
            return Reason.CONTENT_MISSING
        if marks.holds:
            return Reason.LEGAL_HOLD
        try:
            record = self._records.read(name)
        except RedoubtError as error:
            if error.reason is Reason.CONTENT_MISSING:
                return error.reason
            raise
        found = self._policy.of(record.retention_class)
        early = found is None or now < record.submitted_at + timedelta(days=found.keep_days)
        return Reason.RETENTION_RUNNING if early else None

    def destroy(self, tenant: str, document_id: str, now: datetime) -> None:
        """Discard what the PHI zone holds of the document, audited before and after. Raises RedoubtError with the
        reason of `may_destroy`; after a crash in between, doing it again carries it out."""
        refused = self.may_destroy(tenant, document_id, now)
        if refused:
            raise RedoubtError(refused)
        self._end(self._records.read(document_name(tenant, document_id)), Part.SEALED, now, DISCARD)

    def clocks(self, tenant: str, document_id: str, now: datetime) -> list[Clock]:
        """How it stands with each part. Raises RedoubtError(CONTENT_MISSING) for an unknown document."""
        name = document_name(tenant, document_id)
        record, marks = self._records.read(name), self._records.marks(name)
        return [self._clock(record, marks, part, now, self._has_key(name)) for part in Part]

    def holds(self, tenant: str, document_id: str) -> list[Hold]:
        return self._records.holds(document_name(tenant, document_id))

    def hold(self, tenant: str, document_id: str, hold: Hold) -> bool:
        """Place it: from now on nothing of the document is destroyed. False where a part has ended or is ending:
        the hold stands, and holds what is left. Raises RedoubtError(CONTENT_MISSING) for an unknown document."""
        name = document_name(tenant, document_id)
        record = self._records.read(name)
        # In force before it is told: the other way round a run could come between.
        self._records.hold(name, hold)
        self._audit(_held(record, AuditAction.HOLD_PLACED, hold))
        marks = self._records.marks(name)
        return not (marks.ending or marks.ended)

    def release_hold(self, tenant: str, document_id: str, hold: Hold) -> None:
        """Take away the hold of that ticket; `hold` says who and why. Told before it is done. Raises
        RedoubtError(CONTENT_MISSING) where there is none."""
        name = document_name(tenant, document_id)
        record = self._records.read(name)
        if not self._records.is_held(name, hold.ticket):
            raise RedoubtError(Reason.CONTENT_MISSING)
        self._audit(_held(record, AuditAction.HOLD_RELEASED, hold))
        self._records.release_hold(name, hold.ticket)

    def survey(self, now: datetime) -> Iterator[Clock | None]:
        """Every part of every document; None stands for one whose record or data key is without the other or
        damaged, which no clock can end. Reads only."""
        keys = {key.rpartition("/")[2] for key in self._phi.keys(KEYS)}
        known = self._records.all()
        for name, marks in known.items():
            if Part.SEALED in marks.ended and not (marks.ending or marks.outputs or name in keys):
                continue
            try:
                record = self._records.read(name)
            except RedoubtError as error:
                if error.reason not in (Reason.CONTENT_MISSING, Reason.HASH_MISMATCH):
                    raise
                yield None
                continue
            yield from (self._clock(record, marks, part, now, name in keys) for part in Part)
        yield from (None for name in keys if name not in known)

    def end(self, clock: Clock, now: datetime) -> bool:
        """Carry out what is due. False where it is not, or no longer: a hold or another run came before it."""
        name = clock.record.name
        clock = self._clock(clock.record, self._records.marks(name), clock.part, now, self._has_key(name))
        if not clock.due:
            return False
        try:
            self._end(clock.record, clock.part, now, self._why(clock.record))
        except RedoubtError as error:
            if error.reason is not Reason.LEGAL_HOLD:
                raise
            return False
        return True

    def _clock(self, record: Record, marks: Marks, part: Part, now: datetime, has_key: bool) -> Clock:
        found = self._policy.of(record.retention_class)
        days = None if found is None else found.sealed_days if part is Part.SEALED else found.outputs_days
        ends_at = None if days is None else record.submitted_at + timedelta(days=days)
        if part in marks.ending:
            gone = part is Part.SEALED and not has_key
            standing = Standing.HELD if marks.holds and not gone else Standing.ENDING
        elif part in marks.ended:
            there = has_key if part is Part.SEALED else bool(marks.outputs)
            standing = Standing.RETURNED if there else Standing.ENDED
        elif part is Part.OUTPUTS and not marks.outputs:
            standing = Standing.NONE
        elif ends_at is None:
            standing = Standing.KEPT
        elif now < ends_at:
            standing = Standing.RUNNING
        else:
            standing = Standing.HELD if marks.holds else Standing.DUE
        return Clock(record, part, standing, ends_at)

    def _end(self, record: Record, part: Part, now: datetime, why: str) -> None:
        mine = Intention(now, why, self._actor)
        told = self._records.mark_ending(record.name, part, mine)
        self._stop_where_held(record.name, part, told == mine)
        self._audit(_destruction(record, AuditAction.DESTROYING, part, told))
        # The acknowledgement took its time.
        self._stop_where_held(record.name, part, told == mine)
        if part is Part.SEALED:
            self._shred(record.name)
        else:
            self._delete_outputs(record.name)
        self._audit(_destruction(record, AuditAction.DESTROYED, part, told))
        self._records.mark_ended(record.name, part, told)
        if part is Part.SEALED:
            # A rewrap that had read the key before may have put it back.
            self._phi.delete(key_of(record.name))

    def _stop_where_held(self, name: str, part: Part, mine: bool) -> None:
        # What lies without its key is gone already, hold or not: then all that is left to do is to say so.
        gone = part is Part.SEALED and not self._has_key(name)
        if self._records.marks(name).holds and not gone:
            if mine:
                # Another's stays: it may be at work on it, and whoever holds must be told.
                self._records.withdraw_ending(name, part)
            raise RedoubtError(Reason.LEGAL_HOLD)

    def _shred(self, name: str) -> None:
        self._phi.delete(key_of(name))
        for key in list(self._phi.keys(f"{SEALED}/{name}")):
            self._phi.delete(key)

    def _delete_outputs(self, name: str) -> None:
        for digest in self._records.marks(name).outputs:
            self._records.disown_output(name, digest)
            self._give_up(digest)
            self._records.forget_output(name, digest)

    def _give_up(self, digest: str) -> None:
        """Delete the output, unless another document claims it, also one that comes to it in this very moment.

        Who stores an output claims it first, and takes what is there for its own. So it is put aside before it is
        asked who claims it. A claim that is seen then gets it back; one that comes later finds no object and makes it
        anew. What a run put aside that died is listed before the question too.
        """
        key, folder = f"sha256/{digest}", f"{_ASIDE}/{digest}"
        aside = list(self._masked.keys(folder))
        if not self._records.output_is_owned(digest):
            # Under a key of this run's own: what another run puts aside meanwhile is not this one's to delete.
            aside.append(f"{folder}/{secrets.token_hex(16)}")
            self._masked.move(key, aside[-1])
        claimed = self._records.output_is_owned(digest)
        for each in aside:
            if claimed:
                self._masked.move(each, key)
            else:
                self._masked.delete(each)

    def _has_key(self, name: str) -> bool:
        try:
            self._phi.get(key_of(name))
        except RedoubtError as error:
            if error.reason is Reason.CONTENT_MISSING:
                return False
            raise
        return True

    def _why(self, record: Record) -> str:
        found = self._policy.of(record.retention_class)
        return DISCARD if found is None else found.name


def _destruction(record: Record, action: AuditAction, part: Part, told: Intention) -> AuditEntry:
    return AuditEntry(
        entry_id=derived_id(AuditEntry.TYPE, record.name, action.value, part.value, told.at.isoformat()),
        actor=told.actor,
        action=action,
        time=told.at,
        tenant=record.tenant,
        document_id=record.document_id,
        why=told.why,
        reference=f"{part.value}/{record.name}",
    )


def _held(record: Record, action: AuditAction, hold: Hold) -> AuditEntry:
    return AuditEntry(
        entry_id=derived_id(AuditEntry.TYPE, record.name, action.value, hold.ticket, hold.placed_at.isoformat()),
        actor=hold.actor,
        action=action,
        time=hold.placed_at,
        tenant=record.tenant,
        document_id=record.document_id,
        why=hold.reason.value,
        ticket=hold.ticket,
    )

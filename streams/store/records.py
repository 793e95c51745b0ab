"""What the PHI store knows of a document besides its content: whose it is, since when, its holds and its end.

Opaque ids, classes and times only, in the clear: who rotates keys or ends a document's time opens no document.
Every mark is an object of its own below `retention/<name>/`, made once and never changed, so that no two writers
can undo each other's. `<name>` is a hash of tenant and document id, and stands in every key of the document.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from detectors.errors import Reason, RedoubtError
from streams.store.claims import ClaimStore

_FOLDER: Final = "retention"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_OUTPUTS: Final = "outputs"
_RECORD: Final = "record"
_HOLD, _OUTPUT, _ENDING, _ENDED = "hold-", "output-", "ending-", "ended-"


class Part(StrEnum):
    """What ends at one time."""

    SEALED = "sealed"
    """All that only the PHI zone may see: dies with the data key."""
    OUTPUTS = "outputs"
    """Released copies and records in the masked store."""


class HoldReason(StrEnum):
    """Why a hold is placed, or released."""

    LITIGATION = "litigation"
    INVESTIGATION = "investigation"
    AUDIT = "audit"
    COMPLAINT = "complaint"
    INCIDENT = "incident"
    CLOSED = "closed"
    """The matter is over: for a release."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Record:
    """Made before the document's data key, so that no key is without one. `retention_class` None: the default."""

    tenant: str
    document_id: str
    retention_class: str | None
    submitted_at: datetime

    @property
    def name(self) -> str:
        return document_name(self.tenant, self.document_id)


@dataclass(frozen=True, slots=True)
class Hold:
    reason: HoldReason
    ticket: str
    actor: str
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Intention:
    """That a part ends: when that was decided, under which retention class or other word, by whom."""

    at: datetime
    why: str
    actor: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands beside a document's record. `outputs` are SHA-256 in hexadecimal, `holds` ids of holds."""

    holds: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    ending: frozenset[Part] = frozenset()
    ended: frozenset[Part] = frozenset()


def document_name(tenant: str, document_id: str) -> str:
    """Stands for the document in the keys of objects, 64 hexadecimal digits."""
    bound = json.dumps([tenant, document_id], separators=(",", ":")).encode()
    return hashlib.sha256(bound).hexdigest()


class Records:
    """Raises as the store does; RedoubtError(HASH_MISMATCH) for a record or mark that is none."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store

    def begin(self, record: Record) -> None:
        """Write the record; one that is there already stays, since the clock runs from the first."""
        self._put_first(_key(record.name, _RECORD), _json(record))

    def read(self, name: str) -> Record:
        """Raises RedoubtError(CONTENT_MISSING) for an unknown document, HASH_MISMATCH for another's record."""
        if not _NAME.fullmatch(name):
            raise RedoubtError(Reason.HASH_MISMATCH)
        found = self._parsed(_key(name, _RECORD))
        try:
            at = _time(found["submitted_at"])
            record = Record(str(found["tenant"]), str(found["document_id"]), found["retention_class"], at)
        except (KeyError, ValueError, TypeError):
            raise RedoubtError(Reason.HASH_MISMATCH) from None
        if record.name != name:
            raise RedoubtError(Reason.HASH_MISMATCH)
        return record

    def marks(self, name: str) -> Marks:
        return _marks(key.rpartition("/")[2] for key in self._store.keys(f"{_FOLDER}/{name}"))

    def all(self) -> dict[str, Marks]:
        """Every document by name; in memory, some hundred bytes each."""
        found: dict[str, list[str]] = {}
        for key in self._store.keys(_FOLDER):
            _, name, *mark = key.split("/")
            found.setdefault(name, []).extend(mark)
        return {name: _marks(marks) for name, marks in found.items()}

    def note_output(self, name: str, digest: str) -> None:
        """That the output of that SHA-256 is the document's. Again is no error."""
        self._store.put(_key(name, f"{_OUTPUT}{digest}"), b"")
        self._store.put(f"{_OUTPUTS}/{digest}/{name}", b"")

    def disown_output(self, name: str, digest: str) -> None:
        """The document claims it no longer; `forget_output` says that all about it is done."""
        self._store.delete(f"{_OUTPUTS}/{digest}/{name}")

    def output_is_owned(self, digest: str) -> bool:
        """Whether some document claims that output: the same bytes are one object, whoever's copy they are."""
        return any(True for _ in self._store.keys(f"{_OUTPUTS}/{digest}"))

    def forget_output(self, name: str, digest: str) -> None:
        self._store.delete(_key(name, f"{_OUTPUT}{digest}"))

    def hold(self, name: str, hold: Hold) -> None:
        """Again for the same ticket is no error: the first stays."""
        self._put_first(_key(name, _hold_mark(hold.ticket)), _json(hold))

    def holds(self, name: str) -> list[Hold]:
        return [self._hold(_key(name, f"{_HOLD}{found}")) for found in sorted(self.marks(name).holds)]

    def release_hold(self, name: str, ticket: str) -> None:
        self._store.delete(_key(name, _hold_mark(ticket)))

    def is_held(self, name: str, ticket: str) -> bool:
        return _hold_mark(ticket).removeprefix(_HOLD) in self.marks(name).holds

    def mark_ending(self, name: str, part: Part, intention: Intention) -> Intention:
        """Record the intention. Returns the one that counts: an earlier one where that was not carried out."""
        key = _key(name, f"{_ENDING}{part.value}")
        self._put_first(key, _json(intention))
        found = self._parsed(key)
        try:
            return Intention(_time(found["at"]), str(found["why"]), str(found["actor"]))
        except (KeyError, ValueError):
            raise RedoubtError(Reason.HASH_MISMATCH) from None

    def withdraw_ending(self, name: str, part: Part) -> None:
        self._store.delete(_key(name, f"{_ENDING}{part.value}"))

    def mark_ended(self, name: str, part: Part, intention: Intention) -> None:
        """The intention is carried out; this stays, so that what comes back later is known for what it is."""
        self._store.replace(_key(name, f"{_ENDED}{part.value}"), _json(intention))
        self.withdraw_ending(name, part)

    def _put_first(self, key: str, content: bytes) -> None:
        """What is there already stays."""
        try:
            self._store.put(key, content)
        except RedoubtError as error:
            if error.reason is not Reason.HASH_MISMATCH:
                raise

    def _hold(self, key: str) -> Hold:
        found = self._parsed(key)
        try:
            at = _time(found["placed_at"])
            return Hold(HoldReason(found["reason"]), str(found["ticket"]), str(found["actor"]), at)
        except (KeyError, ValueError, TypeError):
            raise RedoubtError(Reason.HASH_MISMATCH) from None

    def _parsed(self, key: str) -> Mapping[str, Any]:
        try:
            found = json.loads(self._store.get(key))
        except ValueError:
            found = None
        if not isinstance(found, Mapping):
            raise RedoubtError(Reason.HASH_MISMATCH)
        return found


def _key(name: str, mark: str) -> str:
    return f"{_FOLDER}/{name}/{mark}"


def _hold_mark(ticket: str) -> str:
    return f"{_HOLD}{hashlib.sha256(ticket.encode()).hexdigest()[:32]}"


def _marks(marks: Iterator[str] | list[str]) -> Marks:
    found: dict[str, set[str]] = {_HOLD: set(), _OUTPUT: set(), _ENDING: set(), _ENDED: set()}
    for mark in marks:
        for prefix, values in found.items():
            if mark.startswith(prefix):
                values.add(mark.removeprefix(prefix))
    return Marks(
        frozenset(found[_HOLD]),
        frozenset(found[_OUTPUT]),
        frozenset(part for part in Part if part.value in found[_ENDING]),
        frozenset(part for part in Part if part.value in found[_ENDED]),
    )


def _json(value: Record | Hold | Intention) -> bytes:
    fields = {name: getattr(value, name) for name in value.__slots__}
    plain = {name: at.isoformat() if isinstance(at, datetime) else at for name, at in fields.items()}
    return json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()


def _time(text: object) -> datetime:
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC)

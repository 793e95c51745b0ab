"""Carries every stored data key over to the newest version of the storage key, without seeing one.

May be stopped and run again at any time: what is on the newest version already is left as it is. Once a run says
that all are current, older versions can be disabled (`min_decryption_version`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from detectors.errors import Reason, RedoubtError
from streams.store.claims import ClaimStore
from streams.store.records import Part, Records
from streams.store.sealed import KEYS, key_of
from streams.vault.rotation import BATCH, KeyRotation, WrappedKey


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """Data keys, counted. `unfit` do not open, are damaged or without a record of whose they are."""

    moved: int = 0
    current: int = 0
    unfit: int = 0
    gone: int = 0
    """Destroyed while the run went on."""

    @property
    def seen(self) -> int:
        return self.moved + self.current + self.unfit + self.gone


class Rewrap:
    """Raises as the store and the rotation do: what was done stays done."""

    def __init__(self, phi: ClaimStore, rotation: KeyRotation) -> None:
        self._phi, self._rotation = phi, rotation
        self._records = Records(phi)

    def run(self, stop: threading.Event, per_second: float, told: Callable[[Rewrapped], None]) -> Rewrapped:
        """Goes through all keys, at most `per_second` of them; `told` gets the counts after each batch."""
        counts = Rewrapped()
        names = (key.rpartition("/")[2] for key in self._phi.keys(KEYS))
        size = max(1, min(BATCH, int(per_second)))
        while batch := list(islice(names, size)):
            counts = self._move(batch, counts)
            told(counts)
            if stop.wait(len(batch) / per_second):
                break
        return counts

    def _move(self, names: list[str], counts: Rewrapped) -> Rewrapped:
        moved, current, unfit, gone = counts.moved, counts.current, counts.unfit, counts.gone
        found = list(self._wrapped(names))
        unfit += sum(key is None for _, key in found)
        gone += len(names) - len(found)
        keys = [(name, key) for name, key in found if key is not None]
        carried = self._rotation.rewrap([key for _, key in keys]) if keys else []
        for (name, before), after in zip(keys, carried, strict=True):
            if after is None:
                unfit += 1
            elif after.version == before.version:
                current += 1
            elif self._replace(name, after):
                moved += 1
            else:
                gone += 1
        return Rewrapped(moved, current, unfit, gone)

    def _wrapped(self, names: list[str]) -> Iterator[tuple[str, WrappedKey | None]]:
        for name in names:
            try:
                wrapped = self._phi.get(key_of(name))
            except RedoubtError as error:
                if error.reason is not Reason.CONTENT_MISSING:
                    raise
                continue
            try:
                record = self._records.read(name)
                yield name, WrappedKey(record.tenant, record.document_id, wrapped.decode("ascii"))
            except RedoubtError as error:
                if error.reason not in (Reason.CONTENT_MISSING, Reason.HASH_MISMATCH):
                    raise
                yield name, None
            except ValueError:
                yield name, None

    def _replace(self, name: str, key: WrappedKey) -> bool:
        self._phi.replace(key_of(name), key.wrapped.encode("ascii"))
        # Whoever destroys the document deletes the key, says so in a mark, and deletes it again: a key that was
        # written in between is either deleted there or its mark is seen here.
        marks = self._records.marks(name)
        if Part.SEALED in marks.ended and not marks.holds:
            self._phi.delete(key_of(name))
            return False
        return True

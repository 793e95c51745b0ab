"""Starts of records whose process died: the attempts that no memory outlives.

A record may bring down the whole process, again after every restart. So its start is noted in the PHI store before any
work on it begins, and struck out with its end; a process that ends in order, or that gives the record back, takes its
own note away. What a later process finds was left by one that died. A start that made progress (pages put by that no
earlier one had put by) wipes out the deaths before it: a chart that is killed again and again still ends.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from detectors.errors import Reason, RedoubtError
from streams.pipeline.journal import Checkpoint
from streams.store.claims import ClaimStore

STARTS: Final = "starts"
"""The folder of the notes: one small object a record in work, named by a hash of where the record stands."""
BESIDE: Final = 2
"""So many deaths beside others are nobody's fault: processes are killed for reasons of their host's. After them a
record is tried alone, and a death then is its own."""
KEPT: Final = timedelta(days=90)
"""A note that nobody touched for so long is of a record that no topic keeps any more."""
_CLOSE_S: Final = 5.0
"""A process that ends does not wait longer for its notes to be taken away: its orchestrator would kill it."""
_NOTE: Final = re.compile(rb"([0-9]{1,6}) ([0-9]{1,6}) [0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Deaths:
    """Starts of a record that ended with their process: while others were at work too, and while none was."""

    beside: int = 0
    alone: int = 0

    @property
    def all(self) -> int:
        return self.beside + self.alone

    @property
    def suspect(self) -> bool:
        """Whether the record must be tried alone from now on."""
        return self.beside >= BESIDE or self.alone > 0


class Starts:
    """Notes of one process. Thread-safe; raises as the store does. `id` names a record, in hexadecimal digits."""

    def __init__(self, store: ClaimStore) -> None:
        self._store = store
        self._token = secrets.token_hex(8)
        self._before: dict[str, Deaths] = {}
        self._alone: set[str] = set()
        self._closed = False

    def begin(self, id: str) -> Deaths:
        """How often the record's process died; this start, beside others, is noted. Not so the start of a suspect: it
        has to wait for its turn, see `begin_alone`."""
        self._before[id] = Deaths()
        try:
            # One request for nearly every record: nobody has begun it before.
            self._note(id, Deaths(1, 0), self._store.put)
        except RedoubtError as error:
            if error.reason is not Reason.HASH_MISMATCH:
                raise
            found = self._before[id] = self._read(id)
            if not found.suspect:
                self._note(id, Deaths(found.beside + 1, found.alone), self._store.replace)
        return self._before[id]

    def begin_alone(self, id: str) -> None:
        """Note that the suspect begins now. Again in the same process is no further start."""
        if id not in self._alone:
            before = self._before[id]
            self._note(id, Deaths(before.beside, before.alone + 1), self._store.replace)
            self._alone.add(id)

    def progressed(self, id: str) -> None:
        """Pages were put by that no start before had put by: the deaths until now were not the record's."""
        if self._before.get(id, Deaths()) != Deaths():
            self._before[id] = Deaths()
            self._note(id, Deaths(1, 0), self._store.replace)

    def end(self, id: str) -> None:
        """The record is finished, its end committed."""
        self._before[id] = Deaths()
        self._withdraw(id)

    def give_back(self, id: str) -> None:
        """The record is another worker's now: this start counts for nothing."""
        self._withdraw(id)

    def close(self) -> None:
        """The process ends in order: none of its starts counts. Waits for a store that is slow, within bounds."""
        self._closed = True
        threads = [threading.Thread(target=self._quietly, args=(id,), daemon=True) for id in list(self._before)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + _CLOSE_S
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _quietly(self, id: str) -> None:
        with suppress(RedoubtError):
            self._withdraw(id)

    def _withdraw(self, id: str) -> None:
        before = self._before.get(id)
        if before == Deaths():
            self._store.delete(_key(id))
        elif before is not None:
            self._store.replace(_key(id), self._text(before))
        self._before.pop(id, None)
        self._alone.discard(id)

    def _note(self, id: str, deaths: Deaths, write: Callable[[str, bytes], None]) -> None:
        """What stands there if this process dies now."""
        write(_key(id), self._text(deaths))
        if self._closed:
            # The end came while this was written: whoever writes last takes it away.
            self._quietly(id)

    def _read(self, id: str) -> Deaths:
        try:
            found = _NOTE.fullmatch(self._store.get(_key(id)))
        except RedoubtError as error:
            # Its end came in between.
            if error.reason is not Reason.CONTENT_MISSING:
                raise
            return Deaths()
        return Deaths(int(found[1]), int(found[2])) if found else Deaths()

    def _text(self, deaths: Deaths) -> bytes:
        # The token tells this process's own note, which a request that was repeated may find, from another's.
        return f"{deaths.beside} {deaths.alone} {self._token}".encode()


@dataclass(frozen=True, slots=True)
class Noticed:
    """A checkpoint whose keeping is noticed."""

    under: Checkpoint
    notice: Callable[[], None]

    def keep(self, name: str, content: bytes) -> None:
        self.under.keep(name, content)
        self.notice()

    def kept(self, name: str) -> bytes | None:
        return self.under.kept(name)

    def shred(self) -> None:
        self.under.shred()


def sweep(store: ClaimStore, now: datetime) -> int:
    """Take away notes that nobody will ask for: of a process that died between its commit and the striking out. How
    many. Raises RedoubtError(STORE_UNAVAILABLE)."""
    old = list(store.keys(STARTS, before=now - KEPT))
    for key in old:
        store.delete(key)
    return len(old)


def _key(id: str) -> str:
    return f"{STARTS}/{id}"

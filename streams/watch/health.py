"""Whether this process can do its work right now: which part it needs is away, why, and since when.

A slow page takes nothing away from it: a worker that works is ready. A closed vault does, and it is named.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from detectors.errors import Reason
from streams.watch.labels import closed

STILL_S: Final = 300.0
"""A loop that has not turned for so long hangs. It is the client's own bound between two polls, after which the group
gives the partitions away."""


class Part(StrEnum):
    """What a process may need and not have."""

    BROKER = "broker"
    VAULT = "vault"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Down:
    """`reason` None: not looked at yet, since the process is still starting."""

    since: datetime
    reason: Reason | None = None


class Health:
    """The parts one process needs; each is down until it was seen up. Any thread may tell and ask."""

    def __init__(self, needed: Iterable[Part] = tuple(Part), still_s: float = STILL_S) -> None:
        started = datetime.now(UTC)
        self._still_s, self._turned_at = still_s, float("inf")
        self._lock = threading.Lock()
        self._parts: dict[Part, Down | None] = {part: Down(started) for part in needed}

    def down(self, part: Part, reason: Reason) -> None:
        """Said again and again while it lasts, it keeps the time of the first. Raises KeyError for a part that this
        process does not need, as `up` does, and TypeError for what is none or for no reason of ours."""
        closed(part, Part)
        closed(reason, Reason)
        with self._lock:
            before = self._parts[part]
            if before is None or before.reason is not reason:
                since = before.since if before and before.reason else datetime.now(UTC)
                self._parts[part] = Down(since, reason)

    def up(self, part: Part) -> None:
        closed(part, Part)
        with self._lock:
            if part not in self._parts:
                raise KeyError(part)
            self._parts[part] = None

    def turned(self) -> None:
        """The loop that does the work went round. Who never says so is taken to be alive."""
        self._turned_at = time.monotonic()

    @property
    def live(self) -> bool:
        """Whether the loop still turns. One that hangs in the client's library holds its place for nothing: only an
        end and a new start help."""
        return time.monotonic() - self._turned_at < self._still_s

    @property
    def ready(self) -> bool:
        """Whether every part is there."""
        return not any(self.parts.values())

    @property
    def parts(self) -> Mapping[Part, Down | None]:
        """Each needed part as it is now; None for one that is up."""
        with self._lock:
            return dict(self._parts)

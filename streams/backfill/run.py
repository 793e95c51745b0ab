"""One run over an archive: each file that was not announced yet is sealed, stored and announced, in batches."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from detectors.errors import Reason, RedoubtError
from detectors.subject import Subject
from streams.backfill.announcer import Announcer
from streams.backfill.archives import Archive, File, content_of
from streams.backfill.journal import Journal
from streams.kafka.spread import guessed_pages
from streams.kafka.submit import Request, announcement
from streams.kafka.transactions import Produced
from streams.settings import KafkaSettings
from streams.store.sealed import SealedStore

BATCH_FILES: Final = 100
BATCH_S: Final = 5.0
"""A batch is announced when it is full or so old: at a low rate its first document shall not wait for its last."""
_FILE_AT_FAULT: Final = frozenset({Reason.CONTENT_MISSING, Reason.TOO_MANY_BYTES, Reason.EMPTY, Reason.UNKNOWN_FORMAT})


@dataclass
class Tally:
    """How far a run is. Bytes are those of the documents that this run announced."""

    seen: int = 0
    sent: int = 0
    sent_bytes: int = 0
    known: int = 0
    """Files that an earlier run announced."""
    left_out: Counter[Reason] = field(default_factory=Counter)


LeftOut = Callable[[int, File, Reason], None]
"""Told the number of a file in this run, the file, and why it was left out."""


@dataclass
class _Batch:
    since: float
    names: list[bytes] = field(default_factory=list)
    records: list[Produced] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    content_bytes: int = 0

    @property
    def due(self) -> bool:
        return len(self.names) >= BATCH_FILES or (bool(self.names) and time.monotonic() - self.since > BATCH_S)


class Backfill:
    """Memory holds one document and the events of one batch. What was sealed and not announced, because the run was
    killed, stays in the PHI store, under an id that nobody knows, until its retention ends it."""

    def __init__(
        self,
        archive: Archive,
        journal: Journal,
        sealed: SealedStore,
        request: Request,
        patient: Subject | None = None,
        offset: bytes | None = None,
    ) -> None:
        self._archive, self._journal, self._sealed = archive, journal, sealed
        self._request, self._patient, self._offset = request, patient, offset
        self.tally = Tally()

    def run(
        self, settings: KafkaSettings, stop: threading.Event, rate: float | None = None, left_out: LeftOut | None = None
    ) -> bool:
        """Whether it came to the archive's end; False where `stop` was set. `rate` is files a second at most.

        Raises RedoubtError by the part that failed, JournalRefused. What was announced by then stays announced.
        """
        announcer = Announcer(settings, self._request.priority.topic, self._journal)
        try:
            announcer.open()
            batch = _Batch(time.monotonic())
            for file in paced(self._wanted(stop), rate, stop):
                try:
                    self._add(batch, file)
                except RedoubtError as error:
                    if error.reason not in _FILE_AT_FAULT:
                        raise
                    self.tally.left_out[error.reason] += 1
                    if left_out:
                        left_out(self.tally.seen, file, error.reason)
                if batch.due:
                    batch = self._announce(announcer, batch)
            self._announce(announcer, batch)
        finally:
            announcer.close()
        return not stop.is_set()

    def _wanted(self, stop: threading.Event) -> Iterator[File]:
        for file in self._archive.files():
            if stop.is_set():
                return
            self.tally.seen += 1
            if self._journal.name(file.path) in self._journal:
                self.tally.known += 1
            else:
                yield file

    def _add(self, batch: _Batch, file: File) -> None:
        content = content_of(self._archive, file)
        document_id = secrets.token_hex(16)
        seal = self._sealed.create(self._request.tenant, document_id, self._request.retention_class)
        event = announcement(document_id, content, self._request, self._patient, seal, offset=self._offset)
        batch.names.append(self._journal.name(file.path))
        batch.records.append((self._request.priority.topic, event.to_message()))
        batch.pages.append(guessed_pages(content))
        batch.content_bytes += len(content)

    def _announce(self, announcer: Announcer, batch: _Batch) -> _Batch:
        if batch.names:
            announcer.announce(batch.names, batch.records, batch.pages)
            self.tally.sent += len(batch.names)
            self.tally.sent_bytes += batch.content_bytes
        return _Batch(time.monotonic())


def paced(files: Iterator[File], rate: float | None, stop: threading.Event) -> Iterator[File]:
    """The files, no faster than that many a second; a pause is not made up for."""
    due = time.monotonic()
    for file in files:
        if rate is not None:
            if stop.wait(max(0.0, due - time.monotonic())):
                return
            due = max(due, time.monotonic()) + 1 / rate
        yield file

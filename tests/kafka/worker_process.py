"""A worker as a process of its own, which a test may have killed or frozen at a named step of the commit protocol.

    worker_process.py BOOTSTRAP FOLDER INSTANCE [--kill STEP NTH | --freeze STEP NTH] [--pipeline] [--vault FILE]
                      [--session MS]

`--kill fetch 8` sends itself SIGKILL when it comes to that step for the eighth time, just before it is done, with
everything sent that was to be sent by then; `--freeze` sends SIGSTOP. Without `--pipeline` documents are handled by
the double of `transport.handle`, at no cost and always to the same bytes, where an order that begins with `dies` ends
the process; with it by the real pipeline. People's decisions are read too, as every worker does. `--vault`
names a file with the JSON of `VaultSettings`: data keys come from that vault, else from a file in FOLDER.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from confluent_kafka import Message as KafkaMessage

from policies.tokens.local import LocalTokenizer
from streams.clock import Deadline
from streams.decode.decoder import Decoder
from streams.kafka.job import Handle, Parts
from streams.kafka.transactions import Transactions
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.pipeline.parts import Parts as PipelineParts
from streams.pipeline.path import process
from streams.pipeline.pool import PagePool
from streams.settings import Settings, VaultSettings
from streams.store.claims import ClaimStore, ObjectClaims, open_claims
from streams.store.sealed import DocumentSeal, SealedStore
from streams.vault.client import VaultSession
from streams.vault.keyring import VaultDataKeys
from streams.watch.health import Part
from streams.wiring import probe_stores
from tests.kafka.people import parts
from tests.kafka.transport import settings

DEADLINE_S = 120.0
DIED = 70
"""The exit code of a process that a document ended."""
STEPS = ("fetch", "decode", "handle", "store", "begin", "produce", "progress", "commit", "after")
"""The commit protocol's steps as numbered in `streams.kafka.worker`; `after` comes when the commit is answered."""


class Steps:
    """Ends or stops this process at one step. Without a step, lets all pass."""

    def __init__(self, number: signal.Signals, step: str = "", nth: int = 0) -> None:
        self._number, self._step, self._nth = number, step, nth
        self._lock = threading.Lock()
        self._come: Counter[str] = Counter()

    def at(self, step: str) -> bool:
        """Whether this is the time and the place."""
        with self._lock:
            self._come[step] += 1
            return step == self._step and self._come[step] == self._nth

    def act(self) -> None:
        os.kill(os.getpid(), self._number)


class SteppedTransactions(Transactions):
    def __init__(self, of: Settings, transactional_id: str, steps: Steps) -> None:
        super().__init__(of.kafka, transactional_id)
        self._steps = steps

    def _at(self, step: str) -> None:
        if self._steps.at(step):
            self._producer.flush(10)
            self._steps.act()

    def publish(self, *arguments: Any) -> None:
        super().publish(*arguments)
        self._at("after")

    def _begin(self) -> None:
        self._at("begin")
        super()._begin()

    def _produce(self, records: Any) -> None:
        self._at("produce")
        super()._produce(records)

    def _send_progress(self, offsets: Any, group: Any) -> None:
        self._at("progress")
        super()._send_progress(offsets, group)

    def _commit(self) -> None:
        self._at("commit")
        super()._commit()


class SteppedSeals(SealedStore):
    def __init__(self, under: SealedStore, steps: Steps) -> None:
        super().__init__(under._store, under._keys)
        self._steps = steps

    def open(self, tenant: str, document_id: str) -> DocumentSeal:
        if self._steps.at("decode"):
            self._steps.act()
        return super().open(tenant, document_id)


class SteppedClaims(ObjectClaims):
    def __init__(self, under: ClaimStore, steps: Steps) -> None:
        assert isinstance(under, ObjectClaims)
        super().__init__(under._store)
        self._steps = steps

    def put(self, key: str, content: bytes) -> None:
        if self._steps.at("store"):
            self._steps.act()
        super().put(key, content)


class SteppedWorker(Worker):
    def __init__(self, of: Settings, made: Parts, steps: Steps) -> None:
        self._steps = steps

        def handle(document: Document) -> Outcome:
            if steps.at("handle"):
                steps.act()
            if document.content.startswith(b"dies"):
                time.sleep(float(document.content.split(b" ")[1]))
                os._exit(DIED)
            return made.handle(document)

        sealed, masked = SteppedSeals(made.sealed, steps), SteppedClaims(made.masked, steps)
        super().__init__(of, replace(made, handle=handle, sealed=sealed, masked=masked))

    def _producer(self, of: Settings) -> Transactions:
        return SteppedTransactions(of, f"{of.kafka.group}-{of.kafka.instance}", self._steps)

    def _take(self, message: KafkaMessage) -> None:
        if message.error() is None and self._steps.at("fetch"):
            self._steps.act()
        super()._take(message)


@contextmanager
def pipeline(folder: Path) -> Iterator[Handle]:
    """The real pipeline with two reading processes; its tokens from a key beside the documents."""
    with Decoder(must_confine=False) as decoder, PagePool(2) as pages:
        made = PipelineParts(decoder, pages, LocalTokenizer(folder / "tokens.key", production=False))
        yield lambda document: process(document, made, Deadline.after(DEADLINE_S))


def with_vault(made: Parts, folder: Path, of: VaultSettings) -> Parts:
    """Data keys from a real vault; the worker asks it, and its stores, whether they are there."""
    vault, phi, masked = VaultSession(of), open_claims(f"file://{folder}/phi"), open_claims(f"file://{folder}/masked")
    sealed = SealedStore(phi, VaultDataKeys(vault, of.storage_mount))
    probes = {Part.VAULT: vault.probe, Part.STORE: lambda: probe_stores(phi, masked)}
    return replace(made, sealed=sealed, masked=masked, probes=probes)


def main(words: Sequence[str]) -> int:
    said = argparse.ArgumentParser()
    for name in ("bootstrap", "folder", "instance"):
        said.add_argument(name)
    said.add_argument("--kill", nargs=2)
    said.add_argument("--freeze", nargs=2)
    said.add_argument("--pipeline", action="store_true")
    said.add_argument("--vault", type=Path)
    said.add_argument("--session", type=int)
    given = said.parse_args(words)
    folder = Path(given.folder)
    step, nth = given.kill or given.freeze or ("", "0")
    if step not in ("", *STEPS):
        said.error("no such step")
    steps = Steps(signal.SIGSTOP if given.freeze else signal.SIGKILL, step, int(nth))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.set())
    made = parts(folder)
    if given.vault:
        made = with_vault(made, folder, VaultSettings.model_validate_json(given.vault.read_text()))
    of = settings(given.bootstrap, given.instance)
    if given.session:
        of = of.model_copy(update={"kafka": of.kafka.model_copy(update={"session_timeout_ms": given.session})})
    if not given.pipeline:
        return SteppedWorker(of, made, steps).run(stop)
    with pipeline(folder) as handle:
        return SteppedWorker(of, replace(made, handle=handle), steps).run(stop)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

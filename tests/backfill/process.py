"""A run over an archive as a process of its own, which kills itself at a named step.

    BOOTSTRAP FOLDER ARCHIVE [STEP NTH]

`sealed 3`: when the third document is sealed and stored; `written 2`: when the second batch stands in the journal;
`commit 2`: with its events sent, just before its transaction is committed; `committed 2`: just after.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streams.backfill import run
from streams.backfill.archives import open_archive
from streams.backfill.journal import Journal
from streams.kafka.submit import Priority, Request
from streams.kafka.transactions import Transactions
from streams.settings import KafkaSettings
from tests.kafka.transport import sealed

REQUEST = Request("clinic-a", "maximal", priority=Priority.BACKFILL)
STEPS = ("sealed", "written", "commit", "committed")


class Struck:
    def __init__(self, step: str, nth: int) -> None:
        self._step, self._nth = step, nth
        self._come: Counter[str] = Counter()

    def at(self, step: str, transactions: Transactions | None = None) -> None:
        self._come[step] += 1
        if step == self._step and self._come[step] == self._nth:
            if transactions is not None:
                transactions._producer.flush(60)
            os.kill(os.getpid(), signal.SIGKILL)


def arm(struck: Struck) -> None:
    """The steps of the real classes, each followed by the question whether this is the place."""
    add, write, commit = run.Backfill._add, Journal.write, Transactions._commit

    def added(self: Any, *given: Any) -> None:
        add(self, *given)
        struck.at("sealed")

    def written(self: Any, *given: Any) -> None:
        write(self, *given)
        struck.at("written")

    def committed(self: Any) -> None:
        struck.at("commit", self)
        commit(self)
        struck.at("committed")

    run.Backfill._add, Journal.write, Transactions._commit = added, written, committed  # type: ignore[method-assign]


def main(words: Sequence[str]) -> int:
    bootstrap, folder, archive, *strike = words
    run.BATCH_FILES = 4  # type: ignore[misc]
    if strike:
        arm(Struck(strike[0], int(strike[1])))
    settings = KafkaSettings(bootstrap=bootstrap, transaction_timeout_ms=10_000)
    with Journal(Path(folder) / "journal", archive) as journal:
        done = run.Backfill(open_archive(archive), journal, sealed(Path(folder)), REQUEST)
        return 0 if done.run(settings, threading.Event()) else 1

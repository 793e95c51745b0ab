"""A worker as a process of its own: BOOTSTRAP FOLDER INSTANCE [STEP NTH]. It kills itself with SIGKILL just before
the named step of its NTH transaction, or, for the step `after`, just after that commit."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from streams.kafka.transactions import Transactions
from streams.kafka.worker import Worker
from streams.settings import Settings
from tests.kafka.transport import parts, settings


class Killed(Transactions):
    """Dies between the steps of the commit protocol, with everything sent that was to be sent before."""

    def __init__(self, of: Settings, transactional_id: str, step: str, nth: int) -> None:
        super().__init__(of.kafka, transactional_id)
        self._step, self._left = step, nth

    def _at(self, step: str) -> None:
        if step == self._step and self._left <= 0:
            self._producer.flush(10)
            os.kill(os.getpid(), signal.SIGKILL)

    def publish(self, *arguments: Any) -> None:
        self._left -= 1
        super().publish(*arguments)
        self._at("after")

    def _produce(self, records: Any) -> None:
        self._at("produce")
        super()._produce(records)

    def _send_progress(self, offsets: Any, group: Any) -> None:
        self._at("send_progress")
        super()._send_progress(offsets, group)

    def _commit(self) -> None:
        self._at("commit")
        super()._commit()


class KilledWorker(Worker):
    def _producer(self, of: Settings) -> Transactions:
        step, nth = sys.argv[4:6]
        return Killed(of, f"{of.kafka.group}-{of.kafka.instance}", step, int(nth))


def main() -> int:
    bootstrap, folder, instance = sys.argv[1:4]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: stop.set())
    kind = KilledWorker if len(sys.argv) > 4 else Worker
    return kind(settings(bootstrap, instance), parts(Path(folder))).run(stop)


if __name__ == "__main__":
    sys.exit(main())

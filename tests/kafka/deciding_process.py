"""A worker that carries out decisions, as a process of its own: BOOTSTRAP FOLDER STEP NTH. It kills itself with
SIGKILL when it comes to that step of the commit protocol for that time (`worker_process`)."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from streams.pipeline.document import Document, Outcome
from streams.review.carry_out import CarryOut
from tests.kafka.people import parts
from tests.kafka.transport import settings
from tests.kafka.worker_process import SteppedClaims, SteppedWorker, Steps


def main(words: Sequence[str]) -> int:
    bootstrap, folder, step, nth = words
    steps = Steps(signal.SIGKILL, step, int(nth))
    made = parts(Path(folder))

    def handle(document: Document) -> Outcome:
        if steps.at("handle"):
            steps.act()
        return made.handle(document)

    assert isinstance(made.decide, CarryOut)
    decide = replace(made.decide, handle=handle, masked=SteppedClaims(made.masked, steps))
    return SteppedWorker(settings(bootstrap), replace(made, decide=decide), steps).run(threading.Event())

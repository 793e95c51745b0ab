"""A worker that also carries out decisions, for the tests of people's tools. Its handle is the transport's double,
which heeds a reviewer's answers, releases what it refused once the file `mended` lies in the folder, and breaks in an
unforeseen way while `surprise` does."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from detectors.errors import RedoubtError
from policies.attack.report import Verdict
from streams.kafka.job import Parts
from streams.kafka.worker import Worker
from streams.pipeline.document import Document, Outcome
from streams.review.carry_out import CarryOut
from streams.settings import KafkaSettings
from streams.store.claims import open_claims
from tests.kafka.transport import CANARY, CANARY_MRN, handle, sealed, settings

T = TypeVar("T")


def parts(folder: Path) -> Parts:
    def heeding(document: Document) -> Outcome:
        if (folder / "surprise").exists():
            raise KeyError
        mended = (folder / "mended").exists()
        content = b"release 0 " + document.content if mended else document.content
        outcome = handle(dataclasses.replace(document, content=content))
        if outcome.verdict is Verdict.REVIEW and set(outcome.reasons) <= document.answers.doubts:
            return dataclasses.replace(outcome, verdict=Verdict.RELEASE, reasons=())
        return outcome

    store, masked, claims = sealed(folder), open_claims(f"file://{folder}/masked"), open_claims(f"file://{folder}/phi")
    return Parts(heeding, store, masked, decide=CarryOut(heeding, store, masked, claims))


@contextmanager
def working(broker: str | KafkaSettings, folder: Path, made: Parts | None = None) -> Iterator[None]:
    """A worker in a thread; leaves cleanly at the end."""
    stop, codes = threading.Event(), list[int]()
    worker = Worker(settings(broker), made or parts(folder))
    thread = threading.Thread(target=lambda: codes.append(worker.run(stop)))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
    assert codes == [0]


def until(look: Callable[[], list[T]], count: int, timeout_s: float = 60.0) -> list[T]:
    """What `look` gives once it gives that many, or in the end."""
    end = time.monotonic() + timeout_s
    while len(found := look()) < count and time.monotonic() < end:
        time.sleep(0.1)
    assert len(found) == count
    return found


def assert_no_canary(texts: list[str]) -> None:
    assert texts
    for text in texts:
        assert CANARY not in text
        assert "Featherstonehaugh" not in text
        assert CANARY_MRN not in text


def refused(act: Callable[[], object]) -> str:
    """The reason code that an act ended with."""
    try:
        act()
    except RedoubtError as error:
        return error.reason.value
    raise AssertionError("it was not refused")

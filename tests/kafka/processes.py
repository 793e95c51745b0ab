"""Workers as processes, and what a quiet run over the same documents publishes."""

from __future__ import annotations

import contextlib
import dataclasses
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource

from streams.events import EVENTS, AuditEntry, Event, LeakageObserved, type_of
from streams.kafka.job import Desk, Parts, Record
from streams.kafka.topics import (
    AUDIT_PENDING,
    LEAKAGE_OBSERVATIONS,
    MASKED_DOCUMENTS,
    PHI_BACKFILL,
    PHI_DOCUMENTS,
    REJECTED_DOCUMENTS,
    REVIEW_TASKS,
    TOKENIZED_RECORDS,
)
from streams.pipeline.document import Document, Outcome
from streams.store.claims import open_claims
from tests.kafka.transport import Seen, handle, parts, read, read_to_end
from tests.kafka.warm import WarmProcess
from tests.kafka.worker_process import main

OUTPUTS = (
    MASKED_DOCUMENTS,
    TOKENIZED_RECORDS,
    REVIEW_TASKS,
    REJECTED_DOCUMENTS,
    LEAKAGE_OBSERVATIONS,
    AUDIT_PENDING,
)
ENDS_S = 90.0
"""A process ends within this, also on a machine with nothing to spare: its grace is 20 s."""
Process = WarmProcess | subprocess.Popen[bytes]
Told = tuple[str, str, bytes]
"""The topic, the key and the value of a record."""
_ROOT = Path(__file__).parents[2]
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


@contextlib.contextmanager
def worker(bootstrap: str, folder: Path, instance: str, *options: str) -> Iterator[Process]:
    """A worker for the time of a `with` block; whatever is left of it at the end is killed."""
    words = [bootstrap, str(folder), instance, *options]
    process: Process
    if "--pipeline" in options:  # it has a warm parent of its own, for its readers
        process = subprocess.Popen([sys.executable, "-m", "tests.kafka.worker_process", *words], cwd=_ROOT)
    else:
        process = WarmProcess(main, words)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@contextlib.contextmanager
def orchestrated(bootstrap: str, folder: Path, instance: str, *options: str) -> Iterator[list[int]]:
    """A worker that is started again whenever the broker ended it, as an orchestrator does; its exit codes, the last
    one that of the end of the `with` block."""
    codes, over = list[int](), threading.Event()

    def keep() -> None:
        while not over.is_set():
            with worker(bootstrap, folder, instance, *options) as process:
                while process.poll() is None and not over.wait(0.1):
                    pass
                codes.append(ended(process) if over.is_set() else process.wait())

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        yield codes
    finally:
        over.set()
        keeper.join()


def ended(process: Process) -> int:
    """Asks it to end; its exit code."""
    process.send_signal(signal.SIGCONT)
    process.terminate()
    return process.wait(ENDS_S)


def frozen(process: Process) -> bool:
    """Whether it is stopped by a signal: the state is the field behind the name in parentheses, see proc(5)."""
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait_for(condition: Callable[[], bool], timeout_s: float = 60.0, seen: Callable[[], object] = lambda: "") -> None:
    """Until the condition holds; where it never does, the failure says what `seen` makes of the end."""
    until = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain {seen()}".rstrip())
        time.sleep(0.05)


def committed(bootstrap: str, partitions: int = 3) -> list[TopicPartition]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "redoubt-worker", "enable.auto.commit": False})
    try:
        return list(consumer.committed([TopicPartition(PHI_DOCUMENTS, p) for p in range(partitions)], timeout=60))
    finally:
        consumer.close()


def limit_messages(bootstrap: str, topic: str, limit_bytes: int) -> None:
    """The largest batch that the broker takes for this topic from now on."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    entry = ConfigEntry("max.message.bytes", str(limit_bytes), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    admin.incremental_alter_configs([resource])[resource].result(60)
    asked = ConfigResource(ConfigResource.Type.TOPIC, topic)
    # The controller answers first; the broker that takes the records follows.
    wait_for(lambda: admin.describe_configs([asked])[asked].result(60)["max.message.bytes"].value == str(limit_bytes))


def arrived(bootstrap: str, expect: int, timeout_s: float = 120.0) -> Counter[Told]:
    """What a reader of committed records sees in all topics, until there are `expect` of them."""
    return _all_told(read(bootstrap, OUTPUTS, expect, timeout_s, extra_s=0))


def visible(bootstrap: str) -> Counter[Told]:
    """What a reader of committed records sees in all topics in the end: once nobody writes any more."""
    return _all_told(read_to_end(bootstrap, OUTPUTS))


def quiet(bootstrap: str, folder: Path, expect: int, made: Parts | None = None) -> Counter[Told]:
    """What one attempt at each document publishes, where nothing strikes. The outputs go to `folder/quiet`."""
    made = dataclasses.replace(
        made or dataclasses.replace(parts(folder), handle=_at_once), masked=open_claims(f"file://{folder}/quiet")
    )
    desk, found = Desk(made, "quiet", 1), Counter[Told]()
    for record in _records(bootstrap, expect):
        for topic, (key, headers, value) in desk.work(record).events:
            found[_told(topic, EVENTS[type_of(headers) or ""].from_message(key, headers, value))] += 1
    return found


def outputs(folder: Path) -> dict[str, bytes]:
    """Every output of a store, by name. What a killed upload left staged is none: no reader of the store sees it."""
    return {path.name: path.read_bytes() for path in folder.rglob("sha256/*") if "#" not in path.name}


def _at_once(document: Document) -> Outcome:
    """What the double makes of it, without the time that it was told to take."""
    verdict, _, rest = document.content.split(b" ", 2)
    return handle(dataclasses.replace(document, content=b" ".join((verdict, b"0", rest))))


def _records(bootstrap: str, expect: int) -> Iterator[Record]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "quiet", "enable.auto.commit": False})
    known = consumer.list_topics(timeout=30).topics
    inputs = (PHI_DOCUMENTS, PHI_BACKFILL)
    consumer.assign([TopicPartition(topic, p, 0) for topic in inputs for p in known[topic].partitions])
    for _ in range(expect):
        until = time.monotonic() + 60
        while (message := consumer.poll(1)) is None or message.error() is not None:
            assert time.monotonic() < until
        headers = list(message.headers() or ())
        place = (message.topic(), message.partition(), message.offset())
        yield Record(*place, 0, message.key(), headers, message.value())
    consumer.close()


def _all_told(found: list[Seen]) -> Counter[Told]:
    return Counter(_told(topic, event) for topic, event, _ in found)


def _told(topic: str, event: Event) -> Told:
    """Without what tells one attempt from another: who made it, when, and how long it took."""
    if isinstance(event, AuditEntry):
        event = dataclasses.replace(event, time=_ANY, actor="any")
    if isinstance(event, LeakageObserved):
        event = dataclasses.replace(event, seconds={})
    return topic, event.key, event.to_message(_ANY)[2]

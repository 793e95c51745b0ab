"""`python -m tests.bench.sizing`: what a page costs, and what that comes to for so many pages a day.

Documents of five kinds go through a worker with its attestor, a real vault and a real broker on loopback, kind by kind,
and what they cost is counted: CPU seconds of the gateway's processes and of the vault, calls to the vault, bytes and
objects in the stores, bytes in the topics, memory. Nothing is measured by the clock, so that a busy machine does not
change the figures much. `--markdown docs/sizing.md` writes the page.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from detectors.errors import Reason
from policies import profile as profiles
from policies.attack.report import Depth
from streams import wiring
from streams.audit.sequencer import Sequencer
from streams.demo.stage import Stage, stage
from streams.events import AuditAction, AuditEntry, derived_id
from streams.kafka.submit import Request
from streams.kafka.topics import AUDIT_ENTRIES, AUDIT_PENDING, PHI_DOCUMENTS, TOPICS
from streams.pipeline.document import Outcome
from streams.settings import KafkaSettings
from streams.vault.transport import Transport
from streams.watch.metrics import Metrics
from tests.bench.cpu import tree_seconds
from tests.bench.memory import Memory, tree
from tests.bench.paper import Paper, drawn
from tests.bench.sizes import page

PROFILE: Final = "analytics"
"""Makes the most tokens of all profiles: the vault's share is that of the worst case."""
STALLED_S: Final = 300.0
ENTRIES: Final = 1_000


@dataclass(frozen=True)
class Cost:
    """Of one kind at one depth, for each page, but for `pages` and `documents`."""

    kind: str
    depth: str
    pages: int
    documents: int
    cpu_s: float
    vault_cpu_s: float
    vault_calls: float
    phi_bytes: float
    masked_bytes: float
    objects: float
    input_bytes: float
    output_bytes: float


class Seen(Metrics):
    """Counts what is committed."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = self.documents = 0

    def observe(self, outcome: Outcome) -> None:
        super().observe(outcome)
        self.pages += outcome.pages
        self.documents += 1

    def rejected(self, reason: Reason) -> None:
        raise RuntimeError(f"a document of the bench was rejected: {reason.value}")


@dataclass
class Calls:
    """Requests to the vault by the mount that they went to; of this process, which is submitter and worker."""

    by_mount: Counter[str]

    @classmethod
    @contextmanager
    def counted(cls) -> Iterator[Calls]:
        found, request = cls(Counter()), Transport.request

        def counting(session: Transport, method: str, url: str, **options: Any) -> Any:
            found.by_mount[urlsplit(url).path.split("/")[2]] += 1
            return request(session, method, url, **options)

        Transport.request = counting  # type: ignore[method-assign, assignment]
        try:
            yield found
        finally:
            Transport.request = request  # type: ignore[method-assign]
        if not found.by_mount:
            raise RuntimeError("the vault was called, and nobody counted")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=3, help="of each kind")
    options.add_argument("--processes", type=int, default=2)
    options.add_argument("--seed", type=int, default=80_001)
    options.add_argument("--json", type=Path, default=Path("out/sizing.json"))
    options.add_argument("--markdown", type=Path, help="also write the page there, e.g. docs/sizing.md")
    given = options.parse_args()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    with Calls.counted() as calls, stage(given.processes) as running:
        seen, stop, codes = Seen(), threading.Event(), list[int]()
        with wiring.worker(running.worker, seen) as worker:
            thread = threading.Thread(target=lambda: codes.append(worker.run(stop)))
            thread.start()
            # Engines load before.
            _through(running, [document.content for document in drawn(given.seed - 1, Paper.FAX, 1)], seen)
            # That of the profile: the attestor signs nothing that was validated less deeply than its profile says.
            costs, depth = [], profiles.load(PROFILE).depth
            for kind in Paper:
                contents = [document.content for document in drawn(given.seed, kind, given.documents)]
                costs.append(_cost(running, kind, depth, contents, seen, calls))
            memory = Memory()
            with memory.watched(os.getpid()):
                for kind in Paper:
                    _through(running, [document.content for document in drawn(given.seed, kind, 1)], seen)
            stop.set()
            thread.join()
        entry_cpu_s = _sequenced(running.sequencer.kafka)
    if codes != [0]:
        raise RuntimeError("the worker ended by itself")
    found: dict[str, Any] = {
        "command": f"python -m tests.bench.sizing --documents {given.documents} --seed {given.seed}",
        "profile": PROFILE,
        "costs": [asdict(cost) for cost in costs],
        "vault_calls_by_mount": dict(calls.by_mount),
        "peak_mib": asdict(memory),
        "processes": given.processes,
        "sequencer_cpu_s_per_entry": entry_cpu_s,
    }
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=2) + "\n")
    text = page(found)
    if given.markdown:
        given.markdown.write_text(text)
    print(text)
    return 0


def _cost(running: Stage, kind: Paper, depth: Depth, contents: Sequence[bytes], seen: Seen, calls: Calls) -> Cost:
    (vault_pid,) = _named("bao")
    before = (tree_seconds(), tree_seconds(vault_pid), _servers_cpu_s())
    calls_before, pages, documents = calls.by_mount.total(), seen.pages, seen.documents
    phi, masked, topics = _stored(running.folder / "phi"), _stored(running.folder / "masked"), _topics(running)
    looked = tree_seconds() - before[0]
    _through(running, contents, seen)
    done = seen.pages - pages
    servers = _servers_cpu_s() - before[2]
    cpu_s = tree_seconds() - before[0] - looked - servers
    released = seen.documents - documents
    phi_now, masked_now, topics_now = (
        _stored(running.folder / "phi"),
        _stored(running.folder / "masked"),
        _topics(running),
    )
    return Cost(
        kind=kind.value,
        depth=depth.value,
        pages=done,
        documents=released,
        cpu_s=cpu_s / done,
        vault_cpu_s=(tree_seconds(vault_pid) - before[1]) / done,
        # The attestor, a process of its own, signs each document once.
        vault_calls=(calls.by_mount.total() - calls_before + released) / done,
        phi_bytes=(phi_now[0] - phi[0]) / done,
        masked_bytes=(masked_now[0] - masked[0]) / done,
        objects=(phi_now[1] + masked_now[1] - phi[1] - masked[1]) / done,
        input_bytes=(topics_now[True] - topics[True]) / done,
        output_bytes=(topics_now[False] - topics[False]) / done,
    )


def _through(running: Stage, contents: Sequence[bytes], seen: Seen) -> None:
    before = seen.documents
    with wiring.submitter(running.submitter) as submit:
        for content in contents:
            submit.submit(content, Request("bench", PROFILE))
    until = time.monotonic() + STALLED_S
    while seen.documents < before + len(contents):
        if time.monotonic() > until:
            raise RuntimeError("no document is finished any more")
        time.sleep(0.1)


def _stored(folder: Path) -> tuple[int, int]:
    """Bytes and objects."""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return sum(sizes), len(sizes)


def _topics(running: Stage) -> dict[bool, int]:
    """Bytes of all records: those of `phi.documents`, and those of all others."""
    consumer = Consumer(
        {
            **running.worker.kafka.client(),
            "group.id": "redoubt-sizing",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
        }
    )
    known = consumer.list_topics(timeout=30).topics
    left = {(topic.name, number) for topic in TOPICS for number in known[topic.name].partitions}
    consumer.assign([TopicPartition(*each, OFFSET_BEGINNING) for each in left])
    found = {True: 0, False: 0}
    while left:
        message = consumer.poll(30)
        if message is None:
            raise RuntimeError("the broker says nothing")
        if message.error() is not None:
            left.discard((str(message.topic()), int(message.partition() or 0)))
            continue
        headers = sum(len(name) + len(value or b"") for name, value in message.headers() or ())
        size = len(message.key() or b"") + len(message.value() or b"") + headers
        found[message.topic() == PHI_DOCUMENTS] += size
    consumer.close()
    return found


def _named(*names: str) -> list[int]:
    found = []
    for pid in tree(os.getpid())[1:]:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode()
        except OSError:
            continue
        if Path(command).name in names:
            found.append(pid)
    return found


def _servers_cpu_s() -> float:
    return sum(tree_seconds(pid) for pid in _named("bao", "tansu"))


def _sequenced(kafka: KafkaSettings) -> float:
    """CPU seconds of the sequencer for an entry, its client's threads and all."""
    producer = Producer(kafka.client())
    for number in range(ENTRIES):
        entry = AuditEntry(
            entry_id=derived_id("entry", str(number)),
            actor="sizing",
            action=AuditAction.RELEASED,
            time=datetime.now(UTC),
            tenant="bench",
            document_id=derived_id("sizing", str(number)),
        )
        key, headers, value = entry.to_message()
        producer.produce(AUDIT_PENDING, value, key, headers=headers)
    producer.flush(60)
    sequencer, stop = Sequencer(kafka), threading.Event()
    consumer = Consumer({**kafka.client(), "group.id": "redoubt-sizing", "enable.auto.commit": False})
    consumer.assign([TopicPartition(AUDIT_ENTRIES, 0, 0)])
    before = time.process_time() - time.thread_time()
    thread = threading.Thread(target=lambda: sequencer.run(stop))
    thread.start()
    count, until = 0, time.monotonic() + STALLED_S
    while count < ENTRIES and time.monotonic() < until:
        count += sum(message.error() is None for message in consumer.consume(500, 1.0))
    spent = time.process_time() - time.thread_time() - before
    stop.set()
    thread.join()
    consumer.close()
    return spent / max(count, 1)


if __name__ == "__main__":
    raise SystemExit(main())
